"""Which cluster to talk to and with which credentials: kubeconfig, service account, or neither."""

import ipaddress
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from urllib.request import getproxies

from ome_backend.config import Settings
from ome_backend.errors import BadSettings
from ome_backend.kube import kubeconfig

Source = Literal["kubeconfig", "in-cluster", "sandbox"]

SERVICE_ACCOUNT_TOKEN = Path("/var/run/secrets/kubernetes.io/serviceaccount/token")
POOL_SIZE = 32  # one connection per watched kind, the rest for people; for each namespace named

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Access:
    """A way into one cluster. `api_client` is a `kubernetes.client.ApiClient`.

    `expires` says when its credentials do, where that is known; `renew` reads everything anew from
    where it came and raises what `connect` does.
    """

    source: Source
    name: str
    server: str
    api_client: Any
    expires: datetime | None = None
    renew: "Callable[[], Access] | None" = None


def connect(settings: Settings) -> Access | None:
    """Access to the cluster the settings ask for, or None when the sandbox is to be used.

    Nothing is sent to the API server. Raises BadSettings when what was asked for is missing or
    broken, Unauthenticated when a credential plugin fails.
    """
    match settings.cluster:
        case "sandbox":
            return None
        case "in-cluster":
            return connect_in_cluster(settings)
        case "kubeconfig":
            return connect_kubeconfig(kubeconfig.default(), "", settings)
    if settings.context or contexts(settings):
        return connect_kubeconfig(kubeconfig.default(), "", settings)
    return connect_in_cluster(settings) if _is_in_cluster() else None


def contexts(settings: Settings) -> tuple[str, ...]:
    """The names of the kubeconfig's contexts; empty without a kubeconfig or where none is wanted.

    Raises BadSettings when there is a kubeconfig that cannot be read.
    """
    if settings.cluster not in ("auto", "kubeconfig"):
        return ()
    return kubeconfig.read(kubeconfig.default()).contexts


def connect_kubeconfig(
    text_or_path: str | Path, context: str, settings: Settings, source: Source = "kubeconfig"
) -> Access:
    """Access through a kubeconfig: its text, its path, or several paths as in KUBECONFIG.

    `context` empty takes the settings' one (not for the sandbox's own kubeconfig), else the
    current one. Raises BadSettings or Unauthenticated.
    """
    config = kubeconfig.read(text_or_path)
    name = config.choose(context or ("" if source == "sandbox" else settings.context))
    configuration = _configuration(settings)
    expires = config.load(name, configuration, settings.request_timeout)
    # By the name of the context: the current one may be another by then.
    renew = partial(connect_kubeconfig, text_or_path, name, settings, source)
    return _access(source, name, configuration, expires, renew)


def connect_in_cluster(settings: Settings) -> Access:
    """Access through the service account of the pod this runs in. Raises BadSettings."""
    from kubernetes.config import incluster_config
    from kubernetes.config.config_exception import ConfigException

    configuration = _configuration(settings)
    try:
        loader: Any = incluster_config.load_incluster_config
        loader(configuration)
    except (ConfigException, OSError) as exc:
        asked = settings.cluster == "in-cluster"
        raise BadSettings(
            "OME_CLUSTER is in-cluster, but there is no service account of a pod here."
            if asked
            else "This looks like a pod in a cluster, but its service account cannot be used.",
            reason=str(exc),
            hint=kubeconfig.TRY_THE_SANDBOX,
        ) from exc
    renew = partial(connect_in_cluster, settings)
    return _access("in-cluster", "in-cluster", configuration, None, renew)


def _is_in_cluster() -> bool:
    return bool(os.environ.get("KUBERNETES_SERVICE_HOST")) and SERVICE_ACCOUNT_TOKEN.is_file()


def _configuration(settings: Settings) -> Any:
    from kubernetes.client import Configuration
    from kubernetes.utils.keepalive import tcp_keepalive_socket_options

    configuration = Configuration()
    configuration.retries = False
    configuration.connection_pool_maxsize = POOL_SIZE * max(1, len(settings.namespaces))
    # A watch is silent when nothing changes: half a minute of keepalive finds a dead peer.
    configuration.socket_options = tcp_keepalive_socket_options(idle=15, interval=5, count=3)
    return configuration


def _access(
    source: Source,
    name: str,
    configuration: Any,
    expires: datetime | None,
    renew: Callable[[], Access],
) -> Access:
    from kubernetes.client import ApiClient

    _never_proxy_this_machine(configuration)
    if not configuration.verify_ssl:
        _accept_unverified_certificates(configuration.host)
    client = ApiClient(configuration)
    client.user_agent = "ome-console"
    return Access(source, name, configuration.host, client, expires, renew)


def _never_proxy_this_machine(configuration: Any) -> None:
    """As `kubectl` does: a proxy from the environment is not asked for a loopback address."""
    host = urlsplit(configuration.host).hostname or ""
    if _is_loopback(host) and configuration.proxy in getproxies().values():
        configuration.proxy = None


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


@cache
def _accept_unverified_certificates(server: str) -> None:
    import urllib3

    # The kubeconfig's own choice: said once here instead of with every request.
    log.warning("the certificate of %s is not verified: insecure-skip-tls-verify is set", server)
    urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
