"""A cluster under test: the sandbox, or the real one that OME_TEST_KUBECONFIG names.

A real one needs OME's custom resource definitions but neither its controllers nor its webhooks.
"""

import base64
import json
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import urllib3
import yaml

from ome_backend.resources.kind import Kind
from ome_backend.resources.kinds import INFERENCE_SERVICE, NAMESPACE
from ome_backend.resources.manifest import Manifest, dig

_TIMEOUT = urllib3.Timeout(connect=3.0, read=10.0)
_FORMATS = {"PATCH": "application/merge-patch+json"}


def manifest(kind: Kind, name: str, *, spec: Any = None, **metadata: Any) -> Manifest:
    """An object to send; `metadata` are further fields of its metadata."""
    head = {"apiVersion": kind.api_version, "kind": kind.name}
    body: Manifest = head | {"metadata": {"name": name} | metadata}
    return body if spec is None else body | {"spec": spec}


def service(name: str, *, spec: Any = None, **metadata: Any) -> Manifest:
    """A small InferenceService that an API server accepts."""
    return manifest(
        INFERENCE_SERVICE, name, spec={"model": {"name": "m"}} | (spec or {}), **metadata
    )


@dataclass(frozen=True, slots=True)
class Response:
    """What a request brought back; `body` is the parsed JSON, or the text of anything else."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def message(self) -> str:
        """The message of a `Status`."""
        return str(dig(self.body, "message") or "")

    @property
    def warnings(self) -> list[str]:
        """The texts of the `Warning` headers, as they stand in the header."""
        headers = self.headers
        return headers.getlist("Warning") if isinstance(headers, urllib3.HTTPHeaderDict) else []


@dataclass(slots=True)
class ClusterUnderTest:
    """Plain HTTP with the kubeconfig's credentials, and a scratch namespace for one test."""

    kubeconfig: str
    namespace: str = ""
    _pool: urllib3.PoolManager = field(init=False, repr=False)
    _server: str = field(init=False)
    _headers: dict[str, str] = field(init=False, repr=False)
    _leftovers: list[str] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        cluster, user = _current(_read(self.kubeconfig))
        self._server = cluster["server"].rstrip("/")
        self._headers = {"Authorization": f"Bearer {user['token']}"} if "token" in user else {}
        self._pool = urllib3.PoolManager(
            ca_certs=_file(cluster, "certificate-authority"),
            cert_file=_file(user, "client-certificate"),
            key_file=_file(user, "client-key"),
            cert_reqs="CERT_NONE" if cluster.get("insecure-skip-tls-verify") else "CERT_REQUIRED",
            retries=False,
            timeout=_TIMEOUT,
        )

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        params: Mapping[str, str] | None = None,
        content_type: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """One request. A mapping or list is sent as JSON, text and bytes as they are.

        PATCH is a merge patch unless `content_type` says otherwise. What a POST makes outside of a
        namespace is removed after the test.
        """
        answer = self._pool.request(
            method,
            self._url(path, params),
            body=_encoded(body),
            headers=self._headers
            | {"Content-Type": content_type or _FORMATS.get(method, "application/json")}
            | dict(headers or {}),
        )
        response = Response(answer.status, _decoded(answer), answer.headers)
        if method == "POST" and answer.status == 201 and "/namespaces/" not in path:
            self._remember(path, response.body)
        return response

    def watch(self, path: str, **params: str) -> Iterator[Manifest]:
        """The events of a watch, until the server ends it."""
        wanted = {"watch": "true", "timeoutSeconds": "5"} | params
        answer = self._pool.request(
            "GET", self._url(path, wanted), headers=self._headers, preload_content=False
        )
        with closing(answer):
            for line in answer:
                yield json.loads(line)

    def unique(self, stem: str) -> str:
        """A name that no other test uses."""
        return f"{stem}-{secrets.token_hex(4)}"

    def path(self, kind: Kind, name: str | None = None, subresource: str | None = None) -> str:
        """The path of a kind or object; in the scratch namespace when the kind has namespaces."""
        return kind.path(self.namespace if kind.namespaced else None, name, subresource)

    def enter(self) -> None:
        """Makes the scratch namespace."""
        self.namespace = self.unique("test")
        made = self.request("POST", NAMESPACE.path(), {"metadata": {"name": self.namespace}})
        assert made.status == 201, made.body

    def leave(self) -> None:
        """Removes all that the test made."""
        for path in reversed(self._leftovers):
            self.request("PATCH", path, {"metadata": {"finalizers": None}})
            self.request("DELETE", path)
        self._pool.clear()

    def _remember(self, path: str, body: Any) -> None:
        if name := dig(body, "metadata", "name"):
            self._leftovers.append(f"{path}/{name}")

    def _url(self, path: str, params: Mapping[str, str] | None) -> str:
        query = f"?{urlencode(params)}" if params else ""
        return f"{self._server}{path}{query}"


def _read(kubeconfig: str) -> Manifest:
    text = kubeconfig if "\n" in kubeconfig else Path(kubeconfig).read_text("utf-8")
    config: Manifest = yaml.safe_load(text)
    return config


def _current(config: Manifest) -> tuple[Manifest, Manifest]:
    context = _named(config["contexts"], config["current-context"])["context"]
    cluster: Manifest = _named(config["clusters"], context["cluster"])["cluster"]
    user: Manifest = _named(config["users"], context["user"])["user"]
    return cluster, user


def _named(entries: list[Manifest], name: str) -> Manifest:
    return next(entry for entry in entries if entry["name"] == name)


def _file(section: Manifest, name: str) -> str | None:
    """The path of a credential; inline data goes to a file, which is what TLS libraries read."""
    if f"{name}-data" not in section:
        path: str | None = section.get(name)
        return path
    with tempfile.NamedTemporaryFile(delete=False) as file:
        file.write(base64.b64decode(section[f"{name}-data"]))
    return file.name


def _encoded(body: Any) -> bytes | str | None:
    if body is None or isinstance(body, bytes | str):
        return body
    return json.dumps(body).encode()


def _decoded(answer: urllib3.BaseHTTPResponse) -> Any:
    if answer.headers.get("Content-Type", "").startswith("application/json"):
        return json.loads(answer.data)
    return answer.data.decode()
