"""Objects that get in each other's way because of their names or their place."""

from collections import defaultdict
from collections.abc import Iterator

from ome_backend.editing import commands
from ome_backend.resources import kinds, object_names
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.kind import Key, Ref
from ome_backend.services.detectors.cluster import Cluster
from ome_backend.services.detectors.finding import DoctorFinding, Severity


def model_configs(cluster: Cluster) -> Iterator[DoctorFinding]:
    """The config map of a service is named after the last 20 characters of the service's name."""
    groups: dict[Key, list[InferenceService]] = defaultdict(list)
    for service in cluster.services:
        name = object_names.model_config(service.key.name)
        groups[Key(service.key.namespace, name)].append(service)
    for config_map, sharing in groups.items():
        if len(sharing) < 2:
            continue
        names = " and ".join(each.key.name for each in sharing)
        yield DoctorFinding(
            "modelconfig-collision",
            Severity.BROKEN,
            sharing[-1].ref,
            f"{names} share one config map",
            f"Their names end alike: {config_map.name} is made for each of them.",
            "Each reconcile overwrites what the other service wrote, so one of them may be told of "
            "the other's model.",
            "Deploy one of them again under a name that ends differently.",
            command=commands.get(Ref(kinds.CONFIG_MAP, config_map)),
            also=tuple(each.ref for each in sharing[:-1]),
        )


def shared_heads(cluster: Cluster) -> Iterator[DoctorFinding]:
    """The Kubernetes Service of a multi-node component selects every head of the namespace."""
    heads: dict[str, list[tuple[InferenceService, str]]] = defaultdict(list)
    for service in cluster.services:
        grouped = (name for name, mode in cluster.modes_of(service).items() if mode.grouped)
        for component in grouped:
            heads[service.key.namespace].append((service, component))
    for namespace, found in heads.items():
        if len(found) < 2:
            continue
        concerned = tuple(dict.fromkeys(service.ref for service, _ in found))
        names = ", ".join(f"{service.key.name}-{component}" for service, component in found)
        yield DoctorFinding(
            "shared-heads",
            Severity.BROKEN,
            concerned[-1],
            f"Multi-node components of {namespace} share their heads",
            f"{names} run on several nodes each; their Kubernetes Services all select "
            "ray.io/node-type=head.",
            "A request to one of them may be answered by the model of another.",
            "Move all but one of them to namespaces of their own.",
            command=commands.listing(
                kinds.POD,
                namespace=namespace,
                labels="ray.io/node-type=head",
                options=["--show-labels"],
            ),
            also=concerned[:-1],
        )


def shadowed_models(cluster: Cluster) -> Iterator[DoctorFinding]:
    """A BaseModel hides the ClusterBaseModel of its name, except from the step that obeys the kind."""
    for model in cluster.models:
        shared = cluster.models_by_key.get(Key("", model.key.name))
        if not model.key.namespace or shared is None:
            continue
        yield DoctorFinding(
            "shadowed-model",
            Severity.RISK,
            model.ref,
            f"It hides the cluster model {shared.key.name} in {model.key.namespace}",
            f"BaseModel {model.key} and ClusterBaseModel {shared.key} have one name.",
            f"Services of {model.key.namespace} run the BaseModel; where their spec.model.kind says "
            "ClusterBaseModel, they are told the configuration of the other.",
            "Give one of the two another name; until then write the kind in spec.model.",
            also=(shared.ref,),
        )


def shadowed_runtimes(cluster: Cluster) -> Iterator[DoctorFinding]:
    """A namespace's runtime comes before the cluster's, whatever kind the service names."""
    known = {runtime.ref: runtime for runtime in cluster.runtimes}
    for runtime in cluster.runtimes:
        hidden = known.get(Ref(kinds.CLUSTER_SERVING_RUNTIME, Key("", runtime.key.name)))
        if runtime.cluster_scoped or hidden is None:
            continue
        yield DoctorFinding(
            "shadowed-runtime",
            Severity.RISK,
            runtime.ref,
            f"It hides the cluster runtime {hidden.key.name} in {runtime.key.namespace}",
            f"ServingRuntime {runtime.key} and ClusterServingRuntime {hidden.key} have one name.",
            f"Services of {runtime.key.namespace} that name {hidden.key.name} get the ServingRuntime, "
            "even with kind ClusterServingRuntime.",
            "Give one of the two another name.",
            also=(hidden.ref,),
        )
