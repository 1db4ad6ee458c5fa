"""A https host of a test's own, and a `Remote` that takes it for a part of the internet."""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from ome_backend.remote import Remote

HOST = "templates.example.com"
PLAIN = "Content-Type: text/plain; charset=utf-8"

Answer = Callable[[ssl.SSLSocket, str], None]


def answer(status: str, *headers: str, body: bytes = b"") -> bytes:
    """A whole answer, closed after it."""
    lines = (f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers)
    return "\r\n".join((*lines, "", "")).encode() + body


def self_signed(folder: Path) -> Path:
    """A certificate of its own authority, with its key in the same file; skips the test without openssl."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("making a certificate needs openssl")
    file = folder / "server.pem"
    command = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-subj", "/CN=test"]
    command += ["-addext", f"subjectAltName=DNS:{HOST}", "-keyout", str(file)]
    subprocess.run([*command, "-out", f"{file}.crt"], check=True, capture_output=True)
    file.write_text(file.read_text() + Path(f"{file}.crt").read_text())
    return file


class Host:
    """A https server that answers each path as it was told."""

    def __init__(self, certificate: Path) -> None:
        self.answers: dict[str, bytes | Answer] = {}
        self.asked: list[str] = []
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.closed = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def url(self, path: str) -> str:
        return f"https://{HOST}:{self.port}{path}"

    def close(self) -> None:
        self.closed.set()
        self._socket.close()

    def _serve(self) -> None:
        while not self.closed.is_set():
            try:
                plain, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(plain,), daemon=True).start()

    def _answer(self, plain: socket.socket) -> None:
        try:
            with self._context.wrap_socket(plain, server_side=True) as secure:
                request = secure.recv(65_536).decode()
                path = request.split()[1]
                self.asked.append(request)
                said = self.answers[path]
                if callable(said):
                    said(secure, path)
                else:
                    secure.sendall(said)
        except OSError:
            return  # the other side went away, which is what some tests are about


def trusting(host: Host, certificate: Path) -> Remote:
    """Takes every name for this machine, and this machine for a part of the internet."""
    return Remote(
        (f"{HOST}:{host.port}", "other.example.com"),
        resolve=lambda name, port: ["127.0.0.1"] if name == HOST else ["10.0.0.7"],
        permit=lambda address: address == "127.0.0.1",
        trust=ssl.create_default_context(cafile=str(certificate)),
        seconds=1.0,
    )
