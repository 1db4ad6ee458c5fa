"""Which fields a form shows first, and which only when they are asked for.

Schemas list fields by the alphabet; a form follows a person's thoughts. A field that is named in
neither list, such as one of a newer OME, stands with the usual ones.
"""

from collections.abc import Container
from typing import Final

_FIRST: Final = (
    *("name", "namespace", "key", "value", "valueFrom", "operator", "values", "effect"),
    *(
        "displayName",
        "vendor",
        "model",
        "family",
        "version",
        "runtime",
        "engine",
        "decoder",
        "router",
    ),
    *("baseModelRef", "endpoint", "task", "trafficScenarios", "numConcurrency"),
    *("storageUri", "path", "storage", "outputLocation", "resultFolderName"),
    *("modelFormat", "modelFramework", "modelArchitecture", "modelParameterSize", "quantization"),
    *("autoSelect", "priority", "supportedModelFormats", "modelSizeRange", "min", "max"),
    *("memoryGB", "computeCapability", "nodeSelector", "capabilities", "discovery", "resources"),
    *("perHour", "spotPerHour", "perMillionTokens", "tier", "quantity"),
    *("minReplicas", "maxReplicas", "scaleMetric", "scaleTarget"),
    *("size", "leader", "worker", "runner", "containers", "image", "command", "args", "env"),
    *("containerPort", "mountPath", "limits", "requests"),
    *("engineConfig", "decoderConfig", "routerConfig"),
)
_IN_PLACE: Final = frozenset(
    ("modelFormat", "modelFramework", "modelSizeRange", "cost", "baseModelRef")
)
_RANK: Final = {name: rank for rank, name in enumerate(_FIRST)}

_RARE: Final = frozenset(
    (
        *("apiGroup", "compartmentID", "schemaPath", "additionalMetadata", "modelConfiguration"),
        *("apiCapabilities", "servingMode", "modelType", "weight", "diffusionPipeline"),
        *("predictor", "workers", "levelZeroVersion", "clockSpeedMHz", "integration", "deviceIDs"),
        *("pciVendorID", "divisible", "trainingJobRef", "configuration", "kedaConfig"),
        *("canaryTrafficPercent", "containerConcurrency", "timeoutSeconds", "deploymentStrategy"),
        *("maxUnavailable", "minAvailable", "enableKeda", "serviceMetadata", "podOverride"),
        *("minMemoryPerBillionParams", "dataParallelSize", "minArchitectureVersion"),
        *("minComputePerformanceTFLOPS", "minMemory", "preferredPrecisions", "requiredFeatures"),
        *("activeDeadlineSeconds", "affinity", "automountServiceAccountToken", "dnsConfig"),
        *("dnsPolicy", "enableServiceLinks", "ephemeralContainers", "hostAliases", "hostIPC"),
        *("hostNetwork", "hostPID", "hostUsers", "hostname", "imagePullSecrets", "initContainers"),
        *("nodeName", "os", "overhead", "preemptionPolicy", "priorityClassName"),
        *("readinessGates", "resourceClaims", "restartPolicy", "runtimeClassName"),
        *("schedulerName", "schedulingGates", "securityContext", "serviceAccount"),
        *("serviceAccountName", "setHostnameAsFQDN", "shareProcessNamespace", "subdomain"),
        *("terminationGracePeriodSeconds", "topologySpreadConstraints", "acceleratorOverride"),
        *("envFrom", "imagePullPolicy", "lifecycle", "resizePolicy", "stdin", "stdinOnce"),
        *("terminationMessagePath", "terminationMessagePolicy", "tty", "volumeDevices"),
        *("workingDir", "livenessProbe", "readinessProbe", "startupProbe", "claims"),
        *("hostIP", "hostPort", "mountPropagation", "recursiveReadOnly", "subPath", "subPathExpr"),
        *("tolerationSeconds", "scheme", "host", "httpHeaders", "immutable", "optional"),
        *("generateName", "finalizers", "ownerReferences", "matchFields", "apiVersion"),
    )
)

# Names with another meaning where a certain field stands beside them.
_RARE_BESIDE: Final = {
    "priority": "priorityClassName",
    "version": "autoSelect",
    "image": "emptyDir",
    "secret": "emptyDir",
    "operator": "weight",
}

_SET_BY_THE_SERVER: Final = frozenset(
    (
        *("creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation"),
        *("managedFields", "resourceVersion", "selfLink", "uid"),
    )
)


def rank(name: str) -> int:
    """Where a field stands among the others of its object: the lower comes first."""
    return _RANK.get(name, len(_FIRST))


def rare(name: str, beside: Container[str] = ()) -> bool:
    """Whether few people ever set it; `beside` are the names of all fields of its object."""
    return name in _RARE or _RARE_BESIDE.get(name, "") in beside


def in_place(name: str) -> bool:
    """Whether a small object is offered from the start."""
    return name in _IN_PLACE


def foreign(name: str) -> bool:
    """Whether the API server writes it, so that no form offers it."""
    return name in _SET_BY_THE_SERVER
