"""The real console as a process, and a browser in front of it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import urllib3

from tests.support.waiting import eventually

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def running(log: Path, environment: Mapping[str, str], port: int = 0) -> Iterator[str]:
    """Start `streamlit run app.py` from another directory; yields its address once it is healthy."""
    port = port or free_port()
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(ROOT / "app.py"),
        f"--server.port={port}",
    ]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("OME_")}
    with log.open("w") as out:
        process = subprocess.Popen(
            command, cwd=log.parent, env={**inherited, **environment}, stdout=out, stderr=out
        )
        try:
            address = f"http://127.0.0.1:{port}"
            eventually(lambda: _healthy(address, process), timeout=30)
            yield address
        finally:
            process.terminate()
            process.wait(timeout=10)


def _healthy(address: str, process: subprocess.Popen[bytes]) -> bool:
    assert process.poll() is None, "the console ended by itself"
    try:
        answer = urllib3.request("GET", f"{address}/_stcore/health", retries=False, timeout=1.0)
    except urllib3.exceptions.HTTPError:
        return False
    return answer.status == 200


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
