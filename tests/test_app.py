"""The application as an operator starts it: from anywhere, quietly, and ended by a signal."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import urllib3
import yaml
from streamlit.testing.v1 import AppTest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from pages.components import session
from pages.components.places import PAGES, PLACES
from tests.support.console import free_port
from tests.support.waiting import eventually

ROOT = Path(__file__).resolve().parents[1]
FRAME = ROOT / "pages" / "components" / "frame.py"
ASKED_OPTIONS = ROOT / "tests" / "support" / "asked_options.py"
SANDBOX = {"OME_CLUSTER": "sandbox", "OME_SANDBOX_FILE": ":memory:"}
SOCKETS = ("/_stcore/stream", "/api/v1/events")
STREAMLIT = ("streamlit", "run", str(ROOT / "app.py"), "--server.port")
UVICORN = ("uvicorn", "app:app", "--app-dir", str(ROOT), "--port")
COMMANDS = pytest.mark.parametrize(
    "command", [STREAMLIT, UVICORN], ids=["streamlit run", "uvicorn"]
)
NOISE = ("ERROR", "CRITICAL", "Traceback", "Exception")


@dataclass(frozen=True)
class Console:
    """A console that runs as a process of its own."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    base: str = ""

    def get(self, path: str) -> urllib3.BaseHTTPResponse:
        return urllib3.request(
            "GET", f"http://127.0.0.1:{self.port}{self.base}{path}", retries=False, timeout=5.0
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

    def shake_hands(self, path: str, host: str) -> int:
        """The status that asking for a socket by this host name is answered with."""
        upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
        answer = urllib3.request(
            "GET",
            f"http://127.0.0.1:{self.port}{self.base}{path}",
            headers={"Host": host, "Sec-WebSocket-Key": "a" * 22 + "==", **upgrade},
            retries=False,
            preload_content=False,
            timeout=5.0,
        )
        answer.close()
        return answer.status

    def end(self) -> float:
        """Ask the process to end; returns how many seconds that took."""
        asked = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=20)
        return time.monotonic() - asked


@contextmanager
def started(
    command: tuple[str, ...],
    folder: Path,
    environment: Mapping[str, str] = SANDBOX,
    base: str = "",
) -> Iterator[Console]:
    """The console on a sandbox, started from `folder`, once it is healthy."""
    port, log = free_port(), folder / "console.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", *command, str(port)],
            cwd=folder,
            env=_clean_environment() | dict(environment),
            stdout=out,
            stderr=out,
        )
        console = Console(process, port, log, base)
        try:
            eventually(console.healthy, timeout=30)
            yield console
        finally:
            process.kill()
            process.wait(timeout=10)


def _clean_environment() -> dict[str, str]:
    """The environment without what would change a console."""
    return {k: v for k, v in os.environ.items() if not k.startswith(("OME_", "STREAMLIT_"))}


@COMMANDS
def test_it_starts_anywhere_serves_quietly_and_ends_when_asked(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    with started(command, tmp_path) as console:
        assert b"<html" in console.get("/services").data
        with eventually(lambda: _listener(console), timeout=30):
            assert answers(console) == OWN_NAMES_ONLY
            took = console.end()
    said = console.log.read_text()
    assert took < 5
    assert [line for line in said.splitlines() if any(each in line for each in NOISE)] == []


def _listener(console: Console) -> ClientConnection | None:
    """A connection that was told of services; None while the console has no connection itself."""
    page = console.listen()
    try:
        while json.loads(page.recv(timeout=20))["versions"].get("inferenceservices", 0) == 0:
            pass
    except ConnectionClosed:
        return None
    return page


OWN_NAMES_ONLY = {(path, "localhost"): 101 for path in SOCKETS} | {
    (path, "evil.example"): 403 for path in SOCKETS
}


def answers(console: Console) -> dict[tuple[str, str], int]:
    """How both sockets answer to a name of the console, and to a name rebound to its address."""
    return {
        (path, host): console.shake_hands(path, f"{host}:{console.port}")
        for path, host in OWN_NAMES_ONLY
    }


def test_the_deployed_console_is_reached_by_the_names_people_use(tmp_path: Path) -> None:
    environment = _deployed_environment()
    with started(STREAMLIT, tmp_path, environment | SANDBOX) as console:
        asked = {host: console.shake_hands(SOCKETS[0], host) for host in DEPLOYED}
    assert asked == DEPLOYED


@COMMANDS
def test_everything_moves_below_a_base_path(command: tuple[str, ...], tmp_path: Path) -> None:
    environment = SANDBOX | {"STREAMLIT_SERVER_BASE_URL_PATH": "ome"}
    with started(command, tmp_path, environment, base="/ome") as console:
        assert b"<html" in console.get("/services").data
        assert answers(console) == OWN_NAMES_ONLY


DEPLOYED = {
    "localhost:8501": 101,
    "127.0.0.1:8501": 101,
    "ome-console.ome.svc": 101,
    "evil.example": 403,
    "localhost,127.0.0.1": 403,
}


def _deployed_environment() -> dict[str, str]:
    deployment, *_ = yaml.safe_load_all((ROOT / "deploy" / "console.yaml").read_text())
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    return {each["name"]: each["value"] for each in container["env"]}


OPTIONS: dict[str, Any] = {
    "server.allowedHosts": ["localhost", "127.0.0.1", "::1"],
    "server.fileWatcherType": "none",
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "runner.magicEnabled": False,
    "theme.baseRadius": "6px",
    "theme.light.primaryColor": "#1f5fd0",
    "theme.dark.primaryColor": "#7fb0ff",
    "theme.dark.sidebar.backgroundColor": "#0c1017",
}
SET_OUTSIDE: dict[str, tuple[str, Any]] = {
    "server.allowedHosts": ("one.example two.example", ["one.example", "two.example"]),
    "browser.gatherUsageStats": ("true", True),
    "server.maxMessageSize": ("7", 7),
    "theme.light.primaryColor": ("#123456", "#123456"),
}


@COMMANDS
def test_options_come_from_beside_the_door_wherever_it_is_started(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    assert options(command, tmp_path, {}) == OPTIONS


@COMMANDS
def test_the_environment_outweighs_the_options_beside_the_door(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    environment = {_variable(name): text for name, (text, _) in SET_OUTSIDE.items()}
    expected = OPTIONS | {name: value for name, (_, value) in SET_OUTSIDE.items()}
    assert options(command, tmp_path, environment, expected) == expected


@COMMANDS
def test_options_of_the_home_count_where_the_console_has_none_of_its_own(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / ".streamlit").mkdir()
    own = "[server]\nmaxMessageSize = 7\nfileWatcherType = 'poll'\n"
    (tmp_path / ".streamlit" / "config.toml").write_text(own)
    expected = OPTIONS | {"server.maxMessageSize": 7}
    assert options(command, ROOT.parent, {"HOME": str(tmp_path)}, expected) == expected


def options(
    command: tuple[str, ...],
    folder: Path,
    environment: dict[str, str],
    names: Mapping[str, Any] = OPTIONS,
) -> Any:
    """Streamlit's options in a console that is started from `folder`, when it is about to serve."""
    done = _asked(command, folder, environment, names)
    assert done.stdout, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def _asked(
    command: tuple[str, ...], folder: Path, environment: dict[str, str], names: Iterable[str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ASKED_OPTIONS), ",".join(names), *command, str(free_port())],
        cwd=folder,
        env=_clean_environment() | SANDBOX | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def _variable(option: str) -> str:
    words = re.sub("([A-Z])", r"_\1", option.replace(".", "_"))
    return f"STREAMLIT_{words.upper()}"


@COMMANDS
def test_an_option_that_makes_no_sense_ends_the_start_with_a_sentence(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    done = _asked(command, tmp_path, {"STREAMLIT_SERVER_MAX_MESSAGE_SIZE": "much"}, OPTIONS)
    assert done.returncode != 0
    assert "'--server.maxMessageSize'" in done.stderr
    assert "'much' is not a valid integer" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_a_python_without_venv_is_told_in_one_sentence(tmp_path: Path) -> None:
    for name in ("Makefile", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path)
    done = subprocess.run(
        ["make", "run", "PYTHON=false"], cwd=tmp_path, capture_output=True, text=True, timeout=20
    )
    assert done.returncode != 0
    assert "install the package python3-venv" in done.stderr.splitlines()[0]
    assert not (tmp_path / ".venv").exists()


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
    told = [each.value.replace("\\", "") for each in page.error]  # escaped for Markdown
    assert any(words in each for each in told), told
    assert any(each.label == "Try again" for each in page.button)


KUBECONFIG = """\
apiVersion: v1
kind: Config
current-context: here
contexts: [{name: here, context: {cluster: here, user: me}}]
clusters: [{name: here, cluster: {server: "http://127.0.0.1:1"}}]
users: [{name: me, user: {token: t}}]
"""


def test_the_live_route_opens_no_connection_to_the_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SANDBOX.items():
        monkeypatch.setenv(name, value)
    session.close()
    assert session.open_cache() is None
    try:
        assert session.backend().cache is session.open_cache()
    finally:
        session.close()


def test_every_page_has_a_place_and_every_place_a_page() -> None:
    scripts = {script.stem for script in PAGES.glob("*.py")}
    assert scripts == {place.path for place in PLACES}
    assert len({place.title for place in PLACES}) == len(PLACES)
