"""The manifest of a service to be: composed from choices, and read back into choices."""

from copy import deepcopy
from dataclasses import dataclass

from ome_backend.resources.kind import Key
from ome_backend.resources.kinds import INFERENCE_SERVICE
from ome_backend.resources.manifest import Manifest, dig, text
from ome_backend.resources.model import Model
from ome_backend.resources.optional import optional_number
from ome_backend.resources.runtime import Runtime


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose for a new service. An empty `runtime` leaves the choice to OME."""

    namespace: str = ""
    name: str = ""
    model: str = ""
    model_kind: str = ""
    runtime: str = ""
    runtime_kind: str = ""
    accelerator: str = ""
    min_replicas: int = 1
    max_replicas: int = 1
    decoder: bool = False
    router: bool = False


def choices_in(manifest: Manifest) -> Choices:
    """The choices a manifest stands for; what it says beyond them is left to the manifest."""
    engine = ("spec", "engine")
    low = optional_number(manifest, *engine, "minReplicas")
    high = optional_number(manifest, *engine, "maxReplicas")
    return Choices(
        namespace=text(manifest, "metadata", "namespace"),
        name=text(manifest, "metadata", "name"),
        model=text(manifest, "spec", "model", "name"),
        model_kind=text(manifest, "spec", "model", "kind") or "ClusterBaseModel",
        runtime=text(manifest, "spec", "runtime", "name"),
        runtime_kind=text(manifest, "spec", "runtime", "kind"),
        accelerator=text(manifest, "spec", "acceleratorSelector", "acceleratorClass"),
        min_replicas=1 if low is None else low,
        max_replicas=max(1, 1 if low is None else low) if high is None else high,
        decoder=dig(manifest, "spec", "decoder") is not None,
        router=dig(manifest, "spec", "router") is not None,
    )


def with_choices(manifest: Manifest, choices: Choices) -> Manifest:
    """The manifest with the choices written in; every other field stays as it was."""
    changed = deepcopy(manifest)
    changed["apiVersion"], changed["kind"] = INFERENCE_SERVICE.api_version, INFERENCE_SERVICE.name
    metadata = _branch(changed, "metadata")
    metadata["name"], metadata["namespace"] = choices.name, choices.namespace
    spec = _branch(changed, "spec")
    _choose(spec, "model", {"name": choices.model, "kind": choices.model_kind})
    _choose(spec, "runtime", {"name": choices.runtime, "kind": choices.runtime_kind})
    _choose(spec, "acceleratorSelector", {"acceleratorClass": choices.accelerator})
    engine = _branch(spec, "engine")
    engine["minReplicas"], engine["maxReplicas"] = choices.min_replicas, choices.max_replicas
    for component, wanted in (("decoder", choices.decoder), ("router", choices.router)):
        if wanted:
            _branch(spec, component)
        else:
            spec.pop(component, None)
    return changed


def proposed_name(model: Key, taken: frozenset[Key], namespace: str) -> str:
    """A name for a service of this model that nobody in the namespace uses: its own, else numbered.

    At most 55 characters, so that OME need not hash the names it derives from it.
    """
    stem = "".join(
        each if each.isascii() and each.isalnum() else "-" for each in model.name.lower()
    )
    stem = stem.lstrip("-0123456789")[:52].strip("-") or "model"
    numbered = (stem if number == 1 else f"{stem}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in numbered if Key(namespace, name) not in taken)


def chosen(model: Model, runtime: Runtime | None, namespace: str, name: str) -> Choices:
    """The choices to begin with: what the runtime needs to run is switched on."""
    return Choices(
        namespace=namespace,
        name=name,
        model=model.key.name,
        model_kind=model.kind.name,
        runtime=runtime.key.name if runtime is not None else "",
        runtime_kind=runtime.kind.name if runtime is not None else "",
        decoder=runtime is not None and runtime.has_decoder,
        router=runtime is not None and runtime.has_router,
    )


def _branch(parent: Manifest, name: str) -> Manifest:
    held = parent.get(name)
    if not isinstance(held, dict):
        held = parent[name] = {}
    return held


def _choose(spec: Manifest, name: str, values: dict[str, str]) -> None:
    """Write what was chosen; a first value that is empty means nothing was, so the branch goes."""
    if next(iter(values.values())):
        _branch(spec, name).update(values)
    else:
        spec.pop(name, None)
