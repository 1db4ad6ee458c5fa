"""A typed read-only view of InferenceService."""

from dataclasses import dataclass, field
from functools import cached_property

from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.kinds import INFERENCE_SERVICE
from ome_backend.resources.manifest import Manifest, key_of, text
from ome_backend.resources.optional import optional_text

ACCELERATOR_CLASS_ANNOTATION = "ome.io/accelerator-class"

_ACCELERATOR_CLASS_PATHS = (
    ("metadata", "annotations", ACCELERATOR_CLASS_ANNOTATION),
    ("spec", "acceleratorSelector", "acceleratorClass"),
    ("spec", "engine", "acceleratorOverride", "acceleratorClass"),
    ("spec", "decoder", "acceleratorOverride", "acceleratorClass"),
)


@dataclass(frozen=True)
class InferenceService:
    """A service that OME runs. Absent and mistyped fields read as empty; never change `raw`."""

    raw: Manifest = field(repr=False)
    kind: Kind = INFERENCE_SERVICE

    @cached_property
    def key(self) -> Key:
        return key_of(self.raw)

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, self.key)

    @property
    def model_name(self) -> str:
        return text(self.raw, "spec", "model", "name")

    @property
    def model_kind(self) -> str:
        """The kind the service names; empty means ClusterBaseModel."""
        return text(self.raw, "spec", "model", "kind")

    @property
    def runtime_name(self) -> str:
        """The runtime the service names; empty leaves the choice to OME."""
        return text(self.raw, "spec", "runtime", "name")

    @property
    def runtime_kind(self) -> str:
        return text(self.raw, "spec", "runtime", "kind")

    @cached_property
    def required_accelerator_classes(self) -> tuple[str, ...]:
        """The accelerator classes a runtime must list to be used, without repetition.

        An empty one counts, too. Source: pkg/runtimeselector/matcher.go, compareAcceleratorClass.
        """
        found = (optional_text(self.raw, *path) for path in _ACCELERATOR_CLASS_PATHS)
        return tuple(dict.fromkeys(name for name in found if name is not None))
