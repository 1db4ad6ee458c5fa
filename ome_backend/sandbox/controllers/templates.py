"""The pods OME asks for: their labels, annotations, model volume and node selector (isvc/components/base.go)."""

from ome_backend.resources import object_names
from ome_backend.resources.agent_entry import node_label
from ome_backend.resources.gpu import gpus
from ome_backend.resources.manifest import Manifest, items, key_of, mapping, text
from ome_backend.sandbox.controllers import merging
from ome_backend.sandbox.controllers.plan import Plan

_SERVED = ("engine", "decoder")
_OWN_ANNOTATIONS = ("ome.io/deploymentMode", "ome.io/accelerator-class")


def component_name(service: Manifest, component: str) -> str:
    """`<service>-<component>`, cut to 63 characters as OME cuts it."""
    return object_names.shortened(
        object_names.component(text(service, "metadata", "name"), component)
    )


def labels(plan: Plan, component: str) -> dict[str, str]:
    """What every object and pod of a component carries."""
    model = plan.model[0] if plan.model else {}
    weights = items(plan.service, "spec", "model", "fineTunedWeights")
    category = text(model, "metadata", "annotations", "models.ome.io/category")
    found = mapping(plan.service, "metadata", "labels") | mapping(
        plan.components[component], "labels"
    )
    found |= {
        "ome.io/inferenceservice": text(plan.service, "metadata", "name"),
        "component": component,
        "base-model-name": text(model, "metadata", "name"),
        "base-model-size": category or "SMALL",
        "base-model-type": "Serving",
        "base-model-vendor": text(model, "spec", "vendor"),
        "fine-tuned-serving": "true" if weights else "false",
        "serving-runtime": text(plan.runtime or {}, "metadata", "name"),
    }
    return {name: str(value) for name, value in found.items() if value != ""}


def annotations(plan: Plan, component: str, *, scraped: bool = True) -> dict[str, str]:
    """What is known of the model and the runtime, and the runtime's own annotations."""
    model = plan.model[0] if plan.model else {}
    own = mapping(plan.service, "metadata", "annotations")
    found = {name: own[name] for name in _OWN_ANNOTATIONS if name in own}
    if scraped:
        found |= mapping(plan.components[component], "annotations")
    found |= {
        "ome.io/base-model-name": text(model, "metadata", "name"),
        "ome.io/base-model-vendor": text(model, "spec", "vendor"),
        "ome.io/base-model-format": text(model, "spec", "modelFormat", "name"),
        "ome.io/base-model-format-version": text(model, "spec", "modelFormat", "version"),
        "ome.io/serving-runtime": text(plan.runtime or {}, "metadata", "name"),
    }
    return {name: str(value) for name, value in found.items() if value != ""}


def pod_spec(plan: Plan, component: str, part: Manifest) -> Manifest:
    """The PodSpec of a component, or of one `part` of it such as its leader."""
    key = key_of(plan.service)
    spec: Manifest = merging.filled(merging.pod_spec(part), key.name, key.namespace)
    if component in _SERVED:
        _add_model(plan, spec)
        _add_accelerator(plan, component, spec)
        _add_environment(spec, plan.components[component])
    for container in items(spec, "containers"):
        container.setdefault("imagePullPolicy", "IfNotPresent")
    return spec | {"restartPolicy": "Always", "schedulerName": "default-scheduler"}


def _add_model(plan: Plan, spec: Manifest) -> None:
    if plan.model is None:
        return
    model = plan.model[0]
    name = text(model, "metadata", "name")
    path = text(model, "spec", "storage", "path")
    selector = mapping(plan.runtime or {}, "spec", "nodeSelector") | mapping(spec, "nodeSelector")
    spec["nodeSelector"] = selector | {node_label(key_of(model)): "Ready"}
    if not path:
        return
    spec["volumes"] = [*items(spec, "volumes"), {"name": name, "hostPath": {"path": path}}]
    for container in items(spec, "containers")[:1]:
        mounts = items(container, "volumeMounts")
        container["volumeMounts"] = [*mounts, {"name": name, "mountPath": path, "readOnly": True}]
        container["env"] = [*items(container, "env"), {"name": "MODEL_PATH", "value": path}]


def _add_accelerator(plan: Plan, component: str, spec: Manifest) -> None:
    chosen = plan.accelerators.get(component)
    if chosen is None:
        return
    selector = mapping(chosen, "spec", "discovery", "nodeSelector")
    spec["nodeSelector"] = selector | mapping(spec, "nodeSelector")
    given = mapping(plan.service, "spec", component, "runner", "resources")
    amounts = {
        text(each, "name"): str(each.get("quantity", "1"))
        for each in items(chosen, "spec", "resources")
    }
    for container in [] if given else items(spec, "containers")[:1]:
        resources = container.setdefault("resources", {})
        for side in ("requests", "limits"):
            resources[side] = mapping(resources, side) | amounts


def _add_environment(spec: Manifest, component: Manifest) -> None:
    for container in items(spec, "containers")[:1]:
        held = gpus(mapping(container, "resources", "limits"))
        size = mapping(component, "worker").get("size", 0) if "worker" in component else 0
        if held:
            number = {"name": "PARALLELISM_SIZE", "value": str(held * (1 + int(size or 0)))}
            container["env"] = [*items(container, "env"), number]
