"""Every way a request fails: which error a person gets, with the server's own words."""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ome_backend import errors
from ome_backend.errors import FieldProblem, OmeError
from ome_backend.kube.client import Client
from ome_backend.resources.kind import Key
from ome_backend.resources.kinds import INFERENCE_SERVICE
from tests.kube.conftest import Serve
from tests.support.scripted import Reply, kubeconfig, serving

KEY = Key("demo", "llama")
SERVICE = {
    "apiVersion": "ome.io/v1beta1",
    "kind": "InferenceService",
    "metadata": {"namespace": "demo", "name": "llama"},
    "spec": {},
}
UNKNOWN = (
    'InferenceService in version "v1beta1" cannot be handled as a InferenceService: strict '
    'decoding error: unknown field "spec.deployment", unknown field "spec.model.modelName"'
)
QUOTA = 'pods "a" is forbidden: exceeded quota: gpus, requested: 8, used: 8, limited: 8'
WEBHOOK = 'admission webhook "service.ome.io" denied the request: no runtime found'


def status(code: int, reason: str, message: str, **details: Any) -> dict[str, Any]:
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "status": "Failure",
        "code": code,
        "reason": reason,
        "message": message,
        "details": details,
    }


def cause(reason: str, message: str, path: str) -> dict[str, str]:
    return {"reason": reason, "message": message, "field": path}


ANSWERS: dict[str, tuple[Any, type[OmeError], str, str]] = {
    "unknown fields": (
        status(400, "BadRequest", UNKNOWN),
        errors.Invalid,
        "was refused",
        "Correct the fields",
    ),
    "bad request": (status(400, "BadRequest", "no"), errors.Invalid, "was refused", "reason says"),
    "no credentials": (
        status(401, "Unauthorized", "Unauthorized"),
        errors.Unauthenticated,
        "credentials",
        "Sign in",
    ),
    "no permission": (
        status(403, "Forbidden", 'User "a" cannot create resource "b"', name="llama"),
        errors.Forbidden,
        "not allowed",
        "administrator",
    ),
    "quota": (status(403, "Forbidden", QUOTA), errors.Forbidden, "not allowed", "reason says why"),
    "webhook": (status(403, "Forbidden", WEBHOOK), errors.Invalid, "own checks", "webhook"),
    "namespace going": (
        status(403, "Forbidden", "x", causes=[cause("NamespaceTerminating", "y", "")]),
        errors.Conflict,
        "being deleted",
        "Wait",
    ),
    "no such object": (
        status(404, "NotFound", 'inferenceservices.ome.io "llama" not found', name="llama"),
        errors.NotFound,
        "does not exist",
        "misspelt",
    ),
    "no such namespace": (
        status(404, "NotFound", 'namespaces "demo" not found', name="demo", kind="namespaces"),
        errors.NotFound,
        "no namespace demo",
        "Create the namespace demo",
    ),
    "no such kind": (b"404 page not found\n", errors.NotInstalled, "this kind", "definitions"),
    "exists": (
        status(409, "AlreadyExists", 'inferenceservices.ome.io "llama" already exists'),
        errors.AlreadyExists,
        "exists already",
        "another name",
    ),
    "changed": (
        status(409, "Conflict", "the object has been modified"),
        errors.Conflict,
        "changed in the meantime",
        "Look at the current",
    ),
    "owned": (
        status(409, "Conflict", "c", causes=[cause("FieldManagerConflict", "by kubectl", ".spec")]),
        errors.Conflict,
        "others own",
        "owners",
    ),
    "expired": (status(410, "Expired", "too old"), errors.Expired, "expired", "read again"),
    "media type": (
        status(415, "UnsupportedMediaType", "x"),
        errors.Unsupported,
        "not supported",
        "too old",
    ),
    "invalid": (
        status(422, "Invalid", "i", causes=[cause("r", "Required value", "spec.model.name")]),
        errors.Invalid,
        "was refused",
        "Correct the fields",
    ),
    "too many": (
        status(429, "TooManyRequests", "slow"),
        errors.RateLimited,
        "too many",
        "patience",
    ),
    "server": (status(500, "InternalError", "etcd"), errors.ServerFailed, "of its own", "log"),
    "proxy's page": (b"<html>Bad Gateway</html>", errors.ServerFailed, "of its own", "log"),
    "out of time": (status(504, "Timeout", "t"), errors.TimedOut, "out of time", "overloaded"),
}
TEXT_CODES = {"no such kind": 404, "proxy's page": 502}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_becomes_the_error_with_the_servers_words(
    name: str, serve: Serve, client_of: Callable[..., Client]
) -> None:
    body, kind, message, hint = ANSWERS[name]
    code = body["code"] if isinstance(body, dict) else TEXT_CODES[name]
    words = body["message"] if isinstance(body, dict) else body.decode().strip()
    server = serve(lambda asked: Reply(code, body))
    with pytest.raises(OmeError) as caught:
        client_of(server.kubeconfig).create(INFERENCE_SERVICE, SERVICE)
    assert type(caught.value) is kind
    assert caught.value.message.startswith("Creating service demo/llama ")
    assert message in caught.value.message
    assert caught.value.reason == words
    assert hint in caught.value.hint


PROBLEMS: dict[str, tuple[Any, ...]] = {
    "unknown fields": (
        status(400, "BadRequest", UNKNOWN),
        ("spec.deployment", "unknown field"),
        ("spec.model.modelName", "unknown field"),
    ),
    "applied unknown field": (
        status(500, "InternalError", "failed to create typed patch object (demo/llama): "
               ".spec.nodes: field not declared in schema"),
        ("spec.nodes", "unknown field"),
    ),
    "invalid": (
        status(422, "Invalid", "i", causes=[cause("r", "Required value", "spec.model.name")]),
        ("spec.model.name", "Required value"),
    ),
    "applied wrong types": (
        status(500, "InternalError", "failed to create typed patch object (/llama; ome.io/v1beta1, "
               "Kind=InferenceService): errors:\n  .spec.engine.minReplicas: expected numeric (int "
               "or float), got string\n  .spec.nodes: field not declared in schema"),
        ("spec.engine.minReplicas", "expected numeric (int or float), got string"),
        ("spec.nodes", "unknown field"),
    ),
    "patched unknown field": (
        status(422, "Invalid", ' "" is invalid: patch: Invalid value: "{unknown field \\"x\\"}": '
               'strict decoding error: unknown field "spec.nodes"',
               causes=[cause("r", "Invalid value: the whole object", "patch")]),
        ("spec.nodes", "unknown field"),
    ),
    "no whole number": (
        status(422, "Invalid", "i", causes=[
            cause("r", "must be of type integer", "spec.engine.minReplicas"),
            cause("r", "Checked value must be of type integer (default format) in "
                  "spec.engine.minReplicas", "<nil>")]),
        ("spec.engine.minReplicas", "must be of type integer"),
    ),
    "too large a number": (
        status(422, "Invalid", "i", causes=[
            cause("r", "Checked value must be of type integer with format int32 in spec.port",
                  "<nil>")]),
        ("spec.port", "Checked value must be of type integer with format int32 in spec.port"),
    ),
    "owned": (
        status(409, "Conflict", "c", causes=[
            cause("FieldManagerConflict", 'conflict with "kubectl" using v1', ".spec.replicas")]),
        ("spec.replicas", 'conflict with "kubectl" using v1'),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_field_the_server_names_is_a_problem(
    name: str, serve: Serve, client_of: Callable[..., Client]
) -> None:
    body, *expected = PROBLEMS[name]
    server = serve(lambda asked: Reply(body["code"], body))
    with pytest.raises(OmeError) as caught:
        client_of(server.kubeconfig).apply(INFERENCE_SERVICE, SERVICE)
    assert list(caught.value.problems) == [FieldProblem(path, text) for path, text in expected]


@pytest.mark.parametrize("code", [429, 503])
def test_how_long_the_server_asks_to_wait_is_kept(
    code: int, serve: Serve, client_of: Callable[..., Client]
) -> None:
    server = serve(lambda asked: Reply(code, {}, (("Retry-After", "7"),)))
    with pytest.raises(OmeError) as caught:
        client_of(server.kubeconfig).version()
    assert caught.value.retry_after == 7


def test_an_answer_that_is_not_json_is_not_from_an_api_server(
    serve: Serve, client_of: Callable[..., Client]
) -> None:
    server = serve(lambda asked: Reply(200, b"<html>Sign in to the Wi-Fi</html>"))
    with pytest.raises(errors.ServerFailed, match="not from a Kubernetes API server") as caught:
        client_of(server.kubeconfig).version()
    assert caught.value.reason == "<html>Sign in to the Wi-Fi</html>"


def test_a_refused_connection_names_the_address(client_of: Callable[..., Client]) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{unused.getsockname()[1]}"
        with pytest.raises(errors.Unreachable, match=f"nothing listens at {address}") as caught:
            client_of(kubeconfig(f"http://{address}")).version()
    assert caught.value.reason == "Connection refused"


def test_an_unknown_host_is_unreachable(client_of: Callable[..., Client]) -> None:
    with pytest.raises(errors.Unreachable, match=r"no server called nowhere\.invalid"):
        client_of(kubeconfig("https://nowhere.invalid")).version()


@pytest.fixture
def silent() -> Iterator[str]:
    """The address of a server that accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


def test_a_silent_server_times_out(silent: str, client_of: Callable[..., Client]) -> None:
    with pytest.raises(errors.TimedOut, match="did not answer in time"):
        client_of(kubeconfig(f"http://{silent}")).version()


def test_a_silent_tls_server_times_out(silent: str, client_of: Callable[..., Client]) -> None:
    with pytest.raises(errors.TimedOut, match="did not answer in time"):
        client_of(kubeconfig(f"https://{silent}")).version()


def test_an_answer_cut_short_is_unreachable(serve: Serve, client_of: Callable[..., Client]) -> None:
    server = serve(
        lambda asked: Reply(200, b"", (("Content-Length", "10"), ("Connection", "close")))
    )
    with pytest.raises(errors.Unreachable, match=r"connection to .* broke"):
        client_of(server.kubeconfig).version()


def test_plain_http_where_tls_is_expected_is_said(
    serve: Serve, client_of: Callable[..., Client]
) -> None:
    server = serve(lambda asked: Reply())
    with pytest.raises(errors.Unreachable, match="does not speak TLS"):
        client_of(kubeconfig(server.url.replace("http:", "https:"))).version()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for 127.0.0.1, with its key in the same file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("making a certificate needs openssl")
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    command = [openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += [
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=test",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
    ]
    subprocess.run(
        [*command, "-keyout", file, "-out", f"{file}.crt"], check=True, capture_output=True
    )
    file.write_text(file.read_text() + Path(f"{file}.crt").read_text())
    return file


@pytest.fixture
def tls_server(certificate: Path) -> Iterator[str]:
    """The address of an API server with that certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serving(lambda asked: Reply(200, {"gitVersion": "v1.34.1"}), context) as server:
        yield server.url


def test_an_untrusted_certificate_is_named(
    tls_server: str, client_of: Callable[..., Client]
) -> None:
    with pytest.raises(errors.UntrustedCertificate, match="not trusted") as caught:
        client_of(kubeconfig(tls_server)).version()
    assert "self-signed certificate" in caught.value.reason


def test_the_kubeconfigs_own_authority_is_trusted(
    tls_server: str, certificate: Path, client_of: Callable[..., Client]
) -> None:
    trusting = kubeconfig(tls_server, **{"certificate-authority": str(certificate)})
    assert client_of(trusting).version() == "v1.34.1"


def test_a_kubeconfig_may_accept_any_certificate(
    tls_server: str, client_of: Callable[..., Client]
) -> None:
    careless = kubeconfig(tls_server, **{"insecure-skip-tls-verify": True})
    assert client_of(careless).version() == "v1.34.1"
