"""How an accelerator class is chosen, and which nodes it has."""

from typing import Any

import pytest

from ome_backend.matching.accelerators import choose
from ome_backend.matching.accelerators_choice import Considered
from ome_backend.matching.accelerators_nodes import discover
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.node import Node
from tests.matching.accelerator_examples import (
    LARGE,
    SMALL,
    accelerator,
    by_policy,
    runtime,
    service,
)


@pytest.mark.parametrize(
    ("policy", "wanted", "name"),
    [
        pytest.param("FirstAvailable", {}, "large", id="the first of the list"),
        pytest.param("MostCapable", {}, "large", id="the most capable"),
        pytest.param("Cheapest", {}, "small", id="the cheapest"),
        pytest.param("BestFit", {"minMemory": 20}, "small", id="the tightest memory"),
        pytest.param("BestFit", {}, "large", id="the first of equals"),
        pytest.param("Cheapest", {"minMemory": 100}, "large", id="the only one left"),
        pytest.param("Luckiest", {}, None, id="no such policy"),
    ],
)
def test_policies_choose(policy: str, wanted: dict[str, Any], name: str | None) -> None:
    assert by_policy(policy, LARGE, SMALL, **wanted).name == name


@pytest.mark.parametrize(
    ("tiers", "chosen"),
    [
        pytest.param(["high", "Medium", "low"], "low", id="low before medium before high"),
        pytest.param(["high", "odd"], "odd", id="an unknown tier counts as medium"),
        pytest.param(["medium", "odd"], "medium", id="the first of equals"),
    ],
)
def test_tiers_decide_where_nobody_has_a_price(tiers: list[str], chosen: str) -> None:
    classes = [accelerator(tier, cost={"tier": tier}) for tier in tiers]
    assert by_policy("Cheapest", *classes).name == chosen


def test_what_was_considered_comes_with_reasons_and_scores() -> None:
    choice = by_policy("Cheapest", LARGE, SMALL, accelerator("free"), maxMemory=100)
    assert choice.considered == (
        Considered("large", False, "memory 141GB > max allowed 100GB"),
        Considered("small", True, score=1.0),
        Considered("free", True),
    )


@pytest.mark.parametrize(
    ("selector", "engine", "name"),
    [
        pytest.param({"acceleratorClass": "small"}, None, "small", id="by the selector"),
        pytest.param(
            {"acceleratorClass": "small"},
            {"acceleratorClass": "large"},
            "large",
            id="by the override",
        ),
        pytest.param(
            {"acceleratorClass": "small", "policy": "FirstAvailable"},
            {"acceleratorClass": ""},
            "large",
            id="an empty class in the override leaves it to the policy",
        ),
        pytest.param(
            {"policy": "Cheapest"},
            {"policy": "FirstAvailable"},
            "large",
            id="by the override's policy",
        ),
        pytest.param({}, None, None, id="nothing is asked"),
    ],
)
def test_names_come_before_policies_and_overrides_before_selectors(
    selector: dict[str, Any], engine: dict[str, Any] | None, name: str | None
) -> None:
    asked = service(selector, engine)
    choice = choose(asked, runtime("large", "small"), "engine", {"large": LARGE, "small": SMALL})
    assert (choice.name, choice.error) == (name, "")


def test_a_named_class_that_does_not_exist_is_an_error() -> None:
    choice = choose(service({"acceleratorClass": "ghost"}), runtime("large"), "engine", {})
    assert (choice.name, choice.error, choice.panics) == (
        None,
        "accelerator class ghost not found at cluster scope",
        False,
    )


def test_best_fit_without_constraints_is_a_problem_of_configuration() -> None:
    known = {"large": LARGE, "small": SMALL}
    asked = service({"policy": "BestFit"})
    choice = choose(asked, runtime("large", "small"), "engine", known)
    assert (choice.name, choice.panics) == (None, True)
    assert "the controller panics here" in choice.error
    assert choice.warnings[0].startswith("Configuration problem: the controller panics here")
    assert choose(asked, runtime("small"), "engine", known).name == "small"


def node(name: str, memory: str | None, **labels: str) -> Node:
    capacity = {} if memory is None else {"memory": memory}
    return Node({"metadata": {"name": name, "labels": labels}, "status": {"capacity": capacity}})


def test_nodes_are_found_by_labels_and_system_memory() -> None:
    nodes = [
        node("b", "1Ti", gpu="yes"),
        node("a", "80Gi", gpu="yes"),
        node("other", "1Ti", gpu="no"),
        node("unlabelled", "1Ti"),
        node("small", "64Gi", gpu="yes"),
        node("unknown", None, gpu="yes"),
    ]
    found = discover(accelerator("h100"), nodes)
    assert found.nodes == ("a", "b")
    assert found.warnings == (
        "OME compares memoryGB (80Gi) with the system memory of a node, not with its GPU memory; "
        "therefore small, unknown does not count although the labels fit.",
    )


def test_an_empty_discovery_matches_every_node() -> None:
    anywhere = AcceleratorClass({"metadata": {"name": "any"}, "spec": {"discovery": {}}})
    found = discover(anywhere, [node("b", None), node("a", "1Gi", gpu="no")])
    assert found.nodes == ("a", "b")
    assert "it matches every node" in found.warnings[0]
    named = choose(
        service({"acceleratorClass": "any"}), runtime("any"), "engine", {"any": anywhere}
    )
    assert named.warnings == found.warnings


def test_an_empty_label_fits_a_missing_one() -> None:
    empty = {"spec": {"discovery": {"nodeSelector": {"gpu": ""}}}}
    assert discover(AcceleratorClass(empty), [node("a", None)]).nodes == ("a",)
