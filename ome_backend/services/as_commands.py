"""The `kubectl` lines that do what a proposal does, with the very body that the console sends."""

from collections.abc import Iterable

from ome_backend.editing import commands
from ome_backend.editing.masking import secret
from ome_backend.resources.manifest import Manifest, mapping, text
from ome_backend.schema.yaml_text import dump
from ome_backend.services.proposal import Proposal


def trials(proposals: Iterable[Proposal]) -> tuple[str, ...]:
    """The dry runs: what the server would store is printed, nothing is changed."""
    tried = (each for each in proposals if not each.waiting)
    return tuple(line for each in tried if (line := _line(each, dry_run=True)))


def writes(proposals: Iterable[Proposal]) -> tuple[str, ...]:
    """The writes, in the order in which the console does them."""
    return tuple(line for each in proposals if (line := _line(each, dry_run=False)))


def _line(proposal: Proposal, *, dry_run: bool) -> str:
    """One line; empty where there is nothing to send. Secret values are left to a file."""
    ref, manifest = proposal.ref, proposal.manifest
    if ref is None or proposal.action == "nothing" or proposal.behind:
        return ""
    if proposal.live is None:
        if secret(manifest):
            return commands.create_file(f"{ref.key.name}.yaml", dry_run=dry_run)
        return commands.create_text(dump(manifest), dry_run=dry_run)
    if secret(manifest):
        return commands.change_file(ref, f"{ref.key.name}-patch.yaml", dry_run=dry_run)
    return commands.change(ref, _guarded(proposal.patch, proposal.live), dry_run=dry_run)


def _guarded(patch: Manifest, live: Manifest) -> Manifest:
    """The patch with the version that was looked at: the server refuses it once that is outdated."""
    version = {"resourceVersion": text(live, "metadata", "resourceVersion")}
    return patch | {"metadata": mapping(patch, "metadata") | version}
