"""The console's own objects in this process, connected to a cluster under measurement."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.cluster import Cluster
from ome_backend.backend import Backend
from ome_backend.config import Settings
from ome_backend.kube.access import connect_kubeconfig
from ome_backend.kube.client import Client
from pages.components import session


def client(cluster: Cluster) -> Client:
    """The console's client, alone."""
    settings = Settings()
    return Client(connect_kubeconfig(cluster.kubeconfig(), "", settings), settings)


def environment(cluster: Cluster, folder: Path) -> dict[str, str]:
    """What makes a console use the cluster."""
    kubeconfig = folder / "kubeconfig"
    kubeconfig.write_text(cluster.kubeconfig(), encoding="utf-8")
    return {"OME_CLUSTER": "kubeconfig", "KUBECONFIG": str(kubeconfig)}


@contextmanager
def opened(cluster: Cluster) -> Iterator[Backend]:
    """The backend that the pages of this process stand on, its caches filled."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(environment(cluster, Path(folder)))
        backend: Backend = session.backend()
        assert backend.cache.wait_synced(timeout=60), "the caches were not filled within a minute"
        yield backend
        session.close()
        session.close()
