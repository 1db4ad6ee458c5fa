"""Batches: one answer a line, in order, whatever the line is."""

import io
import json
from typing import Any

import pytest

from ome_backend.cli.main import main
from tests.cli.conftest import Run
from tests.matching import vectors
from tests.support import builders

GOOD = {"objects": [builders.model(), builders.runtime()], "namespace": "demo"}


def lines(*questions: Any) -> str:
    return "".join(f"{json.dumps(each)}\n" for each in questions)


BAD_LINES = {
    "not JSON": ("{", "line 2: column 1: "),
    "not an object": ("[]", 'line 2: expected {"objects"'),
    "no objects": ("{}", 'line 2: expected {"objects"'),
    "an object that is none": ('{"objects": [1]}', "line 2: objects[0] is not an object"),
    "an object without a kind": ('{"objects": [{}]}', "line 2: objects[0]: it names no kind"),
    "a namespace that is none": ('{"objects": [], "namespace": 1}', "line 2: namespace must be"),
    "a number that JSON does not have": ('{"objects": NaN}', "line 2: NaN is not a number"),
    "nested without end": ("[" * 100_000, "line 2: "),
}


@pytest.mark.parametrize("case", BAD_LINES)
def test_a_bad_line_gets_an_error_in_its_place(run: Run, case: str) -> None:
    bad, error = BAD_LINES[case]
    done = run("match", "--batch", given=f"{lines(GOOD)}{bad}\n{lines(GOOD)}")
    first, second, third = done.lines
    assert second["error"].startswith(error)
    assert list(second) == ["error"]
    assert first == third
    assert (done.code, done.err) == (2, "Lines that could not be read: 1.\n")


def test_bytes_that_are_no_text_are_a_bad_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["match", "--batch"], io.BytesIO(b'"\xff"\n')) == 2
    assert json.loads(capsys.readouterr().out) == {"error": "line 1: this is not UTF-8 text"}


def test_answers_come_in_the_order_of_the_questions(run: Run) -> None:
    questions = ({"objects": [builders.model(f"m-{index}")]} for index in range(50))
    done = run("match", "--batch", given=lines(*questions))
    names = [line["results"][0]["model"]["name"] for line in done.lines]
    assert (done.code, names) == (0, [f"m-{index}" for index in range(50)])


def test_a_line_has_the_shape_of_a_single_answer(run: Run) -> None:
    batch = run("match", "--batch", given=lines(GOOD)).lines[0]
    items = {"apiVersion": "v1", "kind": "List", "items": GOOD["objects"]}
    single = run("match", "-f", "-", "--namespace", "demo", "-o", "json", given=items)
    assert batch["results"] == single.results


def test_blank_lines_and_lists_are_taken(run: Run) -> None:
    nested = {"objects": [{"kind": "List", "items": GOOD["objects"]}], "namespace": "demo"}
    done = run("match", "--batch", given=f"\n{lines(GOOD)}  \n{lines(nested)}")
    assert len(done.lines) == 2
    assert done.lines[0] == done.lines[1]


def test_a_batch_takes_no_files(run: Run) -> None:
    done = run("match", "--batch", "-f", "models.yaml")
    assert (done.code, done.out) == (2, "")


def test_strictness_counts_over_all_lines(run: Run) -> None:
    lonely = {"objects": [builders.model()]}
    assert run("match", "--batch", "--strict", given=lines(GOOD, GOOD)).code == 0
    assert run("match", "--batch", "--strict", given=lines(lonely, GOOD)).code == 1


@pytest.mark.parametrize("name", ["oracle-select-random", "oracle-select-matching"])
def test_batches_agree_with_ome(run: Run, name: str) -> None:
    recorded = vectors.cases(name)
    questions = [_question(case["input"]) for case in recorded]
    compared = vectors.Comparison(f"{name} as a batch")
    answers = run("match", "--batch", given=lines(*questions)).lines
    for case, line in zip(recorded, answers, strict=True):
        ranked = [one for one in line["results"][0]["runtimes"] if one["rank"]]
        expected = case["expected"]
        selected = line["results"][0]["selected"]
        compared.same(
            case["name"],
            "selected",
            selected and selected["name"],
            expected["selected"].get("name"),
        )
        if selected:
            order = [(one["name"], one["score"]) for one in expected["compatible"]]
            found = [(one["name"], one["score"]) for one in ranked]
            compared.same(case["name"], "order", found, order)
    compared.conclude(at_least=100)


def _question(given: dict[str, Any]) -> dict[str, Any]:
    service = given["inferenceService"]
    named = {**service, "spec": {**service["spec"], "model": {"name": "m"}}}
    return {"objects": [given["model"], *given["runtimes"], named], "namespace": "demo"}
