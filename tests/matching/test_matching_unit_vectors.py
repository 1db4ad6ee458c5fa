"""OME's own unit tests of runtime selection, run against the console's rules."""

from collections.abc import Callable
from typing import Any

from ome_backend.matching import formats, score, selection, size, version
from ome_backend.matching.judgement import judge
from ome_backend.matching.verdict import Ranking, Verdict
from ome_backend.resources import parameter_count
from ome_backend.resources.manifest import Manifest
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime
from ome_backend.resources.supported_format import supported_format
from tests.matching import vectors
from tests.matching.vectors import Comparison, choice, ranked, report_answer, verdict_answer

Case = dict[str, Any]
Pair = tuple[Any, Any]

NOT_EXPRESSIBLE = {"TestValidateModel/nil_model"}  # the console never asks without a model


def test_omes_own_unit_tests_pass() -> None:
    comparison = Comparison("go-runtimeselector")
    for case in vectors.cases("go-runtimeselector"):
        if case["name"] in NOT_EXPRESSIBLE:
            continue
        actual, expected = UNIT[case["function"]](case["input"], case["expected"])
        comparison.same(case["name"], case["function"], actual, expected)
    comparison.conclude(at_least=120)


def unit_pair(given: Case) -> tuple[Model, Runtime]:
    return vectors.model(given["model"]), vectors.runtime(given["runtime"])


def unit_verdict(given: Case) -> Verdict:
    model, runtime = unit_pair(given)
    return judge(model, runtime, vectors.service(given["inferenceService"]))


def unit_details(given: Case, expected: Case) -> Pair:
    return verdict_answer(unit_verdict(given)), report_answer(expected["report"])


def unit_compatible(given: Case, expected: Case) -> Pair:
    return unit_verdict(given).compatible, expected["compatible"]


def unit_matches(given: Case, expected: Case) -> Pair:
    entry = supported_format(given["format"])
    found = formats.mismatches(vectors.model(given["model"]).traits, entry.traits)
    return not found, expected["matches"]


def unit_mismatch(given: Case, expected: Case) -> Pair:
    entry = supported_format(given["format"])
    found = formats.mismatches(vectors.model(given["model"]).traits, entry.traits)
    return formats.wording(found), expected["reason"]


def unit_satisfied(model: Manifest, runtime: Manifest, expected: Case) -> Pair:
    operator = runtime.get("operator") or ""
    found = version.satisfies(runtime["version"], model["version"], operator)
    return found, expected["matches"]


def unit_score(given: Case, expected: Case) -> Pair:
    model, runtime = unit_pair(given)
    return score.runtime_score(model, runtime), expected["score"]


def unit_applicable(given: Case, expected: Case) -> Pair:
    model, runtime = unit_pair(given)
    named = given["userSpecifiedRuntime"]
    index = score.applicable_format(model, runtime, named=named)
    listed = runtime.raw["spec"]["supportedModelFormats"]
    return None if index is None else listed[index], expected["format"]


def unit_size(given: Case, expected: Case) -> Pair:
    return parameter_count.parse(given["sizeStr"]), expected["result"]


def unit_validated(given: Case, expected: Case) -> Pair:
    ranking = selection.match(vectors.model(given["model"]), [], None, namespace="default")
    refused = ranking.error if ranking.error == selection.NO_FORMAT else ""
    return refused, expected["result"]["error"] if expected["result"] else ""


def unit_label(given: Case, expected: Case) -> Pair:
    return formats.label(vectors.model(given["model"]).traits), expected["result"]


def unit_ranking(given: Case) -> Ranking:
    namespace = given.get("namespace") or given["inferenceService"]["metadata"]["namespace"]
    service = vectors.service(given["inferenceService"])
    runtimes = vectors.runtimes(given["runtimes"])
    return selection.match(vectors.model(given["model"]), runtimes, service, namespace=namespace)


def unit_order(given: Case, expected: Case) -> Pair:
    return ranked(unit_ranking(given)), [choice(one) for one in expected["order"] or []]


def unit_selected(given: Case, expected: Case) -> Pair:
    ranking = unit_ranking(given)
    if expected["error"] is None:
        chosen = ranking.selected
        return chosen and chosen.runtime.key.name, expected["selected"]["name"]
    return shuffled(ranking.error), shuffled(expected["error"]["error"])


def shuffled(message: str) -> list[str]:
    """The parts of a message whose excluded runtimes stand in random order."""
    head, _, tail = message.partition(" Excluded runtimes: ")
    return [head, *sorted(tail.split("; "))]


def unit_sorted(given: Case, expected: Case) -> Pair:
    model = vectors.model(given["model"])

    def key(one: Case) -> tuple[int, float, bool, str]:
        gap = size.distance(model, Runtime(one["runtime"] or {}))
        return score.precedence(one["score"], gap, one["isCluster"], one["name"])

    return [one["name"] for one in sorted(given["matches"], key=key)], expected["order"]


def unit_named(given: Case, expected: Case) -> Pair:
    found = selection.validate(
        vectors.model(given["model"]),
        given["runtimeName"],
        vectors.runtimes(given["runtimes"]),
        vectors.service(given["inferenceService"]),
        namespace=given["inferenceService"]["metadata"]["namespace"],
    )
    return found.error, expected["error"]["error"] if expected["error"] else ""


def unit_visible(given: Case, expected: Case) -> Pair:
    found = selection.visible(vectors.runtimes(given["runtimes"]), given["namespace"])
    names: dict[str, list[str]] = {"namespace": [], "cluster": []}
    for one in found:
        names["cluster" if one.cluster_scoped else "namespace"].append(one.key.name)
    return names, expected["order"]


UNIT: dict[str, Callable[[Case, Case], Pair]] = {
    "GetCompatibilityDetails": unit_details,
    "IsCompatible": unit_compatible,
    "compareSupportedModelFormats": unit_matches,
    "getFormatMismatchReason": unit_mismatch,
    "compareModelFormatVersions": lambda given, expected: unit_satisfied(
        given["modelFormat"], given["supportedFormat"], expected
    ),
    "compareModelFrameworkVersions": lambda given, expected: unit_satisfied(
        given["modelFramework"], given["supportedFramework"], expected
    ),
    "CalculateScore": unit_score,
    "GetSupportedModelFormat": unit_applicable,
    "parseModelSize": unit_size,
    "validateModel": unit_validated,
    "getModelFormatLabel": unit_label,
    "GetCompatibleRuntimes": unit_order,
    "SelectRuntime": unit_selected,
    "sortMatches": unit_sorted,
    "ValidateRuntime": unit_named,
    "FetchRuntimes": unit_visible,
}
