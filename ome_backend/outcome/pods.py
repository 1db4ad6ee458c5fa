"""The pods of a component (isvc/components, reconcilers/common/podspec_reconciler.go)."""

import copy
from collections.abc import Mapping
from typing import Any, Final

from ome_backend.facts.failure import Failure
from ome_backend.outcome import component_metadata, fine_tuning, merging, runner
from ome_backend.outcome.decision import Decision
from ome_backend.resources.agent_entry import node_label
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, dig, items, key_of, mapping, text

_SERVED: Final = ("engine", "decoder")
_NOT_OF_THE_POD: Final = frozenset(
    {
        "acceleratorOverride",
        "annotations",
        "canaryTrafficPercent",
        "config",
        "containerConcurrency",
        "deploymentStrategy",
        "kedaConfig",
        "labels",
        "leader",
        "maxReplicas",
        "maxUnavailable",
        "minAvailable",
        "minReplicas",
        "runner",
        "scaleMetric",
        "scaleTarget",
        "size",
        "timeoutSeconds",
        "worker",
    }
)


def main_pod(decision: Decision, component: str) -> Manifest | Failure:
    """The PodSpec of a component; of the leader where it runs in groups."""
    merged = decision.components[component]
    leader = merged.get("leader") if decision.modes[component].grouped else None
    return _pod(decision, component, leader if isinstance(leader, dict) else merged)


def worker_pod(decision: Decision, component: str) -> Manifest | Failure | None:
    """The PodSpec of the workers of a component; None where it has none."""
    worker = decision.components[component].get("worker")
    return _pod(decision, component, worker) if isinstance(worker, dict) else None


def with_defaults(spec: Manifest, *, probed: bool) -> Manifest:
    """The PodSpec with Kubernetes' defaults, which OME writes itself.

    `probed` adds a readiness probe to the main container where it has none: only Deployments get it.
    Source: setDefaultPodSpec.
    """
    containers = [_container_defaults(each, probed) for each in items(spec, "containers")]
    return _POD_DEFAULTS | spec | {"containers": containers}


def with_ready_node(spec: Manifest | None, model: Key | None) -> Manifest | None:
    """The PodSpec kept to nodes on which a model is ready.

    Source: AddNodeSelectorForModelReadyNode.
    """
    if spec is None or model is None:
        return spec
    return spec | {"nodeSelector": {node_label(model): "Ready"} | mapping(spec, "nodeSelector")}


def _pod(decision: Decision, component: str, part: Manifest) -> Manifest | Failure:
    annotations = component_metadata.annotations(decision, component)
    spec = {
        name: copy.deepcopy(value) for name, value in part.items() if name not in _NOT_OF_THE_POD
    }
    main = part.get("runner")
    if isinstance(main, dict):
        main = _runner(decision, component, main, annotations)
    containers = _containers(decision, items(spec, "containers"), main)
    if not containers:
        return Failure(f"no containers found in {'worker ' if 'size' in part else ''}pod spec")
    spec["containers"] = [_with_amounts(each) for each in containers]
    spec |= _volumes(decision, spec, annotations)
    return _placed(decision, component, spec) if component in _SERVED else spec


def _runner(
    decision: Decision, component: str, main: Manifest, annotations: Mapping[str, str]
) -> Manifest:
    if component in _SERVED:
        return runner.completed(decision, component, main, annotations)
    config = mapping(decision.components[component], "config")
    if not config:
        return main
    given = [{"name": name, "value": str(value)} for name, value in sorted(config.items())]
    return main | {"env": [*items(main, "env"), *given]}


def _containers(
    decision: Decision, containers: list[Manifest], main: Manifest | None
) -> list[Manifest]:
    """The runner merged into the container of its name, else behind the others."""
    found = list(containers)
    name = main.get("name", "") if main is not None else None
    index = next((at for at, each in enumerate(found) if each.get("name") == name), None)
    if main is not None and index is None:
        found, index = [*found, {}], len(found)
    if main is not None and index is not None:
        found[index] = merging.container(found[index], main)
    at = index or 0
    metadata = mapping(decision.service, "metadata")
    return [merging.filled(each, metadata) if n == at else each for n, each in enumerate(found)]


def _with_amounts(container: Manifest) -> Manifest:
    """Amounts are texts, as the API server writes them."""
    resources = mapping(container, "resources")
    sides = {
        side: {name: str(amount) for name, amount in mapping(resources, side).items()}
        for side in ("limits", "requests")
        if resources.get(side)
    }
    return container | {"resources": resources | sides} if sides else container


def _volumes(decision: Decision, spec: Manifest, annotations: Mapping[str, Any]) -> Manifest:
    volumes = list(items(spec, "volumes"))
    path = runner.model_path(decision)
    if path and decision.model is not None:
        name = text(decision.model[0], "metadata", "name")
        volumes.append({"name": name, "hostPath": {"path": path}})
    held = any(text(each, "name") == runner.EMPTY_VOLUME for each in volumes)
    if fine_tuning.needs_empty_volume(annotations) and not held:
        volumes.append({"name": runner.EMPTY_VOLUME, "emptyDir": {"medium": "Memory"}})
    return {"volumes": volumes} if volumes else {}


def _placed(decision: Decision, component: str, spec: Manifest) -> Manifest:
    """Kept to the nodes of the model and of the class, and to what the service itself selects."""
    chosen = decision.accelerators.get(component, {})
    if decision.model is not None and not decision.tuning.merged:
        spec = with_ready_node(spec, key_of(decision.model[0])) or spec
        wanted = (
            mapping(decision.runtime or {}, "spec", "nodeSelector")
            | mapping(chosen, "spec", "discovery", "nodeSelector")
            | mapping(decision.service, "spec", component, "nodeSelector")
        )
        spec = spec | {"nodeSelector": mapping(spec, "nodeSelector") | wanted}
    affinity = dig(chosen, "spec", "discovery", "affinity")
    own = dig(decision.service, "spec", component, "affinity")
    return spec | ({"affinity": affinity} if own is None and affinity is not None else {})


_POD_DEFAULTS: Final[Manifest] = {
    "dnsPolicy": "ClusterFirst",
    "restartPolicy": "Always",
    "schedulerName": "default-scheduler",
    "securityContext": {},
    "terminationGracePeriodSeconds": 30,
}
_CONTAINER_DEFAULTS: Final[Manifest] = {
    "imagePullPolicy": "IfNotPresent",
    "terminationMessagePath": "/dev/termination-log",
    "terminationMessagePolicy": "File",
}
_MAIN_CONTAINER: Final = "ome-container"


def _container_defaults(container: Manifest, probed: bool) -> Manifest:
    made = _CONTAINER_DEFAULTS | container
    if made.get("ports"):
        made["ports"] = [{"protocol": "TCP"} | each for each in items(made, "ports")]
    if probed and text(made, "name") == _MAIN_CONTAINER and "readinessProbe" not in made:
        port = next((each.get("containerPort") for each in items(made, "ports")), 8080)
        made["readinessProbe"] = {
            "tcpSocket": {"port": port},
            "timeoutSeconds": 1,
            "periodSeconds": 10,
            "successThreshold": 1,
            "failureThreshold": 3,
        }
    return made
