"""The application as an operator starts it: from anywhere, quietly, and ended by a signal."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import urllib3
from streamlit.testing.v1 import AppTest
from websockets.sync.client import ClientConnection, connect

from pages.components import session
from pages.components.places import PAGES, PLACES
from tests.support.waiting import eventually

ROOT = Path(__file__).resolve().parents[1]
FRAME = ROOT / "pages" / "components" / "frame.py"
SANDBOX = {"OME_CLUSTER": "sandbox", "OME_SANDBOX_FILE": ":memory:"}
STREAMLIT = ("streamlit", "run", str(ROOT / "app.py"), "--server.port")
UVICORN = ("uvicorn", "app:app", "--app-dir", str(ROOT), "--port")
NOISE = ("ERROR", "CRITICAL", "Traceback", "Exception")


@dataclass(frozen=True)
class Console:
    """A console that runs as a process of its own."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def get(self, path: str) -> urllib3.BaseHTTPResponse:
        return urllib3.request(
            "GET", f"http://127.0.0.1:{self.port}{path}", retries=False, timeout=5.0
        )

    def healthy(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.get("/_stcore/health").status == 200
        except urllib3.exceptions.HTTPError:
            return False

    def listen(self) -> ClientConnection:
        """A connection to the live route, as an open page has one."""
        return connect(f"ws://127.0.0.1:{self.port}/api/v1/events", proxy=None)

    def end(self) -> float:
        """Ask the process to end; returns how many seconds that took."""
        asked = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=20)
        return time.monotonic() - asked


@contextmanager
def started(command: tuple[str, ...], folder: Path) -> Iterator[Console]:
    """The console on a sandbox, started from `folder`, once it is healthy."""
    port, log = _free_port(), folder / "console.log"
    others = {name: value for name, value in os.environ.items() if not name.startswith("OME_")}
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, str(port)],
            cwd=folder,
            env=others | SANDBOX,
            stdout=out,
            stderr=out,
        )
        console = Console(process, port, log)
        try:
            eventually(console.healthy, timeout=30)
            yield console
        finally:
            process.kill()
            process.wait(timeout=10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize("command", [STREAMLIT, UVICORN], ids=["streamlit run", "uvicorn"])
def test_it_starts_anywhere_serves_quietly_and_ends_when_asked(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    with started(command, tmp_path) as console:
        assert b"<html" in console.get("/services").data
        with console.listen() as page:
            eventually(lambda: _told(page).get("inferenceservices", 0) > 0, timeout=20)
            took = console.end()
    said = console.log.read_text()
    assert took < 5
    assert [line for line in said.splitlines() if any(each in line for each in NOISE)] == []


def _told(page: ClientConnection) -> dict[str, int]:
    versions: dict[str, int] = json.loads(page.recv(timeout=20))["versions"]
    return versions


@pytest.mark.parametrize("path", ["/", "/deploy", "/_stcore/health"])
def test_only_its_own_origin_may_frame_it(path: str, console: Console) -> None:
    headers = console.get(path).headers
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Content-Security-Policy"] == "frame-ancestors 'self'"


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """One process for the tests that only read."""
    with started(UVICORN, tmp_path_factory.mktemp("console")) as running:
        yield running


NO_CONTEXT = {"OME_CLUSTER": "kubeconfig", "OME_CONTEXT": "elsewhere"}
BROKEN = {
    "a cluster of no known sort": ({"OME_CLUSTER": "nonsense"}, "OME_CLUSTER is 'nonsense'"),
    "a duration in words": ({"OME_REQUEST_TIMEOUT": "soon"}, "OME_REQUEST_TIMEOUT is 'soon'"),
    "a context that does not exist": (NO_CONTEXT, "has no context 'elsewhere'"),
    "no kubeconfig": ({"OME_CLUSTER": "kubeconfig", "KUBECONFIG": "gone"}, "names no cluster"),
    "not in a cluster": ({"OME_CLUSTER": "in-cluster"}, "no service account"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_setting_is_a_page_that_says_so(
    case: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment, words = BROKEN[case]
    (tmp_path / "kubeconfig").write_text(KUBECONFIG)
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "kubeconfig"))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    session.close()
    page = AppTest.from_file(str(FRAME), default_timeout=30).run()
    assert not page.exception
    assert any(words in each.value for each in page.error), [each.value for each in page.error]
    assert any(each.label == "Try again" for each in page.button)


KUBECONFIG = """\
apiVersion: v1
kind: Config
current-context: here
contexts: [{name: here, context: {cluster: here, user: me}}]
clusters: [{name: here, cluster: {server: "http://127.0.0.1:1"}}]
users: [{name: me, user: {token: t}}]
"""


def test_every_page_has_a_place_and_every_place_a_page() -> None:
    scripts = {script.stem for script in PAGES.glob("*.py")}
    assert scripts == {place.path for place in PLACES}
    assert len({place.title for place in PLACES}) == len(PLACES)
