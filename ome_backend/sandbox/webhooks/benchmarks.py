"""What OME refuses of a BenchmarkJob (wh/benchmark/benchmark_webhook.go)."""

import re

from ome_backend.resources.manifest import Manifest, dig, items, mapping, text
from ome_backend.sandbox import storage_uri
from ome_backend.sandbox.webhooks.autoscaling import is_float
from ome_backend.sandbox.webhooks.refusal import Refused

_TEXT = r"^N\(\d+,\d+\)\/\(\d+,\d+\)|U\(\d+,\d+\)(?:\/\(\d+,\d+\))?|D\(\d+,\d+\)$"
_PATTERNS = {
    "text-to-text": _TEXT,
    "text-to-embeddings": r"^E\(\d+,\d+\)$",
    "image-to-text": r"^I\(\d+,\d+(?:,\d+)?\)$",
    "image-to-embeddings": r"^I\(\d+,\d+(?:,\d+)?\)$",
}
# OME validates its own built-in scenarios too, and those of text-to-embeddings fail its own pattern.
_BUILT_IN: dict[str, tuple[str, ...]] = {"text-to-embeddings": ("E(64)",)}


def validate(job: Manifest) -> None:
    """Raises Refused with the first problem."""
    spec = mapping(job, "spec")
    message = (
        _prefixed("invalid endpoint", _endpoint(mapping(spec, "endpoint")))
        or _prefixed("invalid traffic scenarios", _scenarios(spec))
        or _prefixed("invalid additional request parameters", _parameters(spec))
        or _prefixed("invalid storage", _storage(spec))
    )
    if message:
        raise Refused(message, webhook="benchmarkjob.ome-webhook-server.validator")


def _prefixed(prefix: str, problem: str) -> str:
    return f"{prefix}: {problem}" if problem else ""


def _endpoint(endpoint: Manifest) -> str:
    given = [name for name in ("inferenceService", "endpoint") if endpoint.get(name) is not None]
    if not given:
        return "endpoint or InferenceService must be specified"
    if len(given) == 2:
        return "endpoint and InferenceService cannot be specified together"
    return ""


def _scenarios(spec: Manifest) -> str:
    task = text(spec, "task")
    for scenario in items(spec, "trafficScenarios") or _BUILT_IN.get(task, ()):
        if not re.search(_PATTERNS.get(task, "$^"), scenario):
            return (
                f"failed to validate scenario '{scenario}': "
                f"invalid scenario format for task '{task}': {scenario}"
            )
    return ""


def _parameters(spec: Manifest) -> str:
    parameters = mapping(spec, "additionalRequestParams")
    temperature = parameters.get("temperature")
    if temperature is not None and not is_float(temperature):
        return f'invalid temperature: strconv.ParseFloat: parsing "{temperature}": invalid syntax'
    if parameters.get("ignore_eos", "true") not in ("true", "false"):
        return "ignore_eos must be 'true' or 'false'"
    return ""


def _storage(spec: Manifest) -> str:
    if spec.get("outputLocation") is None:
        return ""
    uri = dig(spec, "outputLocation", "storageUri")
    if uri is None:
        return "storageUri cannot be empty"
    return _prefixed("error parsing storage URI", storage_uri.problem(str(uri)))
