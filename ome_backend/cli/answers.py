"""Which runtimes there are for a model or a service, as JSON writes it: pure, over given objects."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ome_backend.cli.objects import Objects
from ome_backend.matching import selection
from ome_backend.matching.verdict import Verdict
from ome_backend.resources import kinds
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.manifest import dig
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime

CONCERNED: Final = (*kinds.MODEL_KINDS, *kinds.RUNTIME_KINDS, kinds.INFERENCE_SERVICE)
NO_MODEL: Final = "model reference is required"


@dataclass(frozen=True, slots=True)
class Answer:
    """What OME does for `model` (None where a service names none), asked for `service` if there is one.

    `found` is the model's object, None when it does not exist. `error` is OME's text, else empty.
    `assumed` tells that the service names no model and the only one there is was taken.
    """

    model: Ref | None
    service: InferenceService | None
    selected: Verdict | None
    error: str
    verdicts: tuple[Verdict, ...] = ()
    found: Model | None = None
    assumed: bool = False


def answers(objects: Objects, namespace: str) -> list[Answer]:
    """One for each service or, without services, for each model; in the order they were given.

    Models of the whole cluster are judged for `namespace`, others for their own.
    """
    runtimes = [Runtime(raw, kind) for kind, raw in objects.of(*kinds.RUNTIME_KINDS)]
    services = [InferenceService(raw) for _, raw in objects.of(kinds.INFERENCE_SERVICE)]
    if services:
        return [for_service(one, objects, runtimes) for one in services]
    models = (Model(raw, kind) for kind, raw in objects.of(*kinds.MODEL_KINDS))
    return [for_model(one, runtimes, one.key.namespace or namespace) for one in models]


def for_model(model: Model, runtimes: Sequence[Runtime], namespace: str) -> Answer:
    """What OME selects for a service in `namespace` that asks for nothing but this model."""
    ranking = selection.match(model, runtimes, namespace=namespace)
    return Answer(model.ref, None, ranking.selected, ranking.error, ranking.verdicts, model)


def for_service(service: InferenceService, objects: Objects, runtimes: Sequence[Runtime]) -> Answer:
    """What OME does for a service: the runtime it names, or the one OME selects."""
    service, refusal = _migrated(service, objects)
    if refusal:
        return Answer(None, service, None, refusal)
    model, assumed = _model(service, objects)
    if model is None:
        missing = _missing(service)
        return Answer(missing, service, None, _not_found(service) if missing else NO_MODEL)
    return replace(_judged(model, service, runtimes), assumed=assumed)


def to_json(answer: Answer) -> dict[str, Any]:
    """The shape that pipelines read."""
    return {
        "model": answer.model and identity(answer.model),
        "service": answer.service and identity(answer.service.ref),
        "selected": answer.selected and identity(answer.selected.runtime.ref),
        "error": answer.error or None,
        "runtimes": [_verdict(one) for one in answer.verdicts],
    }


def identity(ref: Ref) -> dict[str, str]:
    """Kind, namespace (empty for what belongs to the whole cluster) and name."""
    return {"kind": ref.kind.name, "namespace": ref.key.namespace, "name": ref.key.name}


def _verdict(one: Verdict) -> dict[str, Any]:
    return {
        **identity(one.runtime.ref),
        "compatible": one.compatible,
        "auto_selectable": one.auto_selectable,
        "score": one.score,
        "rank": one.rank,
        "reasons": [reason.text for reason in one.reasons],
        "warnings": list(one.warnings),
    }


def _judged(model: Model, service: InferenceService, runtimes: Sequence[Runtime]) -> Answer:
    namespace = service.key.namespace
    ranking = selection.match(model, runtimes, service, namespace=namespace)
    selected, error = ranking.selected, ranking.error
    if service.runtime_name:
        named = selection.validate(
            model, service.runtime_name, runtimes, service, namespace=namespace
        )
        selected, error = named.verdict if named.accepted else None, named.error
    if model.disabled:
        selected, error = None, _disabled(service)
    return Answer(model.ref, service, selected, error, ranking.verdicts, model)


def _model(service: InferenceService, objects: Objects) -> tuple[Model | None, bool]:
    """The model in the namespace, then the cluster's; the only one where a service names none."""
    if service.model_name:
        for kind, namespace in ((kinds.BASE_MODEL, service.key.namespace), _CLUSTER_WIDE):
            raw = objects.get(kind, Key(namespace, service.model_name))
            if raw is not None:
                return Model(raw, kind), False
        return None, False
    given = list(objects.of(*kinds.MODEL_KINDS))
    return (Model(given[0][1], given[0][0]), True) if len(given) == 1 else (None, False)


_CLUSTER_WIDE: Final[tuple[Kind, str]] = (kinds.CLUSTER_BASE_MODEL, "")


def _missing(service: InferenceService) -> Ref | None:
    if not service.model_name:
        return None
    local = service.model_kind == kinds.BASE_MODEL.name
    kind = kinds.BASE_MODEL if local else kinds.CLUSTER_BASE_MODEL
    return Ref(kind, Key(service.key.namespace if local else "", service.model_name))


def _not_found(service: InferenceService) -> str:
    """The webhook's words. Source: inference_service_validation.go."""
    return (
        f'referenced model "{service.model_name}" not found in namespace '
        f'"{service.key.namespace}": ensure a BaseModel exists in this namespace or a '
        "ClusterBaseModel exists cluster-wide with this name"
    )


def _disabled(service: InferenceService) -> str:
    """With a runtime named it is the controller that refuses, else the webhook; each in its words."""
    name = service.model_name
    named = "specified base " if service.runtime_name else ""
    return f"{named}model {name} is disabled"


def _migrated(service: InferenceService, objects: Objects) -> tuple[InferenceService, str]:
    """A service of the older form as OME's defaulter leaves it, and what that refused."""
    if service.model_name or dig(service.raw, "spec", "predictor") is None:
        return service, ""
    from ome_backend.admission import Refused, service_defaults  # needed for old services only

    try:
        return InferenceService(service_defaults.default(service.raw, objects)), ""
    except Refused as refused:
        return service, refused.message
