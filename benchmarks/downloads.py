"""The downloads board: 40 models on their way to 64 nodes, at rest and under a storm of reports."""

import threading
import time
from collections.abc import Callable, Iterator

from streamlit.testing.v1 import AppTest

from benchmarks import cluster, console, reports
from benchmarks.cluster import Cluster
from benchmarks.measure import Figure, Report, figure, measure, since
from ome_backend.backend import Backend
from ome_backend.resources import kinds
from pages.components.places import PAGES

FRAME = PAGES / "components" / "frame.py"
UPDATES = 50_000
A_SECOND = 2_000  # of a storm; agents tell their progress every half minute, which is about 10 a second here
REFRESH = 200.0
PATIENCE = 300.0
TOLD_AT_ONCE = 40  # agents


def run() -> Iterator[Report]:
    """Reports once."""
    with cluster.running(services=0) as large, console.opened(large) as backend:
        large.start_downloads()
        _await(lambda: len(backend.downloads.board().cells) == reports.NODES * reports.MODELS)
        page = _page("downloads")
        page.run()
        yield Report(
            f"Downloads: {reports.MODELS} models × {reports.NODES} nodes, all on their way",
            measure("a page that shows next to nothing (About)", _page("about").run),
            (
                *_at_rest(large, backend, page),
                *_storm(large, backend, f"the board under {A_SECOND:,} updates a second", A_SECOND),
                *_storm(large, backend, "the board under as many as can be written"),
                measure("run of the page afterwards", page.run, times=9, target=REFRESH),
            ),
        )


def _page(path: str) -> AppTest:
    page = AppTest.from_file(str(FRAME), default_timeout=60)
    return page.switch_page(f"../{path}.py")


def _at_rest(large: Cluster, backend: Backend, page: AppTest) -> Iterator[Figure]:
    yield measure(
        "the board, worked out after one report",
        backend.downloads.board,
        times=15,
        before=lambda: _one_report(large, backend),
        target=REFRESH,
    )
    yield measure(
        "run of the page after one report",
        page.run,
        times=9,
        before=lambda: _one_report(large, backend),
        target=REFRESH,
    )


def _one_report(large: Cluster, backend: Backend) -> None:
    before = backend.cache.version
    large.report(1)
    _await(lambda: backend.cache.version != before)


def _storm(
    large: Cluster, backend: Backend, name: str, a_second: int | None = None
) -> Iterator[Figure]:
    """Somebody looks again and again while the updates pour in; a target where their number has a bound."""
    writes = UPDATES // reports.AT_ONCE
    seen = backend.cache.counters(kinds.CONFIG_MAP).events
    storm = threading.Thread(target=_tell, args=(large, writes, a_second))
    started, looks = time.perf_counter(), []
    storm.start()
    while storm.is_alive():
        look = time.perf_counter()
        backend.downloads.board()
        looks.append(since(look))
        time.sleep(0.4)  # a page refreshes no oftener
    _await(lambda: backend.cache.counters(kinds.CONFIG_MAP).events - seen >= writes)
    backend.downloads.board()
    taken = since(started)
    yield figure(
        name,
        looks,
        spread=len(looks) > 1,
        target=REFRESH if a_second else None,
        remark=f"{len(looks)} looks",
    )
    if not a_second:
        yield Figure(f"{UPDATES:,} updates of progress, written and on the board", taken)


def _tell(large: Cluster, writes: int, a_second: int | None) -> None:
    """All the writes, spread over their time where there is a bound."""
    started, done = time.monotonic(), 0
    while done < writes:
        large.report(min(TOLD_AT_ONCE, writes - done))
        done += TOLD_AT_ONCE
        due = started + done * reports.AT_ONCE / a_second if a_second else 0.0
        time.sleep(max(0.0, due - time.monotonic()))


def _await(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.001)
