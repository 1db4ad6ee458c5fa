"""A small forwarding proxy: plain requests and tunnels, and what it was asked for."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener


@dataclass
class Proxy:
    """`asked` are the methods and targets so far; `refuses` answers all of them with 407."""

    url: str = ""
    asked: list[str] = field(default_factory=list)
    refuses: bool = False


@contextmanager
def forwarding() -> Iterator[Proxy]:
    """A proxy while the block runs."""
    proxy = Proxy()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(proxy))
    server.daemon_threads, server.block_on_close = True, False
    proxy.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()


def _handler(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Be quiet."""

        def parse_request(self) -> bool:
            parsed = super().parse_request()
            if parsed:
                proxy.asked.append(f"{self.command} {self.path}")
            return parsed

        def do_GET(self) -> None:
            headers = {name: value for name, value in self.headers.items() if name != "Connection"}
            with build_opener(ProxyHandler({})).open(Request(self.path, headers=headers)) as found:
                body = found.read()
                self.send_response(found.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_CONNECT(self) -> None:
            self.close_connection = True
            if proxy.refuses:
                self.send_response(407)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            target = urlsplit(f"//{self.path}")
            with socket.create_connection((target.hostname, target.port)) as other:
                self.send_response(200)
                self.end_headers()
                back = threading.Thread(target=_pump, args=(other, self.connection), daemon=True)
                back.start()
                _pump(self.connection, other)

    return Handler


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(65_536):
            target.sendall(chunk)
        target.shutdown(socket.SHUT_WR)
