"""A console that may read some namespaces only: followed one by one, shown as one."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ome_backend.config import Settings, read_settings
from ome_backend.errors import BadSettings, Forbidden
from ome_backend.kube.cache import Cache, watched_kinds
from ome_backend.kube.client import Client
from ome_backend.kube.snapshot import Snapshot
from ome_backend.kube.watch import Pace, Watched
from ome_backend.resources.kind import Key
from ome_backend.resources.kinds import CONFIG_MAP, INFERENCE_SERVICE, NODE, POD
from ome_backend.sandbox.server import Sandbox
from tests.kube.conftest import Serve
from tests.support.scripted import Asked, Reply, Script
from tests.support.waiting import eventually

QUICK = Pace(first=0.02, most=0.1, lasting=0.1, patience=0.2)
SETTINGS = Settings(connect_timeout=1.0, request_timeout=5.0, namespaces=("a", "b"))
Follow = Callable[[str], Cache]


def service(namespace: str) -> dict[str, Any]:
    metadata = {"namespace": namespace, "name": "llama"}
    return {"apiVersion": "ome.io/v1beta1", "kind": "InferenceService", "metadata": metadata}


@pytest.fixture
def follow(client_of: Callable[..., Client]) -> Iterator[Follow]:
    """Follow the namespaces a and b of a cluster until the test ends."""
    started: list[Cache] = []

    def begin(kubeconfig: str) -> Cache:
        cache = Cache(client_of(kubeconfig, SETTINGS), SETTINGS, QUICK)
        started.append(cache)
        cache.start()
        assert cache.wait_synced(10)
        return cache

    yield begin
    for cache in started:
        cache.stop()


@pytest.fixture
def refusing(serve: Serve) -> Iterator[Callable[[set[str]], str]]:
    """The kubeconfig of a cluster that refuses to list some namespaces; the set may change."""
    done = threading.Event()

    def quiet() -> Iterator[bytes]:
        done.wait(20)
        yield from ()

    def script(refused: set[str]) -> Script:
        def answer(asked: Asked) -> Reply:
            namespace, plural = asked.path.split("/")[-2:]
            if namespace in refused:
                return Reply(403, {"code": 403, "message": f"cannot list in {namespace}"})
            if "watch" in asked.query:
                return Reply(chunks=quiet())
            found = [service(namespace)] if plural == INFERENCE_SERVICE.plural else []
            return Reply(200, {"metadata": {"resourceVersion": "5"}, "items": found})

        return answer

    yield lambda refused: serve(script(refused)).kubeconfig
    done.set()


def shown(snapshot: Snapshot) -> set[str]:
    return {key.namespace for key in snapshot.objects}


def test_what_belongs_to_a_namespace_is_followed_in_each_that_is_named() -> None:
    followed = watched_kinds(SETTINGS)
    assert {one for one in followed if one.kind == POD} == {Watched(POD, "a"), Watched(POD, "b")}
    assert [one.namespace for one in followed if one.kind == NODE] == [None]
    assert [one.namespace for one in followed if one.kind == CONFIG_MAP] == ["ome"]


def test_only_the_namespaces_named_are_shown(sandbox: Sandbox, follow: Follow) -> None:
    for namespace in ("a", "c"):
        sandbox.objects.create(INFERENCE_SERVICE, service(namespace))
    cache = follow(sandbox.kubeconfig())
    assert shown(cache.snapshot(INFERENCE_SERVICE)) == {"a"}
    sandbox.objects.create(INFERENCE_SERVICE, service("b"))
    eventually(lambda: shown(cache.snapshot(INFERENCE_SERVICE)) == {"a", "b"})
    sandbox.objects.remove(INFERENCE_SERVICE, Key("a", "llama"))
    eventually(lambda: shown(cache.snapshot(INFERENCE_SERVICE)) == {"b"})
    assert cache.snapshot(INFERENCE_SERVICE).version == cache.version


def test_a_refused_namespace_leaves_the_others_shown(
    refusing: Callable[[set[str]], str], follow: Follow
) -> None:
    refused = {"b"}
    cache = follow(refusing(refused))
    seen = cache.snapshot(INFERENCE_SERVICE)
    assert (seen.state, shown(seen)) == ("forbidden", {"a"})
    assert isinstance(seen.last_error, Forbidden)
    assert seen.last_error.message.startswith("Listing inferenceservices in the namespace b")
    refused.clear()
    eventually(lambda: cache.snapshot(INFERENCE_SERVICE).state == "live")
    assert shown(cache.snapshot(INFERENCE_SERVICE)) == {"a", "b"}


def test_kinds_of_the_cluster_are_refused_on_their_own(sandbox: Sandbox, follow: Follow) -> None:
    sandbox.deny = lambda verb, plural: plural == "nodes"
    cache = follow(sandbox.kubeconfig())
    assert cache.snapshot(NODE).state == "forbidden"
    assert cache.snapshot(POD).state == "live"


NAMED = {
    "one": ("demo", ("demo",)),
    "several": (" a, b ,", ("a", "b")),
    "twice": ("a,b,a", ("a", "b")),
}


@pytest.mark.parametrize("name", NAMED)
def test_namespaces_are_named_in_a_list(name: str) -> None:
    value, expected = NAMED[name]
    assert read_settings({"OME_NAMESPACES": value}).namespaces == expected


@pytest.mark.parametrize("value", ["a/b", "Demo", ",", "a b"])
def test_what_can_be_no_namespace_is_refused(value: str) -> None:
    with pytest.raises(BadSettings, match="names of namespaces, comma-separated"):
        read_settings({"OME_NAMESPACES": value})
