"""Services and the models they name."""

from collections.abc import Iterator

from ome_backend.editing import commands
from ome_backend.resources import kinds
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.kind import Key
from ome_backend.resources.model import Model
from ome_backend.services.detectors.cluster import Cluster
from ome_backend.services.detectors.finding import DoctorFinding, Severity, changes


def wrong_kind(cluster: Cluster) -> Iterator[DoctorFinding]:
    """One step of OME's controller obeys spec.model.kind, which all others ignore: it finds nothing."""
    for service in cluster.services:
        model = cluster.model_of(service)
        if model is None or _obeyed(cluster, service) is not None:
            continue
        said, meant = service.model_kind or kinds.CLUSTER_BASE_MODEL.name, model.kind.name
        patch = changes(service.ref, service.raw, (("spec", "model", "kind"), meant))
        yield DoctorFinding(
            "wrong-model-kind",
            Severity.BROKEN,
            service.ref,
            f"spec.model.kind is {said}, but {model.key.name} is a {meant}",
            f"spec.model.kind: {service.model_kind or 'not set, which means ClusterBaseModel'}; "
            f"{meant} {model.key} exists, {said} {model.key.name} does not.",
            "OME admits the service and then gives up on it: no pods, no status, no event.",
            f"Set spec.model.kind to {meant}.",
            patch,
            commands.patch_json(service.ref, patch),
        )


def missing(cluster: Cluster) -> Iterator[DoctorFinding]:
    """The webhook looks once; a model that is deleted later leaves its services behind."""
    for service in cluster.services:
        if service.model_name and cluster.model_of(service) is None:
            yield DoctorFinding(
                "model-missing",
                Severity.BROKEN,
                service.ref,
                f"The model {service.model_name} does not exist",
                f"spec.model.name: {service.model_name}; neither a BaseModel in "
                f"{service.key.namespace} nor a ClusterBaseModel has that name.",
                "OME no longer reconciles the service and refuses every change of it; pods that "
                "run stay as they are.",
                "Import the model again, or name one that exists in spec.model.name.",
                command=commands.listing(kinds.CLUSTER_BASE_MODEL, kinds.BASE_MODEL),
            )


def disabled(cluster: Cluster) -> Iterator[DoctorFinding]:
    """A named runtime hides from the webhook that the model is disabled."""
    for service in cluster.services:
        model = cluster.model_of(service)
        if model is None or not model.disabled:
            continue
        yield DoctorFinding(
            "disabled-model",
            Severity.BROKEN,
            service.ref,
            f"Its model {model.key.name} is disabled",
            f"spec.disabled: true in {model.kind.name} {model.key}.",
            "OME refuses to reconcile the service: what is changed never takes effect.",
            "Enable the model, or let the service name another one.",
            command=commands.patch_merge(model.ref, {"spec": {"disabled": False}}),
            also=(model.ref,),
        )


def _obeyed(cluster: Cluster, service: InferenceService) -> Model | None:
    """What the one obedient step finds."""
    local = service.model_kind == kinds.BASE_MODEL.name
    return cluster.models_by_key.get(
        Key(service.key.namespace if local else "", service.model_name)
    )
