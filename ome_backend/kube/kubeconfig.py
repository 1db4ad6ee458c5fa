"""Kubeconfigs: several files, contexts, credential plugins, read by the client library."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from ome_backend.errors import BadSettings, Unauthenticated

TRY_THE_SANDBOX = "Correct it, or set OME_CLUSTER=sandbox to use the console without a cluster."

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

    def load(self, context: str, configuration: Any) -> None:
        """Put a context's server and credentials into the client's configuration.

        Runs a credential plugin where the context has one. Raises BadSettings or Unauthenticated.
        """
        with _reading(self.called):
            loader = _library().KubeConfigLoader(
                config_dict=self.merger.config,
                active_context=context,
                config_base_path=None,
                config_persister=self.merger.save_changes if self.merger.paths else None,
            )
            loader.load_and_set(configuration)
            plugin = self._plugin(loader.current_context["context"].get("user", ""))
        if plugin and not configuration.api_key and not configuration.cert_file:
            raise _plugin_failure(plugin)

    def _plugin(self, user: str) -> dict[str, Any] | None:
        found = [entry["user"] for entry in self._entries("users") if entry["name"] == user]
        return (found[0] or {}).get("exec") if found else None

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


def _plugin_failure(plugin: dict[str, Any]) -> Unauthenticated:
    """Why a credential plugin failed: the client only logs it and goes on without a token."""
    from kubernetes.config.config_exception import ConfigException

    try:
        library = _library()
        library.ExecProvider(library.ConfigNode("exec", plugin), None).run()
        reason = "It returned neither a token nor a certificate."
    except (ConfigException, OSError) as exc:
        reason = str(exc)
    return Unauthenticated(
        f"The kubeconfig's credential plugin {plugin.get('command')} failed.",
        reason=reason,
        hint="Run it in a terminal, sign in to the cluster again, and start the console again.",
    )
