"""What a detector reports: the object, what was seen, what it leads to, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum

from ome_backend.matching.patching import Change, Patch, Path
from ome_backend.matching.patching import patch as json_patch
from ome_backend.resources.kind import Ref
from ome_backend.resources.manifest import Manifest


class Severity(StrEnum):
    """Worst first, as findings are sorted."""

    BROKEN = "broken"  # it does not work, or will not at the next change
    RISK = "risk"  # it works in another way than meant, or by chance
    NOTE = "note"  # nothing is wrong, but it surprises


@dataclass(frozen=True, slots=True)
class DoctorFinding:
    """One thing that is wrong although nobody says so.

    `code` is the detector's name. `evidence` is what was seen, `consequence` and `fix` are sentences.
    `patch` is a JSON patch of `about`, None where a person has to decide; `command` does the same or
    shows more, empty where no command helps. `also` are the other objects it concerns.
    """

    code: str
    severity: Severity
    about: Ref
    title: str
    evidence: str
    consequence: str
    fix: str
    patch: Patch | None = None
    command: str = ""
    also: tuple[Ref, ...] = ()

    @property
    def concerns(self) -> tuple[Ref, ...]:
        return (self.about, *self.also)


def urgency(finding: DoctorFinding) -> tuple[int, str, str, str]:
    """Sorts the worst first, then by kind of trouble and by object."""
    rank = list(Severity).index(finding.severity)
    return rank, finding.code, str(finding.about), finding.title


def changes(about: Ref, raw: Manifest, *wanted: tuple[Path, object]) -> Patch:
    """The patch of `about` that puts the values at their paths; None takes away."""
    return json_patch(raw, [Change(about, path, value) for path, value in wanted])
