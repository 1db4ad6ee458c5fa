"""The objects a command line was given: what rules look things up in."""

from collections.abc import Iterable, Iterator

from ome_backend.errors import Invalid
from ome_backend.resources import kinds
from ome_backend.resources.defaults import with_defaults
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest, items, key_of, mapping, text

Given = tuple[Kind, Manifest]


class Objects:
    """Objects by kind and key, in the order they were given; a later one replaces an earlier."""

    def __init__(self, given: Iterable[Given]) -> None:
        self._held: dict[str, dict[Key, Manifest]] = {}
        self._order: dict[tuple[str, Key], Kind] = {}
        for kind, manifest in given:
            key = key_of(manifest)
            self._held.setdefault(kind.name, {})[key] = manifest
            self._order.setdefault((kind.name, key), kind)

    def get(self, kind: Kind, key: Key) -> Manifest | None:
        return self._held.get(kind.name, {}).get(key)

    def list(self, kind: Kind, namespace: str | None = None) -> Iterable[Manifest]:
        held = self._held.get(kind.name, {})
        return [one for key, one in held.items() if namespace in (None, key.namespace)]

    def of(self, *wanted: Kind) -> Iterator[Given]:
        """The objects of some kinds, in the order they were given."""
        for (name, key), kind in self._order.items():
            if kind in wanted:
                yield kind, self._held[name][key]


def kind_of(manifest: Manifest) -> Kind | None:
    """The kind, if it is one the console works with: of the right group where an apiVersion is given.

    Other systems have an InferenceService and a ServingRuntime, too.
    """
    kind, version = kinds.BY_NAME.get(text(manifest, "kind")), text(manifest, "apiVersion")
    if kind is None or (version and version.rpartition("/")[0] != kind.group):
        return None
    return kind


def taken_in(manifest: Manifest, namespace: str) -> Given | None:
    """The object as a cluster would hold it in `namespace`: placed, and with its CRD's defaults.

    None for kinds the console does not work with. Raises Invalid for what names no kind.
    """
    if not text(manifest, "kind"):
        raise Invalid("it names no kind", hint="")
    kind = kind_of(manifest)
    return (kind, with_defaults(placed(kind, manifest, namespace))) if kind else None


def placed(kind: Kind, manifest: Manifest, namespace: str) -> Manifest:
    """The object in `namespace` unless it names one; without a namespace where its kind has none."""
    metadata = mapping(manifest, "metadata")
    has = text(metadata, "namespace")
    if kind.namespaced:
        return manifest if has else {**manifest, "metadata": {**metadata, "namespace": namespace}}
    if not has:
        return manifest
    return {**manifest, "metadata": {**metadata, "namespace": ""}}


def flattened(manifest: Manifest) -> Iterator[Manifest]:
    """The object, or those of a List, however deep."""
    inside = listed(manifest)
    if inside is None:
        yield manifest
        return
    for _, each in inside:
        yield from flattened(each)


def listed(manifest: Manifest) -> list[tuple[str, Manifest]] | None:
    """The objects of a List, each with its path in it; None for what is no list.

    What the API server lists by kind names the kind once, for all.
    """
    kind = text(manifest, "kind")
    if not kind.endswith("List") or not isinstance(manifest.get("items"), list):
        return None
    common = {} if kind == "List" else {"kind": kind.removesuffix("List")}
    if common and text(manifest, "apiVersion"):
        common["apiVersion"] = text(manifest, "apiVersion")
    return [
        (f"items[{index}]", {**common, **item})
        for index, item in enumerate(items(manifest, "items"))
        if isinstance(item, dict)
    ]
