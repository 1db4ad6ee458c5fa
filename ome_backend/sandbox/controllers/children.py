"""The objects OME creates for a service and keeps as they should be."""

import json
from typing import Any

from ome_backend.resources import kinds, object_names
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest, items, key_of, mapping, text
from ome_backend.sandbox.controllers import templates
from ome_backend.sandbox.controllers.plan import Plan
from ome_backend.sandbox.controllers.world import World

EXTERNAL = "external-service"


def owner(service: Manifest) -> Manifest:
    """The ownerReference to a service."""
    return {
        "apiVersion": "ome.io/v1beta1",
        "kind": "InferenceService",
        "name": text(service, "metadata", "name"),
        "uid": text(service, "metadata", "uid"),
        "controller": True,
        "blockOwnerDeletion": True,
    }


def multi_node(component: Manifest) -> bool:
    """The component runs as groups of a leader and workers."""
    return component.get("leader") is not None or component.get("worker") is not None


def serverless(component: Manifest) -> bool:
    """The component asks for Knative, whatever the annotation of the service says."""
    return not multi_node(component) and component.get("minReplicas") == 0


def ensure(world: World, plan: Plan) -> None:
    """Creates what is missing, corrects what differs and deletes what belongs to gone components."""
    wanted = [(kinds.CONFIG_MAP, _model_config(plan)), (kinds.SERVICE, _external(plan))]
    for name, component in plan.components.items():
        wanted.append((kinds.SERVICE, _internal(plan, name)))
        if not multi_node(component) and not serverless(component):
            wanted.append((kinds.DEPLOYMENT, _deployment(plan, name)))
    for kind, manifest in wanted:
        _put(world, kind, manifest)
    _sweep(world, plan, {(kind, text(each, "metadata", "name")) for kind, each in wanted})


def port(plan: Plan, component: str) -> int:
    """The first port of a component's main container; 8080 where it declares none."""
    part = plan.components[component]
    container = mapping(mapping(part, "leader") or part, "runner")
    declared = [each.get("containerPort") for each in items(container, "ports")]
    return next((each for each in declared if isinstance(each, int)), 8080)


def entry(plan: Plan) -> str:
    """The component that clients talk to."""
    return "router" if "router" in plan.components else "engine"


def _put(world: World, kind: Kind, manifest: Manifest) -> None:
    present = world.get(kind, key_of(manifest))
    if present is None:
        world.create(kind, manifest)
        return
    field = "data" if "data" in manifest else "spec"
    labels = mapping(manifest, "metadata", "labels")
    if present.get(field) == manifest[field] and mapping(present, "metadata", "labels") == labels:
        return

    def write(raw: Manifest) -> None:
        raw[field] = manifest[field]
        raw["metadata"]["labels"] = labels

    world.change(kind, key_of(manifest), write)


def _sweep(world: World, plan: Plan, kept: set[tuple[Kind, str]]) -> None:
    key = key_of(plan.service)
    for kind in (kinds.DEPLOYMENT, kinds.SERVICE):
        for each in world.list(kind, key.namespace, {"ome.io/inferenceservice": key.name}):
            name = text(each, "metadata", "name")
            if (kind, name) not in kept:
                world.remove(kind, Key(key.namespace, name))


def _metadata(plan: Plan, name: str, labels: dict[str, str], **more: Any) -> Manifest:
    return {
        "name": name,
        "namespace": key_of(plan.service).namespace,
        "labels": labels,
        "ownerReferences": [owner(plan.service)],
    } | more


def _model_config(plan: Plan) -> Manifest:
    name = text(plan.service, "metadata", "name")
    entries = [_described(plan.model[0])] if plan.model else []
    return {
        "metadata": _metadata(
            plan, object_names.model_config(name), {"ome.io/inferenceservice": name}
        ),
        "data": {"models.json": json.dumps(entries, separators=(",", ":"))},
    }


def _described(model: Manifest) -> Manifest:
    spec = mapping(model, "spec")
    described = {
        "storageUri": text(spec, "storage", "storageUri"),
        "path": text(spec, "storage", "path"),
        "modelFormatName": text(spec, "modelFormat", "name"),
        "modelFormatVersion": text(spec, "modelFormat", "version"),
        "modelFrameworkName": text(spec, "modelFramework", "name"),
        "modelFrameworkVersion": text(spec, "modelFramework", "version"),
    }
    kept = {name: value for name, value in described.items() if value}
    return {"modelName": text(model, "metadata", "name"), "modelSpec": kept}


def _deployment(plan: Plan, component: str) -> Manifest:
    name = templates.component_name(plan.service, component)
    labels = templates.labels(plan, component) | {"app": name}
    annotations = templates.annotations(plan, component)
    replicas = plan.components[component].get("minReplicas")
    return {
        "metadata": _metadata(plan, name, labels, annotations=annotations),
        "spec": {
            "replicas": 1 if replicas is None else replicas,
            "selector": {"matchLabels": {"app": name}},
            "strategy": {
                "type": "RollingUpdate",
                "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0},
            },
            "revisionHistoryLimit": 10,
            "progressDeadlineSeconds": 600,
            "template": {
                "metadata": {"labels": labels, "annotations": annotations},
                "spec": templates.pod_spec(plan, component, plan.components[component]),
            },
        },
    }


def _internal(plan: Plan, component: str) -> Manifest:
    name = templates.component_name(plan.service, component)
    # OME selects every head of the namespace here, whichever service it belongs to.
    heads = multi_node(plan.components[component])
    labels = templates.labels(plan, component)
    number = port(plan, component)
    return {
        "metadata": _metadata(plan, name, labels if heads else labels | {"app": name}),
        "spec": {
            "type": "ClusterIP",
            "selector": {"ray.io/node-type": "head"} if heads else {"app": name},
            "ports": [{"name": "http1", "port": number, "protocol": "TCP", "targetPort": number}],
        },
    }


def _external(plan: Plan) -> Manifest:
    name = text(plan.service, "metadata", "name")
    number = port(plan, entry(plan))
    annotations = mapping(plan.service, "metadata", "annotations")
    return {
        "metadata": _metadata(plan, name, {"component": EXTERNAL, "ome.io/inferenceservice": name}),
        "spec": {
            "type": annotations.get("ome.io/service-type", "ClusterIP"),
            "selector": {"component": entry(plan), "ome.io/inferenceservice": name},
            "ports": [{"name": "http", "port": number, "protocol": "TCP", "targetPort": number}],
        },
    }
