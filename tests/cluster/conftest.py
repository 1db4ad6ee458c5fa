"""The whole console on the cluster under test, which may be a real one."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ome_backend.backend import Backend
from ome_backend.errors import Invalid
from ome_backend.kube.client import Client
from ome_backend.resources import kinds
from pages.components import session
from tests.cluster import catalogue
from tests.cluster.catalogue import Catalogue
from tests.support.cluster import ClusterUnderTest
from tests.support.waiting import eventually

FRAME = Path(__file__).resolve().parents[2] / "pages" / "components" / "frame.py"

Open = Callable[..., AppTest]


@pytest.fixture(scope="module")
def backend(cluster_kubeconfig: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    """The pages' own backend, on the cluster."""
    path = cluster_kubeconfig
    if "\n" in path:
        path = str(tmp_path_factory.mktemp("cluster") / "kubeconfig")
        Path(path).write_text(cluster_kubeconfig)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("KUBECONFIG", path)
        environment.setenv("OME_CLUSTER", "kubeconfig")
        environment.setenv("HF_HUB_OFFLINE", "true")
        session.close()
        opened = session.backend()
        assert opened.cache.wait_synced(60)
        yield opened
        opened.close()
        session.close()


@pytest.fixture
def client(backend: Backend) -> Client:
    return backend.client


@pytest.fixture
def console(backend: Backend) -> Open:
    """Open a page by its path and address: `console("model", name="qwen3-8b")`."""

    def open_page(path: str, **address: str) -> AppTest:
        page = AppTest.from_file(str(FRAME), default_timeout=60)
        page.switch_page(f"../{path}.py")
        for name, value in address.items():
            page.query_params[name] = value
        return page.run()

    return open_page


@pytest.fixture(scope="module")
def installed(cluster_kubeconfig: str, backend: Backend) -> Iterator[Catalogue]:
    """OME's catalogue, applied to the cluster and seen by the console; what is cluster-wide is removed."""
    if not catalogue.FOLDER.is_dir():
        pytest.skip(f"there is no catalogue in {catalogue.FOLDER}")
    scratch = ClusterUnderTest(cluster_kubeconfig)
    scratch.enter()
    found = catalogue.read(secrets.token_hex(4), scratch.namespace)
    try:
        yield _applied(found, backend)
    finally:
        for ref in found.refs:
            backend.client.delete(ref.kind, ref.key)
        scratch.leave()


def _applied(found: Catalogue, backend: Backend) -> Catalogue:
    """What of the catalogue the server takes, once the console sees all of it."""
    refused = []
    for kind, manifest in found.objects:
        try:
            backend.client.apply(kind, manifest)
        except Invalid as exc:
            refused.append(((kind, manifest), exc))
    left = [manifest for (_, manifest), _ in refused]
    taken = replace(
        found,
        objects=tuple(each for each in found.objects if each[1] not in left),
        refused=tuple(refused),
    )
    followed = [ref for ref in taken.refs if ref.kind != kinds.SECRET]
    eventually(
        lambda: all(ref.key in backend.cache.snapshot(ref.kind).objects for ref in followed),
        timeout=30,
    )
    return taken
