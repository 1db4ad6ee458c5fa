"""OME's recorded readings of configurations come out the same when they are read from the Hub."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from ome_backend import facts
from ome_backend.backend import Backend
from ome_backend.hub.hub import Hub
from ome_backend.services import hub_checkpoint
from ome_backend.services.hub_models import Standing
from tests.facts.test_facts_vectors import interface
from tests.matching.vectors import Comparison, cases
from tests.services.conftest import Connect
from tests.support.hubs import reachable
from tests.support.local_hub import LocalHub
from tests.support.local_hub.stored import FIRST_DAY, StoredCommit, StoredFile, StoredRepository


@pytest.fixture
def served() -> Iterator[LocalHub]:
    with reachable() as hub:
        hub.repositories.clear()
        yield hub


@pytest.fixture
def hub(served: LocalHub) -> Hub:
    return Hub(served.url)


@pytest.fixture
def backend(connect: Connect) -> Backend:
    return connect()


def repository(number: int, files: dict[str, str]) -> StoredRepository:
    """A repository that holds a recorded case's files and nothing else."""
    commit = f"{number:040x}"
    return StoredRepository(
        f"recorded/case-{number}",
        tuple(StoredFile(path, text.encode()) for path, text in files.items()),
        library="diffusers" if hub_checkpoint.PIPELINE in files else "transformers",
        commits=(StoredCommit(commit, "recorded", FIRST_DAY),),
        branches={"main": commit},
    )


def standing(backend: Backend, hub: Hub, repo: str) -> Standing:
    """What the page of a repository stands on."""
    found = hub.repository(repo)
    return backend.hub_models.standing(found, hub_checkpoint.read(hub, found))


@pytest.mark.parametrize(
    ("name", "at_least"), [("oracle-modelconfig", 294), ("oracle-modelconfig-random", 572)]
)
def test_a_repository_becomes_what_ome_made_of_its_configuration(
    backend: Backend, hub: Hub, served: LocalHub, name: str, at_least: int
) -> None:
    comparison = Comparison(name)
    for number, case in enumerate(cases(name)):
        stored = repository(number, case["files"])
        served.repositories[stored.id] = stored
        found = standing(backend, hub, stored.id)
        model, spec = case["expected"]["model"], case["expected"]["spec"]
        if isinstance(found.facts, facts.Failure):
            said = {"panic" if found.facts.crash else "error": found.facts.text}
            told = {way: text.replace("<dir>/", "") for way, text in model.items()}
            comparison.same(case["name"], "failure", said, told)
            continue
        assert found.facts is not None, case["name"]
        expected = {key: value for key, value in model.items() if key != "goType"}
        comparison.same(case["name"], "interface", interface(found.facts), expected)
        written = {key: value for key, value in found.model.raw["spec"].items() if key != "storage"}
        comparison.same(case["name"], "spec", written, spec["spec"])
    comparison.conclude(at_least)


def test_the_hubs_count_of_parameters_becomes_omes_size_text(
    backend: Backend, hub: Hub, served: LocalHub
) -> None:
    comparison = Comparison("oracle-paramcount")
    config = json.dumps({"model_type": "qwen3", "architectures": ["Qwen3ForCausalLM"]})
    for number, case in enumerate(cases("oracle-paramcount")):
        stored = repository(number, {"config.json": config})
        served.repositories[stored.id] = replace(stored, parameters={"BF16": case["count"]})
        found = standing(backend, hub, stored.id)
        comparison.same(case["count"], "text", found.model.size_text, case["value"])
    comparison.conclude(at_least=88)
