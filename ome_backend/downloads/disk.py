"""How much disk models need, against what is known of the nodes'."""

from collections.abc import Iterable
from dataclasses import dataclass

from ome_backend.downloads.cell import Cell
from ome_backend.resources.evidence import Evidence
from ome_backend.resources.model import Model

_USUAL, _SMALL = 2.0, {"fp8": 1.0, "fbgemm_fp8": 1.0, "int8": 1.0, "int4": 0.5}  # bytes a parameter


@dataclass(frozen=True, slots=True)
class Size:
    """Bytes of a model on disk, and how well that is known; None where nothing tells."""

    bytes: int | None
    evidence: Evidence


def model_size(model: Model, cells: Iterable[Cell]) -> Size:
    """What a download said it has to fetch, else what a node that has it says, else worked out.

    The estimate is parameters times the bytes of one; a repository often holds more than weights.
    """
    said = [each.download for each in cells if each.download is not None]
    fetched = [
        each.track.samples[-1].total_bytes for each in cells if each.track and each.track.samples
    ]
    totals = [*fetched, *(each.total_bytes for each in said)]
    reported = max(totals, default=0) or max((each.stored_bytes for each in said), default=0)
    if reported:
        return Size(reported, Evidence.REPORTED)
    if model.parameters is None:
        return Size(None, Evidence.UNAVAILABLE)
    worth = _SMALL.get(model.quantization.lower(), _USUAL)
    return Size(int(model.parameters * worth), Evidence.COMPUTED)


@dataclass(frozen=True, slots=True)
class Room:
    """A node's disk. `needed` are bytes of all models meant for it, `missing` those not there yet.

    `hint` is its allocatable ephemeral-storage, which is a hint at most: models mostly lie on a disk
    of their own, which Kubernetes does not know. `unknown` counts models whose size is not known.
    """

    needed: int
    missing: int
    unknown: int
    hint: int | None

    @property
    def tight(self) -> bool:
        """All of it is more than the hint."""
        return self.hint is not None and self.needed > self.hint


def room(cells: Iterable[tuple[Cell, Size]], hint: int | None) -> Room:
    """The disk of one node, over its cells with the sizes of their models."""
    wanted = [(cell, size.bytes) for cell, size in cells if cell.state != "Deleted"]
    known = [(cell, each) for cell, each in wanted if each is not None]
    left = (each * (1 - (cell.share or 0.0)) for cell, each in known)
    return Room(sum(each for _, each in known), int(sum(left)), len(wanted) - len(known), hint)
