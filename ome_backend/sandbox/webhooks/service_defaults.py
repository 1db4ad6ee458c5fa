"""What OME fills into an InferenceService (wh/isvc/inference_service_defaults.go)."""

import copy
import json
from typing import Any

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, dig, items, mapping, text
from ome_backend.sandbox.lookup import Lookup
from ome_backend.sandbox.webhooks.refusal import Refused

MODE = "ome.io/deploymentMode"
CONFIG = Key("ome", "inferenceservice-config")
_WEBHOOK = "inferenceservice.ome-webhook-server.defaulter"
_DEPRECATION = (
    "The Predictor field is deprecated and will be removed in a future release. "
    "Please use Engine and Model fields instead."
)
_PREDICTOR_SIGNS = (
    "minReplicas",
    "serviceAccountName",
    "containers",
    "volumes",
    "nodeSelector",
    "tolerations",
    "affinity",
)


def default(service: Manifest, objects: Lookup) -> Manifest:
    """A copy with deployment mode, replica bounds and, for an old `predictor`, the engine filled in.

    Raises Refused for a predictor that names an unknown model or a broken OME configuration.
    """
    filled = copy.deepcopy(service)
    _default_mode(filled, _default_deployment_mode(objects))
    if _predictor_used(filled):
        _annotations(filled)["ome.io/deprecation-warning"] = _DEPRECATION
        if dig(filled, "spec", "engine") is None:
            _migrate(filled, objects)
    for component, least, most in (("engine", 1, 3), ("decoder", 1, 3), ("router", 1, 2)):
        _default_replicas(filled, component, least, most)
    return filled


def _default_deployment_mode(objects: Lookup) -> str:
    config = objects.get(kinds.CONFIG_MAP, CONFIG)
    deploy = text(config or {}, "data", "deploy")
    mode = text(json.loads(deploy), "defaultDeploymentMode") if deploy else "RawDeployment"
    if mode not in ("Serverless", "RawDeployment"):
        raise Refused(
            "invalid deployment mode. Supported modes are Serverless and RawDeployment",
            webhook=_WEBHOOK,
        )
    return mode


def _default_mode(service: Manifest, configured: str) -> None:
    if MODE in mapping(service, "metadata", "annotations"):
        return
    mode = _mode(mapping(service, "spec")) or (configured if configured == "RawDeployment" else "")
    if mode:
        _annotations(service)[MODE] = mode


def _mode(spec: Manifest) -> str:
    engine = spec.get("engine")
    if engine is not None and spec.get("decoder") is not None:
        return "PDDisaggregated"
    size = dig(spec, "engine", "worker", "size")
    if dig(spec, "engine", "leader") is not None and isinstance(size, int) and size > 0:
        return "MultiNode"
    return ""


def _annotations(service: Manifest) -> dict[str, Any]:
    metadata: dict[str, Any] = service.setdefault("metadata", {})
    if not isinstance(metadata.get("annotations"), dict):
        metadata["annotations"] = {}
    annotations: dict[str, Any] = metadata["annotations"]
    return annotations


def _predictor_used(service: Manifest) -> bool:
    predictor = mapping(service, "spec", "predictor")
    return bool(text(predictor, "model", "baseModel")) or any(
        predictor.get(field) not in (None, [], "") for field in _PREDICTOR_SIGNS
    )


def _migrate(service: Manifest, objects: Lookup) -> None:
    spec = service["spec"]
    predictor = mapping(spec, "predictor")
    spec["engine"] = _engine(predictor)
    name = text(predictor, "model", "baseModel")
    if name and not text(spec, "model", "name"):
        spec["model"] = _model(service, predictor, name, objects)
    runtime = text(predictor, "model", "runtime")
    if runtime and not text(spec, "runtime", "name"):
        spec["runtime"] = {"name": runtime, "kind": "ClusterServingRuntime"}


def _model(service: Manifest, predictor: Manifest, name: str, objects: Lookup) -> Manifest:
    model: Manifest = {"name": name, "kind": _model_kind(service, name, objects)}
    weights = items(predictor, "model", "fineTunedWeights")
    return model | ({"fineTunedWeights": copy.deepcopy(weights)} if weights else {})


def _model_kind(service: Manifest, name: str, objects: Lookup) -> str:
    if objects.get(kinds.CLUSTER_BASE_MODEL, Key("", name)) is not None:
        return "ClusterBaseModel"
    namespace = text(service, "metadata", "namespace")
    if objects.get(kinds.BASE_MODEL, Key(namespace, name)) is not None:
        return "BaseModel"
    raise Refused(
        f"neither ClusterBaseModel nor BaseModel found with name {name}", webhook=_WEBHOOK
    )


def _engine(predictor: Manifest) -> Manifest:
    apart = ("model", "workerSpec", "containers")
    engine = {name: copy.deepcopy(value) for name, value in predictor.items() if name not in apart}
    containers = copy.deepcopy(items(predictor, "containers"))
    if containers:
        runner = next((each for each in containers if "ome" in text(each, "name")), containers[0])
        engine["runner"] = runner
        rest = [each for each in containers if each is not runner]
        engine |= {"containers": rest} if rest else {}
    if predictor.get("workerSpec") is not None:
        engine["worker"] = copy.deepcopy(predictor["workerSpec"])
    return engine


def _default_replicas(service: Manifest, component: str, least: int, most: int) -> None:
    block = dig(service, "spec", component)
    if not isinstance(block, dict):
        return
    if block.get("minReplicas") is None:
        block["minReplicas"] = least
    if not block.get("maxReplicas"):
        block["maxReplicas"] = most
