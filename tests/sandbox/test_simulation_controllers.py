"""The smaller controllers of the simulated cluster, and how it behaves at other speeds."""

import pytest

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, dig, text
from tests.sandbox.simulated import Simulated


@pytest.fixture
def cluster() -> Simulated:
    return Simulated()


def _model(cluster: Simulated, uri: str, name: str = "new") -> Manifest:
    storage = {
        "storageUri": uri,
        "path": f"/raid/models/{name}",
        "nodeSelector": {"company.example/pool": "l40s"},
    }
    cluster.apply(kinds.CLUSTER_BASE_MODEL, name, storage=storage)
    cluster.live(90)
    return cluster.objects.get(kinds.CLUSTER_BASE_MODEL, Key("", name)) or {}


@pytest.mark.parametrize(
    ("uri", "state"),
    [
        ("hf://Qwen/Qwen3-0.6B", "Ready"),
        ("local:///raid/models/new", "Ready"),
        ("vendor://acme/llm/new", "Ready"),
        ("oci://n/ns/b/bucket/o/new", "Ready"),
        ("s3://bucket/new", "In_Transit"),
        ("gs://bucket/new", "In_Transit"),
        ("pvc://claim/new", "In_Transit"),
        ("ftp://host/new", "Failed"),
        ("hf://meta-llama/Llama-3.1-405B", "Failed"),
    ],
)
def test_a_model_ends_in_the_state_its_storage_allows(
    cluster: Simulated, uri: str, state: str
) -> None:
    assert _model(cluster, uri)["status"]["state"] == state


def test_an_unknown_repository_is_ready_with_an_empty_specification(cluster: Simulated) -> None:
    model = _model(cluster, "hf://somebody/strange-1B")
    assert model["status"]["state"] == "Ready"
    assert set(model["spec"]) == {"storage"}


def test_the_agent_says_in_its_log_why_a_download_failed(cluster: Simulated) -> None:
    cluster.live(1)
    lines = cluster.logs.lines("ome", "ome-model-agent-daemonset-h200-1", "model-agent")
    assert any('secrets \\"hf-token-guard\\" not found' in each.text for each in lines)


def test_a_virtual_deployment_is_ready_at_once(cluster: Simulated) -> None:
    metadata = {
        "name": "virtual",
        "namespace": "demo",
        "annotations": {"ome.io/deploymentMode": "VirtualDeployment"},
    }
    spec = {"model": {"name": "phi-4"}, "engine": {}}
    cluster.objects.create(kinds.INFERENCE_SERVICE, {"metadata": metadata, "spec": spec})
    cluster.live(1)
    assert cluster.ready("demo", "virtual")
    assert cluster.service("demo", "virtual")["status"]["url"] == (
        "http://virtual.demo.svc.cluster.local"
    )


def test_a_disabled_model_is_refused_in_an_event(cluster: Simulated) -> None:
    cluster.apply(
        kinds.INFERENCE_SERVICE,
        "retired",
        "demo",
        model={"name": "mixtral-8x7b-instruct", "kind": "ClusterBaseModel"},
        runtime={"name": "vllm-mixtral-8x7b"},
        engine={},
    )
    cluster.live(1)
    assert cluster.said("demo", "retired") == {
        "ModelReconcileError": "specified base model mixtral-8x7b-instruct is disabled"
    }


_BEST_FIT = {"acceleratorSelector": {"policy": "BestFit"}, "runtime": {"name": "careless"}}
_HALF_RANGE = {"runtime": {"name": "half-range"}}


@pytest.mark.parametrize("asked", [_BEST_FIT, _HALF_RANGE], ids=["best fit", "half a size range"])
def test_a_crash_of_the_controller_leaves_no_trace(cluster: Simulated, asked: Manifest) -> None:
    _careless_runtimes(cluster)
    model = {"name": "phi-4", "kind": "ClusterBaseModel"}
    cluster.apply(kinds.INFERENCE_SERVICE, "doomed", "demo", model=model, engine={}, **asked)
    cluster.live(30)
    assert cluster.said("demo", "doomed") == {}
    assert "conditions" not in cluster.service("demo", "doomed").get("status", {})
    assert cluster.pods("demo", "doomed") == []


def _careless_runtimes(cluster: Simulated) -> None:
    found = cluster.objects.get(kinds.CLUSTER_BASE_MODEL, Key("", "phi-4")) or {}
    wanted = ("modelFormat", "modelFramework", "modelArchitecture")
    format_ = {name: found["spec"][name] for name in wanted if name in found["spec"]}
    spec: Manifest = {
        "supportedModelFormats": [format_ | {"autoSelect": False}],
        "engineConfig": {"runner": {"name": "ome-container", "image": "sglang:1"}},
    }
    classes = [each["metadata"]["name"] for each in cluster.objects.list(kinds.ACCELERATOR_CLASS)]
    careless = spec | {"acceleratorRequirements": {"acceleratorClasses": classes}}
    cluster.apply(kinds.CLUSTER_SERVING_RUNTIME, "careless", **careless)
    half = spec | {"modelSizeRange": {"min": "1B"}}
    cluster.apply(kinds.CLUSTER_SERVING_RUNTIME, "half-range", **half)


def test_arguments_of_a_service_replace_those_of_its_runtime(cluster: Simulated) -> None:
    runner = {"name": "ome-container", "args": ["--port=8080", "--max-model-len=4096"]}
    engine = {"minReplicas": 1, "maxReplicas": 2, "runner": runner}
    cluster.edit(kinds.INFERENCE_SERVICE, Key("team-chat", "phi-4"), engine=engine)
    cluster.live(1)
    found = cluster.objects.get(kinds.DEPLOYMENT, Key("team-chat", "phi-4-engine")) or {}
    [container] = found["spec"]["template"]["spec"]["containers"]
    assert container["args"] == runner["args"]
    assert container["image"] == "docker.io/rocm/vllm:rocm7.0.0_vllm_0.11.0"


def test_a_report_carries_the_generation_of_the_deployment(cluster: Simulated) -> None:
    cluster.objects.change(
        kinds.INFERENCE_SERVICE,
        Key("team-chat", "phi-4"),
        lambda raw: raw["spec"]["engine"].update(maxReplicas=5),
    )
    cluster.live(5)
    service = cluster.service("team-chat", "phi-4")
    deployment = cluster.objects.get(kinds.DEPLOYMENT, Key("team-chat", "phi-4-engine")) or {}
    assert service["metadata"]["generation"] == 2
    assert service["status"]["observedGeneration"] == deployment["metadata"]["generation"] == 1


def test_a_benchmark_waits_runs_and_completes(cluster: Simulated) -> None:
    cluster.apply(
        kinds.BENCHMARK_JOB,
        "load",
        "team-chat",
        endpoint={"inferenceService": {"name": "phi-4", "namespace": "team-chat"}},
        task="text-to-text",
        trafficScenarios=["D(100,100)"],
        maxTimePerIteration=1,
        maxRequestsPerIteration=10,
        outputLocation={"storageUri": "oci://n/ns/b/bk/o/x"},
    )
    cluster.live(2)
    assert _job(cluster)["state"] == "Running"
    cluster.live(20)
    assert _job(cluster)["state"] == "Completed"
    assert _job(cluster)["completionTime"] > _job(cluster)["startTime"]


def _job(cluster: Simulated) -> Manifest:
    found = cluster.objects.get(kinds.BENCHMARK_JOB, Key("team-chat", "load")) or {}
    status: Manifest = found["status"]
    return status


def test_an_accelerator_class_knows_its_nodes(cluster: Simulated) -> None:
    cluster.objects.remove(kinds.NODE, Key("", "gpu-h100-2"))
    cluster.live(1)
    found = cluster.objects.get(kinds.ACCELERATOR_CLASS, Key("", "nvidia-h100-80gb")) or {}
    assert found["status"]["nodes"] == ["gpu-h100-1"]
    assert found["status"]["availableNodes"] == 1
    assert cluster.objects.get(kinds.CONFIG_MAP, Key("ome", "gpu-h100-2")) is None


def test_the_workers_of_a_group_carry_no_app_label(cluster: Simulated) -> None:
    leader, worker = cluster.pods("team-chat", "deepseek-r1")
    assert text(leader, "metadata", "labels", "app") == "deepseek-r1-engine"
    assert "app" not in worker["metadata"]["labels"]
    assert {text(each, "spec", "nodeName") for each in (leader, worker)} == {
        "gpu-h100-1",
        "gpu-h100-2",
    }


def test_an_old_event_is_forgotten_after_an_hour(cluster: Simulated) -> None:
    cluster.live(3 * 3600, every=60)
    for event in cluster.objects.list(kinds.EVENT):
        age = cluster.now.isoformat()[:13], text(event, "lastTimestamp")[:13]
        assert int(age[0][-2:]) - int(age[1][-2:]) <= 1


@pytest.mark.parametrize("speed", [1.0, 10.0, 60.0])
def test_a_faster_cluster_does_the_same_in_less_time(speed: float) -> None:
    cluster = Simulated(speed)
    cluster.objects.remove(kinds.INFERENCE_SERVICE, Key("team-chat", "deepseek-r1"))
    cluster.live(45 / speed + 1, every=0.25)
    assert cluster.ready("team-chat", "llama-405b")
    [crashing] = cluster.pods("team-vision", "image-captions")
    assert dig(crashing, "status", "containerStatuses") is not None


_TAINTED = "1 node(s) had untolerated taint {amd.com/gpu: present}"
_REST = "4 node(s) had untolerated taint {nvidia.com/gpu: present}"


@pytest.mark.parametrize(
    ("selector", "asked", "reasons"),
    [
        (
            {"company.example/pool": "l40s"},
            {},
            "2 node(s) didn't match Pod's node affinity/selector",
        ),
        ({}, {"cpu": "64"}, "2 Insufficient cpu"),
    ],
    ids=["selector", "cpu"],
)
def test_the_scheduler_says_why_a_pod_finds_no_node(
    cluster: Simulated, selector: Manifest, asked: Manifest, reasons: str
) -> None:
    container = {"name": "main", "image": "busybox:1", "resources": {"requests": asked}}
    spec = {"nodeSelector": selector, "containers": [container]}
    metadata = {"name": "alone", "namespace": "demo"}
    cluster.objects.create(kinds.POD, {"metadata": metadata, "spec": spec})
    cluster.live(1)
    said = cluster.said("demo", "alone")["FailedScheduling"].partition(". preemption: ")[0]
    expected = sorted([_TAINTED, _REST, reasons, "1 node(s) were unschedulable"])
    assert said == "0/8 nodes are available: " + ", ".join(expected)
