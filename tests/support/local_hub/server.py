"""The local Hub on a socket, with its faults."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tests.support.local_hub.catalogue import MOVED, catalogue
from tests.support.local_hub.faults import Fault, cut
from tests.support.local_hub.protocol import Answer, Request, World, answer, said
from tests.support.local_hub.stored import StoredRepository


@dataclass
class LocalHub:
    """A Hub at `url`; `repositories`, `moved` and `faults` may be changed while it runs."""

    repositories: dict[str, StoredRepository] = field(default_factory=catalogue)
    moved: dict[str, str] = field(default_factory=lambda: dict(MOVED))
    faults: list[Fault] = field(default_factory=list)
    asked: list[Request] = field(default_factory=list)
    tls: ssl.SSLContext | None = None
    port: int = 0
    verbose: bool = False
    _server: "_Server | None" = None

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def world(self) -> World:
        cdn = self.url.replace("127.0.0.1", "localhost")
        return World(self.repositories, self.moved, self.url, cdn)

    def up(self) -> None:
        """Listen; after `down`, at the same address."""
        self._server = _Server(self)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def down(self) -> None:
        """Listen no more, and end what is on its way."""
        if self._server is not None:
            self._server.end()
            self._server = None

    def paths(self) -> list[str]:
        """The paths asked for so far."""
        return [each.path for each in list(self.asked)]


@contextmanager
def local_hub(tls: ssl.SSLContext | None = None, port: int = 0) -> Iterator[LocalHub]:
    """A local Hub while the block runs, on a free port unless one is given."""
    hub = LocalHub(tls=tls, port=port)
    hub.up()
    try:
        yield hub
    finally:
        hub.down()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, hub: LocalHub) -> None:
        self.hub = hub
        self.ended = threading.Event()
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", hub.port), _Handler)

    def finish_request(self, request: object, client_address: object) -> None:
        assert isinstance(request, socket.socket)
        tls = self.hub.tls
        secure = tls.wrap_socket(request, server_side=True) if tls else request
        self._open.add(secure)
        try:
            super().finish_request(secure, client_address)
        finally:
            self._open.discard(secure)
            with suppress(OSError):
                secure.shutdown(socket.SHUT_RDWR)
            secure.close()

    def end(self) -> None:
        self.ended.set()
        self.shutdown()
        self.server_close()
        for each in list(self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that go away are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Only whom somebody watches speaks; addresses may carry no secret, headers may."""
        if self.server.hub.verbose:
            super().log_message(format, *args)

    def do_GET(self) -> None:
        hub, parts = self.server.hub, urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        headers["x-scheme"] = "https" if hub.tls else "http"
        request = Request(self.command, parts.path, parse_qs(parts.query), headers)
        hub.asked.append(request)
        fault = next((each for each in hub.faults if each.takes(parts.path)), None)
        self._send(*self._spoiled(request, fault))

    do_HEAD = do_GET  # noqa: N815

    def _spoiled(self, request: Request, fault: Fault | None) -> tuple[Answer, Fault | None]:
        if fault is not None and fault.way == "answer":
            words = "Too Many Requests" if fault.status == 429 else "Internal Error"
            return said({"error": words}, fault.status, **fault.headers), None
        if fault is not None and fault.way == "wait" and self.server.ended.wait(fault.seconds):
            fault = cut()  # who is killed while somebody waits answers nobody
        return answer(self.server.hub.world, request), fault

    def _send(self, spoken: Answer, fault: Fault | None) -> None:
        self.send_response(spoken.status)
        for name, value in spoken.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(spoken.length))
        if fault is not None and fault.way == "drip":
            self._drip(fault.seconds)
            return
        self.end_headers()
        if self.command == "HEAD":
            return
        if fault is not None and fault.way == "cut":
            self.wfile.write(b"".join(spoken.body)[: fault.bytes])
            self.close_connection = True
            return
        for chunk in spoken.body:
            self.wfile.write(chunk)

    def _drip(self, seconds: float) -> None:
        self.close_connection = True
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not self.server.ended.wait(seconds):
            self.wfile.write(b".")
