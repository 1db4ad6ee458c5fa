"""Objects as a kustomize base, and an overlay that puts them elsewhere under other names.

Kustomize does not know which of OME's kinds belong to a namespace, nor where they refer to one
another. So the overlay does not use its `namespace:` and `nameSuffix:`, which would put a namespace on
cluster-wide objects and leave references behind, but says each change as a patch.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ome_backend.editing.export import document, exported, file_name, ordered
from ome_backend.editing.paths import at
from ome_backend.resources import kinds
from ome_backend.resources.kind import Kind
from ome_backend.resources.manifest import Manifest, key_of, text
from ome_backend.schema.yaml_dump import block

BASE: Final = "base"
_HEADER: Final = {"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"}

Path = tuple[str, ...]
_Operation = dict[str, str]

# Where an object names another: the field with the name, the kinds it may mean, and the field with
# the namespace where it is written.
_REFERENCES: Final[dict[str, tuple[tuple[Path, tuple[Kind, ...], Path | None], ...]]] = {
    kinds.INFERENCE_SERVICE.name: (
        (("spec", "model", "name"), (kinds.BASE_MODEL,), None),
        (("spec", "runtime", "name"), (kinds.SERVING_RUNTIME,), None),
    ),
    kinds.BENCHMARK_JOB.name: (
        (
            ("spec", "endpoint", "inferenceService", "name"),
            (kinds.INFERENCE_SERVICE,),
            ("spec", "endpoint", "inferenceService", "namespace"),
        ),
    ),
    kinds.FINE_TUNED_WEIGHT.name: (
        (
            ("spec", "baseModelRef", "name"),
            (kinds.BASE_MODEL,),
            ("spec", "baseModelRef", "namespace"),
        ),
    ),
    kinds.BASE_MODEL.name: ((("spec", "storage", "key"), (kinds.SECRET,), None),),
}


def base(objects: Iterable[Manifest]) -> dict[str, str]:
    """One file an object, and the kustomization that lists them."""
    held = ordered(objects)
    names = [file_name(each) for each in held]
    files = {f"{BASE}/{file_name(each)}": document(each) for each in held}
    return files | {f"{BASE}/kustomization.yaml": block({**_HEADER, "resources": names})}


def overlay(
    objects: Iterable[Manifest], name: str, namespace: str, suffix: str = ""
) -> dict[str, str]:
    """What puts every object of a namespace into `namespace`, its name ending in `suffix`.

    What is cluster-wide stays as it is, and so do references to it. An exported Namespace object
    becomes the new one.
    """
    held = [exported(each) for each in ordered(objects)]
    moved = {(text(each, "kind"), *key_of(each)) for each in held if key_of(each).namespace}
    patches = [
        {
            "target": _target(each),
            "patch": json.dumps(operations, indent=1) + "\n",
            "options": {"allowNameChange": True},
        }
        for each in held
        if (operations := list(_operations(each, moved, namespace, suffix)))
    ]
    content = {**_HEADER, "resources": [f"../../{BASE}"], "patches": patches}
    return {f"overlays/{name}/kustomization.yaml": block(content)}


def _target(raw: Manifest) -> dict[str, str]:
    group, _, version = text(raw, "apiVersion").rpartition("/")
    key = key_of(raw)
    found = {"group": group, "version": version, "kind": text(raw, "kind"), "name": key.name}
    return {name: value for name, value in (found | {"namespace": key.namespace}).items() if value}


def _operations(
    raw: Manifest, moved: set[tuple[str, str, str]], namespace: str, suffix: str
) -> Iterator[_Operation]:
    key = key_of(raw)
    if text(raw, "kind") == kinds.NAMESPACE.name and namespace != key.name:
        yield _replace(("metadata", "name"), namespace)
    if key.namespace:
        if suffix:
            yield _replace(("metadata", "name"), f"{key.name}{suffix}")
        if namespace != key.namespace:
            yield _replace(("metadata", "namespace"), namespace)
    for field, meant, placed in _REFERENCES.get(text(raw, "kind"), ()):
        yield from _referring(raw, field, meant, placed, moved, namespace, suffix)


def _referring(
    raw: Manifest,
    field: Path,
    meant: Sequence[Kind],
    placed: Path | None,
    moved: set[tuple[str, str, str]],
    namespace: str,
    suffix: str,
) -> Iterator[_Operation]:
    """References to what is moved follow it; a model or runtime of the cluster is none of that."""
    name = at(raw, field)
    where = (at(raw, placed) if placed else None) or key_of(raw).namespace
    if not any((kind.name, where, name) in moved for kind in meant):
        return
    if suffix:
        yield _replace(field, f"{name}{suffix}")
    if placed and at(raw, placed) not in (None, namespace):
        yield _replace(placed, namespace)


def _replace(path: Path, value: str) -> _Operation:
    return {"op": "replace", "path": "/" + "/".join(path), "value": value}
