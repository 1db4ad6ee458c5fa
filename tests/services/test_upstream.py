"""Installed models against the Hub: what changed there, what could not be asked, and that it ends."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from ome_backend.backend import Backend
from ome_backend.errors import HubOffline, HubRateLimited, HubTimedOut, HubUnreachable
from ome_backend.hub.hub import Hub
from ome_backend.resources import kinds
from ome_backend.resources.health import Level
from ome_backend.resources.kind import Key, Ref
from ome_backend.sandbox.server import Sandbox
from ome_backend.services.candidate import Source
from ome_backend.services.upstream import Comparison, Upstream
from ome_backend.services.upstream_asking import ask
from tests.services.conftest import Connect
from tests.support import agents_say, builders
from tests.support.hubs import reachable
from tests.support.local_hub import LocalHub, catalogue, changes, faults
from tests.support.waiting import eventually

REPO = "Qwen/Qwen3-8B"
MODEL = Ref(kinds.CLUSTER_BASE_MODEL, Key("", "qwen3-8b"))
ENTRY = "clusterbasemodel.qwen3-8b"


@pytest.fixture
def served() -> Iterator[LocalHub]:
    with reachable() as hub:
        yield hub


def head(served: LocalHub, repo: str = REPO) -> str:
    return served.repositories[repo].commits[0].id


def install(
    sandbox: Sandbox, *commits: str, repo: str = REPO, revision: str = "", **storage: Any
) -> None:
    """The model on as many nodes as there are commits."""
    uri = f"hf://{repo}" + (f"@{revision}" if revision else "")
    given = {"storageUri": uri, "path": "/raid/models/it", **storage}
    nodes = tuple(f"gpu-{number + 1}" for number in range(len(commits)))
    sandbox.objects.create(
        kinds.CLUSTER_BASE_MODEL, builders.model("qwen3-8b", ready=nodes, storage=given)
    )
    for node, commit in zip(nodes, commits, strict=True):
        agents_say.report(sandbox, node, {ENTRY: agents_say.ready(commit)})


def asked(backend: Backend, served: LocalHub) -> Comparison:
    """The one model, after the Hub was asked about it."""
    upstream = Upstream(Hub(served.url, timeout=5), backend.downloads)
    assert upstream.ask() is None
    found = upstream.get(MODEL)
    assert found is not None
    return found


def test_what_is_on_the_nodes_is_current_until_somebody_commits(
    sandbox: Sandbox, connect: Connect, served: LocalHub
) -> None:
    install(sandbox, head(served))
    backend = connect()
    assert asked(backend, served).health.word == "Current"
    before, now = head(served), changes.commits(served, REPO)
    found = asked(backend, served)
    assert (found.health.level, found.health.word) == (Level.WAITING, "Newer")
    (change,) = found.changes
    assert f"gpu-1 has {before[:8]}; the Hub has {now[:8]} at main" in change.sentence
    assert f"hf://{REPO}@{before}" in change.meaning


def test_nodes_with_different_commits_are_told_apart(
    sandbox: Sandbox, connect: Connect, served: LocalHub
) -> None:
    before = head(served)
    now = changes.commits(served, REPO)
    install(sandbox, now, before, before)
    (change,) = asked(connect(), served).changes
    assert change.sentence.startswith(f"gpu-2, gpu-3 have {before[:8]}")


def test_another_licence_is_told_with_both(
    sandbox: Sandbox, connect: Connect, served: LocalHub
) -> None:
    install(sandbox, head(served))
    changes.licenses(served, REPO, "cc-by-nc-4.0")
    found = asked(connect(), served)
    assert [each.what for each in found.changes] == ["licence", "newer"]
    assert "was apache-2.0 at" in found.changes[0].sentence
    assert "names cc-by-nc-4.0 now" in found.changes[0].sentence
    assert "And 1 more" in found.health.sentence


def test_a_repository_that_moved_is_followed(
    sandbox: Sandbox, connect: Connect, served: LocalHub
) -> None:
    install(sandbox, head(served))
    changes.moves(served, REPO, "acme/Qwen3-8B")
    (change,) = asked(connect(), served).changes
    assert change.what == "moved"
    assert "is acme/Qwen3-8B now" in change.sentence


def test_another_letter_case_is_no_move(
    sandbox: Sandbox, connect: Connect, served: LocalHub
) -> None:
    install(sandbox, head(served), repo="qwen/qwen3-8b")
    assert asked(connect(), served).health.word == "Current"


def test_a_deleted_repository_may_be_private_and_keeps_its_files(
    sandbox: Sandbox, connect: Connect, served: LocalHub
) -> None:
    install(sandbox, head(served))
    changes.deletes(served, REPO)
    (change,) = asked(connect(), served).changes
    assert change.what == "gone"
    assert "or it is private" in change.sentence
    assert "a restart of a model agent included" in change.meaning


@pytest.mark.parametrize(
    "storage",
    [{"key": "hf-token"}, {"parameters": {"token": "hf_x"}}],
    ids=["a Secret", "a token"],
)
def test_a_private_repository_is_no_trouble_for_a_model_with_a_token(
    sandbox: Sandbox, connect: Connect, served: LocalHub, storage: dict[str, Any]
) -> None:
    install(sandbox, "", repo=catalogue.PRIVATE, **storage)
    found = asked(connect(), served)
    assert (found.health.level, found.health.word) == (Level.UNKNOWN, "Not visible")
    assert "asks without the model's token" in found.health.sentence


def test_a_closed_repository_is_not_called_deleted(
    sandbox: Sandbox, connect: Connect, served: LocalHub
) -> None:
    install(sandbox, "", repo=catalogue.DISABLED)
    assert asked(connect(), served).health.word == "Closed"


@pytest.mark.parametrize(("storage", "word"), [({}, "Gated since"), ({"key": "hf"}, "Current")])
def test_gated_since_is_inferred_from_a_download_without_token(
    sandbox: Sandbox, connect: Connect, served: LocalHub, storage: dict[str, str], word: str
) -> None:
    install(sandbox, head(served), **storage)
    changes.gates(served, REPO)
    assert asked(connect(), served).health.word == word


def test_a_model_that_never_arrived_is_not_gated_since(
    sandbox: Sandbox, connect: Connect, served: LocalHub
) -> None:
    install(sandbox)
    changes.gates(served, REPO)
    assert asked(connect(), served).health.word == "On no node"


def test_a_revision_is_compared_with_itself(
    sandbox: Sandbox, connect: Connect, served: LocalHub
) -> None:
    held = served.repositories[REPO].versions["v1.1"]
    install(sandbox, held, revision="v1.1")
    changes.commits(served, REPO)
    found = asked(connect(), served)
    assert (found.health.word, found.changes) == ("Current", ())
    assert "at v1.1" in found.health.sentence


def test_a_commit_in_the_uri_stays_what_it_is(
    sandbox: Sandbox, connect: Connect, served: LocalHub
) -> None:
    pinned = head(served)
    install(sandbox, pinned, revision=pinned)
    changes.commits(served, REPO)
    assert asked(connect(), served).health.word == "Pinned"


def test_a_revision_that_is_gone_is_not_a_repository_that_is_gone(
    sandbox: Sandbox, connect: Connect, served: LocalHub
) -> None:
    install(sandbox, head(served), revision="v9.9")
    (change,) = asked(connect(), served).changes
    assert change.sentence == f"{REPO} is on the Hub, but its revision v9.9 is not any more."


def test_a_commit_that_the_hub_lost_is_told(
    sandbox: Sandbox, connect: Connect, served: LocalHub
) -> None:
    install(sandbox, head(served))
    changes.forgets(served, REPO)
    (change,) = asked(connect(), served).changes
    assert change.what == "rewritten"


def test_a_commit_that_no_agent_tells_is_not_called_current(
    sandbox: Sandbox, connect: Connect, served: LocalHub
) -> None:
    install(sandbox, "")
    assert asked(connect(), served).health.word == "Not known"


def test_a_hub_that_fails_for_one_repository_is_asked_about_the_others(
    sandbox: Sandbox, connect: Connect, served: LocalHub
) -> None:
    install(sandbox, head(served))
    other = builders.model("gemma", storage={"storageUri": "hf://google/gemma-2-9b-it"})
    sandbox.objects.create(kinds.CLUSTER_BASE_MODEL, other)
    served.faults.append(faults.broken(500, path=f"/api/models/{REPO}"))
    backend = connect()
    upstream = Upstream(Hub(served.url, timeout=5), backend.downloads)
    assert upstream.ask() is None
    told = {each.installed.model.key.name: each for each in upstream.all()}
    assert told["qwen3-8b"].health.level is Level.UNKNOWN
    assert "HTTP 500" in told["qwen3-8b"].health.sentence
    assert told["gemma"].told is not None
    assert told["gemma"].told.failure is None


def test_nobody_is_asked_before_a_person_asks(
    sandbox: Sandbox, connect: Connect, served: LocalHub
) -> None:
    install(sandbox, head(served))
    upstream = Upstream(Hub(served.url), connect().downloads)
    (found,) = upstream.all()
    assert (found.health.word, upstream.known, served.asked) == ("Not asked", False, [])


def test_models_from_elsewhere_are_not_compared(
    sandbox: Sandbox, connect: Connect, served: LocalHub
) -> None:
    elsewhere = builders.model("qwen3-8b", storage={"storageUri": "local:///mnt/m"})
    sandbox.objects.create(kinds.CLUSTER_BASE_MODEL, elsewhere)
    upstream = Upstream(Hub(served.url), connect().downloads)
    assert upstream.ask() is None
    assert (upstream.get(MODEL), upstream.all(), served.asked) == (None, (), [])


def test_what_was_told_is_judged_by_what_is_installed_now(
    sandbox: Sandbox, connect: Connect, served: LocalHub
) -> None:
    install(sandbox, head(served))
    now = changes.commits(served, REPO)
    upstream = Upstream(Hub(served.url), connect().downloads)
    upstream.ask()

    def word() -> str:
        found = upstream.get(MODEL)
        return found.health.word if found is not None else ""

    assert word() == "Newer"
    agents_say.again(sandbox, "gpu-1", {ENTRY: agents_say.ready(now)})
    eventually(lambda: word() == "Current")


def sources(served: LocalHub) -> dict[Source, frozenset[str]]:
    public = (each for each in served.repositories.values() if not each.private)
    return {Source(each.id): frozenset() for each in public}


def test_too_many_requests_stop_the_round_and_hold_the_next_one_back(
    sandbox: Sandbox, connect: Connect, served: LocalHub
) -> None:
    served.faults.append(faults.busy(seconds=40))
    answers = ask(Hub(served.url), sources(served))
    assert isinstance(answers.stopped, HubRateLimited)
    assert answers.stopped.retry_after == 40
    assert len(served.asked) <= 4
    install(sandbox, head(served))
    upstream = Upstream(Hub(served.url), connect().downloads)
    upstream.ask()
    before = len(served.asked)
    again = upstream.ask()
    assert isinstance(again, HubRateLimited)
    assert len(served.asked) == before


def test_a_hub_out_of_reach_stops_the_round(served: LocalHub) -> None:
    wanted, url = sources(served), served.url
    served.down()
    answers = ask(Hub(url), wanted)
    assert isinstance(answers.stopped, HubUnreachable)
    assert answers.told == {}


def test_offline_by_settings_is_told_apart(served: LocalHub) -> None:
    answers = ask(Hub(served.url, offline=True), sources(served))
    assert isinstance(answers.stopped, HubOffline)
    assert served.asked == []


def test_a_slow_hub_ends_the_round_in_time_and_what_was_told_stays(served: LocalHub) -> None:
    quick = Source("google/gemma-2-9b-it")
    served.faults.append(faults.slow(60, path="/Qwen/"))
    wanted = {quick: frozenset[str]()} | {
        source: commits for source, commits in sources(served).items() if "Qwen" in source.repo
    }
    began = time.monotonic()
    answers = ask(Hub(served.url, timeout=30), wanted, seconds=1.5)
    assert time.monotonic() - began < 5
    assert isinstance(answers.stopped, HubTimedOut)
    assert set(answers.told) == {quick}
