"""Pairs of models and runtimes as a namespace sees them, and what would change them."""

from typing import Any

import pytest

from ome_backend.backend import Backend
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime
from ome_backend.sandbox.server import Sandbox
from ome_backend.services.compatibility import nearness
from ome_backend.services.trial import Facts, facts_of, try_out
from tests.services.conftest import Connect
from tests.support import builders

MODEL, RUNTIME = Key("", "qwen3-8b"), Key("", "srt-qwen3")
SMALL = builders.runtime("srt-small", modelSizeRange={"min": "1B", "max": "3B"})


def backend(connect: Connect, sandbox: Sandbox, *more: Manifest) -> Backend:
    by_name = {each.name: each for each in kinds.OME_KINDS}
    for manifest in (builders.model(), builders.runtime(), SMALL, *more):
        sandbox.objects.create(by_name[manifest["kind"]], manifest)
    return connect()


@pytest.mark.parametrize(
    ("namespace", "rank"), [("", 1), ("demo", 2), ("other", 1)], ids=["cluster", "own", "other"]
)
def test_a_namespace_with_runtimes_of_its_own_has_its_own_ranks(
    namespace: str, rank: int, connect: Connect, sandbox: Sandbox
) -> None:
    own = builders.runtime("own", namespace="demo")
    found = backend(connect, sandbox, own).compatibility.matrix(namespace)
    verdict = found.verdict(MODEL, RUNTIME)
    assert verdict is not None
    assert verdict.rank == rank
    assert (Key("demo", "own") in {each.key for each in found.runtimes}) == (namespace == "demo")


def test_the_nearest_models_of_a_runtime_come_with_ways_that_help(
    connect: Connect, sandbox: Sandbox
) -> None:
    far = builders.model("far", modelArchitecture="Other", modelParameterSize="9B")
    (nearest,) = backend(connect, sandbox, far).compatibility.nearly_served(Runtime(SMALL))
    assert (nearest.model.key, nearest.differences) == (MODEL, 1)
    assert nearest.remedies


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        pytest.param({"modelParameterSize": "2B"}, (False, 0), id="fits"),
        pytest.param({}, (False, 1), id="size"),
        pytest.param({"modelArchitecture": "Other"}, (True, 2), id="size and architecture"),
    ],
)
def test_nearness_counts_what_differs(spec: dict[str, Any], expected: tuple[bool, int]) -> None:
    assert nearness(Model(builders.model(**spec)), Runtime(SMALL)) == expected


def test_a_trial_shows_the_ranking_after_a_change_and_its_patch(
    connect: Connect, sandbox: Sandbox
) -> None:
    found = backend(connect, sandbox)
    view = found.models.get(MODEL)
    assert view is not None
    trial = try_out(view.model, Facts(**_facts(view.model) | {"size": "2B"}), found.runtimes)
    assert sum(each.compatible for each in trial.found.before.verdicts) == 1
    assert sum(each.compatible for each in trial.found.after.verdicts) == 2
    (edit,) = trial.edits
    assert edit.patch == ({"op": "replace", "path": "/spec/modelParameterSize", "value": "2B"},)


def test_a_trial_of_what_is_declared_already_changes_nothing(
    connect: Connect, sandbox: Sandbox
) -> None:
    found = backend(connect, sandbox)
    model = Model(builders.model())
    assert try_out(model, facts_of(model), found.runtimes).edits == ()


def _facts(model: Model) -> dict[str, str]:
    held = facts_of(model)
    return {name: getattr(held, name) for name in Facts.__slots__}
