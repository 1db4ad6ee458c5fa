"""Who may show the console inside of a page: only the console itself, so that nobody can put buttons under a click."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "frame-ancestors 'self'"


def framed_by_itself_only(app: ASGIApp) -> ASGIApp:
    """The application with every answer over HTTP forbidding other origins to frame it.

    The console's own frames stay: the YAML editor is one. A policy that an answer already has is
    kept beside this one; browsers obey both.
    """

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.append("Content-Security-Policy", POLICY)
                headers["X-Frame-Options"] = "SAMEORIGIN"
            await send(message)

        await app(scope, receive, send_guarded if scope["type"] == "http" else send)

    return guarded
