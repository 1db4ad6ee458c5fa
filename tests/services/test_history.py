"""Earlier versions of objects, as the console sees them over a cluster's own watch."""

import pytest

from ome_backend.backend import Backend
from ome_backend.editing import commands
from ome_backend.errors import NotFound
from ome_backend.kube.cache import Cache
from ome_backend.kube.watch import Pace
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Ref
from ome_backend.resources.manifest import dig
from ome_backend.sandbox.server import Sandbox
from ome_backend.services.history import History
from tests.services.conftest import Connect
from tests.support import builders
from tests.support.terminal import Run
from tests.support.waiting import eventually

HASTY = Pace(first=0.02, most=0.1, lasting=0.1, patience=0.2)
MODEL = Ref(kinds.CLUSTER_BASE_MODEL, Key("", "qwen3-8b"))


@pytest.fixture
def backend(connect: Connect, sandbox: Sandbox) -> Backend:
    sandbox.objects.create(MODEL.kind, builders.model(vendor="first"))
    return connect()


def vendors(backend: Backend) -> list[str]:
    return [dig(each.manifest, "spec", "vendor") for each in backend.history.of(MODEL)]


def set_vendor(backend: Backend, vendor: str) -> None:
    """Change the spec, and wait until the console has seen it."""
    backend.client.merge_patch(MODEL.kind, MODEL.key, {"spec": {"vendor": vendor}})
    snapshot = backend.cache.snapshot
    eventually(lambda: dig(snapshot(MODEL.kind).objects[MODEL.key], "spec", "vendor") == vendor)


def test_what_an_object_was_is_kept_the_newest_first(backend: Backend) -> None:
    assert vendors(backend) == []
    for vendor in ("second", "third"):
        set_vendor(backend, vendor)
    eventually(lambda: vendors(backend) == ["second", "first"])
    newest, oldest = backend.history.of(MODEL)
    assert newest.generation == oldest.generation + 1
    assert newest.until >= oldest.until >= backend.history.since


def test_labels_and_status_make_no_version(backend: Backend) -> None:
    for path, subresource in (
        ({"metadata": {"labels": {"a": "b"}}}, None),
        ({"status": {"state": "Ready"}}, "status"),
    ):
        backend.client.merge_patch(MODEL.kind, MODEL.key, path, subresource=subresource)
    set_vendor(backend, "second")
    eventually(lambda: vendors(backend) == ["first"])


def test_what_was_deleted_is_remembered(backend: Backend) -> None:
    backend.client.delete(MODEL.kind, MODEL.key)
    (found,) = eventually(lambda: backend.history.of(MODEL))
    assert found.gone


def test_secrets_are_never_kept(backend: Backend, sandbox: Sandbox) -> None:
    secret = builders.manifest(kinds.SECRET, "token", "demo", data={"token": "eA=="})
    sandbox.objects.create(kinds.SECRET, secret)
    ref = Ref(kinds.SECRET, Key("demo", "token"))
    backend.client.merge_patch(ref.kind, ref.key, {"data": {"token": "eQ=="}})
    set_vendor(backend, "second")
    eventually(lambda: vendors(backend) == ["first"])
    assert backend.history.of(ref) == ()


@pytest.mark.parametrize("sandbox", [{"deny": {("list", "basemodels")}}], indirect=True)
def test_a_kind_that_cannot_be_read_does_not_disturb(backend: Backend) -> None:
    set_vendor(backend, "second")
    eventually(lambda: vendors(backend) == ["first"])
    assert backend.history.of(Ref(kinds.BASE_MODEL, Key("demo", "own"))) == ()


def test_a_kind_that_may_no_longer_be_read_is_not_deleted(
    backend: Backend, sandbox: Sandbox
) -> None:
    cache = Cache(backend.client, backend.settings, HASTY)
    history = History(cache)
    cache.start()
    assert cache.wait_synced(20)
    sandbox.stop()
    sandbox.deny = {("list", MODEL.kind.plural), ("watch", MODEL.kind.plural)}
    sandbox.start()
    eventually(lambda: cache.snapshot(MODEL.kind).state == "forbidden")
    sandbox.deny = ()
    eventually(lambda: cache.snapshot(MODEL.kind).state == "live")
    cache.stop()
    assert history.of(MODEL) == ()


def test_what_was_last_applied_is_read_from_the_object(backend: Backend, kubectl: Run) -> None:
    with pytest.raises(NotFound) as absent:
        backend.compare.last_applied(MODEL)
    assert "kubectl apply" in absent.value.hint
    kubectl(
        "kubectl get clusterbasemodels qwen3-8b -o yaml | sed 's/vendor: first/vendor: applied/' "
        "| kubectl apply -f - 2>&1"
    )
    set_vendor(backend, "second")
    applied = backend.compare.last_applied(MODEL)
    assert dig(applied, "spec", "vendor") == "applied"
    assert "vendor: applied" in kubectl(commands.last_applied(MODEL))
    live = backend.compare.live(MODEL)
    assert [each.path for each in backend.compare.compared(live, applied).different] == [
        "spec.vendor"
    ]


def test_an_object_that_is_gone_has_nothing_applied(backend: Backend) -> None:
    with pytest.raises(NotFound):
        backend.compare.last_applied(Ref(MODEL.kind, Key("", "gone")))
