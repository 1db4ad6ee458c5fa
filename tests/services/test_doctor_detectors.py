"""Every detector finds its trouble, is silent without it, and what it proposes makes it go away."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from ome_backend.matching.patching import applied
from ome_backend.resources import kinds
from ome_backend.resources.defaults import with_defaults
from ome_backend.resources.manifest import Manifest
from ome_backend.services.detectors.cluster import Cluster
from ome_backend.services.detectors.examination import Unavailable, look
from ome_backend.services.detectors.finding import DoctorFinding, Severity
from ome_backend.services.detectors.registry import DETECTORS, examine
from tests.services import sick
from tests.support import builders
from tests.support.builders import NOW

BROKEN, RISK, NOTE = Severity.BROKEN, Severity.RISK, Severity.NOTE
BASE_MODEL, RUNTIME = kinds.BASE_MODEL, kinds.SERVING_RUNTIME
LONG = "qwen3-embedding-8b-instruct-2507-fp8"


@dataclass(frozen=True)
class Case:
    """What to change on the healthy cluster for a detector to report `about` in the word `says`."""

    code: str
    severity: Severity
    about: str
    says: str
    changed: tuple[Manifest, ...] = ()
    without: tuple[Manifest, ...] = ()

    @property
    def cluster(self) -> Cluster:
        return sick.cluster(*self.changed, without=self.without)


def case(
    code: str, severity: Severity, about: str, says: str, *changed: Manifest, without: Any = ()
) -> Case:
    return Case(code, severity, about, says, changed, tuple(without))


def engine(**fields: Any) -> Manifest:
    return {"minReplicas": 1, "maxReplicas": 2, **fields}


def resources(**amounts: int) -> Manifest:
    """A runner that gives request and limit of its GPUs."""
    given = {side: {"nvidia.com/gpu": number} for side, number in amounts.items()}
    return {"name": "ome-container", "image": "sglang:1", "resources": given}


def selector(**fields: Any) -> Manifest:
    return sick.service(acceleratorSelector=fields)


def canary(**step: Any) -> Manifest:
    return sick.service(
        rollout={"groups": [{"components": ["engine"], "canary": {"steps": [step]}}]}
    )


def failed_on(node: str) -> Manifest:
    found = builders.model(storage=sick.storage())
    found["status"]["nodesFailed"] = [node]
    return found


def just_ready() -> Manifest:
    pod = builders.pod()
    pod["status"]["conditions"][0]["lastTransitionTime"] = "2026-03-01T11:59:30Z"
    return pod


def unhealthy() -> Manifest:
    found = sick.service()
    found["status"] = {}
    return found


def at_home(manifest: Manifest, namespace: str) -> Manifest:
    manifest["metadata"]["namespace"] = namespace
    return manifest


MODEL = builders.model(storage=sick.storage())
OWN_MODEL = builders.model("own", namespace="demo", storage=sick.storage())
AGENTS = [sick.agent("gpu-1"), sick.agent("gpu-2")]
REPORT = sick.report("gpu-2", age=timedelta(0))
OWN_IMAGE = {"name": "ome-container", "image": "sglang:1"}
MONITORS = sick.definition("podmonitors.monitoring.coreos.com")
OF_1_3 = sick.definition("inferencereplicas.ome.io")

CASES = (
    case("wrong-model-kind", BROKEN, "chat", "is a BaseModel", OWN_MODEL,
         sick.service(model={"name": "own"})),
    case("wrong-model-kind", BROKEN, "chat", "is a ClusterBaseModel",
         sick.service(model={"name": "qwen3-8b", "kind": "BaseModel"})),
    case("model-missing", BROKEN, "chat", "does not exist", sick.service(model={"name": "gone"})),
    case("disabled-model", BROKEN, "chat", "is disabled",
         builders.model(storage=sick.storage(), disabled=True)),
    case("missing-engine", BROKEN, "chat", "no spec.engine", sick.service(engine=None)),
    case("deprecated-predictor", RISK, "chat", "deprecated",
         sick.service(predictor={"minReplicas": 1})),
    case("deprecated-predictor", RISK, "chat", "deprecated",
         sick.service(predictor={"model": {"baseModel": "qwen3-8b"}}, engine=None)),
    case("runner-name", BROKEN, "chat", "no name", sick.service(engine=engine(runner={"image": "a"}))),
    case("runner-name", RISK, "chat", "called main",
         sick.service(engine=engine(runner={"name": "main"}))),
    case("unequal-gpus", BROKEN, "chat", "Merged",
         sick.runtime(engineConfig={"runner": resources(requests=1, limits=1)}),
         sick.service(engine=engine(runner=resources(limits=2)))),
    case("unequal-gpus", BROKEN, "srt-qwen3", "a limit of none",
         sick.runtime(engineConfig={"runner": resources(requests=1)})),
    case("min-over-max", RISK, "chat", "at least 3 and at most 2",
         sick.service(engine=engine(minReplicas=3))),
    case("min-over-max", RISK, "chat", "at least 5 and at most 3",
         sick.service(engine={"minReplicas": 5})),
    case("zero-means-knative", RISK, "chat", "engine", sick.service(engine=engine(minReplicas=0))),
    case("zero-means-knative", RISK, "chat", "router", sick.service(router={"minReplicas": 0})),
    case("keda-query", BROKEN, "chat", "%s", sick.service(kedaConfig={"customPromQuery": "up"})),
    case("keda-query", BROKEN, "chat", "%s",
         sick.service(kedaConfig={"customPromQuery": 'up{a="%s"} > 5%'})),
    case("modelconfig-collision", BROKEN, "blue-chat-with-a-long-name", "share one config map",
         sick.service("blue-chat-with-a-long-name"), sick.service("aqua-chat-with-a-long-name")),
    case("shared-heads", BROKEN, "two", "share their heads",
         sick.multi_node("one"), sick.multi_node("two")),
    case("shadowed-model", RISK, "qwen3-8b", "hides", sick.own(BASE_MODEL, MODEL)),
    case("shadowed-runtime", RISK, "srt-qwen3", "hides", sick.own(RUNTIME, sick.runtime())),
    case("best-fit-panic", BROKEN, "chat", "panic", selector(policy="BestFit")),
    case("class-missing", BROKEN, "chat", "a100, which does not exist",
         selector(acceleratorClass="a100")),
    case("class-missing", RISK, "srt-qwen3", "lists b200",
         without=[sick.accelerator("b200", 1, "")]),
    case("class-dropped", RISK, "chat", "dropped",
         selector(policy="BestFit", constraints={"minMemory": 500})),
    case("class-dropped", RISK, "chat", "dropped", sick.runtime(acceleratorRequirements={})),
    case("version-as-text", RISK, "chat", "compared as text",
         selector(policy="FirstAvailable", constraints={"minArchitectureVersion": "9.0"})),
    case("memory-unit", BROKEN, "h100", "0 GB", sick.accelerator("h100", 80, "9.0")),
    case("memory-unit", RISK, "h100", "74 GB", sick.accelerator("h100", "80G", "9.0")),
    case("no-downloader", BROKEN, "big", "Nothing will ever fetch it",
         sick.waiting(storageUri="s3://bucket/big")),
    case("no-downloader", BROKEN, "big", "Nothing will ever fetch it",
         sick.waiting(storageUri="Qwen/Qwen3-8B")),
    case("storage-path-missing", BROKEN, "big", "no spec.storage.path", sick.waiting(path=None)),
    case("storage-path-missing", BROKEN, "big", "no spec.storage.path",
         sick.waiting(path=None, storageUri="oci://n/a/b/c/o/d")),
    case("storage-roots-differ", RISK, "big", "/scratch/models",
         OWN_MODEL, sick.waiting(path="/scratch/models/big")),
    case("hashed-label", NOTE, LONG, "a hash", builders.model(LONG, storage=sick.storage())),
    case("hashed-label", NOTE, "a-model-with-a-name", "a hash",
         builders.model("a-model-with-a-name", namespace="a-namespace-with-a-name")),
    case("agent-off", BROKEN, "big", "No model agent runs", sick.waiting(),
         without=[*AGENTS, REPORT]),
    case("agent-missing-on-node", RISK, "gpu-2", "no model agent", without=AGENTS[1:]),
    case("agent-stale", RISK, "qwen3-8b", "silent for 12m",
         sick.report("gpu-2", age=timedelta(minutes=12))),
    case("model-without-node", BROKEN, "big", "No node", sick.waiting(nodeSelector={"pool": "tpu"})),
    case("model-on-some-nodes", RISK, "chat", "1 of 2 nodes", sick.pending()),
    case("model-on-some-nodes", RISK, "chat", "is not", builders.pod(node="gpu-2")),
    case("ready-hides-failures", RISK, "qwen3-8b", "failed on gpu-2", failed_on("gpu-2")),
    case("gpus-taken", BROKEN, "chat", "8 GPUs on one node", sick.queued(), sick.rival()),
    case("gpus-taken", BROKEN, "chat", "8 GPUs on one node", sick.queued()),
    case("image-not-pulled", BROKEN, "chat", "image of its engine",
         sick.service(engine=engine(runner=OWN_IMAGE)), sick.unpulled()),
    case("image-not-pulled", BROKEN, "chat", "image of its engine",
         sick.service(engine=engine(runner=OWN_IMAGE)), sick.unpulled("chat-engine-1"),
         sick.running("sglang:0")),
    case("image-not-pulled", BROKEN, "chat", "image of its engine",
         sick.runtime(engineConfig={"runner": OWN_IMAGE}), sick.unpulled()),
    case("out-of-gpu-memory", BROKEN, "chat", "memory of 1 GPU on gpu-1", sick.crashing()),
    case("out-of-gpu-memory", BROKEN, "chat", "memory of 1 GPU on gpu-1", sick.crashing(),
         builders.model(storage=sick.storage(), modelParameterSize="2T"),
         sick.runtime(modelSizeRange=None)),
    case("runtime-unusable", BROKEN, "chat", "does not exist", sick.service(runtime={"name": "gone"})),
    case("runtime-unusable", BROKEN, "chat", "is disabled", sick.runtime(disabled=True)),
    case("runtime-unusable", BROKEN, "chat", "does not take",
         sick.runtime(modelSizeRange={"min": "1B", "max": "3B"})),
    case("nothing-selected", BROKEN, "chat", "no runtime", sick.service(runtime=None),
         sick.runtime(modelSizeRange={"min": "1B", "max": "3B"})),
    case("size-range", BROKEN, "srt-qwen3", "panics", sick.runtime(modelSizeRange={"max": "9B"})),
    case("size-range", RISK, "srt-qwen3", "9b",
         sick.runtime(modelSizeRange={"min": "1B", "max": "9b"})),
    case("model-size-unreadable", RISK, "qwen3-8b", "8b",
         builders.model(storage=sick.storage(), modelParameterSize="8b")),
    case("runtimes-tie", RISK, "srt-qwen3", "Only its name", sick.runtime("srt-qwen3-copy")),
    case("never-chosen", NOTE, "spare", "never chooses",
         sick.runtime("spare", supportedModelFormats=sick.formats(autoSelect=False))),
    case("weight-zero", RISK, "srt-qwen3", "weight of 0",
         sick.runtime(supportedModelFormats=sick.formats(
             modelFormat={"name": "safetensors", "version": "1.0.0", "weight": 0}))),
    case("priorities-differ", RISK, "srt-qwen3", "different priorities",
         sick.runtime(supportedModelFormats=[*sick.formats(), *sick.formats(priority=2)])),
    case("ready-of-old-generation", RISK, "chat", "earlier version",
         sick.service(runtime={"name": "gone"})),
    case("ready-of-old-generation", RISK, "chat", "earlier version", sick.service(engine=None)),
    case("ready-of-old-generation", RISK, "chat", "earlier version", selector(policy="BestFit")),
    case("pod-monitor-missing", BROKEN, "chat", "PodMonitor", unhealthy(), without=[MONITORS]),
    case("pod-monitor-absent", RISK, "chat", "no PodMonitor chat-engine", sick.service("rival"),
         builders.pod("rival-engine-0", service="rival"), sick.monitor("rival-engine")),
    case("namespace-missing", BROKEN, "chat", "nowhere", at_home(sick.service(), "nowhere")),
    case("namespace-missing", BROKEN, "load", "elsewhere", sick.benchmark("elsewhere")),
    case("namespace-missing", BROKEN, "big", "shelf",
         sick.waiting(storageUri="pvc://shelf:models/big")),
    case("benchmark-scenarios", BROKEN, "load", "explicit scenarios",
         sick.benchmark(trafficScenarios=None)),
    case("traffic-not-routed", RISK, "chat", "10 %", canary(capacity="25%", traffic=10)),
    case("traffic-not-routed", RISK, "chat", "50 %", canary(capacity=2, traffic=50)),
)  # fmt: skip
IDS = [f"{each.code}: {each.says}" for each in CASES]


def found(code: str, cluster: Cluster) -> tuple[DoctorFinding, ...]:
    seen = look(DETECTORS[code], cluster, NOW)
    assert not isinstance(seen, Unavailable)
    return seen


@pytest.mark.parametrize("code", DETECTORS)
def test_every_detector_is_silent_on_a_healthy_cluster(code: str) -> None:
    assert found(code, sick.cluster()) == ()


def test_every_detector_has_a_case() -> None:
    assert {each.code for each in CASES} == set(DETECTORS)


@pytest.mark.parametrize("ill", CASES, ids=IDS)
def test_every_detector_finds_its_trouble(ill: Case) -> None:
    (finding,) = found(ill.code, ill.cluster)
    assert (finding.code, finding.severity) == (ill.code, ill.severity)
    assert finding.about.key.name == ill.about
    assert ill.says in finding.title
    assert finding.evidence
    assert finding.consequence.endswith(".")
    assert finding.fix.endswith(".")
    assert not finding.title.endswith(".")


def patched() -> Iterator[Case]:
    """The cases in which no person has to decide."""
    for each in CASES:
        if any(finding.patch for finding in found(each.code, each.cluster)):
            yield each


@pytest.mark.parametrize("ill", patched(), ids=lambda ill: f"{ill.code}: {ill.says}")
def test_every_patch_makes_its_finding_go_away(ill: Case) -> None:
    (finding,) = found(ill.code, ill.cluster)
    assert finding.patch is not None
    assert f"kubectl patch {finding.about.kind.resource} {ill.about}" in finding.command
    objects = {sick.identity(each): each for each in (*sick.healthy(), *ill.changed)}
    name = (finding.about.kind.name, finding.about.key)
    mended = applied(with_defaults(objects[name]), finding.patch)
    cured = replace(ill, changed=(*ill.changed, mended))
    assert found(ill.code, cured.cluster) == ()


def test_the_image_of_the_pod_that_still_serves_is_proposed() -> None:
    ill = next(each for each in CASES if each.code == "image-not-pulled" and len(each.changed) == 3)
    (finding,) = found(ill.code, ill.cluster)
    assert finding.patch == (
        {"op": "replace", "path": "/spec/engine/runner/image", "value": "sglang:0"},
    )


def test_a_model_too_large_for_a_node_has_no_patch() -> None:
    ill = [each for each in CASES if each.code == "out-of-gpu-memory"]
    fits, too_large = (found(each.code, each.cluster)[0] for each in ill)
    assert fits.patch is not None
    assert "CUDA out of memory" in fits.evidence
    assert too_large.patch is None
    assert too_large.fix.startswith("Choose a runtime with more GPUs")


def test_only_a_service_whose_end_makes_room_is_named() -> None:
    ill = [each for each in CASES if each.code == "gpus-taken"]
    named, unnamed = (found(each.code, each.cluster)[0] for each in ill)
    assert named.command == "kubectl delete inferenceservices.ome.io rival -n demo"
    assert unnamed.command == ""
    assert unnamed.fix.startswith("Free GPUs on gpu-1")


SILENT: dict[str, Callable[[], Cluster]] = {
    "a predictor becomes an engine at admission": lambda: sick.cluster(
        sick.service(predictor={"model": {"baseModel": "qwen3-8b"}}, engine=None)
    ),
    "a router may have any name": lambda: sick.cluster(
        sick.service(router={"runner": {"name": "gateway"}})
    ),
    "a limit without a request is one": lambda: sick.cluster(
        sick.service(engine=engine(runner=resources(limits=2)))
    ),
    "a decoder keeps the engine from Knative": lambda: sick.cluster(
        sick.service(engine=engine(minReplicas=0), decoder={"minReplicas": 1})
    ),
    "a percent sign is written twice": lambda: sick.cluster(
        sick.service(kedaConfig={"customPromQuery": 'up{a="%s"} > 5%%'})
    ),
    "one class needs no constraints": lambda: sick.cluster(
        sick.runtime(acceleratorRequirements={"acceleratorClasses": ["h100"]}),
        selector(policy="BestFit"),
    ),
    "what is ready was fetched by somebody": lambda: sick.cluster(
        builders.model("on-a-volume", storage={"storageUri": "pvc://models/big"})
    ),
    "a size of zero is written": lambda: sick.cluster(
        sick.runtime(modelSizeRange={"min": "0B", "max": "9B"})
    ),
    "a router runs without the model": lambda: sick.cluster(
        builders.pod("chat-router-0", component="router", node="gpu-2")
    ),
    "a canary's weight is its capacity": lambda: sick.cluster(canary(capacity="10%", traffic=10)),
    "a pod with an image that nobody names any more is on its way out": lambda: sick.cluster(
        sick.unpulled()
    ),
    "before version 1.3 OME makes no PodMonitors": lambda: sick.cluster(
        unhealthy(), without=[MONITORS, OF_1_3]
    ),
    "a status follows its pods after a moment": lambda: sick.cluster(
        unhealthy(), just_ready(), without=[MONITORS]
    ),
    "every component has its PodMonitor": lambda: sick.cluster(sick.monitor("chat-engine")),
    "a service names the runtime": lambda: sick.cluster(
        sick.runtime(supportedModelFormats=sick.formats(autoSelect=False))
    ),
}
ALLOWED = {
    "a predictor becomes an engine at admission": {"deprecated-predictor"},
    "a decoder keeps the engine from Knative": set[str](),
}


@pytest.mark.parametrize("name", SILENT)
def test_what_only_looks_like_trouble_is_not_reported(name: str) -> None:
    findings = examine(SILENT[name](), now=NOW).findings
    assert {each.code for each in findings} <= ALLOWED.get(name, set())
