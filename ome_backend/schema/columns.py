"""The printer columns of OME's kinds: what `kubectl get` shows."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `path` is a JSONPath with a leading dot, `type` as the API server has it."""

    name: str
    path: str
    type: str = "string"


_AGE = Column("Age", ".metadata.creationTimestamp", "date")
_DISABLED = Column("Disabled", ".spec.disabled", "boolean")
_STATE_AS_READY = Column("Ready", ".status.state")
_VERSION = Column("Version", ".spec.version")
_VENDOR = Column("Vendor", ".spec.vendor")
_COMPARTMENT = Column("CompartmentID", ".spec.compartmentID")
_FORMATS = ".spec.supportedModelFormats[*]"
_TRAFFIC = ".status.components.engine.traffic"

MODEL = (
    _DISABLED,
    _VERSION,
    _VENDOR,
    Column("Framework", ".spec.modelFramework.name"),
    Column("FrameworkVersion", ".spec.modelFramework.version"),
    Column("ModelFormat", ".spec.modelFormat.name"),
    Column("Architecture", ".spec.modelArchitecture"),
    Column("Capabilities", ".spec.modelCapabilities[*]"),
    Column("Size", ".spec.modelParameterSize"),
    _COMPARTMENT,
    _STATE_AS_READY,
    _AGE,
)
RUNTIME = (
    _DISABLED,
    Column("ModelFormat", f"{_FORMATS}.modelFormat.name"),
    Column("ModelFramework", f"{_FORMATS}.modelFramework.name"),
    Column("ModelFrameworkVersion", f"{_FORMATS}.modelFramework.version"),
    Column("ModelArchitecture", f"{_FORMATS}.modelArchitecture"),
    Column("ModelSizeMin", ".spec.modelSizeRange.min"),
    Column("ModelSizeMax", ".spec.modelSizeRange.max"),
    Column("Images", ".spec.containers[*].image"),
    _AGE,
)
INFERENCE_SERVICE = (
    Column("URL", ".status.url"),
    Column("Ready", ".status.conditions[?(@.type=='Ready')].status"),
    Column("BaseModel", ".spec.model.name"),
    Column("Runtime", ".spec.runtime.name"),
    Column("Prev", f"{_TRAFFIC}[?(@.tag=='prev')].percent", "integer"),
    Column("Latest", f"{_TRAFFIC}[?(@.latestRevision==true)].percent", "integer"),
    Column("PrevRolledoutRevision", f"{_TRAFFIC}[?(@.tag=='prev')].revisionName"),
    Column("LatestReadyRevision", f"{_TRAFFIC}[?(@.latestRevision==true)].revisionName"),
    _AGE,
)
ACCELERATOR_CLASS = (
    _VENDOR,
    Column("Family", ".spec.family"),
    Column("Memory", ".spec.capabilities.memoryGB"),
    Column("Nodes", ".status.availableNodes", "integer"),
)
BENCHMARK_JOB = (_AGE, Column("Status", ".status.state"))
FINE_TUNED_WEIGHT = (
    _DISABLED,
    _VERSION,
    _VENDOR,
    _COMPARTMENT,
    Column("ModelType", ".spec.modelType"),
    _STATE_AS_READY,
    _AGE,
)
