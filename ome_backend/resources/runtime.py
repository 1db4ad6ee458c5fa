"""A typed read-only view of ServingRuntime and ClusterServingRuntime."""

from dataclasses import dataclass, field
from functools import cached_property

from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.kinds import CLUSTER_SERVING_RUNTIME
from ome_backend.resources.manifest import Manifest, items, key_of, mapping
from ome_backend.resources.optional import (
    optional_flag,
    optional_mapping,
    optional_number,
    optional_text,
    texts,
)
from ome_backend.resources.replica import (
    engine_name,
    gpus,
    image,
    largest_pod,
    multi_node,
    runs_something,
)
from ome_backend.resources.supported_format import SupportedFormat, supported_format


@dataclass(frozen=True, slots=True)
class SizeRange:
    """modelSizeRange as written; a bound is None when absent."""

    low: str | None
    high: str | None


@dataclass(frozen=True)
class Runtime:
    """How OME runs models of some formats. Absent and mistyped fields read as empty.

    Never change `raw`.
    """

    raw: Manifest = field(repr=False)
    kind: Kind = CLUSTER_SERVING_RUNTIME

    @cached_property
    def key(self) -> Key:
        return key_of(self.raw)

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, self.key)

    @property
    def cluster_scoped(self) -> bool:
        return not self.kind.namespaced

    @cached_property
    def disabled(self) -> bool:
        return optional_flag(self.raw, "spec", "disabled") is True

    @cached_property
    def formats(self) -> tuple[SupportedFormat, ...]:
        """supportedModelFormats in the order of the manifest."""
        found = items(self.raw, "spec", "supportedModelFormats")
        return tuple(supported_format(entry) for entry in found if isinstance(entry, dict))

    @cached_property
    def size_range(self) -> SizeRange | None:
        """modelSizeRange; None when absent, which means every size."""
        found = optional_mapping(self.raw, "spec", "modelSizeRange")
        if found is None:
            return None
        return SizeRange(optional_text(found, "min"), optional_text(found, "max"))

    @cached_property
    def accelerator_classes(self) -> tuple[str, ...]:
        return texts(self.raw, "spec", "acceleratorRequirements", "acceleratorClasses")

    @cached_property
    def auto_select(self) -> bool:
        """Whether OME may choose this runtime by itself for at least one format."""
        return any(entry.auto_select is True for entry in self.formats)

    @property
    def protocols(self) -> tuple[str, ...]:
        return texts(self.raw, "spec", "protocolVersions")

    @property
    def generation(self) -> int:
        return optional_number(self.raw, "metadata", "generation") or 0

    @property
    def has_engine(self) -> bool:
        """Whether the runtime itself says how to run the engine."""
        return runs_something(self._engine)

    @property
    def has_decoder(self) -> bool:
        return optional_mapping(self.raw, "spec", "decoderConfig") is not None

    @property
    def has_router(self) -> bool:
        return optional_mapping(self.raw, "spec", "routerConfig") is not None

    @property
    def engine_image(self) -> str:
        """The image of the engine's main container; of the leader in a multi-node runtime."""
        return image(self._engine)

    @property
    def engine_name(self) -> str:
        """`vLLM` or `SGLang`, guessed from image and command; empty when neither shows."""
        return engine_name(self._engine)

    @property
    def topology(self) -> str:
        """`prefill/decode`, `multi-node` or `single node`; empty when nothing is configured."""
        if self.has_decoder and self.has_engine:
            return "prefill/decode"
        if not self.has_engine:
            return ""
        return "multi-node" if multi_node(self._engine) else "single node"

    @property
    def gpus(self) -> int:
        """GPUs of one replica: all nodes of the engine and, if there is one, of the decoder."""
        return gpus(self._engine) + gpus(mapping(self.raw, "spec", "decoderConfig"))

    @property
    def pod_gpus(self) -> int:
        """GPUs that one pod of it needs on one node, the largest of engine and decoder."""
        return max(
            largest_pod(self._engine), largest_pod(mapping(self.raw, "spec", "decoderConfig"))
        )

    @cached_property
    def _engine(self) -> Manifest:
        """engineConfig; in runtimes of the older form the spec itself carries the containers."""
        engine = optional_mapping(self.raw, "spec", "engineConfig")
        return mapping(self.raw, "spec") if engine is None else engine
