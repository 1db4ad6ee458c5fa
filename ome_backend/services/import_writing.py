"""Carrying out an import: the token is tried first, Secrets come before models, and none is left alone."""

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from ome_backend.errors import HubError, Invalid, OmeError
from ome_backend.hub.answers import Access, Account
from ome_backend.hub.hub import Hub
from ome_backend.kube.client import Client
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Ref
from ome_backend.resources.manifest import text
from ome_backend.resources.model import Model
from ome_backend.services.candidate import source_of
from ome_backend.services.editing import Editing
from ome_backend.services.importing import Importing
from ome_backend.services.proposal import Plan, Proposal, Result

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TokenCheck:
    """Whose a token is, and which repositories it may read."""

    account: Account
    access: Mapping[str, Access]


def check_token(hub: Hub, repos: Iterable[str]) -> TokenCheck:
    """Ask the Hub with the token that `hub` carries. Raises HubError where it is nobody's, or nobody answers."""
    account = hub.whoami()
    return TokenCheck(account, {repo: hub.may_read(repo) for repo in repos})


class Imports:
    """Writes what `Importing` proposed."""

    def __init__(self, client: Client, editing: Editing, importing: Importing) -> None:
        self._client = client
        self._editing = editing
        self._importing = importing

    def write(self, plan: Plan, hub: Hub, *, new_token: bool) -> tuple[Result, ...]:
        """Write Secrets, then models, each with its own result; a model that fails stops no other one.

        With a `new_token`, which `hub` carries, the Hub is asked first: nobody's token, or a Hub that
        does not answer, raises HubError and nothing is written; a model that it may not read is
        refused. A Secret whose models are all refused is not written; one that was made here and that no
        model uses in the end is removed again.
        """
        if not plan.ready:
            raise Invalid("The text has problems; nothing was written.", problems=plan.problems)
        refused = self._refusals(plan, hub) if new_token else {}
        results: dict[Ref | None, Result] = {}
        idle = self._idle(plan, refused)
        for proposal in plan.writes:
            if proposal.ref in idle:
                results[proposal.ref] = Result(proposal, error=_of_no_use(proposal))
            else:
                results[proposal.ref] = self._one(proposal, refused, results)
        return tuple(self._cleared(results))

    def _refusals(self, plan: Plan, hub: Hub) -> dict[Ref | None, HubError]:
        sources = {each.ref: source_of(Model(each.manifest)) for each in plan.writes}
        known = {ref: source.repo for ref, source in sources.items() if source is not None}
        access = check_token(hub, dict.fromkeys(known.values())).access
        found = {ref: access[repo].refusal for ref, repo in known.items()}
        return {ref: refusal for ref, refusal in found.items() if refusal is not None}

    def _idle(self, plan: Plan, refused: Mapping[Ref | None, HubError]) -> set[Ref | None]:
        """The Secrets all of whose models the Hub refuses: they are not written at all."""
        wanted = {each.ref: self._secret_of(each) for each in plan.writes}
        return set(wanted.values()) - {
            secret for ref, secret in wanted.items() if ref not in refused
        }

    def _one(
        self,
        proposal: Proposal,
        refused: Mapping[Ref | None, HubError],
        results: Mapping[Ref | None, Result],
    ) -> Result:
        if proposal.ref in refused:
            return Result(proposal, error=refused[proposal.ref])
        needed = results.get(self._secret_of(proposal))
        if needed is not None and needed.error is not None:
            return Result(proposal)
        (result,) = self._editing.write(Plan((proposal,)))
        return result

    def _secret_of(self, proposal: Proposal) -> Ref | None:
        """The Secret a model takes its token from."""
        name = text(proposal.manifest, "spec", "storage", "key")
        if not name:
            return None
        home = self._importing.secret_namespace(proposal.key.namespace)
        return Ref(kinds.SECRET, Key(home, name))

    def _cleared(self, results: Mapping[Ref | None, Result]) -> Iterator[Result]:
        """The results; Secrets that nothing uses are removed, which is told as their result."""
        models = [each for each in results.values() if each.proposal.ref and not _secret(each)]
        wanted = {self._secret_of(each.proposal) for each in models}
        used = {self._secret_of(each.proposal) for each in models if each.written is not None}
        for ref, result in results.items():
            if ref is not None and result.written and ref in wanted - used:
                yield self._removed(ref, result)
            else:
                yield result

    def _removed(self, ref: Ref, result: Result) -> Result:
        uid = text(result.written or {}, "metadata", "uid")
        try:
            if result.proposal.action == "create":
                self._client.delete(ref.kind, ref.key, uid=uid)
                log.info("removed %s again", ref)
        except OmeError as failure:
            left = OmeError(
                f"The {ref} is left over: no model uses it, and it could not be removed.",
                reason=f"{failure.message} {failure.reason}",
                hint="Delete it by hand.",
            )
            return replace(result, written=None, error=left)
        gone = OmeError(
            f"The {ref} was removed again, because no model that uses it was created.",
            hint="Correct what stood in the way and write again.",
        )
        return replace(result, written=None, error=gone)


def _of_no_use(proposal: Proposal) -> OmeError:
    return OmeError(
        f"The {proposal.ref} was not written, because the Hub lets nobody with this token read the models.",
        hint="Give a token that may read them.",
    )


def _secret(result: Result) -> bool:
    return result.proposal.ref is not None and result.proposal.ref.kind == kinds.SECRET
