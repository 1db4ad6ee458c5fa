"""One benchmark job: what it measures, and how it went."""

from ome_backend.resources.kinds import BENCHMARK_JOB, EVENT, INFERENCE_SERVICE
from pages.components import places
from pages.components.holding import holding
from pages.components.live import live


@live(BENCHMARK_JOB, INFERENCE_SERVICE, EVENT, key="benchmark")
def benchmark() -> None:
    holding(BENCHMARK_JOB, places.BENCHMARKS)


benchmark()
