"""Doctor over a cluster and over files: what is found, what cannot be known, and what follows the cluster."""

from datetime import timedelta

import pytest

from ome_backend.backend import Backend
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Ref
from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox import simulation
from ome_backend.sandbox.objects import Objects
from ome_backend.sandbox.pod_logs import PodLogs
from ome_backend.sandbox.server import Sandbox
from ome_backend.services.detectors.cluster import Cluster
from ome_backend.services.detectors.examination import Examination
from ome_backend.services.detectors.finding import urgency
from ome_backend.services.detectors.registry import DETECTORS, examine
from ome_backend.services.doctor import Doctor
from tests.services import sick
from tests.services.conftest import Connect
from tests.support import builders
from tests.support.builders import NOW
from tests.support.waiting import eventually

SERVICE = Ref(kinds.INFERENCE_SERVICE, Key("demo", "chat"))
MODEL = Ref(kinds.CLUSTER_BASE_MODEL, Key("", "qwen3-8b"))


def codes(found: Examination) -> set[str]:
    return {each.code for each in found.findings}


def fill(sandbox: Sandbox, *changed: Manifest) -> None:
    """Put the healthy cluster into the sandbox, with some objects replaced."""
    wanted = {sick.identity(each): each for each in (*sick.healthy(), *changed)}
    for (kind, _), each in wanted.items():
        if kind != kinds.CUSTOM_RESOURCE_DEFINITION.name:
            sandbox.objects.create(kinds.BY_NAME[kind], each)


@pytest.fixture(scope="module")
def company() -> Objects:
    """The seeded company, at a moment that does not pass; tests change copies only."""
    objects = Objects(None)
    simulation.seed(objects, PodLogs(), NOW)
    return objects


def stored(objects: Objects) -> list[Manifest]:
    return [
        {**raw, "kind": kind.name} for kind in kinds.BY_NAME.values() for raw in objects.list(kind)
    ]


def test_findings_come_worst_first() -> None:
    found = examine(
        sick.cluster(
            sick.service(engine={"minReplicas": 5}, model={"name": "gone"}),
            sick.runtime("spare", supportedModelFormats=sick.formats(autoSelect=False)),
        ),
        now=NOW,
    ).findings
    assert [each.severity for each in found] == ["broken", "risk", "risk", "note"]
    assert list(found) == sorted(found, key=urgency)


def test_what_files_do_not_hold_is_unavailable_and_not_healthy() -> None:
    found = examine(Cluster.of([sick.service(engine=None)]), now=NOW)
    assert codes(found) == {"missing-engine"}
    why = {each.detector.name: each.why for each in found.unavailable}
    assert "the files hold no nodes." in why["model-without-node"]
    assert "the files hold no clusterbasemodels." in why["wrong-model-kind"]
    assert "min-over-max" not in why
    assert len(why) < len(DETECTORS)


def test_models_of_either_scope_are_enough_to_look_for_models() -> None:
    found = examine(Cluster.of([sick.service(model={"name": "gone"}), builders.model()]), now=NOW)
    assert "model-missing" in codes(found)


def test_files_without_the_defaults_of_the_crd_get_them_first() -> None:
    plain = sick.formats(
        modelFormat={"name": "safetensors", "version": "1.0.0"},
        modelFramework={"name": "transformers", "version": "4.51.0"},
    )
    cluster = sick.cluster(sick.runtime(supportedModelFormats=plain))
    assert cluster.runtimes[0].formats[0].traits.format == cluster.models[0].traits.format
    assert not examine(cluster, now=NOW).findings


def test_only_old_reports_of_a_download_are_stale() -> None:
    cluster = sick.cluster()
    assert not codes(examine(cluster, now=NOW + timedelta(minutes=4)))
    assert codes(examine(cluster, now=NOW + timedelta(minutes=6))) == {"agent-stale"}


def test_the_company_has_what_was_seeded_and_little_else(company: Objects) -> None:
    found = examine(Cluster.of(stored(company), complete=True), now=NOW).findings
    assert {(each.code, each.about.key.name) for each in found} == {
        ("no-downloader", "product-tagger"),
        ("runtime-unusable", "reranker"),
        ("gpus-taken", "llama-405b"),
        ("image-not-pulled", "product-vision"),
        ("out-of-gpu-memory", "image-captions"),
        ("ready-hides-failures", "llama-3-3-70b-instruct"),
        ("never-chosen", "vllm-llama-3-3-70b"),
        ("never-chosen", "catalog-embedder"),
    }


def test_a_finding_is_told_of_every_object_it_concerns(connect: Connect, sandbox: Sandbox) -> None:
    fill(sandbox, builders.model(storage=sick.storage(), disabled=True))
    doctor = Doctor(connect().cache, now=lambda: NOW)
    disabled, old = doctor.findings()
    assert (disabled.code, old.code) == ("disabled-model", "ready-of-old-generation")
    assert doctor.about(SERVICE) == (disabled, old)
    assert doctor.about(MODEL) == (disabled,)
    assert doctor.about(Ref(kinds.NODE, Key("", "gpu-1"))) == ()


def test_findings_follow_the_cluster(connect: Connect, sandbox: Sandbox) -> None:
    fill(sandbox)
    doctor = Doctor(connect().cache, now=lambda: NOW)
    assert doctor.findings() == ()
    sandbox.objects.change(
        kinds.INFERENCE_SERVICE, SERVICE.key, lambda raw: raw["spec"].pop("engine")
    )
    eventually(lambda: "missing-engine" in {each.code for each in doctor.about(SERVICE)})


def test_what_may_not_be_listed_is_unavailable(connect: Connect, sandbox: Sandbox) -> None:
    sandbox.deny = {("list", "nodes")}
    fill(sandbox)
    backend: Backend = connect()
    unseen = {each.detector.name: each.why for each in backend.doctor.examination().unavailable}
    assert "this console may not list nodes." in unseen["agent-missing-on-node"]
    assert "missing-engine" not in unseen
