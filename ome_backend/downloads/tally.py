"""Several downloads taken together: of one model, of one node, of a cluster."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from ome_backend.downloads.cell import Cell
from ome_backend.resources.health import Level


@dataclass(frozen=True, slots=True)
class Tally:
    """How many stand how, and what is on its way.

    `total_bytes`, `completed_bytes` and the files are of the downloads that tell their progress.
    `pace` is all of them at once. `eta` is until the last is there, None where one of those on their
    way cannot be told.
    """

    cells: int = 0
    ready: int = 0
    arriving: int = 0
    broken: int = 0
    total_bytes: int = 0
    completed_bytes: int = 0
    total_files: int = 0
    completed_files: int = 0
    pace: float = 0.0
    eta: timedelta | None = None

    @property
    def share(self) -> float | None:
        return min(1.0, self.completed_bytes / self.total_bytes) if self.total_bytes else None

    @property
    def waiting(self) -> int:
        """Neither there nor on their way nor broken."""
        return self.cells - self.ready - self.arriving - self.broken


def tallied(cells: Iterable[Cell]) -> Tally:
    """The cells taken together."""
    all_cells = [each for each in cells if each.state != "Deleted"]
    broken = [each for each in all_cells if each.health.level is Level.BROKEN]
    moving = [each for each in all_cells if each.arriving and each.health.level is not Level.BROKEN]
    told = [each.download for each in moving if each.download and each.download.total_bytes]
    etas = [each.eta for each in moving]
    known = [each for each in etas if each is not None]
    return Tally(
        cells=len(all_cells),
        ready=sum(each.state == "Ready" for each in all_cells),
        arriving=len(moving),
        broken=len(broken),
        total_bytes=sum(each.total_bytes for each in told),
        completed_bytes=sum(min(each.completed_bytes, each.total_bytes) for each in told),
        total_files=sum(each.total_files for each in told),
        completed_files=sum(each.completed_files for each in told),
        pace=sum(each.pace or 0.0 for each in moving),
        eta=max(known) if known and len(known) == len(etas) else None,
    )
