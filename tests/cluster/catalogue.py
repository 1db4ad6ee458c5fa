"""OME's own catalogue of models, runtimes and samples, under names that no cluster has yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ome_backend.errors import Invalid
from ome_backend.resources import kinds
from ome_backend.resources.kind import Kind, Ref
from ome_backend.resources.manifest import Manifest, dig, key_of, text
from ome_backend.schema import yaml_text

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "ome" / "catalog"

Placed = tuple[Kind, Manifest]


@dataclass(frozen=True)
class Catalogue:
    """`objects` as they are applied, namespaces first, names ending in `suffix`.

    `refused` are those that the server did not take, with what it said.
    """

    suffix: str
    namespace: str
    objects: tuple[Placed, ...]
    refused: tuple[tuple[Placed, Invalid], ...] = ()

    @cached_property
    def refs(self) -> frozenset[Ref]:
        """The identities, each once."""
        return frozenset(Ref(kind, key_of(manifest)) for kind, manifest in self.objects)

    def names(self, *wanted: Kind) -> set[str]:
        """The names of the objects of some kinds."""
        return {ref.key.name for ref in self.refs if ref.kind in wanted}

    def name(self, original: str) -> str:
        return f"{original}-{self.suffix}"


def read(suffix: str, namespace: str) -> Catalogue:
    """The catalogue for one namespace; cluster-wide objects, and references to them, get the suffix."""
    found = [(kind, manifest) for kind, manifest in _documents() if kind is not None]
    cluster_wide = {(kind, key_of(each).name) for kind, each in found if not kind.namespaced}
    placed = [(kind, _placed(kind, each, suffix, namespace)) for kind, each in found]
    for kind, manifest in placed:
        if kind == kinds.INFERENCE_SERVICE:
            _follow(manifest, cluster_wide, suffix)
    return Catalogue(
        suffix, namespace, tuple(sorted(placed, key=lambda each: each[0] != kinds.NAMESPACE))
    )


def _documents() -> Iterator[tuple[Kind | None, Manifest]]:
    for path in sorted(FOLDER.rglob("*.yaml")):
        parsed = yaml_text.parse(path.read_text("utf-8"))
        assert parsed.problems == (), path.name
        for document in parsed.documents:
            yield kinds.BY_NAME.get(text(document.value, "kind")), document.value


def _placed(kind: Kind, manifest: Manifest, suffix: str, namespace: str) -> Manifest:
    metadata = manifest["metadata"] | {"name": f"{manifest['metadata']['name']}-{suffix}"}
    return manifest | {"metadata": metadata | ({"namespace": namespace} if kind.namespaced else {})}


def _follow(service: Manifest, renamed: set[tuple[Kind, str]], suffix: str) -> None:
    for field, kind in (
        ("model", kinds.CLUSTER_BASE_MODEL),
        ("runtime", kinds.CLUSTER_SERVING_RUNTIME),
    ):
        if (kind, text(service, "spec", field, "name")) in renamed:
            dig(service, "spec", field)["name"] += f"-{suffix}"
