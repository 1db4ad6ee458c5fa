"""How OME runs a service and each of its components (isvc/utils/deployment.go, annotations.go)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ome_backend.resources.manifest import Manifest, mapping

ANNOTATION: Final = "ome.io/deploymentMode"
RAW: Final = "RawDeployment"
MULTI_NODE: Final = "MultiNode"
MULTI_NODE_RAY: Final = "MultiNodeRayVLLM"
SERVERLESS: Final = "Serverless"
VIRTUAL: Final = "VirtualDeployment"
_VALID: Final = (SERVERLESS, RAW, MULTI_NODE_RAY, MULTI_NODE, VIRTUAL)


@dataclass(frozen=True, slots=True)
class Mode:
    """A deployment mode, and what of the specification decides it."""

    name: str
    reason: str

    @property
    def grouped(self) -> bool:
        """The component runs as groups of a leader and its workers."""
        return self.name == MULTI_NODE


def named(annotations: Mapping[str, Any] | None) -> str:
    """The mode that annotations ask for; empty where they name none that OME knows."""
    wanted = (annotations or {}).get(ANNOTATION, "")
    return wanted if wanted in _VALID else ""


def of_service(annotations: Mapping[str, Any] | None, configured: str) -> str:
    """The mode of a service as a whole: it decides on VirtualDeployment and whether Knative is asked for.

    PDDisaggregated, which the defaulter writes, is not a mode here: the configured one applies.
    """
    return named(annotations) or configured


def of_engine(engine: Manifest | None) -> Mode:
    """The mode of a merged engine. Source: DetermineEngineDeploymentMode."""
    wanted = named(mapping(engine or {}, "annotations"))
    if wanted:
        return Mode(wanted, f"the annotation {ANNOTATION} of the engine asks for it")
    return _grouped(engine or {}) or _scaled(engine or {})


def of_decoder(decoder: Manifest) -> Mode:
    """The mode of a merged decoder; it is never serverless."""
    return _grouped(decoder) or Mode(RAW, "it has neither leader nor worker")


def of_router(router: Manifest) -> Mode:
    """The mode of a merged router; it never runs in groups."""
    return _scaled(router)


def of_components(merged: Mapping[str, Manifest]) -> dict[str, Mode]:
    """The mode of each merged component. Beside a decoder the engine is not serverless."""
    rules = {"engine": of_engine, "decoder": of_decoder, "router": of_router}
    found = {name: rules[name](spec) for name, spec in merged.items()}
    if "decoder" in found and "engine" in found and found["engine"].name == SERVERLESS:
        found["engine"] = Mode(RAW, "beside a decoder OME does not leave the engine to Knative")
    return found


def entrypoint(spec: Manifest) -> str:
    """The component that clients talk to: the router where there is one, else the engine."""
    return "router" if spec.get("router") is not None else "engine"


def _grouped(component: Manifest) -> Mode | None:
    found = [part for part in ("leader", "worker") if component.get(part) is not None]
    return Mode(MULTI_NODE, f"it has a {' and a '.join(found)}") if found else None


def _scaled(component: Manifest) -> Mode:
    if component.get("minReplicas") == 0:
        return Mode(SERVERLESS, "minReplicas is 0, which only Knative can serve")
    return Mode(RAW, "it has no leader, no worker and at least one replica")
