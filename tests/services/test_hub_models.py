"""Repositories of the Hub against a cluster: what OME will make of them, who serves them, what is wrong."""

from collections.abc import Iterator

import pytest

from ome_backend.backend import Backend
from ome_backend.errors import HubUnreachable
from ome_backend.facts import Failure, ModelFacts
from ome_backend.hub.hub import Hub
from ome_backend.resources import kinds
from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.server import Sandbox
from ome_backend.services import hub_checkpoint
from ome_backend.services.hub_models import Standing
from ome_backend.services.import_warnings import warnings
from ome_backend.services.importing import Place
from tests.services.conftest import Connect
from tests.support import builders
from tests.support.hubs import reachable
from tests.support.local_hub import LocalHub, catalogue, people
from tests.support.waiting import eventually

GIB = 2**30


@pytest.fixture
def served() -> Iterator[LocalHub]:
    with reachable() as hub:
        yield hub


@pytest.fixture
def hub(served: LocalHub) -> Hub:
    return Hub(served.url)


@pytest.fixture
def backend(connect: Connect, sandbox: Sandbox) -> Backend:
    """A runtime for Qwen3, one model of the Hub, and a node with eight GPUs of 80 GB."""
    sandbox.objects.create(kinds.CLUSTER_SERVING_RUNTIME, builders.runtime())
    sandbox.objects.create(kinds.CLUSTER_BASE_MODEL, builders.model())
    sandbox.objects.create(kinds.ACCELERATOR_CLASS, accelerator("h100", "80Gi"))
    sandbox.objects.create(kinds.NODE, node("gpu-1", gpu="h100"))
    return connect()


def accelerator(name: str, memory: str) -> Manifest:
    spec = {
        "vendor": "nvidia",
        "discovery": {"nodeSelector": {"gpu": name}},
        "capabilities": {"memoryGB": memory},
    }
    return builders.manifest(kinds.ACCELERATOR_CLASS, name, spec=spec)


def node(name: str, **labels: str) -> Manifest:
    status = {
        "allocatable": {"nvidia.com/gpu": "8", "ephemeral-storage": "100Gi"},
        "conditions": [{"type": "Ready", "status": "True"}],
    }
    return builders.manifest(kinds.NODE, name, metadata={"labels": labels}, status=status)


def standing(backend: Backend, hub: Hub, repo: str) -> Standing:
    repository = hub.repository(repo)
    return backend.hub_models.standing(repository, hub_checkpoint.read(hub, repository))


def told(backend: Backend, hub: Hub, repo: str, *places: Place) -> str:
    """All warnings in one text."""
    repository = hub.repository(repo)
    contents = hub_checkpoint.read(hub, repository)
    found = backend.hub_models.standing(repository, contents)
    return "\n".join(warnings(repository, contents, found, places or (Place("gpu-1", True, None),)))


def test_a_repository_becomes_the_model_that_the_agent_will_make_of_it(
    backend: Backend, hub: Hub
) -> None:
    found = standing(backend, hub, "Qwen/Qwen3-8B")
    assert isinstance(found.facts, ModelFacts)
    assert (found.facts.parameters, found.facts.parameters_from) == (8_199_999_999, "weights")
    assert (found.model.architecture, found.model.size_text) == ("Qwen3ForCausalLM", "8.20B")
    assert found.served == 1


def test_a_runtime_that_does_not_serve_it_says_why(backend: Backend, hub: Hub) -> None:
    found = standing(backend, hub, "Qwen/Qwen2.5-7B-Instruct")
    assert (found.served, found.ranking is not None) == (0, True)
    assert found.ranking
    assert "Qwen2ForCausalLM" in found.ranking.error


@pytest.mark.parametrize("repo", ["Qwen/Qwen3-8B", "qwen/qwen3-8b"])
def test_what_is_installed_is_known_by_its_address(backend: Backend, repo: str) -> None:
    assert [model.key.name for model in backend.hub_models.installed(repo)] == ["qwen3-8b"]
    assert backend.hub_models.installed("Qwen/Qwen3-4B") == ()


@pytest.mark.parametrize(
    ("repo", "answer", "gpus"),
    [("Qwen/Qwen3-8B", "yes", 1), ("Qwen/Qwen2.5-72B-Instruct", "yes", 4)],
)
def test_the_fewest_gpus_that_hold_it_are_told(
    backend: Backend, hub: Hub, repo: str, answer: str, gpus: int
) -> None:
    (fit,) = standing(backend, hub, repo).fits
    assert (fit.accelerator, fit.answer, fit.gpus, fit.there) == ("h100", answer, gpus, 8)


def test_without_access_to_a_gated_configuration_its_architecture_is_known_still(
    backend: Backend, hub: Hub, sandbox: Sandbox
) -> None:
    llama = builders.runtime("srt-llama")
    llama["spec"]["supportedModelFormats"][0]["modelArchitecture"] = "LlamaForCausalLM"
    sandbox.objects.create(kinds.CLUSTER_SERVING_RUNTIME, llama)
    eventually(lambda: len(backend.runtimes.all()) == 2)
    found = standing(backend, hub, catalogue.GATED)
    assert (found.facts, found.ranking, found.likely) == (None, None, 1)
    assert isinstance(
        standing(backend, hub.using(people.READER), catalogue.GATED).facts, ModelFacts
    )


def test_a_list_reads_one_file_a_repository_and_finds_the_same(
    backend: Backend, hub: Hub, served: LocalHub
) -> None:
    repository = hub.repository("Qwen/Qwen3-14B")
    before = len(served.asked)
    glanced = backend.hub_models.standing(repository, hub_checkpoint.glance(hub, repository))
    assert len(served.asked) - before == 1
    whole = standing(backend, hub, "Qwen/Qwen3-14B")
    assert (glanced.fits, glanced.served, glanced.model.raw) == (
        *(whole.fits, whole.served),
        whole.model.raw,
    )


@pytest.mark.parametrize(
    ("repo", "said"),
    [
        (catalogue.CUSTOM_CODE, "--trust-remote-code"),
        (catalogue.CUSTOM_CODE, "No installed runtime serves it"),
        (catalogue.UNKNOWN_QUANTIZATION, "quantization method wizard3"),
        (catalogue.NO_CONFIG, "has no config.json"),
        (catalogue.BROKEN_CONFIG, "cannot read its configuration"),
        (catalogue.UNSAFE, "no safetensors: the weights are pickle files"),
        (catalogue.UNSAFE, "scanners object to pytorch_model.bin"),
        (catalogue.GATED, "It is gated: its authors grant access"),
        ("TheBloke/Llama-2-7B-GGUF", "the weights are GGUF files"),
        ("CohereForAI/c4ai-command-r-v01", "licence (cc-by-nc-4.0)"),
        ("qwen/qwen3-8b", "It is called Qwen/Qwen3-8B by now"),
    ],
)
def test_what_stands_in_the_way_is_said(backend: Backend, hub: Hub, repo: str, said: str) -> None:
    assert said in told(backend, hub, repo)


def test_nothing_is_said_of_a_model_without_trouble(backend: Backend, hub: Hub) -> None:
    assert told(backend, hub, "Qwen/Qwen3-8B") == ""


def test_a_model_larger_than_every_disk_it_would_come_to_is_told(
    backend: Backend, hub: Hub
) -> None:
    small, large = Place("gpu-1", True, 4 * GIB), Place("gpu-2", True, 400 * GIB)
    assert "free disk of every node" in told(backend, hub, "Qwen/Qwen3-8B", small)
    assert "free disk of gpu-1," in told(backend, hub, "Qwen/Qwen3-8B", small, large)
    assert told(backend, hub, "Qwen/Qwen3-8B", large) == ""


def test_a_hub_that_is_gone_is_no_property_of_the_repository(hub: Hub, served: LocalHub) -> None:
    repository = hub.repository("Qwen/Qwen3-8B")
    served.down()
    with pytest.raises(HubUnreachable):
        hub_checkpoint.read(hub, repository)


def test_a_configuration_that_ome_cannot_read_is_its_own_words(backend: Backend, hub: Hub) -> None:
    found = standing(backend, hub, catalogue.BROKEN_CONFIG)
    assert isinstance(found.facts, Failure)
    assert found.ranking is None


@pytest.mark.parametrize(
    ("parameters", "size"),
    [
        ({"BF16": 8_000}, 16_000),
        ({"F8_E4M3": 1_000, "F32": 10}, 1_040),
        ({"I32": 1_000, "F16": 10}, None),
        ({"FP_NEW": 1_000}, None),
        ({}, None),
    ],
    ids=["one type", "two types", "packed", "a type nobody knows", "not told"],
)
def test_what_the_weights_take_on_disk_follows_from_the_hubs_count(
    parameters: dict[str, int], size: int | None
) -> None:
    assert hub_checkpoint.weight_bytes(parameters) == size
