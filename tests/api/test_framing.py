"""Other sites cannot put the console into a frame; the console's own frames stay."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ome_backend.api.framing import POLICY, framed_by_itself_only


def answering(*headers: tuple[bytes, bytes]) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        start = "websocket.accept" if scope["type"] == "websocket" else "http.response.start"
        await send({"type": start, "status": 200, "headers": list(headers)})
        if scope["type"] == "http":
            await send({"type": "http.response.body", "body": b"held"})

    return app


def sent(app: ASGIApp, kind: str) -> list[Message]:
    """What the guarded application sends for one request."""
    messages: list[Message] = []

    async def receive() -> Message:
        raise AssertionError("nothing is read")

    async def send(message: Message) -> None:
        messages.append(message)

    request = _run(framed_by_itself_only(app), {"type": kind}, receive, send)
    with ThreadPoolExecutor(1) as aside:  # the browser of other tests keeps a loop in this thread
        aside.submit(asyncio.run, request).result()
    return messages


async def _run(app: ASGIApp, scope: dict[str, Any], receive: Receive, send: Send) -> None:
    await app(scope, receive, send)


def test_every_answer_says_who_may_frame_it_and_is_else_the_same() -> None:
    start, body = sent(answering((b"etag", b"1")), "http")
    assert start["headers"] == [
        (b"etag", b"1"),
        (b"content-security-policy", POLICY.encode()),
        (b"x-frame-options", b"SAMEORIGIN"),
    ]
    assert body["body"] == b"held"


def test_a_policy_of_its_own_is_kept_beside() -> None:
    start, _ = sent(answering((b"content-security-policy", b"default-src 'none'")), "http")
    policies = [value for name, value in start["headers"] if name == b"content-security-policy"]
    assert policies == [b"default-src 'none'", POLICY.encode()]


@pytest.mark.parametrize("kind", ["websocket", "lifespan"])
def test_sockets_and_the_lifespan_pass_as_they_are(kind: str) -> None:
    assert sent(answering(), kind)[0]["headers"] == []
