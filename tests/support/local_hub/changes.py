"""What happens to a repository in the course of time, done to the local Hub."""

from dataclasses import replace

from tests.support.local_hub.server import LocalHub
from tests.support.local_hub.stored import StoredCommit, StoredFile, digest


def commits(hub: LocalHub, repo: str, title: str = "Update weights") -> str:
    """Its authors commit to main; the new commit."""
    held = hub.repositories[repo]
    newest = held.commits[0]
    made = StoredCommit(digest(f"{repo} {len(held.commits)}")[:40], title, newest.date)
    hub.repositories[repo] = replace(
        held, commits=(made, *held.commits), branches={**held.branches, "main": made.id}
    )
    return made.id


def licenses(hub: LocalHub, repo: str, licence: str) -> str:
    """Its authors put it under another licence, with a commit; the new commit."""
    held = hub.repositories[repo]
    older = {each.id: held.files_at(each.id) for each in held.commits}
    card = StoredFile("README.md", f"---\nlicense: {licence}\n---\n# A model\n".encode())
    files = tuple(card if each.path == card.path else each for each in held.files)
    hub.repositories[repo] = replace(held, files=files, older=older, licence=licence)
    return commits(hub, repo, f"Change the licence to {licence}")


def moves(hub: LocalHub, repo: str, to: str) -> None:
    """It gets another name; the Hub leads from the old one to it."""
    hub.repositories[to] = replace(hub.repositories.pop(repo), id=to)
    hub.moved[repo] = to


def deletes(hub: LocalHub, repo: str) -> None:
    """It is gone."""
    del hub.repositories[repo]


def gates(hub: LocalHub, repo: str) -> None:
    """Its authors ask for accepted terms from now on."""
    hub.repositories[repo] = replace(hub.repositories[repo], gate="auto")


def forgets(hub: LocalHub, repo: str) -> None:
    """Its history is rewritten: nothing but the newest commit is left, under another id."""
    held = hub.repositories[repo]
    only = replace(held.commits[0], id=digest(f"{repo} squashed")[:40])
    hub.repositories[repo] = replace(
        held, commits=(only,), branches={"main": only.id}, versions={}, older={}
    )
