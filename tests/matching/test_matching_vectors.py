"""Everything OME's own code was seen to answer, answered again."""

import math
from typing import Any

import pytest

from ome_backend.matching import formats, score, selection, size, version
from ome_backend.matching.judgement import judge
from ome_backend.matching.verdict import Ranking
from ome_backend.resources import parameter_count
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime
from tests.matching import vectors
from tests.matching.vectors import Comparison, choice, load, ranked, report_answer, verdict_answer

Answer = Any
Case = dict[str, Any]


def parsed(found: version.Version | None) -> dict[str, Any] | None:
    """A version as the recordings write it."""
    if found is None:
        return None
    return {
        "Major": found.major,
        "MajorPrefix": found.prefix,
        "Minor": found.minor,
        "Patch": found.patch,
        "Pre": list(found.pre) or None,
        "Build": list(found.build) or None,
        "Dev": list(found.dev) or None,
        "Precision": found.precision,
    }


def recorded_version(raw: dict[str, Any]) -> version.Version:
    return version.Version(
        raw["Major"],
        raw["Minor"],
        raw["Patch"],
        pre=tuple(raw["Pre"] or ()),
        build=tuple(raw["Build"] or ()),
        dev=tuple(raw["Dev"] or ()),
        prefix=raw["MajorPrefix"],
        precision=raw["Precision"],
    )


def distance(model: Model, runtime: Runtime) -> Answer:
    found = size.distance(model, runtime)
    return found if math.isfinite(found) else "panic"


def test_recorded_versions_are_parsed_and_compared_alike() -> None:
    comparison = Comparison("go-modelver")
    operations = {"Equal": 0, "GreaterThan": 1}
    for case in vectors.cases("go-modelver"):
        given = case["input"]
        if case["function"] == "Parse":
            actual: Answer = parsed(version.parse(given["s"]))
        else:
            order = version.compare(recorded_version(given["v"]), recorded_version(given["o"]))
            actual = order == operations[case["function"]]
        comparison.same(case["name"], case["function"], actual, case["expected"][0])
    comparison.conclude(at_least=40)


def test_versions_satisfy_operators_as_in_ome() -> None:
    comparison = Comparison("oracle-version")
    for case in vectors.cases("oracle-version"):
        wanted, given = case["runtimeVersion"], case["modelVersion"]
        left, right = version.parse(wanted), version.parse(given)
        comparison.same(case, "parsed", parsed(left), case["runtimeParsed"])
        comparison.same(case, "model refused", right is None, case["modelError"] is not None)
        order = version.compare(left, right) if left and right else None
        comparison.same(case, "order", order, case["compare"] and int(case["compare"]))
        for operator, expected in case["matches"].items():
            comparison.same(case, operator, version.satisfies(wanted, given, operator), expected)
    comparison.conclude(at_least=2000)


def test_sizes_are_read_as_in_ome() -> None:
    comparison = Comparison("oracle-modelsize")
    for case in vectors.cases("oracle-modelsize"):
        actual, expected = parameter_count.parse(case["size"]), float(case["value"])
        same = actual == expected or (math.isnan(actual) and math.isnan(expected))
        comparison.same(case["size"], f"{actual} or {expected}", same, True)
    comparison.conclude(at_least=20)


def test_random_pairs_are_judged_and_scored_as_in_ome() -> None:
    comparison = Comparison("oracle-match-random")
    for case in vectors.cases("oracle-match-random"):
        compare_pair(comparison, case)
    comparison.conclude(at_least=6000)


def compare_pair(comparison: Comparison, case: Case) -> None:
    given, expected, name = case["input"], case["expected"], case["name"]
    model = vectors.model(given["model"], defaults=case["crdDefaults"])
    runtime = vectors.runtime(given["runtime"], defaults=case["crdDefaults"])
    verdict = judge(model, runtime, vectors.service(given.get("inferenceService")))
    comparison.same(name, "report", verdict_answer(verdict), report_answer(expected["details"]))
    comparison.same(name, "score", score.runtime_score(model, runtime), expected["score"])
    panic = isinstance(expected["sizeScore"], dict)
    wanted = "panic" if panic else expected["sizeScore"]
    comparison.same(name, "size score", distance(model, runtime), wanted)
    for named, index in expected["supportedFormatIndex"].items():
        found = score.applicable_format(model, runtime, named=named == "true")
        comparison.same(name, f"format, named {named}", -1 if found is None else found, index)
    compare_formats(comparison, name, model, runtime, expected["formats"])


def compare_formats(
    comparison: Comparison, name: str, model: Model, runtime: Runtime, expected: list[Case]
) -> None:
    comparison.same(name, "number of formats", len(runtime.formats), len(expected))
    for entry, wanted in zip(runtime.formats, expected, strict=True):
        found = formats.mismatches(model.traits, entry.traits)
        comparison.same(name, "matches", not found, wanted["matches"])
        comparison.same(name, "mismatch", formats.wording(found), wanted.get("mismatch", ""))
        own = score.format_score(model.traits, entry, score.own_priority(entry))
        comparison.same(name, "format score", own, wanted["score"])
        plain = score.format_score(model.traits, entry, 1)
        comparison.same(name, "format score", plain, wanted["scoreDefaultPriority"])


@pytest.mark.parametrize("name", ["oracle-select-random", "oracle-select-matching"])
def test_random_sets_are_selected_from_as_in_ome(name: str) -> None:
    comparison = Comparison(name)
    for case in vectors.cases(name):
        compare_selection(comparison, case)
    comparison.conclude(at_least=1500)


def compare_selection(comparison: Comparison, case: Case) -> None:
    given, expected, name = case["input"], case["expected"], case["name"]
    model = vectors.model(given["model"], defaults=case["crdDefaults"])
    runtimes = vectors.runtimes(given["runtimes"], defaults=case["crdDefaults"])
    service = vectors.service(given["inferenceService"])
    ranking = selection.match(model, runtimes, service, namespace="demo")
    compatible = expected["compatible"]
    order = [] if isinstance(compatible, dict) else compatible
    comparison.same(name, "order", ranked(ranking), [choice(one) for one in order])
    compare_choice(comparison, name, ranking, expected["selected"])
    for runtime, wanted in expected["validate"].items():
        found = selection.validate(model, runtime, runtimes, service, namespace="demo")
        error = wanted["validateError"]
        comparison.same(name, runtime, found.error, error["message"] if error else "")
        resolved = selection.resolve(runtime, runtimes, "demo")
        comparison.same(name, runtime, resolved is None, wanted["getError"] is not None)
        cluster = bool(resolved and resolved.cluster_scoped)
        comparison.same(name, runtime, cluster, wanted["isCluster"])


def compare_choice(comparison: Comparison, name: str, ranking: Ranking, expected: Case) -> None:
    chosen = ranking.selected
    if "error" not in expected:
        actual = chosen and (chosen.runtime.key.name, chosen.score, chosen.runtime.cluster_scoped)
        comparison.same(name, "selected", actual, choice(expected))
        comparison.same(name, "error", ranking.error, "")
        return
    comparison.same(name, "selected", chosen, None)
    comparison.same(name, "error", ranking.error, ordered_message(expected["error"]))


def ordered_message(error: Case) -> str:
    """OME's message with the excluded runtimes by name; it lists them in random order."""
    head, mark, _ = error["message"].partition(" Excluded runtimes: ")
    listed = sorted((error.get("excluded") or {}).items())
    return str(head + mark + "; ".join(f"{name} ({reason})" for name, reason in listed))


@pytest.mark.parametrize("name", ["oracle-matrix", "oracle-matrix-mirror"])
def test_the_shipped_runtimes_are_judged_as_in_ome(name: str) -> None:
    comparison = Comparison(name)
    manifests = load(name).get("models") or vectors.catalogue("models")
    models = {file: vectors.model(raw, defaults=True) for file, raw in manifests.items()}
    runtimes = {file: vectors.runtime(raw) for file, raw in vectors.catalogue("runtimes").items()}
    for left, right, cell in vectors.cells(name):
        compare_cell(comparison, models[left], runtimes[right], cell, load(name)["reasons"])
    comparison.conclude(at_least=9000)


def compare_cell(
    comparison: Comparison, model: Model, runtime: Runtime, cell: Case, reasons: list[str]
) -> None:
    name = f"{model.key} on {runtime.key}"
    verdict = judge(model, runtime)
    comparison.same(name, "compatible", verdict.compatible, cell["compatible"])
    texts = [reason.text for reason in verdict.reasons]
    comparison.same(name, "reasons", texts, [reasons[one] for one in cell.get("reason") or []])
    comparison.same(name, "score", score.runtime_score(model, runtime), cell["score"])
    if not cell["compatible"]:
        return
    comparison.same(name, "auto-selectable", verdict.auto_selectable, cell["autoSelect"])
    comparison.same(name, "warnings", list(verdict.warnings), cell["warnings"] or [])
    comparison.same(name, "size score", distance(model, runtime), cell["sizeScore"])
    for named, key in ((True, "formatIndexUser"), (False, "formatIndexAuto")):
        found = score.applicable_format(model, runtime, named=named)
        comparison.same(name, key, -1 if found is None else found, cell[key])
