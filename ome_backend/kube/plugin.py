"""Credential plugins: commands a kubeconfig names, which answer with a token or a certificate.

The client library runs them without a time limit; here one that waits for a person is ended.
"""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ome_backend.errors import OmeError, Unauthenticated
from ome_backend.resources.manifest import items, mapping, text
from ome_backend.resources.moment import moment

REMEMBERED = 10.0  # seconds; whoever asks again meanwhile starts no further sign-in
EXTENSION = "client.authentication.k8s.io/exec"
SIGN_IN = (
    "Sign in to the cluster in a terminal on the console's machine (`kubectl version` runs the "
    "plugin); the console tries again by itself."
)


@dataclass(frozen=True, slots=True)
class Credential:
    """What a plugin gave: a token, or a client certificate and its key (PEM), or all three."""

    token: str
    certificate: str
    key: str
    expires: datetime | None


@dataclass(frozen=True, slots=True)
class Plugin:
    """A kubeconfig's `exec` section, the cluster it is for, and the folder it runs in."""

    spec: Mapping[str, Any]
    cluster: Mapping[str, Any]
    folder: str | None

    @property
    def command(self) -> str:
        return text(self.spec, "command")

    @property
    def arguments(self) -> list[str]:
        return [self.command, *map(str, self.spec.get("args") or ())]

    @property
    def environment(self) -> dict[str, str]:
        """This process's own, the kubeconfig's, and what a plugin is told about the cluster."""
        given = {text(item, "name"): text(item, "value") for item in items(self.spec, "env")}
        info = {
            "apiVersion": text(self.spec, "apiVersion"),
            "kind": "ExecCredential",
            "spec": {"interactive": False, **self._cluster_info()},
        }
        return {**os.environ, **given, "KUBERNETES_EXEC_INFO": json.dumps(info)}

    def _cluster_info(self) -> Mapping[str, Any]:
        if not self.spec.get("provideClusterInfo"):
            return {}
        found = [one for one in items(self.cluster, "extensions") if text(one, "name") == EXTENSION]
        config = {"config": found[0].get("extension")} if found else {}
        told = {name: value for name, value in self.cluster.items() if name != "extensions"}
        return {"cluster": told | config}


@dataclass(slots=True)
class Runner:
    """Runs plugins, one at a time. A failure is remembered for a while instead of tried again."""

    remembered: float = REMEMBERED
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _failures: dict[str, tuple[float, OmeError]] = field(default_factory=dict)

    def run(self, plugin: Plugin, limit: float) -> Credential:
        """What the plugin gives within `limit` seconds. Raises Unauthenticated, naming its command."""
        name = json.dumps([plugin.spec, plugin.folder], default=str)
        with self._lock:
            failed = self._failures.get(name)
            if failed and time.monotonic() - failed[0] < self.remembered:
                raise failed[1].with_traceback(None)
            try:
                return _credential(plugin, _answer(plugin, limit))
            except OmeError as error:
                self._failures[name] = (time.monotonic(), error)
                raise


def _answer(plugin: Plugin, limit: float) -> str:
    """What the plugin prints."""
    try:
        code, printed, complaint = _run(plugin, limit)
    except subprocess.TimeoutExpired as exc:
        raise _failure(
            plugin, f"did not finish within {limit:g} seconds", _decoded(exc.stderr)
        ) from exc
    except OSError as exc:
        hint = text(plugin.spec, "installHint") or "Install it, or correct the kubeconfig."
        raise _failure(plugin, "cannot be run", str(exc), hint) from exc
    if code:
        raise _failure(plugin, "failed", _decoded(complaint) or f"It ended with exit code {code}.")
    return _decoded(printed)


def _run(plugin: Plugin, limit: float) -> tuple[int, bytes, bytes]:
    with subprocess.Popen(
        plugin.arguments,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=plugin.folder,
        env=plugin.environment,
        start_new_session=True,
    ) as process:
        try:
            printed, complaint = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            # The whole group: what a script has started would go on waiting.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
        return process.returncode, printed, complaint


def _credential(plugin: Plugin, answer: str) -> Credential:
    try:
        said = json.loads(answer)
    except ValueError as exc:
        raise _failure(plugin, "printed no credentials", str(exc)) from exc
    status = mapping(said, "status") if isinstance(said, dict) else {}
    found = Credential(
        text(status, "token"),
        text(status, "clientCertificateData"),
        text(status, "clientKeyData"),
        moment(status, "expirationTimestamp"),
    )
    if not found.token and not (found.certificate and found.key):
        reason = "It returned neither a token nor a certificate with its key."
        raise _failure(plugin, "printed no credentials", reason)
    return found


def _failure(plugin: Plugin, how: str, reason: str, hint: str = SIGN_IN) -> Unauthenticated:
    return Unauthenticated(
        f"The kubeconfig's credential plugin {plugin.command} {how}.", reason=reason, hint=hint
    )


def _decoded(said: bytes | None) -> str:
    return (said or b"").decode("utf-8", "replace").strip()
