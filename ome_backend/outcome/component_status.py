"""What a Deployment or LeaderWorkerSet means for the status of a service (isvc/status/)."""

from collections.abc import Sequence
from typing import Final

from ome_backend.outcome import conditions
from ome_backend.resources.manifest import Manifest, dig, items, mapping, text

_REVISION: Final = "deployment.kubernetes.io/revision"
_AVAILABLE: Final = "Available"


def with_deployment(
    status: Manifest, component: str, deployment: Manifest, url: str | None
) -> Manifest:
    """The status with what a Deployment says. Source: PropagateRawStatus."""
    available = condition(deployment, _AVAILABLE)
    revision = text(deployment, "metadata", "annotations", _REVISION)
    generation = dig(deployment, "status", "observedGeneration")
    return _with_workload(status, component, available, revision, url, generation)


def with_group(status: Manifest, component: str, group: Manifest, url: str | None) -> Manifest:
    """The status with what a LeaderWorkerSet says. Source: PropagateMultiNodeStatus."""
    available = condition(group, _AVAILABLE)
    revision = text(group, "metadata", "annotations", "resourceVersion")
    generation = dig(group, "metadata", "generation")
    return _with_workload(status, component, available, revision, url, generation)


def with_deployments(
    status: Manifest, component: str, deployments: Sequence[Manifest], url: str | None
) -> Manifest:
    """The status with what the Deployments of a Ray cluster say.

    Source: PropagateMultiNodeRayVLLMStatus.
    """
    available = joint_condition(deployments, _AVAILABLE)
    if not deployments:
        return conditions.marked(status, conditions.of_component(component), available)
    first = deployments[0]
    revision = text(first, "metadata", "annotations", _REVISION)
    generation = dig(first, "status", "observedGeneration")
    return _with_workload(status, component, available, revision, url, generation)


def initialized(status: Manifest, component: str) -> Manifest:
    """OME hides the reason of whatever is not available behind this one.

    Source: InitializeComponentCondition.
    """
    type_ = conditions.of_component(component)
    if text(conditions.found(status, type_) or {}, "status") != "False":
        return status
    message = f"{component} component initializing"
    said = {"status": "False", "reason": "Initializing", "message": message}
    return conditions.marked(status, type_, said)


def condition(workload: Manifest, type_: str) -> Manifest:
    """The condition of a workload, without its times; empty where it reports none.

    Source: getDeploymentCondition, getLWSConditions.
    """
    reported = items(workload, "status", "conditions")
    found: Manifest = next((each for each in reported if each.get("type") == type_), {})
    return {name: found[name] for name in _SAID if name in found}


def joint_condition(deployments: Sequence[Manifest], type_: str) -> Manifest:
    """The condition of several Deployments together: that of the first once none is False.

    Source: getMultiDeploymentCondition.
    """
    if not deployments:
        message = "No deployments available"
        return _said(type_, "False", reason="NoDeployments", message=message)
    reported = [dig(each, "status", "conditions") for each in deployments]
    if any(each is None for each in reported):
        return {}
    if any(condition(each, type_).get("status") == "False" for each in deployments):
        return {}
    first = next(iter(reported[0]), None)
    if first is None:
        return _said(type_, "True", reason="Available", message="All deployments available")
    return _said(type_, "True", reason=text(first, "reason"), message=text(first, "message"))


_SAID: Final = ("type", "status", "reason", "message")


def _said(type_: str, status: str, *, reason: str, message: str) -> Manifest:
    said = {"reason": reason, "message": message}
    return {"type": type_, "status": status} | {name: text for name, text in said.items() if text}


def _with_workload(
    status: Manifest,
    component: str,
    available: Manifest,
    revision: str,
    url: str | None,
    generation: object,
) -> Manifest:
    own = dict(mapping(status, "components", component))
    own |= {"latestCreatedRevision": revision} if revision else {}
    own |= {"url": url} if available.get("status") == "True" and url else {}
    if not revision:
        own.pop("latestCreatedRevision", None)
    made = conditions.marked(status, conditions.of_component(component), available)
    made = made | {"components": mapping(status, "components") | {component: own}}
    return made | ({"observedGeneration": generation} if generation else {})
