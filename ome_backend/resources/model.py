"""A typed read-only view of BaseModel and ClusterBaseModel."""

import math
from dataclasses import dataclass, field, replace
from functools import cached_property

from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.kinds import CLUSTER_BASE_MODEL
from ome_backend.resources.manifest import Manifest, key_of, mapping, text
from ome_backend.resources.optional import optional_flag, optional_number, optional_text, texts
from ome_backend.resources.parameter_count import parse
from ome_backend.resources.supported_format import Traits, Versioned, traits

_NO_FORMAT = Versioned("")


@dataclass(frozen=True)
class Model:
    """An LLM known to OME. Absent and mistyped fields read as empty; never change `raw`."""

    raw: Manifest = field(repr=False)
    kind: Kind = CLUSTER_BASE_MODEL

    @cached_property
    def key(self) -> Key:
        return key_of(self.raw)

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, self.key)

    @cached_property
    def traits(self) -> Traits:
        """What runtimes are compared with; the format is always there, if need be without a name.

        OME writes `modelFormat: {name: ""}` into models without one: both mean absent.
        """
        found = traits(mapping(self.raw, "spec"))
        return found if found.format else replace(found, format=_NO_FORMAT)

    @cached_property
    def size(self) -> str | None:
        """modelParameterSize as written; None when absent. Empty counts as present to OME."""
        return optional_text(self.raw, "spec", "modelParameterSize")

    @property
    def display_name(self) -> str:
        """The name for people; the object's name where none is given."""
        return text(self.raw, "spec", "displayName") or self.key.name

    @property
    def vendor(self) -> str:
        return text(self.raw, "spec", "vendor")

    @property
    def version(self) -> str:
        return text(self.raw, "spec", "version")

    @property
    def model_type(self) -> str:
        return text(self.raw, "spec", "modelType")

    @property
    def format_name(self) -> str:
        return (self.traits.format or _NO_FORMAT).name

    @property
    def format_version(self) -> str:
        return (self.traits.format or _NO_FORMAT).version or ""

    @property
    def framework_name(self) -> str:
        return self.traits.framework.name if self.traits.framework else ""

    @property
    def framework_version(self) -> str:
        return (self.traits.framework.version or "") if self.traits.framework else ""

    @property
    def architecture(self) -> str:
        return self.traits.architecture or ""

    @property
    def quantization(self) -> str:
        return self.traits.quantization or ""

    @property
    def size_text(self) -> str:
        return self.size or ""

    @cached_property
    def parameters(self) -> float | None:
        """The whole number of parameters; None without a size or where OME cannot read it."""
        count = parse(self.size_text)
        return float(round(count)) if count > 0 and math.isfinite(count) else None

    @property
    def capabilities(self) -> tuple[str, ...]:
        return texts(self.raw, "spec", "modelCapabilities")

    @property
    def disabled(self) -> bool:
        return optional_flag(self.raw, "spec", "disabled") is True

    @property
    def storage_uri(self) -> str:
        return text(self.raw, "spec", "storage", "storageUri")

    @property
    def storage_path(self) -> str:
        return text(self.raw, "spec", "storage", "path")

    @property
    def max_tokens(self) -> int | None:
        return optional_number(self.raw, "spec", "maxTokens")

    @property
    def generation(self) -> int:
        return optional_number(self.raw, "metadata", "generation") or 0

    @property
    def state(self) -> str:
        """status.state (`Ready`, `In_Transit`, `Failed`, ...); empty before OME wrote one."""
        return text(self.raw, "status", "state")

    @property
    def nodes_ready(self) -> tuple[str, ...]:
        return texts(self.raw, "status", "nodesReady")

    @property
    def nodes_failed(self) -> tuple[str, ...]:
        return texts(self.raw, "status", "nodesFailed")
