"""What OME's controller makes of a `predictor` that its webhook let pass (isvc/utils/migration_util.go).

It looks at more of it than the webhook: a worker or maxReplicas is enough.
"""

import copy
from typing import Final

from ome_backend.admission.known import Known
from ome_backend.admission.predictor import DEPRECATION
from ome_backend.admission.service_defaults import DEPRECATED
from ome_backend.facts.failure import Failure
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, items, mapping, text

_GROUP: Final = {"apiGroup": "ome.io"}
_COUNTED: Final = ("containers", "volumes", "nodeSelector", "tolerations", "serviceAccountName")
_APART: Final = ("model", "workerSpec", "containers")


def used(service: Manifest) -> bool:
    """Whether the predictor says anything that counts. Source: IsPredictorUsed."""
    predictor = mapping(service, "spec", "predictor")
    there = ("minReplicas", "affinity", "workerSpec")
    return (
        text(predictor, "model", "baseModel") != ""
        or any(predictor.get(field) for field in ("maxReplicas", *_COUNTED))
        or any(predictor.get(field) is not None for field in there)
    )


def migrated(service: Manifest, known: Known) -> Manifest | Failure:
    """The service as OME goes on with it: changed only where its predictor is all it has.

    Source: MigratePredictorToNewArchitecture.
    """
    spec = mapping(service, "spec")
    if not used(service) or spec.get("engine") is not None or spec.get("model") is not None:
        return service
    found = derived(service, known)
    if isinstance(found, Failure):
        return found
    metadata = mapping(service, "metadata")
    annotations = mapping(metadata, "annotations") | {DEPRECATED: DEPRECATION}
    return found | {"metadata": metadata | {"annotations": annotations}}


def derived(service: Manifest, known: Known) -> Manifest | Failure:
    """The service with engine, model and runtime from its predictor. Source: MigratePredictor."""
    spec = mapping(service, "spec")
    predictor = mapping(spec, "predictor")
    named = _named(service, predictor, known)
    if isinstance(named, Failure):
        return named
    return service | {"spec": spec | named | {"engine": _engine(predictor)}}


def model_kind(name: str, namespace: str, known: Known) -> str | Failure:
    """The kind of a model; here the cluster's comes first. Source: DetermineModelKind."""
    if known.get(kinds.CLUSTER_BASE_MODEL, Key("", name)) is not None:
        return kinds.CLUSTER_BASE_MODEL.name
    if known.get(kinds.BASE_MODEL, Key(namespace, name)) is not None:
        return kinds.BASE_MODEL.name
    return Failure(f"neither ClusterBaseModel nor BaseModel found with name {name}")


def _named(service: Manifest, predictor: Manifest, known: Known) -> Manifest | Failure:
    name = text(predictor, "model", "baseModel")
    if not name:
        return {}
    kind = model_kind(name, text(service, "metadata", "namespace"), known)
    if isinstance(kind, Failure):
        return kind
    model: Manifest = {"name": name, "kind": kind} | _GROUP
    weights = items(predictor, "model", "fineTunedWeights")
    found = {"model": model | ({"fineTunedWeights": weights} if weights else {})}
    runtime = text(predictor, "model", "runtime")
    named = {"name": runtime, "kind": kinds.CLUSTER_SERVING_RUNTIME.name} | _GROUP
    return found | ({"runtime": named} if runtime else {})


def _engine(predictor: Manifest) -> Manifest:
    engine = {name: copy.deepcopy(value) for name, value in predictor.items() if name not in _APART}
    containers = items(predictor, "containers")
    own = next((each for each in containers if "ome" in text(each, "name").lower()), None)
    runner = own or next(iter(containers), None)
    # A single container that is not OME's own stays beside the runner it has become.
    kept = own is None and len(containers) == 1
    rest = [each for each in containers if kept or each is not runner]
    model = mapping(predictor, "model")
    if runner is not None:
        engine["runner"] = _with_model_variables(runner, model, items(model, "env"))
    elif text(model, "name"):
        container = {name: value for name, value in model.items() if name not in _OF_THE_MODEL}
        engine["runner"] = _with_model_variables(container, model, [])
    engine |= {"containers": copy.deepcopy(rest)} if rest else {}
    worker = predictor.get("workerSpec")
    return engine | ({"worker": copy.deepcopy(worker)} if worker is not None else {})


_OF_THE_MODEL: Final = (
    "baseModel",
    "fineTunedWeights",
    "protocolVersion",
    "runtime",
    "storageUri",
)
_VARIABLES: Final = {"storageUri": "STORAGE_URI", "protocolVersion": "PROTOCOL_VERSION"}


def _with_model_variables(container: Manifest, model: Manifest, env: list[Manifest]) -> Manifest:
    said = [
        {"name": variable, "value": model[field]}
        for field, variable in _VARIABLES.items()
        if model.get(field) is not None
    ]
    whole = [*items(container, "env"), *env, *said]
    return copy.deepcopy(container) | ({"env": copy.deepcopy(whole)} if whole else {})
