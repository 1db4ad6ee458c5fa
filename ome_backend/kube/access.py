"""Which cluster to talk to and with which credentials: kubeconfig, service account, or neither."""

import ipaddress
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from urllib.request import getproxies

from ome_backend.config import Settings
from ome_backend.errors import BadSettings
from ome_backend.kube import kubeconfig

Source = Literal["kubeconfig", "in-cluster", "sandbox"]

SERVICE_ACCOUNT_TOKEN = Path("/var/run/secrets/kubernetes.io/serviceaccount/token")
POOL_SIZE = 32  # one connection per watched kind, the rest for people

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Access:
    """A way into one cluster. `api_client` is a `kubernetes.client.ApiClient`."""

    source: Source
    name: str
    server: str
    api_client: Any


def connect(settings: Settings) -> Access | None:
    """Access to the cluster the settings ask for, or None when the sandbox is to be used.

    Nothing is sent to the API server. Raises BadSettings when what was asked for is missing or
    broken, Unauthenticated when a credential plugin fails.
    """
    match settings.cluster:
        case "sandbox":
            return None
        case "in-cluster":
            return _connect_in_cluster()
        case "kubeconfig":
            return connect_kubeconfig(kubeconfig.default(), "", settings)
    if settings.context or contexts(settings):
        return connect_kubeconfig(kubeconfig.default(), "", settings)
    return _connect_in_cluster() if _is_in_cluster() else None


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
    configuration = _configuration()
    config.load(name, configuration)
    return _access(source, name, configuration)


def _connect_in_cluster() -> Access:
    from kubernetes.config import incluster_config
    from kubernetes.config.config_exception import ConfigException

    configuration = _configuration()
    try:
        loader: Any = incluster_config.load_incluster_config
        loader(configuration)
    except (ConfigException, OSError) as exc:
        raise BadSettings(
            "OME_CLUSTER is in-cluster, but there is no service account of a pod here.",
            reason=str(exc),
            hint=kubeconfig.TRY_THE_SANDBOX,
        ) from exc
    return _access("in-cluster", "in-cluster", configuration)


def _is_in_cluster() -> bool:
    return bool(os.environ.get("KUBERNETES_SERVICE_HOST")) and SERVICE_ACCOUNT_TOKEN.is_file()


def _configuration() -> Any:
    from kubernetes.client import Configuration
    from kubernetes.utils.keepalive import tcp_keepalive_socket_options

    configuration = Configuration()
    configuration.retries = False
    configuration.connection_pool_maxsize = POOL_SIZE
    # A watch is silent when nothing changes: half a minute of keepalive finds a dead peer.
    configuration.socket_options = tcp_keepalive_socket_options(idle=15, interval=5, count=3)
    return configuration


def _access(source: Source, name: str, configuration: Any) -> Access:
    from kubernetes.client import ApiClient

    _never_proxy_this_machine(configuration)
    if not configuration.verify_ssl:
        _accept_unverified_certificates(configuration.host)
    client = ApiClient(configuration)
    client.user_agent = "ome-console"
    return Access(source, name, configuration.host, client)


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


def _accept_unverified_certificates(server: str) -> None:
    import urllib3

    # The kubeconfig's own choice: said once here instead of with every request.
    log.warning("the certificate of %s is not verified: insecure-skip-tls-verify is set", server)
    urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
