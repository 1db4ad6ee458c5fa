"""All that detectors look at, as one value: a watch cache and a folder of files make the same."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ome_backend.matching.accelerators import choose
from ome_backend.matching.accelerators_choice import Choice
from ome_backend.matching.selection import match, resolve
from ome_backend.matching.verdict import Ranking
from ome_backend.outcome import deployment_mode, predictor
from ome_backend.outcome.decision import GaveUp, decide, merged_components
from ome_backend.outcome.deployment_mode import Mode
from ome_backend.resources import kinds
from ome_backend.resources.accelerator_class import AcceleratorClass
from ome_backend.resources.defaults import with_defaults
from ome_backend.resources.download import Download, downloads
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.manifest import Manifest, dig, items, key_of, mapping, text
from ome_backend.resources.model import Model
from ome_backend.resources.node import Node
from ome_backend.resources.pod import Pod
from ome_backend.resources.runtime import Runtime

LOOKED_AT = (
    kinds.INFERENCE_SERVICE,
    *kinds.MODEL_KINDS,
    *kinds.RUNTIME_KINDS,
    kinds.ACCELERATOR_CLASS,
    kinds.BENCHMARK_JOB,
    kinds.NAMESPACE,
    kinds.NODE,
    kinds.POD,
    kinds.CONFIG_MAP,
    kinds.CUSTOM_RESOURCE_DEFINITION,
    kinds.POD_MONITOR,
)
_KINDS = kinds.BY_NAME | {kinds.POD_MONITOR.name: kinds.POD_MONITOR}

Objects = Mapping[Kind, Iterable[Manifest]]
_Asked = tuple[Ref, str, tuple[str, ...]]


@dataclass(frozen=True)
class Cluster:
    """Typed views of all kinds. `unseen` says of a kind why it is not known: it is then not just empty.

    The objects are shared: read them, never change them.
    """

    services: tuple[InferenceService, ...] = ()
    models: tuple[Model, ...] = ()
    runtimes: tuple[Runtime, ...] = ()
    classes: Mapping[str, AcceleratorClass] = field(default_factory=dict)
    jobs: tuple[Manifest, ...] = ()
    namespaces: frozenset[str] = frozenset()
    nodes: tuple[Node, ...] = ()
    pods: tuple[Pod, ...] = ()
    downloads: tuple[Download, ...] = ()
    definitions: frozenset[str] = frozenset()
    monitors: frozenset[Key] = frozenset()
    unseen: Mapping[Kind, str] = field(default_factory=dict)
    ome_namespace: str = "ome"

    @classmethod
    def of(
        cls, manifests: Iterable[Manifest], *, complete: bool = False, ome_namespace: str = "ome"
    ) -> "Cluster":
        """The cluster that some files describe, with the defaults that the API server would fill in.

        Patches of what is found are for the objects with these defaults. A kind of which the files
        hold nothing is unseen, unless they are the `complete` cluster.
        """
        found: dict[Kind, list[Manifest]] = defaultdict(list)
        for manifest in manifests:
            kind = _KINDS.get(text(manifest, "kind"))
            if kind is not None:
                found[kind].append(with_defaults(manifest))
        unseen = {} if complete else _absent(found)
        return cls.seen(found, unseen, tuple(reported(found[kinds.CONFIG_MAP])), ome_namespace)

    @classmethod
    def seen(
        cls,
        objects: Objects,
        unseen: Mapping[Kind, str],
        arriving: tuple[Download, ...],
        ome_namespace: str = "ome",
    ) -> "Cluster":
        """The views of `objects`; `arriving` is what the model agents report."""

        def held(kind: Kind) -> Sequence[Manifest]:
            return sorted(objects.get(kind, ()), key=key_of)

        return cls(
            services=tuple(map(InferenceService, held(kinds.INFERENCE_SERVICE))),
            models=tuple(Model(raw, kind) for kind in kinds.MODEL_KINDS for raw in held(kind)),
            runtimes=tuple(
                Runtime(raw, kind) for kind in kinds.RUNTIME_KINDS for raw in held(kind)
            ),
            classes={
                each.key.name: each for each in map(AcceleratorClass, held(kinds.ACCELERATOR_CLASS))
            },
            jobs=tuple(held(kinds.BENCHMARK_JOB)),
            namespaces=frozenset(key_of(raw).name for raw in held(kinds.NAMESPACE)),
            nodes=tuple(map(Node, held(kinds.NODE))),
            pods=tuple(map(Pod, held(kinds.POD))),
            downloads=arriving,
            definitions=frozenset(
                key_of(raw).name for raw in held(kinds.CUSTOM_RESOURCE_DEFINITION)
            ),
            monitors=frozenset(map(key_of, held(kinds.POD_MONITOR))),
            unseen=unseen,
            ome_namespace=ome_namespace,
        )

    @cached_property
    def models_by_key(self) -> Mapping[Key, Model]:
        """A cluster-wide model has a key without a namespace."""
        return {model.key: model for model in self.models}

    @cached_property
    def pods_by_service(self) -> Mapping[Key, tuple[Pod, ...]]:
        found: dict[Key, list[Pod]] = defaultdict(list)
        for pod in self.pods:
            if pod.service.name:
                found[pod.service].append(pod)
        return {service: tuple(pods) for service, pods in found.items()}

    def model_of(self, service: InferenceService) -> Model | None:
        """The model OME finds for it: its namespace's own comes before the cluster's."""
        near = self.models_by_key.get(Key(service.key.namespace, service.model_name))
        return near or self.models_by_key.get(Key("", service.model_name))

    def runtime_of(self, service: InferenceService) -> Runtime | None:
        """The runtime it names, else the one OME selects today; None where there is none."""
        if service.key not in self._runtimes:
            self._runtimes[service.key] = self._runtime(service)
        return self._runtimes[service.key]

    def class_of(self, service: InferenceService, runtime: Runtime, component: str) -> Choice:
        """The accelerator class OME chooses for a component of the service on its runtime."""
        asked = service.key, component
        if asked not in self._classes:
            self._classes[asked] = choose(service, runtime, component, self.classes)
        return self._classes[asked]

    def modes_of(self, service: InferenceService) -> Mapping[str, Mode]:
        """How OME would deploy each component on its runtime; empty for a service it stands in for."""
        annotations = mapping(service.raw, "metadata", "annotations")
        if deployment_mode.named(annotations) == deployment_mode.VIRTUAL:
            return {}
        runtime = self.runtime_of(service)
        merged = merged_components(service.raw, runtime.raw if runtime is not None else None)
        return deployment_mode.of_components(merged)

    def given_up(self, service: InferenceService) -> GaveUp | None:
        """Where OME gives up on the service as it is; None where it goes on, or stands in for it only.

        With fine-tuned weights, which are not looked at, or an old predictor the answer is None.
        """
        annotations = mapping(service.raw, "metadata", "annotations")
        virtual = deployment_mode.named(annotations) == deployment_mode.VIRTUAL
        migrates = dig(service.raw, "spec", "engine") is None and predictor.used(service.raw)
        if virtual or migrates or items(service.raw, "spec", "model", "fineTunedWeights"):
            return None
        decided = decide(service.raw, self)
        return decided if isinstance(decided, GaveUp) else None

    def get(self, kind: Kind, key: Key) -> Manifest | None:
        """An object that OME's decision about a service may look up."""
        return self._decisive.get(kind, {}).get(key)

    def list(self, kind: Kind, namespace: str | None = None) -> Iterable[Manifest]:
        """The objects of such a kind."""
        held = self._decisive.get(kind, {})
        return [raw for key, raw in held.items() if namespace in (None, key.namespace)]

    @cached_property
    def _decisive(self) -> Mapping[Kind, Mapping[Key, Manifest]]:
        found: dict[Kind, dict[Key, Manifest]] = defaultdict(dict)
        for model in self.models:
            found[model.kind][model.key] = model.raw
        for runtime in self.runtimes:
            found[runtime.kind][runtime.key] = runtime.raw
        for one in self.classes.values():
            found[kinds.ACCELERATOR_CLASS][one.key] = one.raw
        return found

    def _runtime(self, service: InferenceService) -> Runtime | None:
        if service.runtime_name:
            return resolve(service.runtime_name, self.runtimes, service.key.namespace)
        model = self.model_of(service)
        if model is None:
            return None
        selected = self.ranking(model, service.key.namespace, service).selected
        return selected.runtime if selected is not None else None

    def ranking(
        self, model: Model, namespace: str, service: InferenceService | None = None
    ) -> Ranking:
        """The runtimes visible in `namespace`, as OME ranks them for the model; worked out once."""
        needed = service.required_accelerator_classes if service is not None else ()
        asked = (model.ref, namespace, needed)
        if asked not in self._rankings:
            self._rankings[asked] = match(model, self.runtimes, service, namespace=namespace)
        return self._rankings[asked]

    # What several detectors ask for is worked out by the first of them.

    @cached_property
    def _rankings(self) -> dict[_Asked, Ranking]:
        return {}

    @cached_property
    def _runtimes(self) -> dict[Key, Runtime | None]:
        return {}

    @cached_property
    def _classes(self) -> dict[tuple[Key, str], Choice]:
        return {}


def reported(config_maps: Iterable[Manifest]) -> Iterable[Download]:
    """What the model agents' config maps say."""
    return (download for config_map in config_maps for download in downloads(config_map))


def _absent(found: Mapping[Kind, Sequence[Manifest]]) -> dict[Kind, str]:
    """Kinds of which files hold nothing. Models, and runtimes, count as one kind: few files hold both."""
    groups = (kinds.MODEL_KINDS, kinds.RUNTIME_KINDS)
    beside = {kind: group for group in groups for kind in group}
    return {
        kind: f"the files hold no {kind.plural}."
        for kind in LOOKED_AT
        if not any(found.get(each) for each in beside.get(kind, (kind,)))
    }
