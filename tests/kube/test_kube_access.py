"""Which cluster is taken, and what is said when it cannot be."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ome_backend.config import Settings
from ome_backend.errors import BadSettings, Unauthenticated
from ome_backend.kube.access import connect, connect_in_cluster, connect_kubeconfig, contexts
from ome_backend.kube.client import Client
from tests.kube.conftest import Serve
from tests.support.scripted import Reply, kubeconfig

SETTINGS = Settings()
VERSION = Reply(200, {"gitVersion": "v1.34.1"})


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without a kubeconfig, outside any cluster."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for variable in ("KUBECONFIG", "KUBERNETES_SERVICE_HOST", "HTTP_PROXY", "http_proxy"):
        monkeypatch.delenv(variable, raising=False)
    return tmp_path


def saved(file: Path, text: str) -> Path:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return file


def two_contexts(first: str, second: str) -> str:
    config = json.loads(kubeconfig("https://one.example"))
    config["contexts"] = [
        {"name": name, "context": {"cluster": "test", "user": "test"}} for name in (first, second)
    ]
    return json.dumps(config | {"current-context": second})


def test_without_any_cluster_the_sandbox_is_used() -> None:
    assert connect(SETTINGS) is None
    assert contexts(SETTINGS) == ()


def test_the_sandbox_is_used_when_it_is_asked_for(home: Path) -> None:
    saved(home / ".kube/config", kubeconfig("https://one.example"))
    assert connect(Settings(cluster="sandbox")) is None


def test_the_default_kubeconfig_is_found(home: Path) -> None:
    saved(home / ".kube/config", kubeconfig("https://one.example:6443"))
    access = connect(SETTINGS)
    assert access
    assert (access.source, access.name) == ("kubeconfig", "test")
    assert access.server == "https://one.example:6443"


def test_the_current_context_is_taken_unless_another_is_named(home: Path) -> None:
    saved(home / ".kube/config", two_contexts("first", "second"))
    assert contexts(SETTINGS) == ("first", "second")
    current, named = connect(SETTINGS), connect(Settings(context="first"))
    assert current
    assert named
    assert (current.name, named.name) == ("second", "first")


def test_several_kubeconfigs_are_merged(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = saved(home / "one", two_contexts("first", "second"))
    two = saved(home / "two", two_contexts("third", "fourth"))
    monkeypatch.setenv("KUBECONFIG", f"{one}:{home / 'absent'}:{two}")
    assert contexts(SETTINGS) == ("first", "second", "third", "fourth")


BROKEN = {
    "not YAML": ("a: [", "cannot be used"),
    "not a mapping": ("- a\n", "cannot be used"),
    "contexts are text": ("contexts: none\n", "cannot be used"),
    "cluster missing": (
        "current-context: a\ncontexts: [{name: a, context: {cluster: b}}]\nclusters: []\n",
        "cannot be used",
    ),
    "no current context": (
        "contexts: [{name: a, context: {cluster: b}}]\n",
        "has no current context",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_kubeconfig_is_named_with_a_hint(name: str, home: Path) -> None:
    text, message = BROKEN[name]
    file = saved(home / ".kube/config", text)
    with pytest.raises(BadSettings, match=message) as caught:
        connect(SETTINGS)
    assert str(file) in caught.value.message
    assert "OME_" in caught.value.hint


def test_an_unknown_context_is_answered_with_the_known_ones(home: Path) -> None:
    saved(home / ".kube/config", two_contexts("first", "second"))
    with pytest.raises(BadSettings, match="no context 'third'") as caught:
        connect(Settings(context="third"))
    assert caught.value.hint == "Its contexts are: first, second."


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        pytest.param(Settings(cluster="kubeconfig"), "names no cluster", id="kubeconfig"),
        pytest.param(Settings(cluster="in-cluster"), "no service account", id="in-cluster"),
        pytest.param(Settings(context="prod"), "names no cluster", id="context"),
    ],
)
def test_what_was_asked_for_and_is_missing_is_said(settings: Settings, message: str) -> None:
    with pytest.raises(BadSettings, match=message):
        connect(settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        pytest.param(Settings(cluster="in-cluster"), "OME_CLUSTER is in-cluster", id="asked for"),
        pytest.param(Settings(), "looks like a pod", id="found"),
    ],
)
def test_a_service_account_is_missed_in_the_words_of_how_it_was_chosen(
    settings: Settings, message: str
) -> None:
    with pytest.raises(BadSettings, match=message):
        connect_in_cluster(settings)


def plugin(home: Path, server: str, script: str) -> str:
    """A kubeconfig whose credentials come from a plugin."""
    file = saved(home / "plugin.py", script)
    config = json.loads(kubeconfig(server))
    config["users"][0]["user"] = {
        "exec": {
            "apiVersion": "client.authentication.k8s.io/v1",
            "command": sys.executable,
            "args": [str(file)],
        }
    }
    return json.dumps(config, indent=1)


TOKEN = """
import json, pathlib
count = pathlib.Path(__file__).with_name("count")
runs = int(count.read_text()) + 1 if count.exists() else 1
count.write_text(str(runs))
print(json.dumps({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential",
    "status": {"token": f"token-{runs}", "expirationTimestamp": "EXPIRY"}}))
"""


def test_an_expired_token_is_fetched_anew(
    home: Path, serve: Serve, client_of: Callable[..., Client]
) -> None:
    server = serve(lambda asked: VERSION)
    expired = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    client = client_of(plugin(home, server.url, TOKEN.replace("EXPIRY", expired)))
    client.version()
    assert server.asked[0].headers["authorization"] == "Bearer token-2"


def test_a_valid_token_is_fetched_once(
    home: Path, serve: Serve, client_of: Callable[..., Client]
) -> None:
    server = serve(lambda asked: VERSION)
    client = client_of(plugin(home, server.url, TOKEN.replace("EXPIRY", "2999-01-01T00:00:00Z")))
    client.version()
    client.version()
    assert {one.headers["authorization"] for one in server.asked} == {"Bearer token-1"}


def test_a_refused_token_is_read_again_for_the_next_request(
    home: Path, serve: Serve, client_of: Callable[..., Client]
) -> None:
    server = serve(
        lambda asked: VERSION if asked.headers["authorization"] == "Bearer token-3" else Reply(401)
    )
    expired = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    client = client_of(plugin(home, server.url, TOKEN.replace("EXPIRY", expired)))
    with pytest.raises(Unauthenticated):
        client.version()
    assert client.version() == "v1.34.1"


def test_a_failing_credential_plugin_says_why(home: Path) -> None:
    text = plugin(home, "https://one.example", "raise SystemExit('session expired, log in')")
    with pytest.raises(Unauthenticated, match="credential plugin") as caught:
        connect_kubeconfig(text, "", SETTINGS)
    assert "session expired, log in" in caught.value.reason


def test_a_proxy_from_the_environment_is_not_asked_for_this_machine(
    serve: Serve, client_of: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    server = serve(lambda asked: VERSION)
    assert client_of(server.kubeconfig).version() == "v1.34.1"
