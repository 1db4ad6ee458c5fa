"""The parameters of a list or watch that contradict each other, as the API server says it."""

from collections.abc import Iterator, Mapping

from ome_backend.errors import FieldProblem
from ome_backend.sandbox.call import Call
from ome_backend.sandbox.status import invalid

_MATCHES = ("Exact", "NotOlderThan", "")
_FORBIDDEN = "Forbidden: resourceVersionMatch is forbidden"


def require_sound(call: Call) -> None:
    """Raises StatusError 422 for contradictions, 400 for a number that is none."""
    for name in ("timeoutSeconds", "limit"):
        call.number(name)
    found = list(_initial_events(call) if call.verb == "watch" else _list(call))
    if found:
        raise invalid("ListOptions.meta.k8s.io", "", found)


def _list(call: Call) -> Iterator[FieldProblem]:
    params = call.params
    if "sendInitialEvents" in params:
        why = "Forbidden: sendInitialEvents is forbidden for list"
        yield FieldProblem("sendInitialEvents", why)
    if match := params.get("resourceVersionMatch", ""):
        yield from (FieldProblem("resourceVersionMatch", why) for why in _match(params, match))


def _match(params: Mapping[str, str], match: str) -> Iterator[str]:
    revision = params.get("resourceVersion", "")
    if not revision:
        yield f"{_FORBIDDEN} unless resourceVersion is provided"
    if params.get("continue"):
        yield f"{_FORBIDDEN} when continue is provided"
    if match not in _MATCHES:
        listed = ", ".join(f'"{name}"' for name in _MATCHES)
        yield f'Unsupported value: "{match}": supported values: {listed}'
    if match == "Exact" and revision == "0":
        yield 'Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"'


def _initial_events(call: Call) -> Iterator[FieldProblem]:
    params = call.params
    match = params.get("resourceVersionMatch", "")
    if "sendInitialEvents" not in params and match:
        why = f"{_FORBIDDEN} for watch unless sendInitialEvents is provided"
        yield FieldProblem("resourceVersionMatch", why)
    if "sendInitialEvents" in params and match != "NotOlderThan":
        why = "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan"
        yield FieldProblem("resourceVersionMatch", why)
