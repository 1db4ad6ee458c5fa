"""The `predictor` of older InferenceServices, and what OME makes of it.

Source: wh/isvc/inference_service_defaults.go, pkg/utils/isvc.
"""

import copy

from ome_backend.admission.known import Known
from ome_backend.admission.refusal import Refused
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, dig, items, mapping, text

DEPRECATION = (
    "The Predictor field is deprecated and will be removed in a future release. "
    "Please use Engine and Model fields instead."
)
_SIGNS = (
    "minReplicas",
    "serviceAccountName",
    "containers",
    "volumes",
    "nodeSelector",
    "tolerations",
    "affinity",
)
_APART = ("model", "workerSpec", "containers")


def used(service: Manifest) -> bool:
    """Whether the predictor says anything that OME looks at."""
    predictor = mapping(service, "spec", "predictor")
    return bool(text(predictor, "model", "baseModel")) or any(
        predictor.get(field) not in (None, [], "") for field in _SIGNS
    )


def migrate(service: Manifest, known: Known) -> None:
    """Derives engine, model and runtime from the predictor, in place; nothing when there is an engine.

    The predictor stays where it is. Raises Refused when nobody knows its model.
    """
    spec = service["spec"]
    if spec.get("engine") is not None:
        return
    predictor = mapping(spec, "predictor")
    spec["engine"] = _engine(predictor)
    name = text(predictor, "model", "baseModel")
    if name and spec.get("model") is None:
        spec["model"] = _model(service, predictor, name, known)
    runtime = text(predictor, "model", "runtime")
    if runtime and spec.get("runtime") is None:
        spec["runtime"] = {"name": runtime, "kind": "ClusterServingRuntime"}


def _model(service: Manifest, predictor: Manifest, name: str, known: Known) -> Manifest:
    model: Manifest = {"name": name, "kind": _model_kind(service, name, known)}
    weights = items(predictor, "model", "fineTunedWeights")
    return model | ({"fineTunedWeights": copy.deepcopy(weights)} if weights else {})


def _model_kind(service: Manifest, name: str, known: Known) -> str:
    """Here, unlike everywhere else, the cluster's model comes before the namespace's own."""
    namespace = text(service, "metadata", "namespace")
    if known.get(kinds.CLUSTER_BASE_MODEL, Key("", name)) is not None:
        return kinds.CLUSTER_BASE_MODEL.name
    if known.get(kinds.BASE_MODEL, Key(namespace, name)) is not None:
        return kinds.BASE_MODEL.name
    raise Refused(
        f"neither ClusterBaseModel nor BaseModel found with name {name}",
        webhook="inferenceservice.ome-webhook-server.defaulter",
        path="spec.predictor.model.baseModel",
    )


def _engine(predictor: Manifest) -> Manifest:
    engine = {name: copy.deepcopy(value) for name, value in predictor.items() if name not in _APART}
    containers = copy.deepcopy(items(predictor, "containers"))
    if containers:
        runner = next((each for each in containers if _is_omes(each)), containers[0])
        engine["runner"] = runner
        rest = [each for each in containers if each is not runner]
        engine |= {"containers": rest} if rest else {}
    if dig(predictor, "workerSpec") is not None:
        engine["worker"] = copy.deepcopy(predictor["workerSpec"])
    return engine


def _is_omes(container: Manifest) -> bool:
    return "ome" in text(container, "name").lower()
