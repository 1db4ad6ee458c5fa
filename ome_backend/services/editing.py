"""Changing objects safely: open, check, dry run, compare with what is there, and write under a precondition."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from ome_backend.editing.cleaning import clean
from ome_backend.editing.differences import differences
from ome_backend.editing.masking import masked, restored, still_hidden
from ome_backend.editing.ordering import rank
from ome_backend.editing.ownership import owners
from ome_backend.editing.three_way import merge
from ome_backend.errors import Conflict, FieldProblem, Forbidden, Invalid, OmeError
from ome_backend.kube.cache import Cache
from ome_backend.kube.client import FIELD_MANAGER, Client, Written
from ome_backend.resources.kind import Key, Ref
from ome_backend.resources.kinds import SECRET
from ome_backend.resources.manifest import Manifest, mapping, text
from ome_backend.schema.yaml_changes import same
from ome_backend.schema.yaml_edit import edit
from ome_backend.schema.yaml_text import dump
from ome_backend.services.arrival import await_arrival
from ome_backend.services.checking import Checked, Checks, check
from ome_backend.services.foresight import located, untold, with_problems
from ome_backend.services.proposal import Foreign, Plan, Proposal, Result
from ome_backend.services.schemas import ClusterSchemas
from ome_backend.services.secrets import named

AT_ONCE = 8  # dry runs at the same time
MOST_TRIES = 5  # against a status that is written all the time

Bases = Mapping[Ref, Manifest]
_NO_BASES: Bases = {}

log = logging.getLogger(__name__)


class Editing:
    """Every write of manifests goes through here. Safe for use from many threads."""

    def __init__(
        self, client: Client, cache: Cache, schemas: ClusterSchemas, ome_namespace: str
    ) -> None:
        self._client = client
        self._cache = cache
        self._schemas = schemas
        self._ome = ome_namespace

    def check(self, manifests: str) -> Checks:
        """What is wrong with the text, without asking the API server."""
        return check(manifests, self._schemas.now(), self._cache)

    def opened(self, ref: Ref) -> Manifest | None:
        """The object as it is now, with its managers; None where it is gone."""
        return self._client.get(ref.kind, ref.key)

    def text_of(self, live: Manifest) -> str:
        """The object as it is edited: what the server adds left out, secret values hidden."""
        return dump(masked(clean(live)))

    def drafted(
        self, refs: Iterable[Ref], change: Callable[[Manifest], Manifest]
    ) -> tuple[str, dict[Ref, Manifest]]:
        """One text with the same change of several objects, and these as they were opened."""
        opened = ((ref, self.opened(ref)) for ref in refs)
        bases = {ref: live for ref, live in opened if live is not None}
        texts = (edit(self.text_of(live), change) for live in bases.values())
        return "---\n".join(texts), bases

    def propose(self, manifests: str, bases: Bases = _NO_BASES, *, creating: bool = False) -> Plan:
        """What writing the text would do, asked of the server without doing it.

        `bases` are objects as the person opened them: what others changed since is found by them. Of
        an object without a base, labels and annotations that the text does not name stay. With
        `creating` an object that exists already is refused.
        """
        checks = self.check(manifests)
        together = {each.ref for each in checks.documents}
        with ThreadPoolExecutor(AT_ONCE, "dry-run") as pool:
            proposals = list(
                pool.map(
                    lambda each: self._propose(each, bases, together, creating), checks.documents
                )
            )
        ordered = sorted(proposals, key=lambda each: rank(text(each.manifest, "kind")))
        return Plan(tuple(ordered), checks.problems)

    def write(self, plan: Plan) -> tuple[Result, ...]:
        """Write one after the other, each under the precondition that nobody changed it since the plan.

        The first that is refused ends it: what comes after was not tried. Raises Invalid, and writes
        nothing, where the plan is not ready.
        """
        if not plan.ready:
            raise Invalid("The text has problems; nothing was written.", problems=plan.problems)
        results: list[Result] = []
        for proposal in plan.writes:
            failed = any(each.error is not None for each in results)
            results.append(Result(proposal) if failed else self._write(proposal))
        return tuple(results)

    def _propose(
        self, checked: Checked, bases: Bases, together: Set[Ref | None], creating: bool
    ) -> Proposal:
        ref = checked.ref
        proposal = Proposal(checked, problems=checked.problems, warnings=checked.warnings)
        if ref is None or checked.problems:
            return replace(proposal, problems=(*checked.problems, *checked.objections))
        missing = self._secrets_missing(checked, together)
        proposal = replace(proposal, warnings=(*checked.warnings, *missing))
        try:
            live = None if creating else self._live(ref)
            if lost := _lost(checked, live or {}):
                return replace(proposal, problems=lost)
            if live is None:
                return self._creation(proposal, ref, gone=ref in bases)
            return self._change(replace(proposal, action="change", live=live), ref, bases.get(ref))
        except OmeError as refused:
            return _refused(proposal, refused)

    def _secrets_missing(
        self, checked: Checked, together: Set[Ref | None]
    ) -> tuple[FieldProblem, ...]:
        """Secrets that the object names and that neither the cluster nor the text has. They are not
        watched: the server is asked, and where it does not let the console look, nothing is said."""
        found = (
            FieldProblem(path, f"There is no Secret {key}.")
            for path, key in named(checked.manifest, self._ome).items()
            if Ref(SECRET, key) not in together and self._is_missing(key)
        )
        return located(checked.document, found)

    def _is_missing(self, secret: Key) -> bool:
        try:
            return self._client.get(SECRET, secret) is None
        except OmeError as refused:
            log.info("whether there is a secret %s is not known: %s", secret, refused)
            return False

    def _live(self, ref: Ref) -> Manifest | None:
        """The object as it is; who may create but not read, as with secrets, can only create."""
        try:
            return self._client.get(ref.kind, ref.key)
        except Forbidden:
            return None

    def _creation(self, proposal: Proposal, ref: Ref, *, gone: bool) -> Proposal:
        if gone:
            message = f"The {ref} was deleted in the meantime; writing this makes it anew."
            warning = FieldProblem("metadata.name", message, proposal.checked.document.line)
            proposal = replace(proposal, warnings=(warning, *proposal.warnings))
        written = self._client.create(ref.kind, proposal.manifest, dry_run=True)
        return _answered(proposal, written, {})

    def _change(self, proposal: Proposal, ref: Ref, base: Manifest | None) -> Proposal:
        live = proposal.live or {}
        target = _target(proposal.manifest, live, whole=base is not None)
        proposal = replace(proposal, target=target)
        if base is not None:
            overtaken = _overtaken(proposal, base, live)
            if overtaken.theirs:
                return overtaken
        patch = proposal.patch
        if not patch:
            return replace(proposal, action="nothing", stored=live)
        version = _version(live)
        written = self._client.merge_patch(
            ref.kind, ref.key, patch, resource_version=version, dry_run=True
        )
        answered = _answered(proposal, written, live)
        if same(
            clean(written.object), clean(live)
        ):  # what the text leaves out, the server fills in
            return replace(answered, action="nothing")
        return replace(answered, taken=tuple(_taken(answered, live)))

    def _write(self, proposal: Proposal) -> Result:
        ref = proposal.ref
        assert ref is not None, "a plan with a nameless object is never ready"
        try:
            written = self._sent(proposal, ref)
        except OmeError as refused:
            log.info("refused to %s %s: %s %s", proposal.action, ref, refused, refused.reason)
            return Result(proposal, error=refused)
        log.info("%s %s done", proposal.action, ref)
        before = _version(proposal.live or {})
        await_arrival(self._cache, ref, lambda seen: seen is not None and _version(seen) != before)
        return Result(proposal, written.object, warnings=written.warnings)

    def _sent(self, proposal: Proposal, ref: Ref) -> Written:
        if proposal.live is None or proposal.target is None:
            return self._client.create(ref.kind, proposal.manifest)
        return self._patched(ref, proposal.live, proposal.patch)

    def _patched(self, ref: Ref, planned: Manifest, patch: Manifest) -> Written:
        """Raises Conflict when more than the status changed since the plan."""
        now, tries = planned, 0
        while True:
            try:
                version = _version(now)
                return self._client.merge_patch(ref.kind, ref.key, patch, resource_version=version)
            except Conflict:
                now, tries = self._client.get(ref.kind, ref.key) or {}, tries + 1
                if tries == MOST_TRIES or not _unchanged(now, planned):
                    raise


def _unchanged(now: Manifest, planned: Manifest) -> bool:
    """The same object, of which only the status or what the server adds is another."""
    own = (text(each, "metadata", "uid") for each in (now, planned))
    return len(set(own)) == 1 and same(clean(now), clean(planned))


def _overtaken(proposal: Proposal, base: Manifest, live: Manifest) -> Proposal:
    """What others changed since the object was opened, and both sides joined; secret values stay hidden."""
    before, now = masked(clean(base)), masked(clean(live), clean(base))
    schema = _schema(proposal)
    theirs = differences(before, now, schema)
    foreign = tuple(Foreign(each, owners(live, each.steps)) for each in theirs)
    merged = merge(before, clean(proposal.manifest), now, schema)
    return replace(proposal, theirs=foreign, merged=merged)


def _lost(checked: Checked, live: Manifest) -> tuple[FieldProblem, ...]:
    """Secret values that are neither in the text nor on the cluster."""
    paths = still_hidden(restored(checked.manifest, live))
    message = "The value is hidden and not known here; type it, or leave the field out."
    return located(checked.document, [FieldProblem(path, message) for path in paths])


def _target(mine: Manifest, live: Manifest, *, whole: bool) -> Manifest:
    """What the object is to become. A text that was not made from it says nothing about labels it lacks."""
    kept = clean(live)
    wanted = restored(clean(mine), live)
    if whole:
        return wanted
    metadata = mapping(kept, "metadata") | mapping(wanted, "metadata")
    for name in ("labels", "annotations"):
        if name in metadata:
            metadata[name] = mapping(kept, "metadata", name) | mapping(wanted, "metadata", name)
    return kept | wanted | {"metadata": metadata}


def _answered(proposal: Proposal, written: Written, live: Manifest) -> Proposal:
    """Where the server takes what OME's rules object to, the objections become warnings."""
    checked = proposal.checked
    said = tuple(FieldProblem("", each, checked.document.line) for each in written.warnings)
    own = untold((*checked.objections, *proposal.warnings), "\n".join(written.warnings))
    before, after = clean(live) if live else {}, clean(written.object)
    found = differences(masked(before), masked(after, before), _schema(proposal))
    return replace(proposal, warnings=(*own, *said), stored=written.object, differences=found)


def _refused(proposal: Proposal, refused: OmeError) -> Proposal:
    """What the server says is not said again in the console's words; what waits for others is only told."""
    checked = proposal.checked
    if checked.waits:
        return replace(proposal, warnings=(*proposal.warnings, _later(checked)))
    named = located(checked.document, refused.problems)
    error = with_problems(refused, (*named, *untold(checked.objections, refused.reason)))
    return replace(proposal, problems=(*named, *checked.objections), error=error)


def _later(checked: Checked) -> FieldProblem:
    first = ", ".join(str(each) for each in checked.waits)
    message = f"It is checked by the server once the {first} exists, which is written first."
    return FieldProblem("", message, checked.document.line)


def _taken(proposal: Proposal, live: Manifest) -> Iterator[Foreign]:
    """Fields that another manager declares by server-side apply, and will set back or fight over."""
    for each in proposal.differences:
        declared = tuple(
            owner
            for owner in owners(live, each.steps)
            if owner.operation == "Apply" and owner.manager != FIELD_MANAGER
        )
        if declared:
            yield Foreign(each, declared)


def _schema(proposal: Proposal) -> Mapping[str, Any]:
    crd = proposal.checked.crd
    return crd.schema if crd is not None else {}


def _version(raw: Manifest) -> str:
    return text(raw, "metadata", "resourceVersion")
