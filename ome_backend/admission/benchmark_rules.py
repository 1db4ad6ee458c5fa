"""What OME refuses of a BenchmarkJob (wh/benchmark/benchmark_webhook.go)."""

import re
from collections.abc import Iterable, Iterator

from ome_backend.admission.go_number import float_problem
from ome_backend.admission.known import Known
from ome_backend.admission.refusal import Answer
from ome_backend.errors import FieldProblem
from ome_backend.facts import storage_uri
from ome_backend.resources.kind import Kind
from ome_backend.resources.manifest import Manifest, dig, mapping, text
from ome_backend.resources.optional import optional_text, texts
from ome_backend.schema.go_text import quote

_TEXT = r"^N\(\d+,\d+\)\/\(\d+,\d+\)|U\(\d+,\d+\)(?:\/\(\d+,\d+\))?|D\(\d+,\d+\)$"
"""As OME writes it: the anchors belong to the first and the last alternative alone."""
_IMAGE = r"^I\(\d+,\d+(?:,\d+)?\)$"
_PATTERNS = {
    "text-to-text": _TEXT,
    "text-to-embeddings": r"^E\(\d+,\d+\)$",
    "image-to-text": _IMAGE,
    "image-to-embeddings": _IMAGE,
}
# OME validates its own built-in scenarios too, and those of text-to-embeddings fail its own pattern.
_BUILT_IN: dict[str, tuple[str, ...]] = {"text-to-embeddings": ("E(64)",)}


def validate(_kind: Kind, job: Manifest, _known: Known) -> Answer:
    """What OME answers. The service that is to be measured need not exist."""
    spec = mapping(job, "spec")
    found = (
        *_prefixed("invalid endpoint", endpoint(mapping(spec, "endpoint"))),
        *_prefixed(
            "invalid traffic scenarios",
            scenarios(text(spec, "task"), texts(spec, "trafficScenarios")),
        ),
        *_prefixed(
            "invalid additional request parameters",
            parameters(mapping(spec, "additionalRequestParams")),
        ),
        *_prefixed("invalid storage", storage(dig(spec, "outputLocation"))),
    )
    return Answer(found)


def endpoint(given: Manifest) -> Iterator[FieldProblem]:
    """Either a service or an address."""
    named = [name for name in ("inferenceService", "endpoint") if given.get(name) is not None]
    if not named:
        message = "endpoint or InferenceService must be specified"
        yield FieldProblem("spec.endpoint", message)
    if len(named) == 2:
        message = "endpoint and InferenceService cannot be specified together"
        yield FieldProblem("spec.endpoint", message)


def scenarios(task: str, given: tuple[str, ...]) -> Iterator[FieldProblem]:
    """Every scenario must have the form that the task wants."""
    for index, scenario in enumerate(given or _BUILT_IN.get(task, ())):
        if not re.search(_PATTERNS.get(task, "$^"), scenario, re.ASCII):
            message = (
                f"failed to validate scenario '{scenario}': "
                f"invalid scenario format for task '{task}': {scenario}"
            )
            place = f"spec.trafficScenarios[{index}]" if given else "spec.trafficScenarios"
            yield FieldProblem(place, message)


def parameters(given: Manifest) -> Iterator[FieldProblem]:
    """All parameters are text; OME reads two of them."""
    temperature = optional_text(given, "temperature")
    wrong = float_problem(temperature) if temperature is not None else ""
    if wrong:
        message = (
            f"invalid temperature: strconv.ParseFloat: parsing {quote(temperature or '')}: {wrong}"
        )
        yield FieldProblem("spec.additionalRequestParams.temperature", message)
    if given.get("ignore_eos", "true") not in ("true", "false"):
        message = "ignore_eos must be 'true' or 'false'"
        yield FieldProblem("spec.additionalRequestParams.ignore_eos", message)


def storage(location: object) -> Iterator[FieldProblem]:
    """Where the results go, if they are kept."""
    if not isinstance(location, dict):
        return
    uri = optional_text(location, "storageUri")
    wrong = storage_uri.problem(uri) if uri is not None else ""
    if uri is None:
        yield FieldProblem("spec.outputLocation", "storageUri cannot be empty")
    elif wrong:
        message = f"error parsing storage URI: {wrong}"
        yield FieldProblem("spec.outputLocation.storageUri", message)


def _prefixed(prefix: str, problems: Iterable[FieldProblem]) -> Iterator[FieldProblem]:
    for each in problems:
        yield FieldProblem(each.path, f"{prefix}: {each.message}")
