"""An API server that says exactly what a test wants, for what a healthy one never says."""

import json
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """One answer; `body` is JSON unless it is bytes, and `chunks` are sent one by one instead.

    `hang_up` closes the connection without a word.
    """

    status: int = 200
    body: Any = b""
    headers: tuple[tuple[str, str], ...] = ()
    chunks: Iterable[bytes] | None = None
    hang_up: bool = False


Script = Callable[[Asked], Reply]


@dataclass
class ScriptedServer:
    """`url` answers as `script` says; `asked` are the requests so far."""

    script: Script
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    @property
    def kubeconfig(self) -> str:
        return kubeconfig(self.url)

    def count(self, **query: str) -> int:
        """How many requests had these query parameters."""
        return sum(query.items() <= one.query.items() for one in list(self.asked))


def kubeconfig(server: str, **cluster: Any) -> str:
    """A kubeconfig for one server, with a token."""
    return json.dumps(
        {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "test",
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
            "clusters": [{"name": "test", "cluster": {"server": server, **cluster}}],
            "users": [{"name": "test", "user": {"token": "a-token"}}],
        },
        indent=1,
    )


@contextmanager
def serving(script: Script, tls: ssl.SSLContext | None = None) -> Iterator[ScriptedServer]:
    """A scripted server on a free port of this machine, with TLS when a context is given."""
    scripted = ScriptedServer(script)
    server = _Server(("127.0.0.1", 0), _handler(scripted))
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    scripted.url = f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield scripted
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away are part of the tests."""


def _handler(scripted: ScriptedServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Be quiet."""

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            parts = urlsplit(self.path)
            asked = Asked(
                self.command,
                parts.path,
                dict(parse_qsl(parts.query)),
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(length),
            )
            scripted.asked.append(asked)
            self.send(scripted.script(asked))

        def send(self, reply: Reply) -> None:
            if reply.hang_up:
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in reply.headers:
                self.send_header(name, value)
            if reply.chunks is not None:
                self.send_chunks(reply.chunks)
                return
            is_raw = isinstance(reply.body, bytes)
            body = reply.body if is_raw else json.dumps(reply.body).encode()
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def send_chunks(self, chunks: Iterable[bytes]) -> None:
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for chunk in chunks:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
                self.wfile.flush()
            self.wfile.write(b"0\r\n\r\n")

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815

    return Handler
