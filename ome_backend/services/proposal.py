"""What writing a manifest would do: found by a dry run, shown to a person, and then done or not."""

from dataclasses import dataclass, field
from typing import Literal

from ome_backend.editing.cleaning import clean
from ome_backend.editing.differences import Difference
from ome_backend.editing.ownership import Owner
from ome_backend.editing.patches import merge_patch
from ome_backend.editing.three_way import Merged
from ome_backend.errors import FieldProblem, OmeError
from ome_backend.resources.kind import Key, Ref
from ome_backend.resources.manifest import Manifest, key_of
from ome_backend.services.checking import Checked

Action = Literal["create", "change", "nothing"]


@dataclass(frozen=True, slots=True)
class Foreign:
    """A field that somebody else changed, or declares: who, and what it was and is."""

    difference: Difference
    owners: tuple[Owner, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Proposal:
    """One document and its fate. Its repr names it only: what is sent may hold secret values.

    `problems` and `error` stand in the way, `warnings` do not. `live` is the object as it is,
    `target` what is sent of it, `stored` what the server would store. `theirs` is what others changed
    since the person opened the object, and `merged` both sides' changes; `taken` are fields that
    another manager declares and that the change would take over.
    """

    checked: Checked
    action: Action = "create"
    problems: tuple[FieldProblem, ...] = ()
    warnings: tuple[FieldProblem, ...] = ()
    error: OmeError | None = None
    live: Manifest | None = None
    target: Manifest | None = None
    stored: Manifest | None = None
    differences: tuple[Difference, ...] = ()
    theirs: tuple[Foreign, ...] = ()
    merged: Merged | None = None
    taken: tuple[Foreign, ...] = ()

    def __repr__(self) -> str:
        return f"<Proposal: {self.action} {self.ref}>"

    @property
    def manifest(self) -> Manifest:
        return self.checked.manifest

    @property
    def ref(self) -> Ref | None:
        return self.checked.ref

    @property
    def key(self) -> Key:
        return key_of(self.manifest)

    @property
    def patch(self) -> Manifest:
        """What is sent of a change, as a merge patch; empty where nothing changes or it is not known."""
        if self.live is None or self.target is None:
            return {}
        return merge_patch(clean(self.live), self.target)

    @property
    def accepted(self) -> bool:
        """The server's dry run took it."""
        return self.stored is not None

    @property
    def behind(self) -> bool:
        """Somebody else changed the object since it was opened: the changes must be joined first."""
        return bool(self.theirs)

    @property
    def waiting(self) -> bool:
        """Its dry run makes sense only once other objects of the text exist."""
        return bool(self.checked.waits) and not self.accepted

    @property
    def ready(self) -> bool:
        """Nothing stands in the way of writing it when its turn comes."""
        clear = not self.problems and self.error is None and not self.behind
        return clear and (self.accepted or self.waiting or self.action == "nothing")


@dataclass(frozen=True, slots=True)
class Plan:
    """All documents of a text in the order in which they would be written."""

    proposals: tuple[Proposal, ...]
    problems: tuple[FieldProblem, ...] = ()

    @property
    def writes(self) -> tuple[Proposal, ...]:
        """Those that change something."""
        return tuple(each for each in self.proposals if each.action != "nothing")

    @property
    def ready(self) -> bool:
        """All of it can be written; there is something to write."""
        clear = not self.problems and all(each.ready for each in self.proposals)
        return clear and bool(self.writes)

    @property
    def taken(self) -> tuple[Foreign, ...]:
        return tuple(foreign for each in self.proposals for foreign in each.taken)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one proposal: written, refused with an error, or not tried after another failed."""

    proposal: Proposal
    written: Manifest | None = field(default=None, repr=False)
    error: OmeError | None = None
    warnings: tuple[str, ...] = ()

    @property
    def tried(self) -> bool:
        return self.written is not None or self.error is not None
