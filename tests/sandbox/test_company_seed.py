"""The company the sandbox starts with: what must be in it, and that a real API server would take it."""

import json
from datetime import UTC, datetime

import pytest

from ome_backend import admission, facts
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest, dig, text
from ome_backend.resources.node import Node
from ome_backend.sandbox import company
from ome_backend.sandbox.objects import Objects
from ome_backend.schema import crds, structural, validation
from tests.planning.checkpoints import LLAMA_8B
from tests.sandbox.simulated import START, Simulated


@pytest.fixture(scope="module")
def cluster() -> Simulated:
    return Simulated()


@pytest.mark.parametrize("kind", kinds.OME_KINDS, ids=lambda kind: kind.name)
def test_every_object_is_valid_under_its_definition(cluster: Simulated, kind: Kind) -> None:
    crd = crds.crd(kind.name)
    assert crd is not None
    found = cluster.objects.list(kind)
    assert found
    for manifest in found:
        assert structural.unknown_fields(crd.schema, manifest) == []
        assert validation.problems(crd.schema, manifest) == []


@pytest.mark.parametrize(
    "kind", [kinds.CLUSTER_SERVING_RUNTIME, kinds.SERVING_RUNTIME, kinds.INFERENCE_SERVICE, kinds.BENCHMARK_JOB],
    ids=lambda kind: kind.name,
)  # fmt: skip
def test_ome_would_admit_every_object_as_an_update(cluster: Simulated, kind: Kind) -> None:
    for manifest in cluster.objects.list(kind):
        admitted = admission.review("UPDATE", kind, manifest, manifest, cluster.objects)
        assert admitted.object["spec"] == manifest["spec"]


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        (kinds.CLUSTER_BASE_MODEL, 12),
        (kinds.BASE_MODEL, 3),
        (kinds.CLUSTER_SERVING_RUNTIME, 12),
        (kinds.SERVING_RUNTIME, 2),
        (kinds.ACCELERATOR_CLASS, 5),
        (kinds.INFERENCE_SERVICE, 8),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_the_company_is_large_enough_to_show_something(
    cluster: Simulated, kind: Kind, least: int
) -> None:
    assert len(cluster.objects.list(kind)) >= least


def test_six_nodes_carry_gpus_and_one_is_cordoned(cluster: Simulated) -> None:
    nodes = [Node(each) for each in cluster.objects.list(kinds.NODE)]
    carrying = [each for each in nodes if each.gpus]
    assert len(carrying) == 6
    assert [each.name for each in carrying if not each.schedulable] == ["gpu-a100-1"]


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("phi-4", {"state": "Ready", "nodesReady": ["gpu-mi300x-1"]}),
        ("kimi-k2-instruct", {"state": "In_Transit"}),
        (
            "llama-3-3-70b-instruct",
            {
                "state": "Ready",
                "nodesReady": ["gpu-a100-1", "gpu-h200-1", "gpu-mi300x-1"],
                "nodesFailed": ["gpu-l40s-1"],
            },
        ),
        ("llama-guard-4-12b", {"state": "Failed", "nodesFailed": ["gpu-h200-1"]}),
        ("product-tagger", {"state": "In_Transit"}),
    ],
    ids=["ready", "downloading", "ready on three of four", "failed", "unsupported storage"],
)
def test_models_are_in_every_state_a_page_must_explain(
    cluster: Simulated, name: str, status: Manifest
) -> None:
    models = [each for kind in kinds.MODEL_KINDS for each in cluster.objects.list(kind)]
    assert [each["status"] for each in models if text(each, "metadata", "name") == name] == [status]


def test_the_agents_fill_in_what_they_read_of_a_checkpoint(cluster: Simulated) -> None:
    models = {
        text(each, "metadata", "name"): each
        for each in cluster.objects.list(kinds.CLUSTER_BASE_MODEL)
    }
    spec = models["deepseek-r1"]["spec"]
    assert spec["modelArchitecture"] == "DeepseekV3ForCausalLM"
    assert spec["modelParameterSize"] == "685B"
    assert spec["quantization"] == "fp8"
    assert spec["modelFormat"] == {
        "name": "safetensors", "version": "1.0.0", "operator": "Equal", "weight": 1
    }  # fmt: skip


def test_the_agents_keep_what_omes_agent_keeps_of_a_config_and_no_more(cluster: Simulated) -> None:
    described = facts.describe(json.dumps(LLAMA_8B))
    assert isinstance(described, facts.ModelFacts)
    kept = facts.derived_spec(described, {})["modelConfiguration"]
    llama = cluster.objects.get(kinds.CLUSTER_BASE_MODEL, Key("", "llama-3-3-70b-instruct")) or {}
    summary = llama["spec"]["modelConfiguration"]
    assert {name: type(value) for name, value in summary.items()} == {
        name: type(value) for name, value in kept.items()
    }


def test_a_model_whose_parsing_is_skipped_keeps_its_own_config(cluster: Simulated) -> None:
    model = cluster.objects.get(kinds.CLUSTER_BASE_MODEL, Key("", "qwen3-32b")) or {}
    assert model["spec"]["modelConfiguration"]["num_hidden_layers"] == 64
    assert "config" not in cluster.reported("gpu-h200-1", "clusterbasemodel.qwen3-32b")


def test_nothing_is_younger_than_the_start_or_owned_by_nobody(cluster: Simulated) -> None:
    for kind in kinds.BY_NAME.values():
        for each in cluster.objects.list(kind):
            created = datetime.fromisoformat(text(each, "metadata", "creationTimestamp"))
            assert created.astimezone(UTC) <= START


def test_manifests_name_what_they_refer_to_before_they_refer_to_it() -> None:
    objects = Objects()
    for manifest in company.manifests():
        kind = kinds.BY_NAME[text(manifest, "kind")]
        namespace = text(manifest, "metadata", "namespace")
        known = [text(each, "metadata", "name") for each in objects.list(kinds.NAMESPACE)]
        assert not namespace or namespace in known
        objects.create(kind, manifest)
    assert dig(objects.list(kinds.NODE)[0], "status", "allocatable", "cpu")
