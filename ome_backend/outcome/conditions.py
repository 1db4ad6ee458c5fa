"""Conditions of a service's status, and how Ready follows from them.

Ready counts IngressReady and EngineReady only: a broken decoder or router leaves a service Ready.
Source: knative.dev/pkg/apis, condition_set_impl.go; api/inference_service_status.go, SetCondition.
"""

from typing import Final

from ome_backend.resources.manifest import Manifest, items, text

READY: Final = "Ready"
INGRESS_READY: Final = "IngressReady"
_COUNTED: Final = (INGRESS_READY, "EngineReady")
_TIME: Final = "lastTransitionTime"


def of_component(component: str) -> str:
    """The type of a component's own condition."""
    return f"{component.capitalize()}Ready"


def found(status: Manifest, type_: str) -> Manifest | None:
    """The condition of that type, or None."""
    return next((each for each in items(status, "conditions") if each.get("type") == type_), None)


def is_true(status: Manifest, type_: str) -> bool:
    """The condition is there and True."""
    return text(found(status, type_) or {}, "status") == "True"


def marked(status: Manifest, type_: str, condition: Manifest) -> Manifest:
    """The status with a condition set, and Ready after it.

    A condition without a status changes nothing.
    """
    said = {name: condition[name] for name in ("reason", "message") if condition.get(name)}
    value = text(condition, "status")
    if value not in ("True", "False", "Unknown"):
        return status
    made = _with(status, type_, {"status": value} | said)
    if value == "True":
        return _with(made, READY, _unhappy(made) or {"status": "True"})
    if type_ not in _COUNTED:
        return made
    failed = any(text(found(made, each) or {}, "status") == "False" for each in _COUNTED)
    overruled = value == "Unknown" and failed
    return made if overruled else _with(made, READY, {"status": value} | said)


def _unhappy(status: Manifest) -> Manifest | None:
    """What keeps a service from being Ready: False first, then Unknown, then what is not there yet."""
    counted = [each for type_ in _COUNTED if (each := found(status, type_)) is not None]
    for value in ("False", "Unknown"):
        for each in counted:
            if each.get("status") == value:
                return {name: each[name] for name in _SAID if name in each}
    return {"status": "Unknown"} if len(counted) < len(_COUNTED) else None


_SAID: Final = ("status", "reason", "message")


def _with(status: Manifest, type_: str, said: Manifest) -> Manifest:
    """A condition that says the same as before keeps its time."""
    info = {} if type_ in (READY, *_COUNTED) else {"severity": "Info"}
    made = {"type": type_} | said | info
    before = found(status, type_)
    if before is not None and {k: v for k, v in before.items() if k != _TIME} == made:
        return status
    rest = [each for each in items(status, "conditions") if each.get("type") != type_]
    ordered = sorted([*rest, made], key=lambda each: text(each, "type"))
    return status | {"conditions": ordered}
