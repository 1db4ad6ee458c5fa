"""Services as the console knows them: worked out from a live cache, and anew only where something changed."""

import gc
import weakref
from datetime import timedelta

import pytest

from ome_backend.backend import Backend
from ome_backend.resources import kinds
from ome_backend.resources.health import Level
from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.manifest import Manifest, key_of
from ome_backend.resources.model import Model
from ome_backend.resources.moment import created
from ome_backend.sandbox.server import Sandbox
from ome_backend.services.belongings import Belongings
from ome_backend.services.diagnosis import SILENCE
from ome_backend.services.serving import LOOK_AGAIN, ServiceView, Serving
from tests.services.conftest import Connect
from tests.support import builders
from tests.support.waiting import eventually

CHAT, OTHER = Key("demo", "chat"), Key("demo", "other")
SHARED, OWN = Key("", "qwen3-8b"), Key("demo", "qwen3-8b")
SHARED_RUNTIME, OWN_RUNTIME = Key("", "srt-qwen3"), Key("demo", "srt-qwen3")


@pytest.fixture
def backend(sandbox: Sandbox, connect: Connect) -> Backend:
    """Two services of one model in `demo`; only `chat` has a pod."""
    for kind, manifest in (
        (kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "demo")),
        (kinds.CLUSTER_BASE_MODEL, builders.model()),
        (kinds.CLUSTER_SERVING_RUNTIME, builders.runtime()),
        (kinds.INFERENCE_SERVICE, builders.inference_service("other")),
        (kinds.INFERENCE_SERVICE, builders.inference_service()),
        (kinds.POD, builders.pod(gpus=2)),
    ):
        sandbox.objects.create(kind, manifest)
    return connect()


@pytest.fixture
def serving(backend: Backend) -> Serving:
    """The answers about services at a moment that does not pass."""
    return Serving(
        backend.cache, backend.runtimes, Belongings(backend.cache), now=lambda: builders.NOW
    )


def seen(backend: Backend, kind: Kind, key: Key) -> None:
    """Wait until the cache holds an object."""
    eventually(lambda: key in backend.cache.snapshot(kind).objects)


def gone(backend: Backend, kind: Kind, key: Key) -> None:
    eventually(lambda: key not in backend.cache.snapshot(kind).objects)


def view(serving: Serving, key: Key) -> ServiceView:
    found = serving.get(key)
    assert found is not None
    return found


def crash(pod: Manifest) -> None:
    pod["status"]["conditions"] = [{"type": "Ready", "status": "False"}]
    pod["status"]["containerStatuses"][0] |= {
        "ready": False,
        "restartCount": 2,
        "state": {"waiting": {"reason": "CrashLoopBackOff"}},
        "lastState": {"terminated": {"reason": "Error", "exitCode": 1}},
    }


def test_services_are_listed_by_namespace_and_name(
    backend: Backend, serving: Serving, sandbox: Sandbox
) -> None:
    sandbox.objects.create(kinds.INFERENCE_SERVICE, builders.inference_service("z", "apart"))
    seen(backend, kinds.INFERENCE_SERVICE, Key("apart", "z"))
    assert [each.key for each in serving.all()] == [Key("apart", "z"), CHAT, OTHER]
    assert serving.all().sources[0].state == "live"


def test_a_row_says_what_runs(serving: Serving) -> None:
    row = serving.all().rows[0]
    assert (row.key, row.model, row.runtime) == (CHAT, "qwen3-8b", "srt-qwen3")
    assert (row.pods_ready, row.gpus, row.replicas) == (1, 2, (1, 1))
    assert (row.health.level, row.health.word) == (Level.GOOD, "Ready")


def test_nothing_is_worked_out_again_while_nothing_changed(serving: Serving) -> None:
    first = serving.all().rows
    assert serving.all().rows is first
    assert serving.get(CHAT) is first[0]


def test_a_change_makes_only_its_own_service_anew(
    backend: Backend, serving: Serving, sandbox: Sandbox
) -> None:
    chat, other = serving.all().rows
    sandbox.objects.change(kinds.POD, Key("demo", "chat-engine-0"), crash, status=True)
    changed = eventually(lambda: (rows := serving.all().rows)[0] is not chat and rows)
    assert changed[0].health.word == "Crashing"
    assert changed[1] is other


@pytest.mark.parametrize(
    ("kind", "manifest"),
    [
        (kinds.DEPLOYMENT, builders.deployment(readyReplicas=0)),
        (kinds.EVENT, builders.event("Unhealthy", "probe failed")),
        (kinds.EVENT, builders.event("Failed", "pull", about="chat-engine-0", kind="Pod")),
        (kinds.POD, builders.pod("chat-engine-1", ready=False)),
        (kinds.BASE_MODEL, builders.model(namespace="demo")),
    ],
    ids=["a deployment", "an event", "an event of its pod", "a second pod", "a nearer model"],
)
def test_what_belongs_to_a_service_is_part_of_it(
    kind: Kind, manifest: Manifest, serving: Serving, sandbox: Sandbox
) -> None:
    before = view(serving, CHAT)
    sandbox.objects.create(kind, manifest)
    after = eventually(lambda: (now := view(serving, CHAT)) is not before and now)
    assert after.seen != before.seen


def test_what_belongs_to_nobody_changes_nobody(
    backend: Backend, serving: Serving, sandbox: Sandbox
) -> None:
    before = serving.all().rows
    sandbox.objects.create(kinds.POD, builders.pod("stranger", service="unknown"))
    seen(backend, kinds.POD, Key("demo", "stranger"))
    assert all(new is old for new, old in zip(serving.all(), before, strict=True))


def test_a_removed_service_disappears(backend: Backend, serving: Serving, sandbox: Sandbox) -> None:
    assert len(serving.all()) == 2
    sandbox.objects.remove(kinds.INFERENCE_SERVICE, OTHER)
    gone(backend, kinds.INFERENCE_SERVICE, OTHER)
    assert [each.key for each in serving.all()] == [CHAT]
    assert serving.get(OTHER) is None


def test_a_removed_service_takes_no_memory(
    backend: Backend, serving: Serving, sandbox: Sandbox
) -> None:
    kept = weakref.ref(view(serving, OTHER))
    assert len(serving.all()) == 2
    sandbox.objects.remove(kinds.INFERENCE_SERVICE, OTHER)
    gone(backend, kinds.INFERENCE_SERVICE, OTHER)
    assert len(serving.all()) == 1
    gc.collect()
    assert kept() is None


def test_a_service_made_again_under_its_name_is_a_new_one(
    backend: Backend, serving: Serving, sandbox: Sandbox
) -> None:
    before = view(serving, OTHER)
    sandbox.objects.remove(kinds.INFERENCE_SERVICE, OTHER)
    gone(backend, kinds.INFERENCE_SERVICE, OTHER)
    again = builders.inference_service("other", model={"name": "another"})
    sandbox.objects.create(kinds.INFERENCE_SERVICE, again)
    seen(backend, kinds.INFERENCE_SERVICE, OTHER)
    after = view(serving, OTHER)
    assert (after is before, after.model, after.health.word) == (False, "another", "No model")


def test_the_model_of_its_own_namespace_comes_before_the_clusters(
    backend: Backend, serving: Serving, sandbox: Sandbox
) -> None:
    found = view(serving, CHAT).seen.model
    assert found is not None
    assert found.ref == Ref(kinds.CLUSTER_BASE_MODEL, SHARED)
    sandbox.objects.create(kinds.BASE_MODEL, builders.model(namespace="demo"))
    seen(backend, kinds.BASE_MODEL, OWN)
    near = view(serving, CHAT)
    assert near.seen.model is not None
    assert near.seen.model.ref == Ref(kinds.BASE_MODEL, OWN)
    assert near.health.word == "Wrong model kind"


def test_only_the_services_of_this_very_model_use_it(
    backend: Backend, serving: Serving, sandbox: Sandbox
) -> None:
    shared, own = Model(builders.model()), Model(builders.model(namespace="demo"), kinds.BASE_MODEL)
    assert [each.key for each in serving.using_model(shared)] == [CHAT, OTHER]
    sandbox.objects.create(kinds.BASE_MODEL, own.raw)
    seen(backend, kinds.BASE_MODEL, OWN)
    assert serving.using_model(shared) == ()
    assert [each.key for each in serving.using_model(own)] == [CHAT, OTHER]


def test_a_runtime_is_used_by_who_runs_on_it_and_by_who_names_it(
    backend: Backend, serving: Serving, sandbox: Sandbox
) -> None:
    shared = Ref(kinds.CLUSTER_SERVING_RUNTIME, SHARED_RUNTIME)
    assert [each.key for each in serving.using_runtime(shared)] == [CHAT]
    naming = builders.inference_service("naming", runtime={"name": "srt-qwen3"})
    sandbox.objects.create(kinds.INFERENCE_SERVICE, naming)
    seen(backend, kinds.INFERENCE_SERVICE, Key("demo", "naming"))
    assert [each.key.name for each in serving.using_runtime(shared)] == ["chat", "naming"]


def test_a_runtime_of_its_own_namespace_is_used_instead_of_the_clusters(
    backend: Backend, serving: Serving, sandbox: Sandbox
) -> None:
    sandbox.objects.create(kinds.SERVING_RUNTIME, builders.runtime(namespace="demo"))
    seen(backend, kinds.SERVING_RUNTIME, OWN_RUNTIME)
    near = serving.using_runtime(Ref(kinds.SERVING_RUNTIME, OWN_RUNTIME))
    assert [each.key for each in near] == [CHAT]
    assert serving.using_runtime(Ref(kinds.CLUSTER_SERVING_RUNTIME, SHARED_RUNTIME)) == ()


def test_a_named_runtime_that_does_not_fit_is_explained_until_it_is_corrected(
    backend: Backend, serving: Serving, sandbox: Sandbox
) -> None:
    small = builders.runtime("small", modelSizeRange={"min": "1B", "max": "3B"})
    sandbox.objects.create(kinds.CLUSTER_SERVING_RUNTIME, small)
    naming = builders.inference_service("naming", runtime={"name": "small"})
    sandbox.objects.create(kinds.INFERENCE_SERVICE, naming)
    seen(backend, kinds.INFERENCE_SERVICE, Key("demo", "naming"))
    seen(backend, kinds.CLUSTER_SERVING_RUNTIME, Key("", "small"))
    assert "1B to 3B" in view(serving, Key("demo", "naming")).seen.unfit
    sandbox.objects.change(kinds.CLUSTER_SERVING_RUNTIME, Key("", "small"), widen)
    eventually(lambda: view(serving, Key("demo", "naming")).seen.unfit == "")


def widen(runtime: Manifest) -> None:
    runtime["spec"]["modelSizeRange"]["max"] = "9B"


def test_a_service_that_stays_silent_is_found_out_by_time_alone(
    backend: Backend, sandbox: Sandbox
) -> None:
    silent = builders.inference_service("silent", ready=False)
    silent["status"] = {}
    made = sandbox.objects.create(kinds.INFERENCE_SERVICE, silent)
    key = key_of(made)
    seen(backend, kinds.INFERENCE_SERVICE, key)
    clock = [created(made) or builders.NOW]
    serving = Serving(
        backend.cache, backend.runtimes, Belongings(backend.cache), now=lambda: clock[0]
    )
    assert {each.key: each.health.word for each in serving.all()}[key] == "Starting"
    clock[0] += SILENCE + timedelta(seconds=LOOK_AGAIN)
    assert {each.key: each.health.word for each in serving.all()}[key] == "Not reconciled"
