"""One model on one node: what its agent says, how fast it comes, and how it is doing."""

from dataclasses import dataclass
from datetime import timedelta

from ome_backend.downloads.agent import Agent
from ome_backend.downloads.track import ARRIVING, Track
from ome_backend.resources.download import Download
from ome_backend.resources.health import Health
from ome_backend.resources.kind import Ref


@dataclass(frozen=True, slots=True)
class Sight:
    """What is known of a node. `agents_seen` is false where pods cannot be listed.

    `reports` is whether its agent has ever reported; None where reports cannot be read.
    """

    name: str
    exists: bool = True
    ready: bool = True
    agent: Agent | None = None
    agents_seen: bool = True
    reports: bool | None = True
    disk: int | None = None  # allocatable ephemeral-storage in bytes: a hint at most


@dataclass(frozen=True, slots=True)
class Line:
    """A guess: its agent has `ahead` other models to begin first, as it fetches `workers` at once."""

    ahead: int
    workers: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A model on a node that it belongs on, or that speaks of it.

    `download` is None before the agent took it up. `pace` is bytes a second, `eta` None where it is
    not known. `meant` is false where the model's node selector no longer names the node.
    """

    model: Ref
    node: str
    health: Health
    download: Download | None = None
    track: Track | None = None
    pace: float | None = None
    eta: timedelta | None = None
    line: Line | None = None
    meant: bool = True

    @property
    def state(self) -> str:
        """What the agent says; empty where it says nothing."""
        return self.download.state if self.download is not None else ""

    @property
    def arriving(self) -> bool:
        return self.state == ARRIVING

    @property
    def share(self) -> float | None:
        """How much has arrived, 0 to 1; None while that is not known."""
        if self.download is None or not (self.arriving or self.state == "Ready"):
            return None
        return 1.0 if self.state == "Ready" else self.download.share
