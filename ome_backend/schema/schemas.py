"""The kinds that can be edited, each with its schema: as a cluster defines them, or as they are bundled."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ome_backend.resources import kinds
from ome_backend.resources.kind import Kind
from ome_backend.resources.manifest import Manifest, dig, items, mapping, text
from ome_backend.schema.columns import Column
from ome_backend.schema.crds import CORE, CRDS, Crd

OME_GROUP = kinds.INFERENCE_SERVICE.group

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True)
class Schemas:
    """Definitions by apiVersion and kind. `source` says whose they are."""

    crds: tuple[Crd, ...]
    source: Literal["cluster", "bundled"]
    _by_type: Mapping[tuple[str, str], Crd] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_type = {(each.kind.api_version, each.kind.name): each for each in self.crds}
        object.__setattr__(self, "_by_type", by_type)

    def __iter__(self) -> Iterator[Crd]:
        return iter(self.crds)

    def of(self, manifest: Mapping[str, Any]) -> Crd | None:
        """The definition of an object's type; None for a type that is not edited here."""
        return self._by_type.get((text(manifest, "apiVersion"), text(manifest, "kind")))

    def named(self, kind_name: str) -> Crd | None:
        """The definition of a kind by its name alone; the first where several groups have it."""
        return next((each for each in self.crds if each.kind.name == kind_name), None)


BUNDLED = Schemas((*CRDS.values(), *CORE), "bundled")


def from_definitions(definitions: Iterable[Manifest]) -> Schemas:
    """OME's kinds as CustomResourceDefinitions have them, beside the bundled kinds of Kubernetes.

    Of a kind with several versions each served one counts, the stored one first. Definitions of
    other groups, and versions without a schema, are left out.
    """
    found = (crd for each in definitions for crd in _versions(each))
    ordered = sorted(found, key=_usual_order)
    return Schemas((*ordered, *CORE), "cluster")


def _versions(definition: Manifest) -> Iterator[Crd]:
    if text(definition, "spec", "group") != OME_GROUP:
        return
    served = [each for each in items(definition, "spec", "versions") if each.get("served")]
    for version in sorted(served, key=lambda each: not each.get("storage")):
        schema = dig(version, "schema", "openAPIV3Schema")
        if isinstance(schema, dict):
            yield Crd(
                _kind(definition, text(version, "name")),
                schema,
                tuple(map(_column, items(version, "additionalPrinterColumns"))),
                tuple(items(definition, "spec", "names", "shortNames")),
                status_subresource="status" in mapping(version, "subresources"),
            )


def _kind(definition: Manifest, version: str) -> Kind:
    """The kind the console knows, or a new one that is called by its own name."""
    name = text(definition, "spec", "names", "kind")
    known = kinds.BY_NAME.get(name)
    if known is not None and (known.group, known.version) == (OME_GROUP, version):
        return known
    return Kind(
        name,
        text(definition, "spec", "names", "plural"),
        text(definition, "spec", "scope") == "Namespaced",
        _WORD.sub(" ", name).lower(),
        OME_GROUP,
        version,
    )


def _column(column: Manifest) -> Column:
    return Column(text(column, "name"), text(column, "jsonPath"), text(column, "type"))


def _usual_order(crd: Crd) -> tuple[int, str]:
    """The kinds the console knows come first, in its order."""
    known = [each.name for each in kinds.OME_KINDS]
    return (known.index(crd.kind.name) if crd.kind.name in known else len(known), crd.kind.name)
