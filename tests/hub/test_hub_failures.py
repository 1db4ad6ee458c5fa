"""Whatever a Hub says or fails to say becomes one error of its own kind, with what to do."""

import json
import socket
from collections.abc import Callable
from typing import Any

import pytest

from ome_backend.errors import (
    HubDisabled,
    HubError,
    HubFailed,
    HubFileNotFound,
    HubGated,
    HubNotFound,
    HubOffline,
    HubRateLimited,
    HubRevisionNotFound,
    HubTimedOut,
    HubTooLarge,
    HubUnauthorised,
    HubUnreachable,
    HubUnreadable,
    Invalid,
    OmeError,
)
from ome_backend.hub.answers import Query
from ome_backend.hub.hub import Hub
from tests.support.scripted import Reply, serving

REPO = "acme/model"
TOKEN = "hf_averysecrettoken"


def refused(status: int, code: str = "", message: str = "", **more: str) -> Reply:
    """An answer as the Hub refuses: its words in a header and in the body."""
    headers = {"X-Error-Code": code, "X-Error-Message": message, **more}
    given = tuple((name, value) for name, value in headers.items() if value)
    return Reply(status, {"error": message} if message else b"", given)


ANSWERS: dict[str, tuple[Reply, str, type[OmeError]]] = {
    "gated, no token": (refused(401, "GatedRepo", "Access is restricted."), "", HubGated),
    "gated, not on the list": (refused(403, "GatedRepo", "not in the list"), TOKEN, HubGated),
    "no such repository, told": (refused(404, "RepoNotFound", "Not found"), TOKEN, HubNotFound),
    "no such repository or private": (refused(401, "", "Invalid username"), "", HubNotFound),
    "revision": (refused(404, "RevisionNotFound", "Invalid rev"), "", HubRevisionNotFound),
    "file": (refused(404, "EntryNotFound", "Entry not found"), "", HubFileNotFound),
    "a mirror that says only 404": (refused(404), "", HubNotFound),
    "token nobody has": (refused(401, "", "Invalid credentials"), TOKEN, HubUnauthorised),
    "token without the right": (refused(403, "", "Forbidden"), TOKEN, HubUnauthorised),
    "disabled": (refused(403, "", "Access to this resource is disabled."), "", HubDisabled),
    "too many requests": (refused(429, "", "Too many requests"), "", HubRateLimited),
    "broken": (refused(500, "", "Internal error"), "", HubFailed),
    "overloaded": (refused(503), "", HubFailed),
    "the Hub's own time": (refused(504), "", HubTimedOut),
    "another answer": (refused(418, "", "teapot"), "", HubFailed),
    "a sign-in page": (Reply(200, b"<html>Sign in</html>"), "", HubFailed),
    "not what was asked for": (Reply(200, [1, 2]), "", HubFailed),
    "nothing at all": (Reply(hang_up=True), "", HubUnreachable),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_every_failure_has_its_own_kind_and_says_what_to_do(name: str) -> None:
    reply, token, kind = ANSWERS[name]
    with serving(lambda asked: reply) as server, pytest.raises(OmeError) as raised:
        Hub(server.url, token=token).repository(REPO)
    assert type(raised.value) is kind
    assert REPO in raised.value.message
    assert raised.value.hint
    assert len(server.asked) == 1


def test_the_hubs_own_words_are_the_reason() -> None:
    reply = refused(403, "GatedRepo", "Access to model acme/model is restricted.")
    with serving(lambda asked: reply) as server, pytest.raises(HubGated) as raised:
        Hub(server.url, token=TOKEN).config(REPO)
    assert raised.value.reason == "Access to model acme/model is restricted."


@pytest.mark.parametrize(
    ("said", "pending", "hint"),
    [
        ("Your request is awaiting a review from the repo authors.", True, "authors decide"),
        ("Your request has been rejected by the repo's authors.", False, "refused access"),
        ("Enable access in your fine-grained token settings.", False, "fine-grained token read"),
        ("you are not in the authorized list", False, "Ask for access"),
    ],
)
def test_a_gate_says_what_opens_it(said: str, pending: bool, hint: str) -> None:
    reply = refused(403, "GatedRepo", said)
    with serving(lambda asked: reply) as server, pytest.raises(HubGated) as raised:
        Hub(server.url, token=TOKEN).repository(REPO)
    assert raised.value.pending is pending
    assert hint in raised.value.hint


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "40"}, 40),
        ({"Retry-After": "40", "RateLimit": '"api";r=0;t=55'}, 55),
        ({"Retry-After": "Mon, 01 Jan 2024 00:00:00 GMT"}, 0),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
def test_a_busy_hub_says_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    reply = refused(429, **headers)
    with serving(lambda asked: reply) as server, pytest.raises(HubRateLimited) as raised:
        Hub(server.url).search(Query())
    assert raised.value.retry_after == seconds
    assert len(server.asked) == 1


def test_where_nothing_listens_the_hub_cannot_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(HubUnreachable, match="cannot be reached") as raised:
        Hub(f"http://127.0.0.1:{port}").search(Query())
    assert "refused" in raised.value.reason.lower()


QUESTIONS: dict[str, Callable[[Hub], Any]] = {
    "search": lambda hub: hub.search(Query(text="x")),
    "repository": lambda hub: hub.repository(REPO),
    "revisions": lambda hub: hub.revisions(REPO),
    "config": lambda hub: hub.config(REPO),
    "card": lambda hub: hub.card(REPO),
    "whoami": lambda hub: hub.using(TOKEN).whoami(),
    "may_read": lambda hub: hub.may_read(REPO),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_offline_says_so_at_once_and_asks_nothing(question: str) -> None:
    with serving(lambda asked: Reply(200, {})) as server, pytest.raises(HubOffline):
        QUESTIONS[question](Hub(server.url, offline=True))
    assert server.asked == []


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_fails_after_one_request(question: str) -> None:
    with serving(lambda asked: refused(503)) as server, pytest.raises(HubFailed):
        QUESTIONS[question](Hub(server.url))
    assert len(server.asked) == 1


@pytest.mark.parametrize("repo", ["a/b/c", "--", "x" * 200, "a b/c", ""])
def test_what_cannot_be_an_id_is_refused_without_asking(repo: str) -> None:
    with serving(lambda asked: Reply(200, {})) as server:
        for ask in (Hub(server.url).repository, Hub(server.url).revisions, Hub(server.url).config):
            with pytest.raises(Invalid):
                ask(repo)
    assert server.asked == []


@pytest.mark.parametrize("text", ["{", "[1]", "", "\x00", "[" * 100_000])
def test_a_config_that_is_none_is_unreadable(text: str) -> None:
    with serving(lambda asked: Reply(200, text.encode())) as server, pytest.raises(HubUnreadable):
        Hub(server.url).config(REPO)


def test_a_file_is_read_up_to_its_limit_only() -> None:
    reply = Reply(200, chunks=(b"x" * 1000 for _ in range(1_000_000)))
    with serving(lambda asked: reply) as server, pytest.raises(HubTooLarge):
        Hub(server.url).file(REPO, "README.md", limit=5000)


def test_a_packed_answer_is_not_unpacked() -> None:
    reply = Reply(200, b"\x1f\x8b" + bytes(100), (("Content-Encoding", "gzip"),))
    with serving(lambda asked: reply) as server, pytest.raises(HubFailed, match="packed"):
        Hub(server.url).config(REPO)
    assert server.asked[0].headers["accept-encoding"] == "identity"


def test_addresses_that_lead_in_a_circle_end() -> None:
    reply = Reply(302, b"", (("Location", "/again"),))
    with serving(lambda asked: reply) as server, pytest.raises(HubFailed, match="without end"):
        Hub(server.url).config(REPO)
    assert len(server.asked) < 10


def test_every_kind_of_failure_is_the_hubs() -> None:
    assert all(issubclass(kind, HubError) for _, _, kind in ANSWERS.values())
    assert json.dumps([kind.hint for _, _, kind in ANSWERS.values()]).count("API server") == 0
