"""Groups of a leader and its workers, as LeaderWorkerSet makes them for multi-node components.

The sandbox serves no LeaderWorkerSet: the pods belong to the InferenceService itself.
"""

from typing import Any

from ome_backend.resources import kinds, object_names
from ome_backend.resources.manifest import Manifest, key_of, mapping, text
from ome_backend.sandbox.controllers import children, replicas, templates
from ome_backend.sandbox.controllers.plan import Plan
from ome_backend.sandbox.controllers.world import World

_LWS = "leaderworkerset.sigs.k8s.io/"
NAME, REVISION, SIZE = _LWS + "name", _LWS + "template-revision-hash", _LWS + "size"
INDEX, GROUP = _LWS + "worker-index", _LWS + "group-index"


def ensure(world: World, plan: Plan) -> None:
    """Brings the pods of all multi-node components to the plan; a group of an old revision goes whole."""
    for component, merged in plan.components.items():
        wanted = _pods(plan, component) if children.multi_node(merged) else {}
        for pod in _present(world, plan.service, component):
            name = text(pod, "metadata", "name")
            revision = text(pod, "metadata", "labels", REVISION)
            if name not in wanted or text(wanted[name], "metadata", "labels", REVISION) != revision:
                world.remove(kinds.POD, key_of(pod))
        for manifest in wanted.values():
            if world.get(kinds.POD, key_of(manifest)) is None:
                world.create(kinds.POD, manifest)


def remove(world: World, service: Manifest) -> None:
    """Ends all groups of a service."""
    for component in ("engine", "decoder"):
        for pod in _present(world, service, component):
            world.remove(kinds.POD, key_of(pod))


def availability(world: World, plan: Plan, component: str) -> dict[str, Any] | None:
    """What the LeaderWorkerSet would say of its availability; None before it has pods."""
    pods = _present(world, plan.service, component)
    if not pods:
        return None
    if all(replicas.ready(pod) for pod in pods):
        return {"status": "True", "reason": "AllGroupsReady", "message": "All replicas are ready"}
    return {"status": "False", "reason": "GroupsProgressing", "message": "Replicas are progressing"}


def group_size(pod: Manifest) -> int:
    """How many pods share the work of this one; 1 for a pod of its own."""
    return int(text(pod, "metadata", "annotations", SIZE) or 1)


def _present(world: World, service: Manifest, component: str) -> list[Manifest]:
    key = key_of(service)
    labels = {"ome.io/inferenceservice": key.name, "component": component}
    return [
        pod
        for pod in world.list(kinds.POD, key.namespace, labels)
        if NAME in mapping(pod, "metadata", "labels")
    ]


def _pods(plan: Plan, component: str) -> dict[str, Manifest]:
    merged = plan.components[component]
    workers = mapping(merged, "worker").get("size") or 0
    count = merged.get("minReplicas") or 1
    found: dict[str, Manifest] = {}
    for group in range(count):
        for index in range(workers + 1):
            pod = _pod(plan, component, group, index, workers + 1)
            found[text(pod, "metadata", "name")] = pod
    return found


def _pod(plan: Plan, component: str, group: int, index: int, size: int) -> Manifest:
    merged = plan.components[component]
    part = mapping(merged, "worker" if index else "leader")
    lws = object_names.leader_worker_set(templates.component_name(plan.service, component))
    leader = f"{lws}-{group}"
    spec = templates.pod_spec(plan, component, part)
    labels = templates.labels(plan, component) | {
        NAME: lws,
        GROUP: str(group),
        INDEX: str(index),
        _LWS + "group-key": replicas.letters(f"{plan.service['metadata'].get('uid')}/{group}", 10),
        REVISION: _revision(plan, component),
    }
    if index == 0:
        # Workers carry neither label: services select leaders only.
        labels |= {
            "app": templates.component_name(plan.service, component),
            "ray.io/node-type": "head",
        }
    _add_addresses(spec, f"{leader}.{lws}.{key_of(plan.service).namespace}", size, index)
    annotations = templates.annotations(plan, component, scraped=index == 0)
    return {
        "metadata": {
            "name": f"{leader}-{index}" if index else leader,
            "namespace": key_of(plan.service).namespace,
            "labels": labels,
            "annotations": annotations | {SIZE: str(size)},
            "ownerReferences": [children.owner(plan.service)],
        },
        "spec": spec,
    }


def _revision(plan: Plan, component: str) -> str:
    merged = plan.components[component]
    specs = [
        templates.pod_spec(plan, component, mapping(merged, part)) for part in ("leader", "worker")
    ]
    return replicas.revision({"specs": specs, "size": mapping(merged, "worker").get("size")})


def _add_addresses(spec: Manifest, leader: str, size: int, index: int) -> None:
    values = {
        "LWS_LEADER_ADDRESS": leader,
        "LWS_GROUP_SIZE": str(size),
        "LWS_WORKER_INDEX": str(index),
    }
    for container in spec["containers"]:
        added = [{"name": name, "value": value} for name, value in values.items()]
        container["env"] = [*container.get("env", []), *added]
