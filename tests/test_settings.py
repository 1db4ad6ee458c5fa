"""Settings are read once, checked, and documented."""

from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from ome_backend.config import Settings, read_settings
from ome_backend.errors import BadSettings
from ome_backend.resources.kinds import KUBERNETES_KINDS, OME_KINDS
from pages.components.places import PLACES

ROOT = Path(__file__).resolve().parents[1]
VARIABLES = [item.metadata["variable"] for item in fields(Settings)]


@pytest.mark.parametrize("variable", VARIABLES)
def test_every_setting_is_documented(variable: str) -> None:
    assert f"| `{variable}` |" in (ROOT / "docs" / "configuration.md").read_text()


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.path)
def test_every_page_is_documented(place: object) -> None:
    assert f"`{getattr(place, 'path', '')}`" in (ROOT / "docs" / "pages.md").read_text()


def test_an_empty_environment_gives_the_defaults() -> None:
    assert read_settings({}) == Settings()


def test_blank_counts_as_absent() -> None:
    assert read_settings({"OME_CLUSTER": " ", "OME_READ_ONLY": ""}) == Settings()


def test_values_are_read_in_their_own_types() -> None:
    given = read_settings(
        {
            "OME_READ_ONLY": "TRUE",
            "OME_REQUEST_TIMEOUT": "2.5",
            "OME_SANDBOX_FILE": "/var/box",
            "OME_CLUSTER": "sandbox",
        }
    )
    assert (given.read_only, given.request_timeout, given.sandbox_file, given.cluster) == (
        True,
        2.5,
        Path("/var/box"),
        "sandbox",
    )


@pytest.mark.parametrize(
    ("value", "hosts"),
    [("Git.example.com, b:8443", ("git.example.com", "b:8443")), ("none", ())],
)
def test_hosts_of_templates_are_a_list_or_none(value: str, hosts: tuple[str, ...]) -> None:
    assert read_settings({"OME_TEMPLATE_HOSTS": value}).template_hosts == hosts


@pytest.mark.parametrize(
    ("variable", "value", "accepted"),
    [
        ("OME_CLUSTER", "minikube", "one of auto, kubeconfig, in-cluster, sandbox"),
        ("OME_READ_ONLY", "yes", "one of true, false"),
        ("OME_REQUEST_TIMEOUT", "soon", "a positive number"),
        ("OME_CONNECT_TIMEOUT", "-1", "a positive number"),
        ("OME_SANDBOX_SPEED", "inf", "a positive number"),
        ("OME_TEMPLATE_HOSTS", "https://x", "names of hosts, comma-separated, or none"),
    ],
)
def test_a_value_without_sense_is_refused_by_name(variable: str, value: str, accepted: str) -> None:
    with pytest.raises(BadSettings) as refused:
        read_settings({variable: value})
    assert refused.value.message == f"{variable} is {value!r}; it must be {accepted}."


def test_the_console_may_read_every_kind_it_watches() -> None:
    rules = [
        rule
        for document in yaml.safe_load_all((ROOT / "deploy" / "rbac.yaml").read_text())
        if document["kind"] in ("ClusterRole", "Role")
        for rule in document["rules"]
        if "watch" in rule["verbs"]
    ]
    granted = {
        (group, plural)
        for rule in rules
        for group in rule["apiGroups"]
        for plural in rule["resources"]
    }
    assert {(kind.group, kind.plural) for kind in (*OME_KINDS, *KUBERNETES_KINDS)} <= granted
