"""Which accelerator classes are of use to a new service: those with its model that its runtime lists."""

import pytest

from ome_backend.planning.capacity import class_capacity, node_capacity
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.model import Model
from ome_backend.resources.node import Node
from ome_backend.resources.runtime import Runtime
from ome_backend.services.accelerator_options import Option, options
from pages.components.accelerator_choice import words
from tests.services.test_planner import accelerator
from tests.support import builders

NODES = node_capacity(
    [Node(builders.node(gpu="h100")), Node(builders.node("gpu-2", gpu="a100"))], []
)
CLASSES = [class_capacity(AcceleratorClass(accelerator(name)), NODES) for name in ("a100", "h100")]


def offered(runtime: Runtime | None, *ready: str) -> tuple[Option, ...]:
    return options(CLASSES, NODES, Model(builders.model(ready=ready)), runtime)


def listing(*names: str) -> Runtime:
    return Runtime(builders.runtime(acceleratorRequirements={"acceleratorClasses": list(names)}))


def test_classes_with_the_model_come_first() -> None:
    found = offered(None, "gpu-1")
    assert [(each.name, each.has_model, each.useful) for each in found] == [
        ("h100", True, True),
        ("a100", False, False),
    ]


@pytest.mark.parametrize(
    ("runtime", "listed"),
    [
        pytest.param(None, {"a100", "h100"}, id="no runtime yet"),
        pytest.param(listing("h100"), {"h100"}, id="one listed"),
        pytest.param(listing(), set(), id="none listed, so none accepted"),
    ],
)
def test_ome_takes_only_classes_that_the_runtime_lists(
    runtime: Runtime | None, listed: set[str]
) -> None:
    assert {each.name for each in offered(runtime, "gpu-1", "gpu-2") if each.listed} == listed


def test_what_speaks_against_a_class_is_in_its_words() -> None:
    h100, a100 = offered(listing("h100"), "gpu-1")
    assert words("h100", h100) == "h100 · 8 of 8 GPUs free, at most 8 on one node"
    assert words("a100", a100).startswith(
        "a100 · the model is on none of its nodes · the runtime does not list it"
    )
    assert words("gone", None) == "gone · no such class"
