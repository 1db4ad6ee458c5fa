"""Every setting of the console: its environment variable, its default and what it is for.

`docs/configuration.md` lists them; a test fails when one is missing there.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args

from ome_backend.errors import BadSettings

_NAMESPACE = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(/[^\s?#@]*)?")
_HUB_WORDS = {"1": "true", "yes": "true", "on": "true", "0": "false", "no": "false", "off": "false"}

ClusterSource = Literal["auto", "kubeconfig", "in-cluster", "sandbox"]


def _setting(variable: str, default: Any, purpose: str) -> Any:
    return field(default=default, metadata={"variable": variable, "purpose": purpose})


@dataclass(frozen=True, slots=True)
class Settings:
    """The console's settings. Durations are seconds."""

    cluster: ClusterSource = _setting(
        "OME_CLUSTER",
        "auto",
        "Where the cluster comes from: `kubeconfig`, `in-cluster`, `sandbox`, or `auto`, which takes "
        "a kubeconfig if there is one, else the pod's service account, else the sandbox.",
    )
    context: str = _setting(
        "OME_CONTEXT", "", "The kubeconfig context to use; empty takes the current one."
    )
    ome_namespace: str = _setting(
        "OME_NAMESPACE", "ome", "The namespace OME's controller and model agents run in."
    )
    namespaces: tuple[str, ...] = _setting(
        "OME_NAMESPACES",
        (),
        "The namespaces to show, comma-separated, for people who may not list the whole cluster; "
        "empty for all.",
    )
    prometheus_url: str = _setting(
        "OME_PROMETHEUS_URL",
        "",
        "Address of the Prometheus that scrapes the engines; empty for none.",
    )
    hub_url: str = _setting(
        "HF_ENDPOINT", "https://huggingface.co", "Address of the model hub or of its mirror."
    )
    hub_timeout: float = _setting(
        "OME_HUB_TIMEOUT", 10.0, "How long one question to the hub may take in all, in seconds."
    )
    hub_ca_file: str = _setting(
        "OME_HUB_CA_FILE",
        "",
        "A file or folder of certificate authorities for the hub, beside the system's; empty for none.",
    )
    hub_offline: bool = _setting(
        "HF_HUB_OFFLINE", False, "`true` never asks the hub anything and says so."
    )
    connect_timeout: float = _setting(
        "OME_CONNECT_TIMEOUT",
        3.0,
        "How long to wait for a connection to the API server, in seconds.",
    )
    request_timeout: float = _setting(
        "OME_REQUEST_TIMEOUT", 15.0, "How long to wait for an answer of the API server, in seconds."
    )
    read_only: bool = _setting(
        "OME_READ_ONLY", False, "`true` refuses every change made through this console."
    )
    protected_namespaces: tuple[str, ...] = _setting(
        "OME_PROTECTED_NAMESPACES",
        (),
        "The namespaces, comma-separated, in which nothing is deleted before its name was typed.",
    )
    sandbox_file: Path = _setting(
        "OME_SANDBOX_FILE",
        Path("~/.local/state/ome-console/sandbox.sqlite"),
        "Where the sandbox keeps its objects between starts; `:memory:` keeps nothing.",
    )
    sandbox_speed: float = _setting(
        "OME_SANDBOX_SPEED",
        1.0,
        "How fast the sandbox's simulated time runs: 10 makes downloads and rollouts ten times faster.",
    )
    templates_dir: str = _setting(
        "OME_TEMPLATES_DIR", "", "A folder with a team's own templates, `*.yaml`; empty for none."
    )
    template_hosts: tuple[str, ...] = _setting(
        "OME_TEMPLATE_HOSTS",
        (
            "raw.githubusercontent.com",
            "gist.githubusercontent.com",
            "gitlab.com",
            "bitbucket.org",
        ),
        "The hosts templates and runtimes may be read from over https, comma-separated; `none` for none.",
    )


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings as the environment gives them; a blank variable counts as absent.

    Raises BadSettings, naming the variable and what it accepts.
    """
    given = {
        item.name: _parse(item, environment[item.metadata["variable"]].strip())
        for item in fields(Settings)
        if environment.get(item.metadata["variable"], "").strip()
    }
    return Settings(**given)


def _parse(item: Field[Any], value: str) -> Any:
    if item.name == "cluster":
        return _choice(item, value, get_args(ClusterSource))
    if item.name == "hub_offline":
        value = _HUB_WORDS.get(value.lower(), value)
    if item.name == "hub_url":
        return _address(item, value)
    if isinstance(item.default, bool):
        return _choice(item, value.lower(), ("true", "false")) == "true"
    if isinstance(item.default, float):
        return _positive(item, value)
    if item.name == "template_hosts":
        return _hosts(item, value)
    if isinstance(item.default, tuple):
        return _namespaces(item, value)
    return Path(value) if isinstance(item.default, Path) else value


def _choice(item: Field[Any], value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise _refusal(item, value, "one of " + ", ".join(allowed))
    return value


def _address(item: Field[Any], value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise _refusal(item, value, "an address such as https://hub.example.com")
    return value.rstrip("/")


def _positive(item: Field[Any], value: str) -> float:
    try:
        number = float(value)
    except ValueError as exc:
        raise _refusal(item, value, "a positive number") from exc
    if not 0 < number < float("inf"):
        raise _refusal(item, value, "a positive number")
    return number


def _namespaces(item: Field[Any], value: str) -> tuple[str, ...]:
    names = [name.strip() for name in value.split(",") if name.strip()]
    if not names or not all(_NAMESPACE.fullmatch(name) for name in names):
        raise _refusal(item, value, "names of namespaces, comma-separated")
    return tuple(dict.fromkeys(names))


def _hosts(item: Field[Any], value: str) -> tuple[str, ...]:
    if value.lower() == "none":
        return ()
    names = [name.strip().lower() for name in value.split(",") if name.strip()]
    if not names or not all(_HOST.fullmatch(name) for name in names):
        raise _refusal(item, value, "names of hosts, comma-separated, or none")
    return tuple(dict.fromkeys(names))


def _refusal(item: Field[Any], value: str, accepted: str) -> BadSettings:
    return BadSettings(f"{item.metadata['variable']} is {value!r}; it must be {accepted}.")
