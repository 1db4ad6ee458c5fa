"""One accelerator class: what GPUs it stands for, and who asks for them."""

from ome_backend.resources.kinds import (
    ACCELERATOR_CLASS,
    INFERENCE_SERVICE,
    NODE,
    POD,
    RUNTIME_KINDS,
)
from pages.components import places
from pages.components.holding import holding
from pages.components.live import live


@live(ACCELERATOR_CLASS, INFERENCE_SERVICE, NODE, POD, *RUNTIME_KINDS, key="accelerator")
def accelerator() -> None:
    holding(ACCELERATOR_CLASS, places.ACCELERATORS)


accelerator()
