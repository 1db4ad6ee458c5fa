"""Reading 5,000 services: the console's client and cache beside the bare transfer and `kubectl`."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import orjson
import urllib3

from benchmarks import cluster, console
from benchmarks.cluster import Cluster
from benchmarks.measure import Figure, Report, measure
from ome_backend.config import Settings
from ome_backend.kube.cache import Cache
from ome_backend.kube.client import Client
from ome_backend.kube.watch import Watched, list_all
from ome_backend.resources.kinds import INFERENCE_SERVICE


def run() -> Iterator[Report]:
    """Reports once."""
    with cluster.running() as large:
        body = _body(large)
        size = f"{len(body) / 1e6:.0f} MB"
        yield Report(
            f"Lists: {len(orjson.loads(body)['items']):,} services, {size}",
            measure("urllib3, the body only", lambda: _body(large)),
            (
                measure("json parsed, nothing else", lambda: orjson.loads(body)),
                *_kubectl(large),
                *_ours(large),
            ),
        )


def _body(large: Cluster) -> bytes:
    headers = {"Authorization": f"Bearer {large.token()}"}
    url = large.url() + INFERENCE_SERVICE.path()
    return urllib3.request("GET", url, headers=headers).data


def _kubectl(large: Cluster) -> Iterator[Figure]:
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config"
        config.write_text(large.kubectl_config(), encoding="utf-8")
        path = f"/{large.token()}{INFERENCE_SERVICE.path()}"  # --raw drops the path of the server
        command = [kubectl, f"--kubeconfig={config}", "get", f"--raw={path}"]
        yield measure(
            "kubectl get --raw", lambda: subprocess.run(command, check=True, capture_output=True)
        )


def _ours(large: Cluster) -> Iterator[Figure]:
    client = console.client(large)
    followed = Watched(INFERENCE_SERVICE)
    yield measure("the client, all at once", lambda: client.list(INFERENCE_SERVICE))
    yield measure("the cache's list: pages of 500, trimmed", lambda: list_all(client, followed))
    yield measure(
        "the cache's first sync of everything",
        lambda: _synced(client).stop(),
        times=5,
        remark="services, pods and deployments",
    )


def _synced(client: Client) -> Cache:
    cache = Cache(client, Settings())
    cache.start()
    assert cache.wait_synced(timeout=60), "the caches were not filled within a minute"
    return cache
