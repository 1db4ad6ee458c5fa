"""Runtimes from an address of a Git host: read there, and compared with what is installed here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from ome_backend.admission import priorities
from ome_backend.kube.cache import Cache
from ome_backend.matching.selection import match
from ome_backend.remote import Remote
from ome_backend.resources import kinds
from ome_backend.resources.defaults import with_defaults
from ome_backend.resources.kind import Ref
from ome_backend.resources.manifest import Manifest, items, mapping, text
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime
from ome_backend.services.runtime_pieces import Fetched, read


@dataclass(frozen=True, slots=True)
class Clash:
    """An installed runtime that one of the text would meet: how, in a sentence."""

    runtime: Ref
    meets: Ref
    way: Literal["replaces", "hides", "hidden", "tied"]
    sentence: str


class RuntimeImport:
    """Reads through `remote` and compares with the watch cache; writes nothing. Safe for use from many threads."""

    def __init__(self, cache: Cache, remote: Remote) -> None:
        self._cache = cache
        self.remote = remote

    def fetch(self, url: str) -> Fetched:
        """What is at an address, kept nowhere. Raises OmeError where it cannot be had, Invalid where it is empty."""
        return read(self.remote.read(url), url.strip())

    def clashes(self, runtimes: Iterable[Runtime]) -> tuple[Clash, ...]:
        """Whom each of the runtimes would meet among the installed ones and those before it."""
        found: list[Clash] = []
        before: list[Runtime] = []
        for runtime in map(_whole, runtimes):
            here = [each for each in self._installed() if each.ref != runtime.ref]
            found += self._by_name(runtime)
            found += (each for other in (*here, *before) for each in _tied(runtime, other))
            before.append(runtime)
        return tuple(found)

    def serves(self, runtime: Runtime) -> tuple[Model, ...]:
        """The installed models that OME could serve with it, by name."""
        whole, home = _whole(runtime), runtime.key.namespace
        models = (
            Model(raw, kind)
            for kind in kinds.MODEL_KINDS
            for key, raw in self._cache.snapshot(kind).objects.items()
            if not (home and key.namespace and key.namespace != home)
        )
        fitting = (each for each in models if _fits(each, whole, home or each.key.namespace))
        return tuple(sorted(fitting, key=lambda model: (model.key.name, model.key.namespace)))

    def _installed(self) -> Iterator[Runtime]:
        for kind in kinds.RUNTIME_KINDS:
            objects = self._cache.snapshot(kind).objects
            yield from (Runtime(objects[key], kind) for key in sorted(objects))

    def _by_name(self, runtime: Runtime) -> Iterator[Clash]:
        for other in self._installed():
            if other.key.name != runtime.key.name:
                continue
            if other.ref == runtime.ref:
                said = f"The {other.ref} exists already: what is taken changes it."
                yield Clash(runtime.ref, other.ref, "replaces", said)
            elif not other.key.namespace:
                said = f"In the namespace {runtime.key.namespace} it hides the {other.ref}."
                yield Clash(runtime.ref, other.ref, "hides", said)
            elif not runtime.key.namespace:
                said = f"In the namespace {other.key.namespace} the {other.ref} hides it."
                yield Clash(runtime.ref, other.ref, "hidden", said)


def _whole(runtime: Runtime) -> Runtime:
    """As it reads once the API server has filled in its defaults."""
    return Runtime(with_defaults(runtime.raw), runtime.kind)


def _fits(model: Model, runtime: Runtime, namespace: str) -> bool:
    return any(each.compatible for each in match(model, (runtime,), namespace=namespace).verdicts)


def _tied(runtime: Runtime, other: Runtime) -> Iterator[Clash]:
    """Formats that OME may choose either for, with nothing to prefer one. Source: pkg/runtimeselector."""
    apart = runtime.kind != other.kind or runtime.key.namespace != other.key.namespace
    mine, theirs = mapping(runtime.raw, "spec"), mapping(_whole(other).raw, "spec")
    if apart or runtime.disabled or other.disabled or not priorities.same_range(mine, theirs):
        return
    for own in _selectable(mine):
        for their in _selectable(theirs):
            if _priority(own) == _priority(their) and priorities.alike(own, their):
                said = (
                    f"OME may choose it or the {other.ref} for {_called(own)}: both have the priority "
                    f"{_priority(own)} and the same sizes. It then takes the first by name."
                )
                yield Clash(runtime.ref, other.ref, "tied", said)


def _selectable(spec: Manifest) -> list[Manifest]:
    found = items(spec, "supportedModelFormats")
    return [each for each in found if isinstance(each, dict) and each.get("autoSelect") is True]


def _priority(entry: Manifest) -> int:
    value = entry.get("priority")
    return value if isinstance(value, int) else 1


def _called(entry: Manifest) -> str:
    parts = (text(entry, "modelFormat", "name"), text(entry, "modelArchitecture"))
    return " ".join(part for part in parts if part) or text(entry, "name") or "any model"
