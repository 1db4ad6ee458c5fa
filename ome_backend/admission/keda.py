"""What OME checks of autoscaling by KEDA (wh/isvc/inference_service_validation.go).

Every function gives the text of one check, empty when the value passes. OME makes them only of
values that are not empty.
"""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from ome_backend.admission.go_number import float_problem
from ome_backend.errors import FieldProblem
from ome_backend.resources.manifest import Manifest, mapping, text
from ome_backend.schema.go_text import quote

_OPERATORS = ("GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual")
_AUTH_MODES = ("basic", "tls", "bearer", "custom")
_PREFIX = "autoscaling.keda.sh/"


def problems(service: Manifest) -> Iterator[FieldProblem]:
    """Of a service that KEDA scales: its kedaConfig, then the annotations."""
    config = mapping(service, "spec", "kedaConfig")
    for field, check in _CONFIG.items():
        yield from _found(f"spec.kedaConfig.{field}", check, text(config, field))
    annotations = mapping(service, "metadata", "annotations")
    for field, check in _ANNOTATIONS.items():
        yield from _found(f"metadata.annotations[{field}]", check, text(annotations, field))


def operator(value: str) -> str:
    if value in _OPERATORS:
        return ""
    return f"invalid KEDA scaling operator {quote(value)}, must be one of: {', '.join(_OPERATORS)}"


def threshold(value: str) -> str:
    if not float_problem(value):
        return ""
    return f"invalid KEDA scaling threshold {quote(value)}: must be a valid number"


def address(value: str) -> str:
    reason = _address(value)
    return f"invalid KEDA Prometheus server address {quote(value)}: {reason}" if reason else ""


def auth_modes(value: str) -> str:
    modes = [each.strip() for each in value.split(",")] if value else []
    strange = next((mode for mode in modes if mode not in _AUTH_MODES), None)
    if strange is None:
        return ""
    return f"invalid KEDA auth mode {quote(strange)}, must be one of: {', '.join(_AUTH_MODES)}"


def _found(path: str, check: Callable[[str], str], value: str) -> Iterator[FieldProblem]:
    said = check(value) if value else ""
    if said:
        yield FieldProblem(path, said)


def _address(value: str) -> str:
    if value.startswith(":"):
        return f"parse {quote(value)}: missing protocol scheme"
    if re.match(r"[a-z]+://[^/ ]* ", value):
        return f'parse {quote(value)}: invalid character " " in host name'
    scheme, separator, _ = value.partition(":")
    if not separator or scheme.lower() not in ("http", "https"):
        return "scheme must be http or https"
    return "" if urlsplit(value).netloc else "host is required"


_CONFIG = {
    "scalingOperator": operator,
    "scalingThreshold": threshold,
    "promServerAddress": address,
    "authModes": auth_modes,
}
_ANNOTATIONS = {
    _PREFIX + "operator": operator,
    _PREFIX + "threshold": threshold,
    _PREFIX + "prometheus.serverAddress": address,
}
