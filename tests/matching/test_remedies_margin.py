"""What decided a choice, and how it would go after a change."""

import pytest

from ome_backend.errors import Invalid
from ome_backend.matching.margin import margin
from ome_backend.matching.patching import Edit
from ome_backend.matching.selection import match
from ome_backend.matching.what_if import what_if
from ome_backend.resources.runtime import Runtime
from tests.matching.examples import entry, model, runtime, service, size_range


@pytest.mark.parametrize(
    ("runtimes", "by", "sentence"),
    [
        pytest.param(
            [runtime("a", entry(priority=9)), runtime("own", namespace="demo")],
            "namespace",
            "a comes second because runtimes of the namespace come before cluster-wide ones, and "
            "demo/own is one.",
            id="namespace",
        ),
        pytest.param(
            [runtime("a"), runtime("b", entry(priority=2))],
            "score",
            "a comes second because it scores 15 and b scores 30.",
            id="score",
        ),
        pytest.param(
            [
                runtime("a", modelSizeRange=size_range("1B", "90B")),
                runtime("b", modelSizeRange=size_range("7B", "9B")),
            ],
            "size",
            "a comes second because the scores are equal and the size range of b (7B to 9B) is "
            "closer to 8B.",
            id="size",
        ),
        pytest.param(
            [runtime("a", modelSizeRange=size_range("7B", "9B")), runtime("b")],
            "size",
            "a comes second because b has no size range, which counts as a perfect fit.",
            id="no size range",
        ),
        pytest.param(
            [runtime("b"), runtime("a")],
            "name",
            "b comes second because everything else is equal and a comes first by name.",
            id="name",
        ),
    ],
)
def test_what_decided_is_said_in_one_sentence(
    runtimes: list[Runtime], by: str, sentence: str
) -> None:
    ranking = match(model(), runtimes, namespace="demo")
    found = margin(ranking, model())
    assert found is not None
    assert (found.by, found.sentence) == (by, sentence)
    assert (found.winner, found.runner_up) == ranking.verdicts[:2]


@pytest.mark.parametrize(
    "runtimes",
    [
        pytest.param([runtime("only"), runtime("off", disabled=True)], id="nobody else"),
        pytest.param([], id="nobody at all"),
        pytest.param(
            [runtime("a"), runtime("b"), runtime("bad", modelSizeRange={"min": "1B"})], id="a crash"
        ),
    ],
)
def test_without_a_choice_between_two_there_is_no_margin(runtimes: list[Runtime]) -> None:
    assert margin(match(model(), runtimes, namespace="demo"), model()) is None


def test_a_change_is_tried_out_on_copies() -> None:
    off, on = runtime("off", disabled=True), runtime("on", namespace="demo")
    enable = Edit(off.ref, ({"op": "replace", "path": "/spec/disabled", "value": False},))
    disable = Edit(on.ref, ({"op": "add", "path": "/spec/disabled", "value": True},))
    found = what_if(model(), [off, on], None, "demo", [enable, disable])
    assert found.before.selected is not None
    assert found.after.selected is not None
    assert found.before.selected.runtime is on
    assert found.after.selected.runtime.ref == off.ref
    assert off.raw["spec"]["disabled"] is True


def test_changes_of_model_and_service_count_too() -> None:
    asking = service(acceleratorSelector={"acceleratorClass": "h100"})
    vague = model(modelArchitecture=None)
    edits = [
        Edit(asking.ref, ({"op": "remove", "path": "/spec/acceleratorSelector"},)),
        Edit(
            vague.ref,
            ({"op": "add", "path": "/spec/modelArchitecture", "value": "LlamaForCausalLM"},),
        ),
        Edit(runtime("elsewhere").ref, ({"op": "remove", "path": "/nowhere"},)),
    ]
    found = what_if(vague, [runtime()], asking, "demo", edits)
    assert (found.before.selected, found.after.error) == (None, "")


def test_a_patch_that_does_not_apply_is_refused() -> None:
    known = runtime()
    with pytest.raises(Invalid, match="does not apply"):
        what_if(
            model(), [known], None, "demo", [Edit(known.ref, ({"op": "remove", "path": "/x"},))]
        )
