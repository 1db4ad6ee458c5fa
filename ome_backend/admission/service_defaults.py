"""What OME fills into an InferenceService (wh/isvc/inference_service_defaults.go)."""

import copy
import json
from typing import Any

from ome_backend.admission import predictor
from ome_backend.admission.known import Known
from ome_backend.admission.refusal import Refused
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, dig, mapping, text

MODE = "ome.io/deploymentMode"
DEPRECATED = "ome.io/deprecation-warning"
CONFIG = Key("ome", "inferenceservice-config")
_SHIPPED_MODE = "RawDeployment"
_REPLICAS = {"engine": (1, 3), "decoder": (1, 3), "router": (1, 2)}


def default(service: Manifest, known: Known) -> Manifest:
    """A copy with deployment mode, replica bounds and, for an old `predictor`, the engine filled in.

    Raises Refused for a predictor that names an unknown model or a broken OME configuration.
    """
    return filled(service, configured_mode(known), known)


def configured_mode(known: Known) -> str:
    """The mode of OME's configuration; the one OME ships with where that is out of sight.

    Raises Refused for one that OME does not know.
    """
    config = known.get(kinds.CONFIG_MAP, CONFIG)
    deploy = text(config or {}, "data", "deploy")
    mode = _mode_in(deploy) if deploy else _SHIPPED_MODE
    if mode not in ("Serverless", "RawDeployment"):
        raise Refused(
            "invalid deployment mode. Supported modes are Serverless and RawDeployment",
            webhook="inferenceservice.ome-webhook-server.defaulter",
        )
    return mode


def filled(service: Manifest, configured: str, known: Known) -> Manifest:
    """A copy with everything filled in where `configured` is the default deployment mode."""
    made = copy.deepcopy(service)
    mode = _mode(mapping(made, "spec"), configured)
    if mode:
        _annotate(made, MODE, mode)
    if predictor.used(made):
        _annotate(made, DEPRECATED, predictor.DEPRECATION)
        predictor.migrate(made, known)
    for component, (least, most) in _REPLICAS.items():
        _default_replicas(dig(made, "spec", component), least, most)
    return made


def _mode_in(deploy: str) -> str:
    try:
        return text(json.loads(deploy), "defaultDeploymentMode")
    except json.JSONDecodeError:
        return ""


def _mode(spec: Manifest, configured: str) -> str:
    engine = spec.get("engine")
    if engine is not None and spec.get("decoder") is not None:
        return "PDDisaggregated"
    size = dig(spec, "engine", "worker", "size")
    if dig(spec, "engine", "leader") is not None and isinstance(size, int) and size > 0:
        return "MultiNode"
    return configured if configured == "RawDeployment" else ""


def _annotate(service: Manifest, name: str, value: str) -> None:
    """Sets an annotation that is not there yet."""
    annotations = _branch(_branch(service, "metadata"), "annotations")
    annotations.setdefault(name, value)


def _branch(parent: dict[str, Any], name: str) -> dict[str, Any]:
    held = parent.get(name)
    if not isinstance(held, dict):
        held = parent[name] = {}
    return held


def _default_replicas(block: Any, least: int, most: int) -> None:
    if not isinstance(block, dict):
        return
    if block.get("minReplicas") is None:
        block["minReplicas"] = least
    if not block.get("maxReplicas"):
        block["maxReplicas"] = most
