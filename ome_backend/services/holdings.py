"""What a cluster holds beside models, runtimes and services: accelerator classes, weights and benchmarks."""

from collections.abc import Callable
from dataclasses import dataclass

from ome_backend.kube.cache import Cache
from ome_backend.planning.capacity import ClassCapacity
from ome_backend.resources import kinds
from ome_backend.resources.health import Health, Level
from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.manifest import Manifest, dig, key_of, text
from ome_backend.services.listing import Listing
from ome_backend.services.overview import Overview


@dataclass(frozen=True, slots=True)
class AcceleratorView:
    """An accelerator class with the GPUs of its nodes."""

    capacity: ClassCapacity

    @property
    def key(self) -> Key:
        return self.capacity.accelerator.key

    @property
    def raw(self) -> Manifest:
        return self.capacity.accelerator.raw

    @property
    def ref(self) -> Ref:
        return Ref(kinds.ACCELERATOR_CLASS, self.key)

    @property
    def health(self) -> Health:
        if not self.capacity.total:
            return Health(Level.UNKNOWN, "No GPUs", "No node with GPUs has the labels it asks for.")
        if not self.capacity.free:
            return Health(Level.WAITING, "Full", "All GPUs of its nodes are taken.")
        word = f"{self.capacity.free} free"
        return Health(
            Level.GOOD,
            word,
            f"{word} of {self.capacity.total} GPUs, at most {self.capacity.largest} on one node.",
        )


@dataclass(frozen=True, slots=True)
class HeldView:
    """An object as it is, with the health that its kind gives it."""

    kind: Kind
    raw: Manifest
    health: Health

    @property
    def key(self) -> Key:
        return key_of(self.raw)

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, self.key)


class Holdings:
    """Answers from the watch cache."""

    def __init__(self, cache: Cache, overview: Overview) -> None:
        self._cache = cache
        self._overview = overview

    def accelerators(self) -> Listing[AcceleratorView]:
        """Every accelerator class, by name."""
        rows = tuple(map(AcceleratorView, self._overview.accelerators()))
        return Listing(rows, (self._cache.snapshot(kinds.ACCELERATOR_CLASS),))

    def weights(self) -> Listing[HeldView]:
        """Every set of fine-tuned weights, by name."""
        return self._listed(kinds.FINE_TUNED_WEIGHT, _weights)

    def benchmarks(self) -> Listing[HeldView]:
        """Every benchmark job, by namespace and name."""
        return self._listed(kinds.BENCHMARK_JOB, _benchmark)

    def get(self, ref: Ref) -> AcceleratorView | HeldView | None:
        """One of them; None when there is none, or for a kind that has its own room."""
        listed = _LISTS.get(ref.kind)
        rows = listed(self).rows if listed is not None else ()
        return next((each for each in rows if each.key == ref.key), None)

    def _listed(self, kind: Kind, health: Callable[[Manifest], Health]) -> Listing[HeldView]:
        seen = self._cache.snapshot(kind)
        rows = (
            HeldView(kind, seen.objects[key], health(seen.objects[key]))
            for key in sorted(seen.objects)
        )
        return Listing(tuple(rows), (seen,))


def _weights(raw: Manifest) -> Health:
    """OME has no controller for them: their state is what somebody wrote."""
    if dig(raw, "spec", "disabled") is True:
        return Health(Level.OFF, "Disabled", "They are disabled.")
    state = text(raw, "status", "state")
    if not state:
        return Health(Level.UNKNOWN, "No state", "OME reports nothing about fine-tuned weights.")
    level = {"Ready": Level.GOOD, "Failed": Level.BROKEN}.get(state, Level.WAITING)
    return Health(level, state.replace("_", " "), f"Their reported state is {state}.")


def _benchmark(raw: Manifest) -> Health:
    state = text(raw, "status", "state")
    failure = text(raw, "status", "failureMessage") or text(raw, "status", "details")
    if state == "Failed":
        return Health(Level.BROKEN, "Failed", failure or "It failed; the log of its pod says why.")
    if state == "Completed":
        return Health(Level.GOOD, "Completed", "It ran to its end.")
    word = state or "Not started"
    return Health(Level.WAITING, word, f"It is {word.lower()}.")


_LISTS: dict[Kind, Callable[[Holdings], Listing[AcceleratorView] | Listing[HeldView]]] = {
    kinds.ACCELERATOR_CLASS: Holdings.accelerators,
    kinds.FINE_TUNED_WEIGHT: Holdings.weights,
    kinds.BENCHMARK_JOB: Holdings.benchmarks,
}
