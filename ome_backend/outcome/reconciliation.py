"""One reconcile of OME's InferenceService controller: what it creates, what it reports.

Source: OME pkg/controller/v1beta1/inferenceservice/controller.go.
"""

from dataclasses import dataclass, replace
from typing import Final

from ome_backend.admission import service_defaults
from ome_backend.admission.known import Known
from ome_backend.admission.refusal import Refused
from ome_backend.facts.failure import Failure
from ome_backend.outcome import (
    deployment_mode,
    exposure,
    ingress_config,
    pods,
    router_account,
    scaling,
    service_status,
    workloads,
)
from ome_backend.outcome.decision import Decision, GaveUp, decide
from ome_backend.outcome.ingress_config import IngressConfig
from ome_backend.outcome.model_config import model_config
from ome_backend.outcome.service_status import Observed
from ome_backend.resources import kinds
from ome_backend.resources.manifest import Manifest, mapping, text

NO_KNATIVE: Final = (
    "It is not possible to use Serverless deployment mode when Knative Services are not available"
)
_SERVICE: Final = ("v1", "Service")
_PANIC: Final = (
    "the controller panics here (nil pointer dereference): with the Gateway API it takes a route "
    "that is not made yet for one that is"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a reconcile leaves behind. `status` None means that OME writes none.

    `decision` is None where OME gives up before it has one; `gave_up` where it stopped.
    """

    objects: tuple[Manifest, ...] = ()
    status: Manifest | None = None
    decision: Decision | None = None
    gave_up: GaveUp | None = None


def reconcile(
    service: Manifest, known: Known, observed: Observed, *, knative: bool = True
) -> Outcome:
    """The outcome for a service that the defaulter has seen; `knative` tells whether it is installed."""
    annotations = mapping(service, "metadata", "annotations")
    mode = deployment_mode.of_service(annotations, _configured(known))
    if mode == deployment_mode.VIRTUAL:
        return Outcome(status=service_status.virtual(service))
    if mode == deployment_mode.SERVERLESS and not knative:
        return Outcome(gave_up=GaveUp("ServerlessModeRejected", NO_KNATIVE, described=False))
    decided = decide(service, known)
    if isinstance(decided, GaveUp):
        described = (model_config(service, known),) if decided.described else ()
        return Outcome(described, gave_up=decided)
    made = _made(decided, known, knative)
    if made.gave_up is not None:
        return made
    config = ingress_config.configured(known.get(kinds.CONFIG_MAP, service_defaults.CONFIG))
    return _reported(made, decided, observed, ingress_config.resolved(config, annotations))


def created(decision: Decision, component: str) -> list[Manifest] | Failure:
    """All objects of one component."""
    spec = pods.main_pod(decision, component)
    if isinstance(spec, Failure):
        return spec
    account = []
    if component == "router":
        account = router_account.account(decision)
        spec = spec | {"serviceAccountName": text(account[0], "metadata", "name")}
    workload = _workload(decision, component, spec)
    return workload if isinstance(workload, Failure) else [*account, *workload]


def _configured(known: Known) -> str:
    try:
        return service_defaults.configured_mode(known)
    except Refused:
        return deployment_mode.RAW


def _made(decision: Decision, known: Known, knative: bool) -> Outcome:
    objects = [model_config(decision.service, known)]
    made = Outcome(tuple(objects), decision=decision)
    for component, mode in decision.modes.items():
        if mode.name == deployment_mode.SERVERLESS and not knative:
            return replace(made, gave_up=GaveUp("ServerlessModeRejected", NO_KNATIVE))
        found = created(decision, component)
        if isinstance(found, Failure):
            said = f"failed to reconcile pod spec: {found.text}"
            return replace(made, gave_up=GaveUp("InternalError", said))
        made = replace(made, objects=(*made.objects, *found))
    return made


def _workload(decision: Decision, component: str, spec: Manifest) -> list[Manifest] | Failure:
    mode = decision.modes[component]
    if mode.name == deployment_mode.RAW:
        scaler = scaling.autoscaler(decision, component)
        return [
            workloads.deployment(decision, component, spec),
            exposure.internal(decision, component, spec),
            *([scaler] if scaler is not None else []),
            scaling.budget(decision, component),
        ]
    if mode.grouped:
        worker = pods.worker_pod(decision, component)
        if isinstance(worker, Failure):
            return worker
        group = workloads.group(decision, component, spec, worker)
        return [group, exposure.internal(decision, component, spec)]
    if mode.name == deployment_mode.SERVERLESS:
        return [workloads.knative(decision, component, spec)]
    return Failure(f"invalid deployment mode for {component}")


def _reported(
    made: Outcome, decision: Decision, observed: Observed, config: IngressConfig
) -> Outcome:
    before = mapping(decision.service, "status")
    status = service_status.of_components(decision, observed, config, before)
    if isinstance(status, Failure):
        return replace(made, gave_up=GaveUp("InternalError", status.text))
    if config.without_ingress:
        return _exposed(made, decision, status)
    return _with_ingress(made, decision, config, status)


def _exposed(made: Outcome, decision: Decision, status: Manifest) -> Outcome:
    """Through the Service of the service's own name, which must be there."""
    name = text(decision.service, "metadata", "name")
    if exposure.kept_inside(decision.service):
        return replace(made, gave_up=GaveUp("InternalError", f'services "{name}" not found'))
    port = _port(made, decision)
    external = exposure.external(decision, port)
    reported = service_status.with_external(status, decision, port)
    return replace(made, objects=(*made.objects, external), status=reported)


def _with_ingress(
    made: Outcome, decision: Decision, config: IngressConfig, status: Manifest
) -> Outcome:
    """Through an Ingress or a route, made once the component behind it is ready."""
    if service_status.reachable(status, decision):
        found = (exposure.route if config.gateway_api else exposure.ingress)(decision, config)
        if isinstance(found, Failure):
            return replace(made, gave_up=GaveUp("InternalError", found.text))
        made = replace(made, objects=(*made.objects, found))
    if config.gateway_api:
        return replace(made, gave_up=GaveUp("", _PANIC, panics=True))
    reported = service_status.with_ingress(status, decision, config, _port(made, decision))
    if isinstance(reported, Failure):
        return replace(made, gave_up=GaveUp("InternalError", reported.text))
    return replace(made, status=reported)


def _port(made: Outcome, decision: Decision) -> int:
    services = [each for each in made.objects if (each["apiVersion"], each["kind"]) == _SERVICE]
    found = exposure.target_port(decision.service, services)
    return exposure.DEFAULT_PORT if isinstance(found, Failure) else found
