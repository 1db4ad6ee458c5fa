"""Kubeconfigs: several files, contexts, credential plugins, read by the client library."""

import base64
import copy
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

from ome_backend.errors import BadSettings
from ome_backend.kube.plugin import Credential, Plugin, Runner
from ome_backend.resources.manifest import mapping, text

TRY_THE_SANDBOX = "Correct it, or set OME_CLUSTER=sandbox to use the console without a cluster."

PLUGINS = Runner()  # of the whole process: all who ask share the answer that a plugin failed

log = logging.getLogger(__name__)


def default() -> str:
    """The paths in KUBECONFIG, or `~/.kube/config`."""
    # Read at every call: the client library reads the variable once, when it is imported.
    return os.environ.get("KUBECONFIG", "").strip() or str(Path("~/.kube/config").expanduser())


@dataclass(frozen=True, slots=True)
class Kubeconfig:
    """One or several merged kubeconfigs. `called` is how to name it to a person."""

    called: str
    merger: Any

    @property
    def contexts(self) -> tuple[str, ...]:
        return tuple(str(entry["name"]) for entry in self._entries("contexts"))

    def choose(self, context: str) -> str:
        """`context` if it exists, the current one when it is empty. Raises BadSettings."""
        name = context or str(_plain(self.merger.config or {}).get("current-context") or "")
        known = ", ".join(self.contexts)
        if not known:
            raise BadSettings(f"{self.called} names no cluster.", hint=TRY_THE_SANDBOX)
        if not name:
            raise BadSettings(
                f"{self.called} has no current context.",
                hint=f"Set OME_CONTEXT to one of: {known}.",
            )
        if name not in self.contexts:
            raise BadSettings(
                f"{self.called} has no context {name!r}.", hint=f"Its contexts are: {known}."
            )
        return name

    def load(self, context: str, configuration: Any, limit: float) -> datetime | None:
        """Put a context's server and credentials into the client's configuration.

        Runs a credential plugin where the context has one, for `limit` seconds at most, and says
        when what it gave expires. Raises BadSettings or Unauthenticated.
        """
        with _reading(self.called):
            config, expires = self._with_plugin_run(context, limit)
            loader = _library().KubeConfigLoader(
                config_dict=config,
                active_context=context,
                config_base_path=None,
                config_persister=self.merger.save_changes if self.merger.paths else None,
            )
            loader.load_and_set(configuration)
        return expires

    def _with_plugin_run(self, context: str, limit: float) -> tuple[Any, datetime | None]:
        """The configuration with what a plugin gave in the plugin's place."""
        names = mapping(_named(self.merger.config, "contexts", context)[0], "context")
        user, folder = _named(self.merger.config, "users", text(names, "user"))
        spec = mapping(user, "user", "exec")
        if not spec or user["user"].keys() & {"token", "tokenFile", "auth-provider"}:
            return self.merger.config, None
        cluster, _ = _named(self.merger.config, "clusters", text(names, "cluster"))
        given = PLUGINS.run(Plugin(spec, mapping(cluster, "cluster"), folder), limit)
        config = copy.deepcopy(self.merger.config)  # what the plugin gave is written to no file
        _put(given, _named(config, "users", text(names, "user"))[0]["user"])
        return config, given.expires

    def _entries(self, section: str) -> list[Any]:
        return [_plain(entry) for entry in _plain(self.merger.config or {}).get(section) or []]


def read(source: str | Path) -> Kubeconfig:
    """A kubeconfig from its text, its path, or several paths as KUBECONFIG has them.

    Files that are absent or empty are passed over, as `kubectl` does. Raises BadSettings.
    """
    is_text = isinstance(source, str) and "\n" in source.strip()
    called = "The kubeconfig" if is_text else f"The kubeconfig {source}"
    with _reading(called):
        merger = _library().KubeConfigMerger(
            StringIO(str(source)) if is_text else _files(str(source))
        )
        config = Kubeconfig(called, merger)
        log.debug("%s has the contexts %s", called, config.contexts)  # read here: it may trip
        return config


def _library() -> Any:
    """The client's loader, imported when it is needed (a quarter of a second); it has no types."""
    from kubernetes.config import kube_config

    return kube_config


def _files(paths: str) -> str:
    files = [Path(path).expanduser() for path in paths.split(os.pathsep) if path]
    return os.pathsep.join(str(file) for file in files if file.is_file() and file.stat().st_size)


def _named(config: Any, section: str, name: str) -> tuple[Any, str | None]:
    """The entry of that name, empty where there is none, and the folder of the file it stands in."""
    for entry in _plain(config).get(section) or []:
        if _plain(entry)["name"] == name:
            path = getattr(entry, "path", None)
            return _plain(entry), str(Path(path).resolve().parent) if path else None
    return {}, None


def _put(given: Credential, user: dict[str, Any]) -> None:
    """Write credentials the way a kubeconfig has them."""
    del user["exec"]
    if given.token:
        user["token"] = given.token
    if given.certificate and given.key:
        user["client-certificate-data"] = base64.b64encode(given.certificate.encode()).decode()
        user["client-key-data"] = base64.b64encode(given.key.encode()).decode()


def _plain(node: Any) -> Any:
    """The client wraps what it merges in nodes that remember their file."""
    return getattr(node, "value", node)


@contextmanager
def _reading(called: str) -> Iterator[None]:
    """A kubeconfig is written by hand: any shape may come, and the loader trips over most."""
    import yaml
    from kubernetes.config.config_exception import ConfigException

    trips = (AttributeError, KeyError, TypeError, ValueError)
    try:
        yield
    except (ConfigException, yaml.YAMLError, OSError, *trips) as exc:
        raise BadSettings(
            f"{called} cannot be used.", reason=str(exc), hint=TRY_THE_SANDBOX
        ) from exc
