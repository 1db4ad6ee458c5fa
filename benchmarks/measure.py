"""Taking figures: the median of several runs, as most of what a busy machine adds is in the others."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


def nothing() -> None:
    """What happens before a run where nothing has to."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One result. `target` is what `value` is not to exceed; only milliseconds become ratios."""

    name: str
    value: float
    unit: str = "ms"
    p95: float | None = None
    target: float | None = None
    remark: str = ""

    @property
    def verdict(self) -> str:
        """Whether the target is met; empty where there is none."""
        if self.target is None:
            return ""
        return f"{'meets' if self.value <= self.target else 'MISSES'} {self.target:g} {self.unit}"


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of one topic, to be read as multiples of the baseline's."""

    title: str
    baseline: Figure
    figures: tuple[Figure, ...]


def measure(
    name: str,
    run: Callable[[], object],
    *,
    times: int = 7,
    before: Callable[[], object] = nothing,
    target: float | None = None,
    remark: str = "",
) -> Figure:
    """The median of `times` runs in milliseconds; `before` is run before each and not counted."""
    return figure(name, [_timed(run, before) for _ in range(times)], target=target, remark=remark)


def figure(
    name: str,
    milliseconds: Sequence[float],
    *,
    spread: bool = False,
    target: float | None = None,
    remark: str = "",
) -> Figure:
    """The median of runs that were timed elsewhere; with `spread` also their 95th percentile."""
    p95 = statistics.quantiles(milliseconds, n=20)[-1] if spread else None
    return Figure(name, statistics.median(milliseconds), p95=p95, target=target, remark=remark)


def since(started: float) -> float:
    """Milliseconds since a moment of `time.perf_counter`."""
    return (time.perf_counter() - started) * 1000


def _timed(run: Callable[[], object], before: Callable[[], object]) -> float:
    before()
    started = time.perf_counter()
    run()
    return since(started)
