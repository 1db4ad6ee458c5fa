"""What OME's own code was seen to choose of accelerator classes, chosen again."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from ome_backend.matching import accelerators
from ome_backend.matching import accelerators_score as score
from ome_backend.matching.accelerators_asked import Constraints, constraints
from ome_backend.matching.accelerators_choice import Choice
from ome_backend.matching.accelerators_eligible import refusal
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.manifest import Manifest
from ome_backend.resources.quantity import quantity
from ome_backend.resources.runtime import Runtime
from tests.matching import vectors
from tests.matching.vectors import Comparison

Case = dict[str, Any]
Pair = tuple[Any, Any]


def test_random_services_get_the_class_ome_gives_them() -> None:
    comparison = Comparison("oracle-accelerator-random")
    for case in vectors.cases("oracle-accelerator-random"):
        compare_case(comparison, case)
    comparison.conclude(at_least=4000)


def test_omes_own_unit_tests_of_accelerator_classes_pass() -> None:
    comparison = Comparison("go-acceleratorclassselector")
    for case in vectors.cases("go-acceleratorclassselector"):
        actual, expected = UNIT[case["function"]](case["input"], case["expected"])
        comparison.same(case["name"], case["function"], actual, expected)
    comparison.conclude(at_least=98)


def by_name(raw: Iterable[Manifest]) -> dict[str, AcceleratorClass]:
    return {one.key.name: one for one in map(AcceleratorClass, raw)}


def compare_case(comparison: Comparison, case: Case) -> None:
    given, expected, name = case["input"], case["expected"], case["name"]
    service, runtime = InferenceService(given["inferenceService"]), Runtime(given["runtime"])
    classes = by_name(given["acceleratorClasses"])
    for component in ("engine", "decoder"):
        found = accelerators.choose(service, runtime, component, classes)
        comparison.same(name, component, answer(found), recorded(expected[component]))
    selector = service.raw["spec"].get("acceleratorSelector") or {}
    compare_classes(
        comparison, name, constraints(selector.get("constraints")), classes, expected["classes"]
    )


def compare_classes(
    comparison: Comparison,
    name: str,
    wanted: Constraints | None,
    classes: Mapping[str, AcceleratorClass],
    expected: Mapping[str, Case],
) -> None:
    precisions = wanted.precisions if wanted else ()
    eligible = [one for one in classes.values() if not refusal(one, wanted)]
    best = score.largest([score.strength(one, precisions) for one in eligible])
    for key, one in classes.items():
        reason = refusal(one, wanted)
        comparison.same(name, f"{key} reason", reason, expected[key]["reason"])
        comparison.same(name, f"{key} eligible", not reason, expected[key]["eligible"])
        capability = score.capability(score.strength(one, precisions), best)
        comparison.same(name, f"{key} capability", capability, expected[key]["capability"])
        fit = score.best_fit(one, wanted) if wanted else None
        comparison.same(name, f"{key} best fit", fit, expected[key].get("bestFit"))


def answer(found: Choice) -> Any:
    return "panic" if found.panics else (found.name, found.error)


def recorded(expected: Case) -> Any:
    """An outcome as `answer` writes it; with an error OME also names what it looked for."""
    if "panic" in expected:
        return "panic"
    if expected["error"]:
        return None, expected["error"]["message"]
    return expected["name"] or None, ""


def unit_class(given: Case) -> AcceleratorClass:
    return AcceleratorClass(given["candidate"])


def unit_performance(given: Case) -> AcceleratorClass:
    return AcceleratorClass({"spec": {"capabilities": {"performance": given["perf"]}}})


def unit_constraints(given: Case) -> Constraints:
    found = constraints(given["constraints"])
    assert found is not None
    return found


def unit_fetched(given: Case, expected: Case) -> Pair:
    """A class by name; the recording tells which classes there were only by what was found."""
    name, there = given["name"], expected["object"]
    classes = by_name([{"metadata": {"name": there}}] if there else [])
    service = InferenceService({"spec": {"acceleratorSelector": {"acceleratorClass": name}}})
    runtime = Runtime({"spec": {"acceleratorRequirements": {"acceleratorClasses": [name]}}})
    found = accelerators.choose(service, runtime, "engine", classes)
    return answer(found), (there, (expected["error"] or {"error": ""})["error"])


def unit_eligible(given: Case, expected: Case) -> Pair:
    reason = refusal(unit_class(given), constraints(given["constraints"]))
    return (not reason, reason), (expected["eligible"], expected["reason"])


def unit_filtered(given: Case, expected: Case) -> Pair:
    wanted = constraints(given["constraints"])
    candidates = map(AcceleratorClass, given["candidates"])
    return [one.key.name for one in candidates if not refusal(one, wanted)], expected["names"]


def unit_selected(policy: str) -> Callable[[Case, Case], Pair]:
    def pair(given: Case, expected: Case) -> Pair:
        raw = given.get("constraints")
        if policy == accelerators.MOST_CAPABLE:
            raw = {"preferredPrecisions": given["preferredPrecisions"]}
        candidates = [AcceleratorClass(one) for one in given["candidates"]]
        found = accelerators.select(policy, candidates, constraints(raw))
        return found and found.key.name, expected["selected"]

    return pair


def unit_by_policy(given: Case, expected: Case) -> Pair:
    service, runtime = InferenceService(given["inferenceService"]), Runtime(given["runtime"])
    found = accelerators.choose(service, runtime, "engine", by_name(given["candidates"]))
    assert found.policy == given["acceleratorPolicy"]
    return found.name, expected["selected"]


def unit_capability(given: Case, expected: Case) -> Pair:
    """The maxima are not in the recording; in these tests they are the class's own numbers."""
    own = score.strength(unit_class(given), given["preferredPrecisions"])
    return score.capability(own, score.largest([own])), expected["value"]


def unit_compared(given: Case, expected: Case) -> Pair:
    left, right = quantity(given["cost1"]), quantity(given["cost2"])
    assert isinstance(left, Decimal)
    assert isinstance(right, Decimal)
    return int(left.compare(right)), expected["value"]


def unit_fastest(given: Case, expected: Case) -> Pair:
    found = unit_performance(given)
    return max(map(found.operations, score.MEASURES.values())), expected["value"]


UNIT: dict[str, Callable[[Case, Case], Pair]] = {
    "GetAcceleratorClass": unit_fetched,
    "meetsRequirements": unit_eligible,
    "filterCandidates": unit_filtered,
    "selectBestFit": unit_selected(accelerators.BEST_FIT),
    "selectCheapest": unit_selected(accelerators.CHEAPEST),
    "selectMostCapable": unit_selected(accelerators.MOST_CAPABLE),
    "getAcceleratorClassByPolicy": unit_by_policy,
    "scoreFromTFLOPS": lambda given, expected: (
        score.share(given["tflops"], given["requiredTFLOPS"]),
        expected["value"],
    ),
    "getTFLOPSForPrecision": lambda given, expected: (
        score.operations(unit_performance(given), given["precision"]),
        expected["value"],
    ),
    "getMaxTFLOPS": unit_fastest,
    "calculateMemoryFitScore": lambda given, expected: (
        score.memory_fit(unit_class(given), unit_constraints(given)),
        expected["value"],
    ),
    "calculateComputePerformanceTFLOPSScore": lambda given, expected: (
        score.performance_fit(unit_class(given), unit_constraints(given)),
        expected["value"],
    ),
    "calculateBestFitScore": lambda given, expected: (
        score.best_fit(unit_class(given), unit_constraints(given)),
        expected["value"],
    ),
    "calculateCapabilityScore": unit_capability,
    "compareCosts": unit_compared,
}
