"""The kinds the console works with: OME's eight and the Kubernetes kinds that explain them."""

from ome_backend.resources.kind import Kind

BASE_MODEL = Kind("BaseModel", "basemodels", True, "model")
CLUSTER_BASE_MODEL = Kind("ClusterBaseModel", "clusterbasemodels", False, "cluster model")
SERVING_RUNTIME = Kind("ServingRuntime", "servingruntimes", True, "runtime")
CLUSTER_SERVING_RUNTIME = Kind(
    "ClusterServingRuntime", "clusterservingruntimes", False, "cluster runtime"
)
INFERENCE_SERVICE = Kind("InferenceService", "inferenceservices", True, "service")
ACCELERATOR_CLASS = Kind("AcceleratorClass", "acceleratorclasses", False, "accelerator class")
BENCHMARK_JOB = Kind("BenchmarkJob", "benchmarkjobs", True, "benchmark job")
FINE_TUNED_WEIGHT = Kind("FineTunedWeight", "finetunedweights", False, "fine-tuned weight")

OME_KINDS = (
    BASE_MODEL,
    CLUSTER_BASE_MODEL,
    SERVING_RUNTIME,
    CLUSTER_SERVING_RUNTIME,
    INFERENCE_SERVICE,
    ACCELERATOR_CLASS,
    BENCHMARK_JOB,
    FINE_TUNED_WEIGHT,
)

NAMESPACE = Kind("Namespace", "namespaces", False, "namespace", "", "v1")
NODE = Kind("Node", "nodes", False, "node", "", "v1")
POD = Kind("Pod", "pods", True, "pod", "", "v1")
EVENT = Kind("Event", "events", True, "event", "", "v1")
SERVICE = Kind("Service", "services", True, "Kubernetes service", "", "v1")
CONFIG_MAP = Kind("ConfigMap", "configmaps", True, "config map", "", "v1")
SECRET = Kind("Secret", "secrets", True, "secret", "", "v1")
DEPLOYMENT = Kind("Deployment", "deployments", True, "deployment", "apps", "v1")
CUSTOM_RESOURCE_DEFINITION = Kind(
    "CustomResourceDefinition",
    "customresourcedefinitions",
    False,
    "custom resource definition",
    "apiextensions.k8s.io",
    "v1",
)
# Of the Prometheus Operator; OME 1.3 makes one for each component of a service.
POD_MONITOR = Kind("PodMonitor", "podmonitors", True, "pod monitor", "monitoring.coreos.com", "v1")

KUBERNETES_KINDS = (NAMESPACE, NODE, POD, EVENT, DEPLOYMENT, SERVICE, CONFIG_MAP)
MODEL_KINDS = (BASE_MODEL, CLUSTER_BASE_MODEL)
RUNTIME_KINDS = (SERVING_RUNTIME, CLUSTER_SERVING_RUNTIME)

BY_NAME = {
    kind.name: kind for kind in (*OME_KINDS, *KUBERNETES_KINDS, SECRET, CUSTOM_RESOURCE_DEFINITION)
}
