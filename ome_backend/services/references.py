"""What an object refers to by name, and so what may be missing for it or miss it once it is gone."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.manifest import Manifest, text
from ome_backend.resources.optional import texts


@dataclass(frozen=True, slots=True)
class Reference:
    """The field at `path` names one of `targets`: a namespaced object is looked for before the cluster's own."""

    path: str
    targets: tuple[Ref, ...]

    @property
    def name(self) -> str:
        return self.targets[0].key.name

    @property
    def word(self) -> str:
        """What a person calls the thing that is meant."""
        return self.targets[0].kind.word


def references(manifest: Manifest) -> tuple[Reference, ...]:
    """What the object names, its namespace included; fields that are empty name nothing."""
    found = _BY_KIND.get(text(manifest, "kind"), _nothing)(manifest)
    return tuple(each for each in (*_namespace(manifest), *found) if each.name)


def _namespace(manifest: Manifest) -> Iterator[Reference]:
    name = text(manifest, "metadata", "namespace")
    yield Reference("metadata.namespace", (Ref(kinds.NAMESPACE, Key("", name)),))


def _nothing(_: Manifest) -> Iterator[Reference]:
    return iter(())


def _of_service(manifest: Manifest) -> Iterator[Reference]:
    home = text(manifest, "metadata", "namespace")
    yield _named(manifest, ("spec", "model", "name"), kinds.MODEL_KINDS, home)
    yield _named(manifest, ("spec", "runtime", "name"), kinds.RUNTIME_KINDS, home)
    chosen = ("spec", "acceleratorSelector", "acceleratorClass")
    yield _named(manifest, chosen, (kinds.ACCELERATOR_CLASS,), home)
    yield from _each(manifest, ("spec", "model", "fineTunedWeights"), kinds.FINE_TUNED_WEIGHT)


def _of_runtime(manifest: Manifest) -> Iterator[Reference]:
    classes = ("spec", "acceleratorRequirements", "acceleratorClasses")
    yield from _each(manifest, classes, kinds.ACCELERATOR_CLASS)


def _of_job(manifest: Manifest) -> Iterator[Reference]:
    target = ("spec", "endpoint", "inferenceService")
    home = text(manifest, *target, "namespace") or text(manifest, "metadata", "namespace")
    yield _named(manifest, (*target, "name"), (kinds.INFERENCE_SERVICE,), home)


def _of_weight(manifest: Manifest) -> Iterator[Reference]:
    home = text(manifest, "spec", "baseModelRef", "namespace")
    targets = kinds.MODEL_KINDS if home else (kinds.CLUSTER_BASE_MODEL,)
    yield _named(manifest, ("spec", "baseModelRef", "name"), targets, home)


def _named(
    manifest: Manifest, path: tuple[str, ...], found: tuple[Kind, ...], home: str
) -> Reference:
    name = text(manifest, *path)
    targets = tuple(Ref(kind, Key(home if kind.namespaced else "", name)) for kind in found)
    return Reference(".".join(path), targets)


def _each(manifest: Manifest, path: tuple[str, ...], kind: Kind) -> Iterator[Reference]:
    for index, name in enumerate(texts(manifest, *path)):
        yield Reference(f"{'.'.join(path)}[{index}]", (Ref(kind, Key("", name)),))


_BY_KIND: Mapping[str, Callable[[dict[str, Any]], Iterator[Reference]]] = {
    kinds.INFERENCE_SERVICE.name: _of_service,
    kinds.SERVING_RUNTIME.name: _of_runtime,
    kinds.CLUSTER_SERVING_RUNTIME.name: _of_runtime,
    kinds.BENCHMARK_JOB.name: _of_job,
    kinds.FINE_TUNED_WEIGHT.name: _of_weight,
}
