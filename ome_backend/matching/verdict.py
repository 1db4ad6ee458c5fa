"""What matching passes around: a judgement carries its reasons."""

from dataclasses import dataclass
from typing import Literal

from ome_backend.resources.runtime import Runtime

Code = Literal["disabled", "accelerator", "format", "size", "configuration"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a runtime is excluded: `text` in OME's own words, `plain` is a sentence for a person."""

    code: Code
    text: str
    plain: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What OME thinks of one runtime for one model.

    `compatible` is enough when a service names the runtime; only `auto_selectable` ones are chosen
    without being named, `rank` 1 first. `score` is 0 for a runtime that is not compatible.
    """

    runtime: Runtime
    compatible: bool
    auto_selectable: bool
    score: int
    rank: int | None = None
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def crashes(self) -> bool:
        """OME's controller panics when it looks at this runtime."""
        return any(reason.code == "configuration" for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Every visible runtime: the auto-selectable in OME's order, the merely compatible, the rest.

    `error` is OME's own text when nothing can be selected, else empty. When a runtime makes OME's
    controller crash, `selected` is None although others have a rank: OME does not get that far.
    """

    verdicts: tuple[Verdict, ...]
    selected: Verdict | None
    error: str
    crashes: bool = False


@dataclass(frozen=True, slots=True)
class Validation:
    """What OME does with a runtime that a service names; `error` is its text, empty if accepted.

    `verdict` is None when there is no such runtime.
    """

    verdict: Verdict | None
    error: str
    crashes: bool = False

    @property
    def accepted(self) -> bool:
        return not self.error
