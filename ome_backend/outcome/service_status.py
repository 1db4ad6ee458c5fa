"""The status OME writes for a service (isvc/status/, reconcilers/ingress/strategies)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ome_backend.facts.failure import Failure
from ome_backend.outcome import component_metadata, component_status, conditions, host_names
from ome_backend.outcome import model_status as model
from ome_backend.outcome.decision import Decision
from ome_backend.outcome.deployment_mode import MULTI_NODE, RAW
from ome_backend.outcome.ingress_config import IngressConfig
from ome_backend.resources.manifest import Manifest, items, key_of, mapping

_NOT_READY: Final[Manifest] = {
    "status": "False",
    "reason": "ComponentNotReady",
    "message": "Target service not ready for ingress creation",
}
_DISABLED: Final[Manifest] = {
    "status": "True",
    "reason": "IngressDisabled",
    "message": "Ingress creation is disabled, using external service for access",
}


@dataclass(frozen=True, slots=True)
class Observed:
    """What runs of a service: by component the workload, if any, and its pods, the newest first."""

    workloads: Mapping[str, Manifest] = field(default_factory=dict)
    pods: Mapping[str, Sequence[Manifest]] = field(default_factory=dict)


def of_components(
    decision: Decision, observed: Observed, config: IngressConfig, before: Manifest
) -> Manifest | Failure:
    """The status after engine, decoder and router have had their turn."""
    status: Manifest = {"modelStatus": {"transitionStatus": ""}} | _of_present(decision, before)
    for component, mode in decision.modes.items():
        url = component_url(decision, component, config)
        if isinstance(url, Failure):
            return url
        status = _with_component(
            status, component, observed.workloads.get(component, {}), mode.name, url
        )
        # Only Deployments' pods are found: the label of the others names a revision they lack.
        pods = observed.pods.get(component, ()) if mode.name == RAW else ()
        own = mapping(status, "components", component)
        status = model.with_model(status, own, pods, raw=mode.name == RAW)
    return status


def _of_present(decision: Decision, before: Manifest) -> Manifest:
    """What was reported, without components that the service has no longer."""
    gone = [part for part in mapping(before, "components") if part not in decision.components]
    if not gone:
        return before
    types = {conditions.of_component(part) for part in gone}
    return before | {
        "components": {
            part: each for part, each in mapping(before, "components").items() if part not in gone
        },
        "conditions": [each for each in items(before, "conditions") if each["type"] not in types],
    }


def with_external(status: Manifest, decision: Decision, port: int) -> Manifest:
    """The status where clients use the Service of the service's own name."""
    url = f"http://{_inside(decision.service)}:{port}"
    made = conditions.marked(status, conditions.INGRESS_READY, _DISABLED)
    return made | {"url": url, "address": {"url": url}}


def with_ingress(
    status: Manifest, decision: Decision, config: IngressConfig, port: int
) -> Manifest | Failure:
    """The status with an Ingress, which OME makes once the component behind it is ready."""
    if not reachable(status, decision):
        return conditions.marked(status, conditions.INGRESS_READY, _NOT_READY)
    name = key_of(decision.service).name
    host = host_names.domain(name, mapping(decision.service, "metadata"), config)
    if isinstance(host, Failure):
        return host
    scheme = config.url_scheme
    made = conditions.marked(status, conditions.INGRESS_READY, {"status": "True"})
    address = f"{scheme}://{_inside(decision.service)}:{port}"
    return made | {"url": f"{scheme}://{host}:{port}", "address": {"url": address}}


def reachable(status: Manifest, decision: Decision) -> bool:
    """The component is ready that OME waits for before it makes an Ingress."""
    waited = next(part for part in ("router", "decoder", "engine") if part in decision.components)
    return conditions.is_true(status, conditions.of_component(waited))


def virtual(service: Manifest) -> Manifest:
    """The status of a service that OME only stands in for."""
    url = f"http://{_inside(service)}"
    ready = {
        "type": conditions.READY,
        "status": "True",
        "reason": "VirtualDeployment",
        "message": "InferenceService is in VirtualDeployment mode",
    }
    return {
        "url": url,
        "address": {"url": url},
        "components": {"predictor": {"url": url}},
        "conditions": [ready],
        "modelStatus": {"transitionStatus": ""},
    }


def component_url(decision: Decision, component: str, config: IngressConfig) -> str | Failure:
    """Where OME says a component is: by the template for hosts, without a port."""
    name = component_metadata.name(decision, component)
    host = host_names.domain(name, mapping(decision.service, "metadata"), config)
    return host if isinstance(host, Failure) else f"http://{host}"


def _inside(service: Manifest) -> str:
    key = key_of(service)
    return f"{key.name}.{key.namespace}.svc.cluster.local"


def _with_component(
    status: Manifest, component: str, workload: Manifest, mode: str, url: str
) -> Manifest:
    propagate = (
        component_status.with_group if mode == MULTI_NODE else component_status.with_deployment
    )
    return component_status.initialized(propagate(status, component, workload, url), component)
