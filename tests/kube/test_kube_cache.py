"""The cache over the sandbox's API server: live, through restarts, refusals and bursts."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from ome_backend.config import Settings
from ome_backend.errors import Forbidden, NotInstalled, ServerFailed, Unreachable
from ome_backend.kube.cache import Cache, watched_kinds
from ome_backend.kube.client import Client
from ome_backend.kube.snapshot import Change, Snapshot
from ome_backend.kube.watch import Pace
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.kinds import (
    BASE_MODEL,
    CONFIG_MAP,
    INFERENCE_SERVICE,
    KUBERNETES_KINDS,
    NODE,
    OME_KINDS,
)
from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.server import Sandbox
from tests.support.cluster import ClusterUnderTest
from tests.support.waiting import eventually

QUICK = Pace(first=0.02, most=0.1, lasting=0.1)
SETTINGS = Settings(connect_timeout=1.0, request_timeout=5.0)
Build = Callable[..., Client]
Start = Callable[..., Cache]


def service(name: str, **labels: str) -> Manifest:
    return {
        "apiVersion": "ome.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {"namespace": "default", "name": name, "labels": labels},
        "spec": {},
    }


@pytest.fixture
def client(sandbox: Sandbox, client_of: Build) -> Client:
    return client_of(sandbox.kubeconfig(), SETTINGS)


@pytest.fixture
def start(client: Client) -> Iterator[Start]:
    """Start caches that stop with the test."""
    started: list[Cache] = []

    def build(pace: Pace = QUICK) -> Cache:
        cache = Cache(client, SETTINGS, pace)
        started.append(cache)
        cache.start()
        assert cache.wait_synced(10)
        return cache

    yield build
    for cache in started:
        cache.stop()


def key(name: str) -> Key:
    return Key("default", name)


def names(snapshot: Snapshot) -> set[str]:
    return {one.name for one in snapshot.objects}


def when(cache: Cache, kind: Kind, true: Callable[[Snapshot], bool]) -> Snapshot:
    """The first snapshot of which something is true."""

    def look() -> Snapshot | None:
        snapshot = cache.snapshot(kind)
        return snapshot if true(snapshot) else None

    return eventually(look)


def in_state(cache: Cache, kind: Kind, state: str) -> Snapshot:
    return when(cache, kind, lambda snapshot: snapshot.state == state)


def test_every_kind_of_the_console_is_followed() -> None:
    followed = {watched.kind for watched in watched_kinds(SETTINGS)}
    assert followed == {*OME_KINDS, *KUBERNETES_KINDS}


def test_all_kinds_become_live(start: Start) -> None:
    cache = start()
    assert {cache.snapshot(kind).state for kind in (*OME_KINDS, *KUBERNETES_KINDS)} == {"live"}


def test_reading_the_cache_asks_the_server_nothing(sandbox: Sandbox, start: Start) -> None:
    cache = start()
    eventually(lambda: sandbox.requests["watch", "nodes"])
    before = sandbox.requests["list", "inferenceservices"]
    for _ in range(100):
        cache.snapshot(INFERENCE_SERVICE)
    assert sandbox.requests["list", "inferenceservices"] == before == 1


def test_a_change_arrives_with_the_old_state_left_alone(client: Client, start: Start) -> None:
    cache = start()
    before = cache.snapshot(INFERENCE_SERVICE)
    client.create(INFERENCE_SERVICE, service("llama"))
    after = eventually(lambda: cache.snapshot(INFERENCE_SERVICE).objects.get(key("llama")))
    assert after["metadata"]["name"] == "llama"
    assert dict(before.objects) == {}
    client.delete(INFERENCE_SERVICE, key("llama"))
    eventually(lambda: not cache.snapshot(INFERENCE_SERVICE).objects)


def test_subscribers_hear_of_a_change_with_its_version(client: Client, start: Start) -> None:
    cache = start()
    heard: list[Change] = []
    unsubscribe = cache.subscribe(heard.append)
    client.create(INFERENCE_SERVICE, service("llama"))
    eventually(lambda: cache.snapshot(INFERENCE_SERVICE).objects and heard)
    assert Change(INFERENCE_SERVICE, key("llama"), cache.version) in heard
    unsubscribe()
    heard.clear()
    client.create(INFERENCE_SERVICE, service("qwen"))
    eventually(lambda: len(cache.snapshot(INFERENCE_SERVICE).objects) == 2)
    assert heard == []


def test_a_subscriber_that_fails_harms_nobody(
    client: Client, start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    cache = start()
    heard: list[Change] = []
    cache.subscribe(lambda change: [][0])
    cache.subscribe(heard.append)
    client.create(INFERENCE_SERVICE, service("llama"))
    eventually(lambda: heard)
    assert "a subscriber failed" in caplog.text


def test_only_the_download_reports_are_followed_of_config_maps(
    client: Client, sandbox: Sandbox, start: Start
) -> None:
    cache = start()
    for namespace, name, status in (
        (SETTINGS.ome_namespace, "node-1", "true"),
        (SETTINGS.ome_namespace, "settings", "false"),
        ("default", "elsewhere", "true"),
    ):
        metadata = {
            "namespace": namespace,
            "name": name,
            "labels": {"models.ome/basemodel-status": status},
        }
        sandbox.objects.create(
            CONFIG_MAP, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}
        )
    eventually(lambda: cache.snapshot(CONFIG_MAP).objects)
    client.create(INFERENCE_SERVICE, service("later"))
    eventually(lambda: cache.snapshot(INFERENCE_SERVICE).objects)
    assert names(cache.snapshot(CONFIG_MAP)) == {"node-1"}


def test_a_restart_of_the_server_loses_and_doubles_nothing(sandbox: Sandbox, start: Start) -> None:
    for name in ("kept", "deleted"):
        sandbox.objects.create(INFERENCE_SERVICE, service(name))
    cache = start()
    sandbox.stop()
    stale = in_state(cache, INFERENCE_SERVICE, "stale")
    assert names(stale) == {"kept", "deleted"}
    assert isinstance(stale.last_error, Unreachable)
    assert stale.retry_at
    assert stale.synced_at
    sandbox.objects.remove(INFERENCE_SERVICE, key("deleted"))
    sandbox.objects.create(INFERENCE_SERVICE, service("created"))
    sandbox.start()
    live = in_state(cache, INFERENCE_SERVICE, "live")
    eventually(lambda: names(cache.snapshot(INFERENCE_SERVICE)) == {"kept", "created"})
    assert (live.last_error, live.retry_at) == (None, None)
    assert live.synced_at
    assert live.synced_at > stale.synced_at


def test_when_one_kind_is_back_the_others_do_not_wait(sandbox: Sandbox, start: Start) -> None:
    cache = start(Pace(first=60.0))
    sandbox.stop()
    for kind in (INFERENCE_SERVICE, BASE_MODEL, NODE):
        in_state(cache, kind, "stale")
    sandbox.start()
    cache.retry_now(NODE)
    for kind in (INFERENCE_SERVICE, BASE_MODEL, NODE):
        in_state(cache, kind, "live")


def test_a_server_that_was_away_at_the_start_is_found_later(
    sandbox: Sandbox, client: Client
) -> None:
    sandbox.stop()
    cache = Cache(client, SETTINGS, QUICK)
    cache.start()
    eventually(lambda: cache.snapshot(INFERENCE_SERVICE).last_error)
    assert cache.snapshot(INFERENCE_SERVICE).state == "loading"
    assert not cache.wait_synced(0)
    sandbox.start()
    assert cache.wait_synced(10)
    cache.stop()


def test_a_forbidden_kind_is_said_and_the_others_are_live(sandbox: Sandbox, start: Start) -> None:
    sandbox.deny = {("list", "nodes")}
    cache = start()
    snapshot = cache.snapshot(NODE)
    assert snapshot.state == "forbidden"
    assert isinstance(snapshot.last_error, Forbidden)
    assert 'cannot list resource "nodes"' in snapshot.last_error.reason
    assert cache.snapshot(INFERENCE_SERVICE).state == "live"
    sandbox.deny = ()
    in_state(cache, NODE, "live")


PATIENT = Pace(first=0.02, most=0.1, lasting=60.0, patience=60.0)
REFUSED = {403: Forbidden, 404: NotInstalled}
HASTY = Pace(first=0.02, most=0.1, lasting=0.1, patience=0.2)


def of_services(verb: str, plural: str) -> bool:
    return plural == "inferenceservices"


@pytest.mark.parametrize("status", [403, 404])
def test_refusals_of_a_restarting_server_take_nothing_away(
    status: int, sandbox: Sandbox, start: Start
) -> None:
    sandbox.objects.create(INFERENCE_SERVICE, service("llama"))
    cache = start(PATIENT)
    seen: list[Snapshot] = []
    cache.subscribe(lambda change: seen.append(cache.snapshot(INFERENCE_SERVICE)))
    sandbox.stop()
    sandbox.fail_with(status, times=5, when=of_services)
    sandbox.start()
    eventually(lambda: any(isinstance(one.last_error, REFUSED[status]) for one in seen))
    eventually(lambda: seen[-1].state == "live")
    assert {one.state for one in seen} == {"stale", "live"}
    assert [names(one) for one in seen] == [{"llama"}] * len(seen)


def test_a_refusal_that_lasts_is_believed(sandbox: Sandbox, start: Start) -> None:
    sandbox.objects.create(INFERENCE_SERVICE, service("llama"))
    cache = start(HASTY)
    sandbox.stop()
    sandbox.deny = of_services
    sandbox.start()
    refused = in_state(cache, INFERENCE_SERVICE, "forbidden")
    assert (names(refused), refused.synced_at) == (set(), None)
    sandbox.stop()
    away = when(cache, INFERENCE_SERVICE, lambda one: isinstance(one.last_error, Unreachable))
    assert away.state == "forbidden"
    sandbox.deny = ()
    sandbox.start()
    assert names(in_state(cache, INFERENCE_SERVICE, "live")) == {"llama"}


@pytest.mark.parametrize(("status", "state"), [(403, "forbidden"), (404, "not-installed")])
def test_what_was_refused_can_be_tried_again_at_once(
    status: int, state: str, sandbox: Sandbox, start: Start
) -> None:
    sandbox.fail_with(status, times=None, when=of_services)
    cache = start(PATIENT)
    in_state(cache, INFERENCE_SERVICE, state)
    sandbox.heal()
    cache.retry_now()
    in_state(cache, INFERENCE_SERVICE, "live")


def test_a_kind_that_is_not_installed_is_said(client_of: Build) -> None:
    bare = Sandbox(simulate=False, seed=False, without=("inferenceservices",))
    bare.start()
    cache = Cache(client_of(bare.kubeconfig(), SETTINGS), SETTINGS, QUICK)
    cache.start()
    assert cache.wait_synced(10)
    assert cache.snapshot(INFERENCE_SERVICE).state == "not-installed"
    assert isinstance(cache.snapshot(INFERENCE_SERVICE).last_error, NotInstalled)
    assert cache.snapshot(BASE_MODEL).state == "live"
    cache.stop()
    bare.stop()


def test_a_server_with_trouble_keeps_the_last_known_objects(sandbox: Sandbox, start: Start) -> None:
    sandbox.objects.create(INFERENCE_SERVICE, service("llama"))
    cache = start()
    sandbox.stop()
    sandbox.fail_with(503, times=None)
    sandbox.start()
    troubled = when(
        cache, INFERENCE_SERVICE, lambda seen: isinstance(seen.last_error, ServerFailed)
    )
    assert (troubled.state, names(troubled)) == ("stale", {"llama"})
    sandbox.heal()
    in_state(cache, INFERENCE_SERVICE, "live")


@pytest.mark.parametrize("sandbox", [{"history": 5}], indirect=True, ids=["short history"])
def test_a_watch_that_was_away_for_too_long_lists_anew(sandbox: Sandbox, start: Start) -> None:
    sandbox.objects.create(INFERENCE_SERVICE, service("deleted"))
    cache = start()
    sandbox.stop()
    in_state(cache, INFERENCE_SERVICE, "stale")
    sandbox.objects.remove(INFERENCE_SERVICE, key("deleted"))
    for number in range(20):
        sandbox.objects.create(INFERENCE_SERVICE, service(f"s-{number}"))
    sandbox.start()
    eventually(lambda: names(cache.snapshot(INFERENCE_SERVICE)) == {f"s-{n}" for n in range(20)})
    assert cache.counters(INFERENCE_SERVICE).relists == 1


def test_a_burst_arrives_whole_and_in_few_publications(sandbox: Sandbox, start: Start) -> None:
    for number in range(200):
        sandbox.objects.create(INFERENCE_SERVICE, service(f"s-{number}"))
    cache = start()
    before = cache.version

    def relabel(manifest: Manifest) -> None:
        manifest["metadata"]["labels"] = {"round": "2"}

    for number in range(200):
        sandbox.objects.change(INFERENCE_SERVICE, key(f"s-{number}"), relabel)
    last = when(
        cache,
        INFERENCE_SERVICE,
        lambda seen: all(one["metadata"]["labels"] for one in seen.objects.values()),
    )
    assert len(last.objects) == 200
    assert cache.version - before <= 200


@pytest.mark.cluster
def test_changes_of_the_cluster_arrive(cluster: ClusterUnderTest, client_of: Build) -> None:
    cache = Cache(client_of(cluster.kubeconfig, SETTINGS), SETTINGS)
    cache.start()
    assert cache.wait_synced(20)
    path = cluster.path(INFERENCE_SERVICE)
    cluster.request("POST", path, {**service("llama"), "metadata": {"name": "llama"}})
    found = Key(cluster.namespace, "llama")
    eventually(lambda: found in cache.snapshot(INFERENCE_SERVICE).objects)
    assert "managedFields" not in cache.snapshot(INFERENCE_SERVICE).objects[found]["metadata"]
    cluster.request("DELETE", f"{path}/llama")
    eventually(lambda: found not in cache.snapshot(INFERENCE_SERVICE).objects)
    cache.stop()


def test_a_stopped_cache_ends_within_a_second_and_stays_readable(
    sandbox: Sandbox, start: Start
) -> None:
    sandbox.objects.create(INFERENCE_SERVICE, service("llama"))
    cache = start()
    began = time.monotonic()
    cache.stop()
    assert time.monotonic() - began < 1.0
    left = [one.name for one in threading.enumerate() if one.name.startswith("watch-")]
    assert left == []
    assert names(cache.snapshot(INFERENCE_SERVICE)) == {"llama"}
