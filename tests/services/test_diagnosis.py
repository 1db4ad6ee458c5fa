"""Each way a service can fail is named by its true cause."""

from datetime import timedelta
from typing import Any

import pytest

from ome_backend.outcome.decision import GaveUp
from ome_backend.resources.deployment import Deployment
from ome_backend.resources.event import Event
from ome_backend.resources.health import Level
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.kinds import BASE_MODEL, CLUSTER_BASE_MODEL, POD
from ome_backend.resources.manifest import Manifest
from ome_backend.resources.model import Model
from ome_backend.resources.pod import Pod
from ome_backend.services.diagnosis import Diagnosis, Evidence, diagnose
from tests.support.builders import NOW, deployment, event, inference_service, model, pod

UNSCHEDULED = (
    "0/6 nodes are available: 4 Insufficient nvidia.com/gpu, 2 node(s) had untolerated taint."
)
CRASH: Manifest = {
    "ready": False,
    "restartCount": 4,
    "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 1m20s"}},
}


def diagnosis(
    service: Manifest, of: Manifest | None = None, **seen: tuple[Manifest, ...]
) -> Diagnosis:
    found = Evidence(
        InferenceService(service),
        Model(of) if of is not None else None,
        tuple(map(Pod, seen.get("pods", ()))),
        tuple(map(Deployment, seen.get("deployments", ()))),
        tuple(map(Event, seen.get("events", ()))),
    )
    return diagnose(found, now=NOW)


def crashed(message: str, reason: str = "Error") -> Manifest:
    ended = {"terminated": {"reason": reason, "exitCode": 1, "message": message}}
    return pod(ready=False, container={**CRASH, "lastState": ended})


def waiting(reason: str, message: str) -> Manifest:
    state = {"waiting": {"reason": reason, "message": message}}
    return pod(ready=False, container={"ready": False, "restartCount": 0, "state": state})


def unscheduled(message: str) -> Manifest:
    refused = {
        "type": "PodScheduled",
        "status": "False",
        "reason": "Unschedulable",
        "message": message,
    }
    return pod(ready=False, node="", gpus=8, conditions=(refused,))


def test_a_service_whose_chain_holds_is_ready() -> None:
    found = diagnosis(inference_service(), model(), pods=(pod(),), deployments=(deployment(),))
    assert (found.health.level, found.health.word) == (Level.GOOD, "Ready")
    assert [each.where for each in found.chain] == ["Model", "OME controller", "Engine", "Status"]


CAUSES: dict[str, tuple[dict[str, Any], Level, str, str]] = {
    "model missing": ({"of": None}, Level.BROKEN, "No model", "qwen3-8b does not exist"),
    "model still arriving": (
        {"of": model(ready=())},
        Level.WAITING,
        "Model not ready",
        "not ready on any node",
    ),
    "gpus taken": (
        {"pods": (unscheduled(UNSCHEDULED),)},
        Level.WAITING,
        "No free GPUs",
        "needs 8 GPUs",
    ),
    "model on other nodes": (
        {
            "pods": (
                unscheduled(
                    "0/6 nodes are available: 6 node(s) didn't match Pod's node affinity/selector."
                ),
            )
        },
        Level.WAITING,
        "No suitable node",
        "has the model",
    ),
    "image missing": (
        {"pods": (waiting("ImagePullBackOff", "manifest unknown"),)},
        Level.BROKEN,
        "Image not pulled",
        "sglang:1",
    ),
    "gpu memory too small": (
        {
            "pods": (
                crashed(
                    "loading\ntorch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB"
                ),
            )
        },
        Level.BROKEN,
        "Out of GPU memory",
        "4 restarts",
    ),
    "memory limit": (
        {"pods": (crashed("", "OOMKilled"),)},
        Level.BROKEN,
        "Out of memory",
        "its limit",
    ),
    "engine crashes": (
        {"pods": (crashed("ValueError: unsupported rope type"),)},
        Level.BROKEN,
        "Crashing",
        "unsupported rope type",
    ),
    "loading": ({"pods": (pod(ready=False),)}, Level.WAITING, "Starting", "loading the model"),
    "runtime unfit": (
        {
            "events": (
                event("RuntimeValidationError", "runtime srt-x does not support model safetensors"),
            )
        },
        Level.BROKEN,
        "Runtime unfit",
        "does not serve its model",
    ),
    "rollout failing": (
        {
            "pods": (pod(), crashed("boom")),
            "deployments": (deployment(wanted=2, updatedReplicas=1, readyReplicas=1),),
        },
        Level.BROKEN,
        "Rollout failing",
        "the new revision fails",
    ),
    "rolling": (
        {
            "pods": (pod(), pod("chat-engine-1", ready=False)),
            "deployments": (deployment(wanted=2, updatedReplicas=1, readyReplicas=1),),
        },
        Level.WAITING,
        "Rolling",
        "1 replica still serves",
    ),
}


@pytest.mark.parametrize("case", CAUSES)
def test_the_cause_is_named(case: str) -> None:
    given, level, word, words = CAUSES[case]
    found = diagnosis(inference_service(ready=False), **{"of": model(), **given})
    assert (found.health.level, found.health.word) == (level, word)
    assert words in found.health.sentence


def test_a_namespaced_model_named_without_its_kind_is_the_cause() -> None:
    service = inference_service(ready=False)
    near = Model(model(namespace="demo"), BASE_MODEL)
    found = diagnose(Evidence(InferenceService(service), near, (), (), ()), now=NOW)
    assert found.cause.fix == "Set spec.model.kind to BaseModel."


def test_silence_of_the_controller_is_patience_first_and_then_a_failure() -> None:
    fresh = inference_service(ready=False)
    fresh["status"] = {}
    seen = Evidence(InferenceService(fresh), Model(model()), (), (), ())
    created = NOW - timedelta(hours=1)
    assert diagnose(seen, now=created + timedelta(seconds=5)).health.word == "Starting"
    assert diagnose(seen, now=created + timedelta(minutes=2)).health.word == "Not reconciled"


def test_a_dead_decoder_behind_ready_is_shown_as_degraded() -> None:
    service = inference_service()
    service["status"]["conditions"].append({"type": "DecoderReady", "status": "False"})
    found = diagnosis(service, model(), pods=(pod(),))
    assert (found.health.level, found.health.word) == (Level.BROKEN, "Degraded")


def test_a_report_of_an_earlier_deployment_is_not_taken_for_the_present() -> None:
    service, workload = inference_service(), deployment()
    workload["metadata"]["generation"], service["status"]["observedGeneration"] = 3, 2
    found = diagnosis(service, model(), pods=(pod(),), deployments=(workload,))
    assert found.health.word == "Updating"


def test_a_change_that_leaves_the_deployment_alone_is_not_taken_for_an_old_report() -> None:
    """OME reports the generation of the Deployment, not of the service."""
    service, workload = inference_service(), deployment()
    workload["metadata"]["generation"], service["status"]["observedGeneration"] = 1, 1
    service["metadata"]["generation"] = 5
    found = diagnosis(service, model(), pods=(pod(),), deployments=(workload,))
    assert found.health.word == "Ready"


@pytest.mark.parametrize(
    ("stopped", "word"),
    [
        (GaveUp("", "the controller panics here", panics=True), "Controller crashes"),
        (GaveUp("", 'finetunedweights.ome.io "w1" not found'), "Given up"),
    ],
    ids=["a crash", "a lost reference"],
)
def test_what_ome_gives_up_on_without_an_event_is_named_by_its_rules(
    stopped: GaveUp, word: str
) -> None:
    seen = Evidence(
        InferenceService(inference_service(ready=False)), Model(model()), (), (), (), "", stopped
    )
    cause = diagnose(seen, now=NOW).cause
    assert (cause.level, cause.word, cause.evidence) == (Level.BROKEN, word, stopped.message)
    assert cause.fix.endswith(".")


def test_a_refusal_is_forgotten_once_pods_exist() -> None:
    refusal = event("RuntimeValidationError", "runtime x does not support model y")
    assert (
        diagnosis(inference_service(), model(), pods=(pod(),), events=(refusal,)).health.word
        == "Ready"
    )


def test_what_cannot_be_seen_is_not_said_to_be_absent() -> None:
    service = InferenceService(inference_service(ready=False))
    unseen = {
        CLUSTER_BASE_MODEL: "this console may not list models.",
        POD: "pods are still being read.",
    }
    found = diagnose(Evidence(service, None, (), (), (), unseen=unseen), now=NOW)
    assert (found.chain[0].level, found.chain[0].word) == (Level.UNKNOWN, "Not known")
    assert "may not list models" in found.chain[0].sentence
    assert not any(each.level is Level.BROKEN for each in found.chain)


def test_a_service_that_ome_reports_ready_stays_ready_though_its_pods_cannot_be_seen() -> None:
    service = InferenceService(inference_service())
    unseen = {POD: "this console may not list pods."}
    found = diagnose(Evidence(service, Model(model()), (), (), (), unseen=unseen), now=NOW)
    assert found.health.word == "Ready"


def test_an_evicted_pod_whose_place_is_taken_is_no_trouble() -> None:
    evicted = pod("chat-engine-old", ready=False)
    evicted["status"]["phase"] = "Failed"
    found = diagnosis(
        inference_service(), model(), pods=(pod(), evicted), deployments=(deployment(),)
    )
    assert found.health.word == "Ready"


def test_an_unfit_runtime_is_the_cause_even_after_its_event_is_forgotten() -> None:
    service = InferenceService(inference_service(ready=False))
    seen = Evidence(service, Model(model()), (), (), (), unfit="It takes 1B to 3B.")
    found = diagnose(seen, now=NOW)
    assert (found.health.word, found.cause.evidence) == ("Runtime unfit", "")
    assert "It takes 1B to 3B." in found.health.sentence
