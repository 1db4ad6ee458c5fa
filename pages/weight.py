"""One set of fine-tuned weights: what it is made for, and who serves it."""

from ome_backend.resources.kinds import FINE_TUNED_WEIGHT, INFERENCE_SERVICE
from pages.components import places
from pages.components.holding import holding
from pages.components.live import live


@live(FINE_TUNED_WEIGHT, INFERENCE_SERVICE, key="weight")
def weight() -> None:
    holding(FINE_TUNED_WEIGHT, places.WEIGHTS)


weight()
