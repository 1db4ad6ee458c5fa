"""Two objects of a family beside each other: what differs, what is the same."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ome_backend.editing.cleaning import LAST_APPLIED, clean
from ome_backend.editing.differences import Difference, differences
from ome_backend.editing.export import exported
from ome_backend.editing.masking import masked
from ome_backend.editing.paths import Path, written
from ome_backend.errors import Invalid, NotFound
from ome_backend.kube.cache import Cache
from ome_backend.kube.client import Client
from ome_backend.resources.defaults import with_defaults
from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.kinds import MODEL_KINDS, RUNTIME_KINDS
from ome_backend.resources.manifest import Manifest
from ome_backend.resources.manifest import text as text_of
from ome_backend.schema import yaml_text
from ome_backend.schema.yaml_changes import same
from ome_backend.services.schemas import ClusterSchemas

_NOT_APPLIED = (
    "Only `kubectl apply` without `--server-side` notes it, in an annotation of the object; this console, "
    "`kubectl create` and server-side apply do not."
)
FAMILIES = (MODEL_KINDS, RUNTIME_KINDS)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both objects without what the server adds, what differs, and the fields that are the same."""

    left: Manifest
    right: Manifest
    different: tuple[Difference, ...]
    equal: tuple[tuple[str, Any], ...]


def family(kind: Kind) -> tuple[Kind, ...]:
    """The kinds an object may be compared with: models with models, whatever their scope."""
    return next((each for each in FAMILIES if kind in each), (kind,))


def address(ref: Ref) -> str:
    """`Kind/namespace/name`, or `Kind/name` for what has no namespace."""
    return f"{ref.kind.name}/{ref.key}"


class Compare:
    """Finds what is compared, and compares it."""

    def __init__(self, client: Client, cache: Cache, schemas: ClusterSchemas) -> None:
        self._client = client
        self._cache = cache
        self._schemas = schemas

    def kinds(self) -> tuple[Kind, ...]:
        """What can be compared."""
        return tuple(each.kind for each in self._schemas.now())

    def ref(self, asked: str) -> Ref | None:
        """The object an address means; None where it means none."""
        name, _, key = asked.partition("/")
        crd = self._schemas.now().named(name)
        namespace, _, own = key.rpartition("/")
        if crd is None or not own or bool(namespace) != crd.kind.namespaced:
            return None
        return Ref(crd.kind, Key(namespace, own))

    def choices(self, kind: Kind) -> list[Ref]:
        """Everything of the kind's family that the watch knows."""
        return [
            Ref(each, key)
            for each in family(kind)
            if self._cache.follows(each)
            for key in sorted(self._cache.snapshot(each).objects)
        ]

    def live(self, ref: Ref) -> Manifest:
        """The object as it is. Raises NotFound where it is gone."""
        watched = self._cache.follows(ref.kind)
        held = self._cache.snapshot(ref.kind).objects.get(ref.key) if watched else None
        held = held or self._client.get(ref.kind, ref.key)
        if held is None:
            raise NotFound(f"There is no {ref}.")
        return held

    def last_applied(self, ref: Ref) -> Manifest:
        """The object as `kubectl apply` last wrote it down beside it. Raises NotFound where it did not."""
        held = self._client.get(ref.kind, ref.key)
        if held is None:
            raise NotFound(f"There is no {ref}.")
        written = text_of(held, "metadata", "annotations", LAST_APPLIED)
        if not written:
            raise NotFound(f"The {ref} does not say what was last applied.", hint=_NOT_APPLIED)
        return _as_written(self.given(written, ref.kind))

    def given(self, text: str, kind: Kind) -> Manifest:
        """The object of a text. Raises Invalid where there is not exactly one of the family."""
        parsed = yaml_text.parse(text)
        if parsed.problems:
            raise Invalid("The text is not YAML.", problems=parsed.problems)
        names = {each.name for each in family(kind)}
        found = [each.value for each in parsed.documents if each.value.get("kind") in names]
        if len(found) != 1:
            raise Invalid(
                f"The text has {len(found)} objects to compare a {kind.word} with, not one.",
                hint=f"Give one document of the kind {' or '.join(sorted(names))}.",
            )
        return found[0]

    def compared(self, left: Manifest, right: Manifest) -> Comparison:
        """Field by field; what an object is called, and where, is no difference."""
        one, other = _plain(left), _plain(masked(right, left))
        crd = self._schemas.now().of(left)
        found = differences(_nameless(one), _nameless(other), crd.schema if crd else {})
        alike = tuple(
            (written(path), value) for path, value in _alike(_nameless(one), _nameless(other), ())
        )
        return Comparison(one, other, found, alike)


def _as_written(applied: Manifest) -> Manifest:
    """Without the empty annotations that `kubectl apply` notes for every object."""
    metadata = applied.get("metadata", {})
    if metadata.get("annotations") == {}:
        metadata = {name: value for name, value in metadata.items() if name != "annotations"}
    return applied | {"metadata": metadata}


def _plain(raw: Manifest) -> Manifest:
    """With the defaults that the API server would fill in, so that a file compares with what is live."""
    return exported(with_defaults(masked(clean(raw))))


def _nameless(raw: Manifest) -> Manifest:
    metadata = {
        name: value
        for name, value in raw.get("metadata", {}).items()
        if name not in ("name", "namespace")
    }
    return {name: value for name, value in raw.items() if name != "kind"} | {"metadata": metadata}


def _alike(
    one: Mapping[str, Any], other: Mapping[str, Any], path: Path
) -> Iterator[tuple[Path, Any]]:
    """The fields that both have and that say the same; a list is one field."""
    for name, value in one.items():
        if name not in other:
            continue
        here = (*path, name)
        if isinstance(value, dict) and isinstance(other[name], dict) and value:
            yield from _alike(value, other[name], here)
        elif same(value, other[name]):
            yield here, value
