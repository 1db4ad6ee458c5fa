"""The lines for lists and answers: they print what the page shows, whatever narrowed it."""

import json

import pytest

from ome_backend.editing.view_commands import MOST_NAMED, answered, listed
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.sandbox.server import Sandbox
from tests.support import builders
from tests.support.terminal import Run

MODELS = [Key("", "a"), Key("demo", "own"), Key("", "b"), Key("team", "own")]
ALL = ("kubectl get basemodels.ome.io,clusterbasemodels.ome.io -A",)


@pytest.mark.parametrize(
    ("keys", "namespace", "narrowed", "expected"),
    [
        pytest.param(MODELS, "", False, ALL, id="all of them"),
        pytest.param(
            MODELS,
            "demo",
            False,
            ("kubectl get basemodels.ome.io,clusterbasemodels.ome.io -n demo",),
            id="of one namespace, and of none",
        ),
        pytest.param(
            MODELS,
            "",
            True,
            (
                "kubectl get clusterbasemodels.ome.io a b",
                "kubectl get basemodels.ome.io own -n demo",
                "kubectl get basemodels.ome.io own -n team",
            ),
            id="what a filter left, by name",
        ),
        pytest.param([], "", True, ALL, id="a filter left nothing"),
        pytest.param(
            [Key("", f"m{number}") for number in range(MOST_NAMED + 1)],
            "",
            True,
            ALL,
            id="a filter left too many to name",
        ),
    ],
)
def test_a_list_is_printed_as_it_is_shown(
    keys: list[Key], namespace: str, narrowed: bool, expected: tuple[str, ...]
) -> None:
    assert listed(kinds.MODEL_KINDS, keys, namespace=namespace, narrowed=narrowed) == expected


def test_an_answer_is_asked_of_a_context_or_of_what_kubectl_reads() -> None:
    asked = (kinds.NODE, kinds.POD)
    assert answered("doctor", asked, context="a b", namespace="demo") == (
        "python -m ome_backend doctor --namespace demo --context 'a b'"
    )
    assert answered("plan", asked, ["--model", "m"], context="", namespace="") == (
        "kubectl get nodes,pods -A -o yaml | python -m ome_backend plan --model m -f -"
    )


def test_kubectl_prints_the_list(sandbox: Sandbox, kubectl: Run) -> None:
    for name, namespace in (("a", ""), ("b", ""), ("own", "demo"), ("other", "demo")):
        model = builders.model(name, namespace=namespace)
        sandbox.objects.create(kinds.BY_NAME[model["kind"]], model)
    lines = listed(
        kinds.MODEL_KINDS, [Key("demo", "own"), Key("", "a")], namespace="", narrowed=True
    )
    printed = [line.split()[0] for each in lines for line in kubectl(each).splitlines()]
    assert [name for name in printed if name not in ("NAME", "NAMESPACE")] == ["a", "own"]


def test_an_answer_over_what_kubectl_reads(sandbox: Sandbox, kubectl: Run) -> None:
    for each in (builders.model(), builders.runtime()):
        sandbox.objects.create(kinds.BY_NAME[each["kind"]], each)
    asked = (*kinds.MODEL_KINDS, *kinds.RUNTIME_KINDS)
    line = answered("match", asked, ["-o", "json"], context="", namespace="demo")
    (result,) = json.loads(kubectl(line))["results"]
    assert result["selected"]["name"] == "srt-qwen3"
