"""What the console proposes where a model's size keeps it from a runtime."""

import pytest

from ome_backend.matching.remedies import remedies
from ome_backend.matching.remedies_size import respelled
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime
from tests.matching.examples import model, runtime, size_range
from tests.matching.remedy_examples import MODEL, RUNTIME, operations


@pytest.mark.parametrize(
    ("given", "offered", "expected"),
    [
        pytest.param(
            model(modelParameterSize="70B"),
            runtime(modelSizeRange=size_range("1B", "9B")),
            [[f"{RUNTIME}: replace /spec/modelSizeRange/max = 70B"]],
            id="too large",
        ),
        pytest.param(
            model(modelParameterSize="500M"),
            runtime(modelSizeRange=size_range("1B", "9B")),
            [[f"{RUNTIME}: replace /spec/modelSizeRange/min = 500M"]],
            id="too small",
        ),
        pytest.param(
            model(modelParameterSize="7b"),
            runtime(modelSizeRange=size_range("1B", "9B")),
            [[f"{MODEL}: replace /spec/modelParameterSize = 7B"]],
            id="a size OME cannot read",
        ),
        pytest.param(
            model(modelParameterSize="70 billion"),
            runtime(modelSizeRange=size_range("1B", "9B")),
            [
                [
                    f"{MODEL}: replace /spec/modelParameterSize = 70B",
                    f"{RUNTIME}: replace /spec/modelSizeRange/max = 70B",
                ]
            ],
            id="a size OME cannot read and too large",
        ),
        pytest.param(
            model(modelParameterSize="large"),
            runtime(modelSizeRange=size_range("1B", "9B")),
            [[f"{MODEL}: remove /spec/modelParameterSize"]],
            id="a size nobody can read",
        ),
        pytest.param(
            model(),
            runtime(modelSizeRange=size_range("1B", "9b")),
            [[f"{RUNTIME}: replace /spec/modelSizeRange/max = 9B"]],
            id="a bound OME cannot read",
        ),
        pytest.param(
            model(),
            runtime(modelSizeRange={"max": "9B"}),
            [
                [f"{RUNTIME}: add /spec/modelSizeRange/min = 0B"],
                [f"{RUNTIME}: remove /spec/modelSizeRange"],
            ],
            id="no lower bound",
        ),
        pytest.param(
            model(),
            runtime(modelSizeRange={"min": "1B"}),
            [
                [f"{RUNTIME}: add /spec/modelSizeRange/max = 8B"],
                [f"{RUNTIME}: remove /spec/modelSizeRange"],
            ],
            id="no upper bound",
        ),
    ],
)
def test_sizes_and_ranges_are_brought_together(
    given: Model, offered: Runtime, expected: list[list[str]]
) -> None:
    assert [operations(remedy) for remedy in remedies(given, offered)] == expected


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("7b", "7B"),
        ("7 B", "7B"),
        ("98.30K", "0.0983M"),
        ("1.5 trillion", "1.5T"),
        ("70 Billion", "70B"),
        ("7B", None),
        ("large", None),
        ("", None),
        ("0b", None),
    ],
)
def test_sizes_are_respelled_so_that_ome_reads_them(written: str, meant: str | None) -> None:
    assert respelled(written) == meant
