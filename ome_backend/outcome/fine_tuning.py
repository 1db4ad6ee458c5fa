"""What a fine-tuned weight changes about the pods (isvc/components/base.go, isvc/utils)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ome_backend.resources.manifest import Manifest, mapping, text

MODEL_INIT: Final = "ome.io/inject-model-init"
ADAPTER: Final = "ome.io/inject-fine-tuned-adapter"
STRATEGY: Final = "ome.io/fine-tuned-weight-ft-strategy"
MERGED: Final = "ome.io/fine-tuned-serving-with-merged-weights"
_VENDOR: Final = "ome.io/base-model-vendor"


@dataclass(frozen=True, slots=True)
class FineTuning:
    """The weight a service names, if any; `merged` weights bring the base model with them."""

    weight: Manifest | None = None

    @property
    def merged(self) -> bool:
        return self.weight is not None and merged_weights(self.weight)

    @property
    def strategy(self) -> str:
        return text(self.weight or {}, "spec", "hyperParameters", "strategy")

    def annotations(self) -> dict[str, str]:
        """What the weight writes on every object of a component."""
        if self.weight is None:
            return {}
        found = {ADAPTER: text(self.weight, "metadata", "name"), STRATEGY: self.strategy}
        return found | ({MERGED: "true", MODEL_INIT: "false"} if self.merged else {})

    def labels(self) -> dict[str, str]:
        """What pods and objects are labelled with."""
        found = {"fine-tuned-serving": "false" if self.weight is None else "true"}
        if self.weight is not None:
            found |= {
                "fine-tuned-weight-ft-strategy": self.strategy,
                "fine-tuned-serving-with-merged-weights": "true" if self.merged else "false",
            }
        return found


def merged_weights(weight: Manifest) -> bool:
    """Whether the weight says that it contains the base model. Source: IsMergedFineTunedWeight."""
    return mapping(weight, "spec", "configuration").get("merged_weights") is True


def needs_empty_volume(annotations: Mapping[str, Any]) -> bool:
    """Whether the pod gets a volume in memory for the model.

    Source: IsEmptyModelDirVolumeRequired.
    """
    return annotations.get(MODEL_INIT) == "true" or bool(annotations.get(ADAPTER))


def mounts_model(annotations: Mapping[str, Any]) -> bool:
    """Whether the container sees the model where the node has it.

    Source: IsOriginalModelVolumeMountNecessary.
    """
    return annotations.get(MODEL_INIT) != "true" and annotations.get(MERGED) != "true"


def stacked_on_cohere(annotations: Mapping[str, Any]) -> bool:
    """A T-Few weight beside Cohere's Command 1, which has paths of its own.

    Source: IsCohereCommand1TFewFTServing.
    """
    cohere = annotations.get(_VENDOR) == "cohere" and annotations.get(STRATEGY) == "tfew"
    return cohere and annotations.get(MERGED) != "true"
