"""The status OME writes for a service (isvc/status/, api/inference_service_status.go)."""

from collections.abc import Iterator
from typing import Any

from ome_backend.resources import kinds
from ome_backend.resources.condition import condition
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, dig, items, key_of, mapping, text
from ome_backend.sandbox.controllers import children, groups, templates
from ome_backend.sandbox.controllers.plan import Plan
from ome_backend.sandbox.controllers.world import World

_Condition = dict[str, Any]
# OME counts only these two towards Ready: a broken decoder or router leaves a service Ready.
_COUNTED = ("EngineReady", "IngressReady")


def ready(service: Manifest) -> bool:
    """The service was last reported as Ready."""
    found = condition(service, "Ready")
    return found is not None and found.true


def virtual(world: World, service: Manifest) -> Manifest:
    """The status of a service that OME only stands in for."""
    url = f"http://{_host(service)}"
    virtual_ready = {
        "type": "Ready",
        "status": "True",
        "reason": "VirtualDeployment",
        "message": "InferenceService is in VirtualDeployment mode",
    }
    return {
        "url": url,
        "address": {"url": url},
        "components": {"predictor": {"url": url}},
        "conditions": _dated(world, service, [virtual_ready]),
        "modelStatus": {"transitionStatus": ""},
    }


def reported(world: World, plan: Plan) -> Manifest:
    """The status of a deployed service, from its deployments, groups and pods."""
    service = plan.service
    url = f"http://{_host(service)}:{children.port(plan, children.entry(plan))}"
    conditions = [_INGRESS, *_component_conditions(world, plan)]
    conditions.append(_aggregate(conditions))
    status: Manifest = {
        "url": url,
        "address": {"url": url},
        "components": {name: _component(plan, name, conditions) for name in plan.components},
        "conditions": _dated(world, service, conditions),
        "modelStatus": _model_status(world, plan),
    }
    if any(each["type"].startswith(("Engine", "Decoder", "Router")) for each in conditions):
        status["observedGeneration"] = dig(service, "metadata", "generation") or 1
    return status


_INGRESS: _Condition = {
    "type": "IngressReady",
    "status": "True",
    "reason": "IngressDisabled",
    "message": "Ingress creation is disabled, using external service for access",
}


def _host(service: Manifest) -> str:
    key = key_of(service)
    return f"{key.name}.{key.namespace}.svc.cluster.local"


def _component_conditions(world: World, plan: Plan) -> Iterator[_Condition]:
    for name in plan.components:
        found = _availability(world, plan, name)
        if found is None:
            continue
        # OME hides the reason of whatever is not available behind this one.
        if found["status"] == "False":
            message = f"{name} component initializing"
            found = {"status": "False", "reason": "Initializing", "message": message}
        info = {} if name == "engine" else {"severity": "Info"}
        yield {"type": f"{name.title()}Ready"} | found | info


def _availability(world: World, plan: Plan, component: str) -> _Condition | None:
    if children.multi_node(plan.components[component]):
        return groups.availability(world, plan, component)
    key = Key(key_of(plan.service).namespace, templates.component_name(plan.service, component))
    available = condition(world.get(kinds.DEPLOYMENT, key) or {}, "Available")
    if available is None:
        return None
    return {
        "status": available.status,
        "reason": available.reason,
        "message": available.message,
    }


def _aggregate(conditions: list[_Condition]) -> _Condition:
    known = {each["type"]: each for each in conditions if each["type"] in _COUNTED}
    for found in known.values():
        if found["status"] == "False":
            return {
                "type": "Ready",
                "status": "False",
                "reason": found["reason"],
                "message": found["message"],
            }
    return {"type": "Ready", "status": "True" if len(known) == len(_COUNTED) else "Unknown"}


def _component(plan: Plan, component: str, conditions: list[_Condition]) -> Manifest:
    wanted = f"{component.title()}Ready"
    available = any(each["type"] == wanted and each["status"] == "True" for each in conditions)
    if not available:
        return {}
    name = templates.component_name(plan.service, component)
    return {"url": f"http://{name}.{key_of(plan.service).namespace}.svc.cluster.local"}


def _dated(world: World, service: Manifest, conditions: list[_Condition]) -> list[_Condition]:
    """Sorted by type; a condition that says the same keeps its time."""
    before = {text(each, "type"): each for each in items(service, "status", "conditions")}
    return [
        _with_time(world, each, before.get(each["type"], {}))
        for each in sorted(conditions, key=lambda each: str(each["type"]))
    ]


def _with_time(world: World, found: _Condition, before: _Condition) -> _Condition:
    time = before.get("lastTransitionTime")
    same = {name: value for name, value in before.items() if name != "lastTransitionTime"}
    return found | {"lastTransitionTime": time if time and same == found else world.stamp()}


def _model_status(world: World, plan: Plan) -> Manifest:
    """Told from the engine's pods; those of a multi-node engine are never found, as in OME."""
    service, name = plan.service, templates.component_name(plan.service, "engine")
    pods = world.list(kinds.POD, key_of(service).namespace, {"app": name})
    if children.multi_node(plan.components["engine"]) or not pods:
        return _states("", "Pending", "InProgress")
    if ready(service):
        copies = {"failedCopies": 0, "totalCopies": len(pods)}
        return _states("Loaded", "Loaded", "UpToDate") | {"modelCopies": copies}
    newest = max(pods, key=lambda each: text(each, "metadata", "creationTimestamp"))
    failed = _failed_load(newest)
    if failed is None:
        return _states("", "Pending", "InProgress")
    info = {"reason": "ModelLoadFailed", "exitCode": failed.get("exitCode", 1)}
    info |= {"message": failed["message"]} if failed.get("message") else {}
    return _states("", "FailedToLoad", "BlockedByFailedLoad") | {"lastFailureInfo": info}


def _states(active: str, target: str, transition: str) -> Manifest:
    return {
        "transitionStatus": transition,
        "modelRevisionStates": {"activeModelState": active, "targetModelState": target},
    }


def _failed_load(pod: Manifest) -> Manifest | None:
    for status in items(pod, "status", "containerStatuses"):
        if text(status, "name") != "ome-container":
            continue
        ended = mapping(status, "state", "terminated")
        if text(ended, "reason") == "Error":
            return ended
        last = mapping(status, "lastState", "terminated")
        if text(status, "state", "waiting", "reason") == "CrashLoopBackOff" and last:
            return last
    return None
