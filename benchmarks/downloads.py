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
REFRESH = 200.0
PATIENCE = 300.0


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
            (*_at_rest(large, backend, page), *_storm(large, backend, page)),
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


def _storm(large: Cluster, backend: Backend, page: AppTest) -> Iterator[Figure]:
    """Somebody looks again and again while the updates pour in."""
    writes = UPDATES // reports.AT_ONCE
    storm = threading.Thread(target=large.report, args=(writes,))
    started, looks = time.perf_counter(), []
    seen = backend.cache.counters(kinds.CONFIG_MAP).events
    storm.start()
    while storm.is_alive():
        look = time.perf_counter()
        backend.downloads.board()
        looks.append(since(look))
        time.sleep(0.4)  # a page refreshes no oftener
    _await(lambda: backend.cache.counters(kinds.CONFIG_MAP).events - seen >= writes)
    backend.downloads.board()
    yield Figure(f"{UPDATES:,} updates of progress, written and on the board", since(started))
    yield figure(
        "the board while they come",
        looks,
        spread=len(looks) > 1,
        target=REFRESH,
        remark=f"{len(looks)} looks",
    )
    yield measure("run of the page afterwards", page.run, times=9, target=REFRESH)


def _await(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.001)
