"""What happens in the simulated cluster when people act, and when nobody does."""

import json
from datetime import timedelta

import pytest

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, dig, text
from ome_backend.sandbox.pod_logs import PodLogs
from ome_backend.sandbox.simulation import Simulation
from tests.sandbox.simulated import Simulated

HEALTHY = (
    ("team-chat", "deepseek-r1"),
    ("team-chat", "llama-3-3-70b"),
    ("team-chat", "qwen3-32b"),
    ("team-chat", "phi-4"),
    ("team-search", "bge-m3"),
    ("team-search", "qwen3-embedding"),
    ("team-vision", "product-vision"),
)


@pytest.fixture
def cluster() -> Simulated:
    return Simulated()


def _containers(pod: Manifest) -> list[Manifest]:
    found: list[Manifest] = dig(pod, "status", "containerStatuses") or []
    return found


def _qwen(cluster: Simulated, name: str = "qwen3-4b") -> None:
    storage = {"storageUri": "hf://Qwen/Qwen3-4B", "path": f"/raid/models/{name}"}
    selector = {"nodeSelector": {"company.example/pool": "l40s"}}
    cluster.apply(kinds.CLUSTER_BASE_MODEL, name, storage=storage | selector)


def _deploy(cluster: Simulated, name: str = "chat", **engine: object) -> None:
    model = {"name": "qwen3-4b", "kind": "ClusterBaseModel"}
    cluster.apply(kinds.INFERENCE_SERVICE, name, "demo", model=model, engine=engine)


def test_after_five_minutes_every_service_is_as_it_was(cluster: Simulated) -> None:
    cluster.live(300)
    assert [each for each in HEALTHY if not cluster.ready(*each)] == []
    assert not cluster.ready("team-chat", "llama-405b")
    assert not cluster.ready("team-vision", "image-captions")
    assert "status" not in cluster.service("team-search", "reranker")


def test_a_runtime_that_does_not_fit_shows_only_in_events(cluster: Simulated) -> None:
    said = cluster.said("team-search", "reranker")["RuntimeValidationError"]
    assert said.startswith("Runtime srt-bge-m3 does not support model bge-reranker-v2-m3: ")


def test_a_model_larger_than_its_gpu_crashes_over_and_over(cluster: Simulated) -> None:
    cluster.live(700)
    [pod] = cluster.pods("team-vision", "image-captions")
    [container] = _containers(pod)
    assert container["restartCount"] > 40
    assert "CUDA out of memory" in container["lastState"]["terminated"]["message"]
    name = text(pod, "metadata", "name")
    previous = cluster.logs.lines("team-vision", name, "ome-container", previous=True)
    assert any("CUDA out of memory" in each.text for each in previous)
    status = cluster.service("team-vision", "image-captions")["status"]["modelStatus"]
    assert status["transitionStatus"] == "BlockedByFailedLoad"


def test_a_rollout_with_an_image_nobody_has_leaves_the_old_pod_serving(cluster: Simulated) -> None:
    reasons = {
        dig(each, "state", "waiting", "reason")
        for pod in cluster.pods("team-vision", "product-vision")
        for each in _containers(pod)
    }
    assert reasons == {None, "ImagePullBackOff"}
    deployment = cluster.objects.get(kinds.DEPLOYMENT, Key("team-vision", "product-vision-engine"))
    assert (
        dig(
            deployment or {},
            "status",
            "conditions",
        )
        is not None
    )
    progressing = (deployment or {})["status"]["conditions"][1]
    assert progressing["reason"] == "ProgressDeadlineExceeded"


def test_freed_gpus_let_the_stuck_service_start(cluster: Simulated) -> None:
    [stuck] = cluster.pods("team-chat", "llama-405b")
    assert "2 Insufficient nvidia.com/gpu" in stuck["status"]["conditions"][0]["message"]
    cluster.objects.remove(kinds.INFERENCE_SERVICE, Key("team-chat", "deepseek-r1"))
    cluster.live(60)
    assert cluster.ready("team-chat", "llama-405b")
    assert cluster.pods("team-chat", "deepseek-r1") == []
    assert cluster.objects.get(kinds.INFERENCE_SERVICE, Key("team-chat", "deepseek-r1")) is None


def test_a_new_model_downloads_and_a_new_service_on_it_becomes_ready(cluster: Simulated) -> None:
    _qwen(cluster)
    cluster.live(20)
    config = cluster.objects.get(kinds.CONFIG_MAP, Key("ome", "gpu-l40s-1")) or {}
    entry = json.loads(config["data"]["clusterbasemodel.qwen3-4b"])
    assert entry["status"] == "Updating"
    assert (
        0 < entry["progress"]["completedBytes"] < entry["progress"]["totalBytes"] == 8_000_000_000
    )
    cluster.live(60)
    model = cluster.objects.get(kinds.CLUSTER_BASE_MODEL, Key("", "qwen3-4b")) or {}
    assert model["status"] == {"state": "Ready", "nodesReady": ["gpu-l40s-1"]}
    _deploy(cluster)
    cluster.live(10)
    assert not cluster.ready("demo", "chat")
    cluster.live(20)
    assert cluster.ready("demo", "chat")
    [pod] = cluster.pods("demo", "chat")
    assert text(pod, "metadata", "labels", "serving-runtime") == "srt-qwen3-small"
    assert "InferenceServiceReady" in cluster.said("demo", "chat")


def test_scaling_adds_and_removes_pods(cluster: Simulated) -> None:
    key = Key("team-search", "bge-m3")
    cluster.edit(kinds.INFERENCE_SERVICE, key, engine={"minReplicas": 3, "maxReplicas": 4})
    cluster.live(2)
    assert len(cluster.pods(*_pair(key))) == 3
    cluster.edit(kinds.INFERENCE_SERVICE, key, engine={"minReplicas": 1, "maxReplicas": 4})
    cluster.live(2)
    assert len(cluster.pods(*_pair(key))) == 1
    assert cluster.ready("team-search", "bge-m3")


def _pair(key: Key) -> tuple[str, str]:
    return key.namespace, key.name


def test_a_new_revision_replaces_the_old_pod_only_when_it_is_ready(cluster: Simulated) -> None:
    [old] = cluster.pods("team-chat", "llama-3-3-70b")
    runner = {"name": "ome-container", "args": ["--context-length=65536"]}
    engine = {"minReplicas": 1, "maxReplicas": 2, "runner": runner}
    cluster.edit(kinds.INFERENCE_SERVICE, Key("team-chat", "llama-3-3-70b"), engine=engine)
    cluster.objects.remove(kinds.INFERENCE_SERVICE, Key("team-chat", "qwen3-32b"))
    cluster.live(5)
    assert len(cluster.pods("team-chat", "llama-3-3-70b")) == 2
    assert cluster.ready("team-chat", "llama-3-3-70b")
    cluster.live(40)
    [new] = cluster.pods("team-chat", "llama-3-3-70b")
    assert text(new, "metadata", "name") != text(old, "metadata", "name")
    assert new["spec"]["containers"][0]["args"][-1] == "--context-length=65536"


def test_deleting_a_service_takes_everything_of_it_along(cluster: Simulated) -> None:
    cluster.objects.remove(kinds.INFERENCE_SERVICE, Key("team-chat", "qwen3-32b"))
    cluster.live(2)
    labels = {"ome.io/inferenceservice": "qwen3-32b"}
    for kind in (kinds.POD, kinds.DEPLOYMENT, kinds.SERVICE, kinds.CONFIG_MAP):
        assert cluster.objects.list(kind, "team-chat", labels) == []


def test_deleting_a_model_takes_its_labels_and_entries_along(cluster: Simulated) -> None:
    cluster.objects.remove(kinds.CLUSTER_BASE_MODEL, Key("", "phi-4"))
    cluster.live(3)
    assert cluster.objects.get(kinds.CLUSTER_BASE_MODEL, Key("", "phi-4")) is None
    node = cluster.objects.get(kinds.NODE, Key("", "gpu-mi300x-1")) or {}
    assert "models.ome.io/clusterbasemodel.phi-4" not in node["metadata"]["labels"]


def test_a_service_without_engine_is_refused_in_an_event(cluster: Simulated) -> None:
    model = {"name": "phi-4"}
    cluster.apply(
        kinds.INFERENCE_SERVICE, "bare", "demo", model=model, runtime={"name": "vllm-rocm-phi-4"}
    )
    cluster.live(2)
    assert cluster.said("demo", "bare") == {"DeploymentModeError": "engine component is required"}
    assert "status" not in cluster.service("demo", "bare")


def test_a_namespaced_model_named_without_its_kind_leaves_no_trace(cluster: Simulated) -> None:
    runtime = {"name": "catalog-embedder"}
    model = {"name": "catalog-embedder"}
    cluster.apply(
        kinds.INFERENCE_SERVICE, "silent", "team-search", model=model, runtime=runtime, engine={}
    )
    cluster.live(2)
    assert cluster.said("team-search", "silent") == {}
    assert "status" not in cluster.service("team-search", "silent")


def test_scaling_to_zero_asks_for_knative(cluster: Simulated) -> None:
    cluster.apply(
        kinds.INFERENCE_SERVICE, "idle", "demo", model={"name": "phi-4"},
        runtime={"name": "vllm-rocm-phi-4"}, engine={"minReplicas": 0},
    )  # fmt: skip
    cluster.live(2)
    assert "ServerlessModeRejected" in cluster.said("demo", "idle")


def test_logs_of_a_running_engine_keep_growing(cluster: Simulated) -> None:
    [pod] = cluster.pods("team-chat", "phi-4")
    name = text(pod, "metadata", "name")
    cluster.live(1)
    before = len(cluster.logs.lines("team-chat", name, "ome-container"))
    cluster.live(60)
    assert len(cluster.logs.lines("team-chat", name, "ome-container")) == before + 12


def test_a_console_that_was_away_carries_on(cluster: Simulated) -> None:
    _qwen(cluster)
    cluster.live(10)
    cluster.simulation.stop()
    cluster.logs, cluster.now = PodLogs(), cluster.now + timedelta(hours=1)
    cluster.simulation = Simulation(cluster.objects, cluster.logs)
    cluster.live(15)
    model = cluster.objects.get(kinds.CLUSTER_BASE_MODEL, Key("", "qwen3-4b")) or {}
    assert model["status"]["state"] == "Ready"


def test_nothing_is_written_while_nothing_happens(cluster: Simulated) -> None:
    for kind, key in (
        (kinds.CLUSTER_BASE_MODEL, Key("", "kimi-k2-instruct")),
        (kinds.INFERENCE_SERVICE, Key("team-vision", "image-captions")),
    ):
        cluster.objects.remove(kind, key)
    cluster.live(20)
    revision = cluster.objects.revision
    cluster.live(200, every=0.25)
    assert cluster.objects.revision - revision <= 10


def test_two_clusters_that_live_alike_are_alike() -> None:
    one, other = Simulated(), Simulated()
    for cluster in (one, other):
        _qwen(cluster)
        cluster.live(30)
    for kind in (kinds.CONFIG_MAP, kinds.CLUSTER_BASE_MODEL, kinds.POD):
        ours, theirs = (
            [_lasting(each) for each in found.objects.list(kind)] for found in (one, other)
        )
        assert ours == theirs


def _lasting(manifest: Manifest) -> Manifest:
    changing = ("uid", "resourceVersion", "creationTimestamp", "ownerReferences")
    metadata = {name: each for name, each in manifest["metadata"].items() if name not in changing}
    return manifest | {"metadata": metadata}
