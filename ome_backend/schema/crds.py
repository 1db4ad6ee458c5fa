"""OME's eight custom resource definitions, group ome.io, version v1beta1.

The types stand in `types/*.txt`, in the notation that `notation.py` explains; each Kubernetes type
is written once. Expanded schemas share what they have in common: read them, never change them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from ome_backend.resources import kinds
from ome_backend.resources.kind import Kind
from ome_backend.resources.manifest import Manifest
from ome_backend.schema import columns
from ome_backend.schema.columns import Column
from ome_backend.schema.notation import Schema, Types

_TYPES = Path(__file__).parent / "types"


@dataclass(frozen=True, slots=True)
class Crd:
    """One kind as the API server knows it; `schema` (OpenAPI v3, structural) is read-only."""

    kind: Kind
    schema: Schema
    columns: tuple[Column, ...] = ()
    short_names: tuple[str, ...] = ()
    status_subresource: bool = True


def custom_resource_definition(crd: Crd) -> Manifest:
    """The apiextensions.k8s.io/v1 object; it shares `crd.schema`, so it is read-only too."""
    return {
        "apiVersion": kinds.CUSTOM_RESOURCE_DEFINITION.api_version,
        "kind": kinds.CUSTOM_RESOURCE_DEFINITION.name,
        "metadata": {"name": crd.kind.resource},
        "spec": {
            "group": crd.kind.group,
            "names": _names(crd),
            "scope": "Namespaced" if crd.kind.namespaced else "Cluster",
            "versions": [_version(crd)],
        },
    }


def _names(crd: Crd) -> Manifest:
    names: Manifest = {
        "kind": crd.kind.name,
        "listKind": f"{crd.kind.name}List",
        "plural": crd.kind.plural,
        "singular": crd.kind.name.lower(),
    }
    return names | ({"shortNames": list(crd.short_names)} if crd.short_names else {})


def _version(crd: Crd) -> Manifest:
    return {
        "name": crd.kind.version,
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": crd.schema},
        "subresources": {"status": {}} if crd.status_subresource else {},
        "additionalPrinterColumns": [
            {"name": column.name, "type": column.type, "jsonPath": column.path}
            for column in crd.columns
        ],
    }


def _types() -> Types:
    return Types("\n".join(path.read_text("utf-8") for path in sorted(_TYPES.glob("*.txt"))))


def _definitions(types: Types) -> tuple[Crd, ...]:
    model, runtime = types["BaseModel"], types["ServingRuntime"]
    return (
        Crd(kinds.BASE_MODEL, model, columns.MODEL),
        Crd(kinds.CLUSTER_BASE_MODEL, model, columns.MODEL),
        Crd(kinds.SERVING_RUNTIME, runtime, columns.RUNTIME, status_subresource=False),
        Crd(kinds.CLUSTER_SERVING_RUNTIME, runtime, columns.RUNTIME, status_subresource=False),
        Crd(
            kinds.INFERENCE_SERVICE,
            types["InferenceService"],
            columns.INFERENCE_SERVICE,
            short_names=("isvc",),
        ),
        Crd(kinds.ACCELERATOR_CLASS, types["AcceleratorClass"], columns.ACCELERATOR_CLASS),
        Crd(kinds.BENCHMARK_JOB, types["BenchmarkJob"], columns.BENCHMARK_JOB),
        Crd(kinds.FINE_TUNED_WEIGHT, types["FineTunedWeight"], columns.FINE_TUNED_WEIGHT),
    )


_KNOWN = _types()

CRDS: Mapping[str, Crd] = MappingProxyType(
    {definition.kind.name: definition for definition in _definitions(_KNOWN)}
)

# Kubernetes' own kinds that are edited beside OME's.
CORE = (
    Crd(kinds.SECRET, _KNOWN["Secret"], status_subresource=False),
    Crd(kinds.NAMESPACE, _KNOWN["Namespace"]),
)

# The schema of `metadata`, which CustomResourceDefinitions leave out: the API server knows it.
OBJECT_META: Schema = _KNOWN["ObjectMeta"]


def crd(kind_name: str) -> Crd | None:
    """The definition of one of OME's kinds; None for every other kind."""
    return CRDS.get(kind_name)
