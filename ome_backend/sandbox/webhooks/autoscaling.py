"""What OME checks of an InferenceService's autoscaling (wh/isvc/inference_service_validation.go)."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from ome_backend.resources.manifest import Manifest, mapping, text

_OPERATORS = ("GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual")
_AUTH_MODES = ("basic", "tls", "bearer", "custom")
_KEDA = "autoscaling.keda.sh/"


def problem(service: Manifest) -> str:
    """The first thing wrong with the autoscaling of a service, or the empty string."""
    return next(_problems(service), "")


def _class(service: Manifest) -> str:
    return text(service, "metadata", "annotations", "ome.io/autoscalerClass")


def _problems(service: Manifest) -> Iterator[str]:
    annotations = mapping(service, "metadata", "annotations")
    if "ome.io/autoscalerClass" in annotations:
        yield from _class_problems(service, annotations)
    if "ome.io/targetUtilizationPercentage" in annotations:
        yield from _target(str(annotations["ome.io/targetUtilizationPercentage"]))


def _class_problems(service: Manifest, annotations: Manifest) -> Iterator[str]:
    scaler, metric = _class(service), annotations.get("ome.io/metrics")
    if scaler not in ("hpa", "keda", "external"):
        yield f"[{scaler}] is not a supported autoscaler class type"
    if scaler == "hpa" and metric is not None and metric not in ("cpu", "memory"):
        yield f"[{metric}] is not a supported metric"
    if scaler == "keda":
        yield from _keda(mapping(service, "spec", "kedaConfig"), annotations)


def _target(percentage: str) -> Iterator[str]:
    if not re.fullmatch(r"[+-]?[0-9]+", percentage) or not 1 <= int(percentage) <= 100:
        yield "the target utilization percentage should be a [1-100] integer"


def _keda(config: Manifest, annotations: Manifest) -> Iterator[str]:
    yield from _operator(text(config, "scalingOperator"))
    yield from _threshold(text(config, "scalingThreshold"))
    yield from _address(text(config, "promServerAddress"))
    yield from _auth_modes(text(config, "authModes"))
    yield from _operator(text(annotations, _KEDA + "operator"))
    yield from _threshold(text(annotations, _KEDA + "threshold"))
    yield from _address(text(annotations, _KEDA + "prometheus.serverAddress"))


def _operator(value: str) -> Iterator[str]:
    if value and value not in _OPERATORS:
        yield (f'invalid KEDA scaling operator "{value}", must be one of: ' + ", ".join(_OPERATORS))


def _threshold(value: str) -> Iterator[str]:
    if value and not is_float(value):
        yield f'invalid KEDA scaling threshold "{value}": must be a valid number'


def is_float(value: str) -> bool:
    """Go's strconv.ParseFloat takes it; unlike Python's float() it allows no blanks."""
    try:
        float(value)
    except ValueError:
        return False
    return value == value.strip()


def _address(value: str) -> Iterator[str]:
    reason = _address_problem(value) if value else ""
    if reason:
        yield f'invalid KEDA Prometheus server address "{value}": {reason}'


def _address_problem(value: str) -> str:
    if value.startswith(":"):
        return f'parse "{value}": missing protocol scheme'
    blank = re.match(r"[a-z]+://[^/ ]*( )", value)
    if blank:
        return f'parse "{value}": invalid character " " in host name'
    scheme, separator, _ = value.partition(":")
    if not separator or scheme.lower() not in ("http", "https"):
        return "scheme must be http or https"
    return "" if urlsplit(value).netloc else "host is required"


def _auth_modes(value: str) -> Iterator[str]:
    for mode in (each.strip() for each in value.split(",")) if value else ():
        if mode not in _AUTH_MODES:
            yield f'invalid KEDA auth mode "{mode}", must be one of: ' + ", ".join(_AUTH_MODES)
