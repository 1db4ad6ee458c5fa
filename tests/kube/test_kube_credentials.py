"""Credentials that somebody renewed while the console runs."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ome_backend.config import Settings
from ome_backend.errors import BadSettings, Unauthenticated
from ome_backend.kube.access import connect_kubeconfig
from ome_backend.kube.client import Client
from tests.kube.conftest import Serve
from tests.support.scripted import Asked, Reply, kubeconfig

Build = Callable[..., Client]
COUNTING = """
import json, pathlib
with pathlib.Path("runs").open("a") as file:
    file.write("x")
print(json.dumps({"kind": "ExecCredential", "status": {"token": pathlib.Path("token").read_text()}}))
"""
CERTIFYING = """
import json, pathlib
serial = pathlib.Path("serial").read_text()
status = {"clientCertificateData": f"certificate {serial}", "clientKeyData": f"key {serial}"}
print(json.dumps({"kind": "ExecCredential", "status": status}))
"""


@dataclass
class Door:
    """A server that lets one token in."""

    token: str
    asked: list[str] = field(default_factory=list)

    def __call__(self, asked: Asked) -> Reply:
        self.asked.append(asked.headers.get("authorization", ""))
        is_right = self.asked[-1] == f"Bearer {self.token}"
        return Reply(200, {"gitVersion": "v1.34.1"}) if is_right else Reply(401)


def save(file: Path, server: str, user: dict[str, Any]) -> str:
    """Write a kubeconfig with this user."""
    config = json.loads(kubeconfig(server)) | {"users": [{"name": "test", "user": user}]}
    file.write_text(json.dumps(config))
    return str(file)


def plugin(script: str) -> dict[str, Any]:
    api = "client.authentication.k8s.io/v1"
    return {"exec": {"apiVersion": api, "command": sys.executable, "args": ["-c", script]}}


def test_a_token_renewed_in_the_kubeconfig_is_taken(
    tmp_path: Path, serve: Serve, client_of: Build
) -> None:
    door = Door("old")
    url = serve(door).url
    client = client_of(save(tmp_path / "config", url, {"token": "old"}))
    client.version()
    door.token = "new"
    save(tmp_path / "config", url, {"token": "new"})
    with pytest.raises(Unauthenticated):
        client.version()
    assert client.version() == "v1.34.1"


def test_a_token_renewed_in_its_own_file_is_taken(
    tmp_path: Path, serve: Serve, client_of: Build
) -> None:
    door, file = Door("old"), tmp_path / "token"
    file.write_text("old")
    client = client_of(save(tmp_path / "config", serve(door).url, {"tokenFile": "token"}))
    client.version()
    door.token = "new"
    file.write_text("new")
    with pytest.raises(Unauthenticated):
        client.version()
    assert client.version() == "v1.34.1"


def test_a_plugin_that_names_no_expiry_runs_again_after_a_refusal(
    tmp_path: Path, serve: Serve, client_of: Build
) -> None:
    door = Door("new")
    (tmp_path / "token").write_text("old")
    client = client_of(save(tmp_path / "config", serve(door).url, plugin(COUNTING)))
    (tmp_path / "token").write_text("new")
    with pytest.raises(Unauthenticated):
        client.version()
    assert client.version() == "v1.34.1"
    assert door.asked == ["Bearer old", "Bearer new"]


def test_refusal_upon_refusal_reads_nothing_more(
    tmp_path: Path, serve: Serve, client_of: Build
) -> None:
    (tmp_path / "token").write_text("wrong")
    url = serve(Door("right")).url
    client = client_of(save(tmp_path / "config", url, plugin(COUNTING)))
    for _ in range(5):
        with pytest.raises(Unauthenticated, match="does not accept the credentials"):
            client.version()
    assert (tmp_path / "runs").read_text() == "xx"  # at the opening and after the first refusal


def test_a_certificate_of_a_plugin_is_read_again(tmp_path: Path) -> None:
    serial = tmp_path / "serial"
    serial.write_text("1")
    path = save(tmp_path / "config", "https://one.example", plugin(CERTIFYING))
    access = connect_kubeconfig(path, "", Settings())
    serial.write_text("2")
    assert access.renew
    files = [one.api_client.configuration for one in (access, access.renew())]
    assert [Path(one.cert_file).read_text() for one in files] == ["certificate 1", "certificate 2"]
    assert [Path(one.key_file).read_text() for one in files] == ["key 1", "key 2"]


def test_renewed_credentials_are_never_shown_to_another_server(
    tmp_path: Path, serve: Serve, client_of: Build
) -> None:
    door = Door("right")
    client = client_of(save(tmp_path / "config", serve(door).url, {"token": "wrong"}))
    save(tmp_path / "config", "https://two.example", {"token": "right"})
    with pytest.raises(Unauthenticated):
        client.version()
    with pytest.raises(Unauthenticated, match="the kubeconfig has changed") as caught:
        client.version()
    assert "Start the console again" in caught.value.hint
    assert door.asked == ["Bearer wrong"]


def test_a_kubeconfig_that_is_half_written_is_read_again_later(
    tmp_path: Path, serve: Serve, client_of: Build
) -> None:
    url = serve(Door("right")).url
    client = client_of(save(tmp_path / "config", url, {"token": "wrong"}))
    (tmp_path / "config").write_text("apiVersion: [")
    with pytest.raises(Unauthenticated):
        client.version()
    with pytest.raises(BadSettings, match="cannot be used"):
        client.version()
    save(tmp_path / "config", url, {"token": "right"})
    assert client.version() == "v1.34.1"
