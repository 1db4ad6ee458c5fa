"""The script of the Services page on 5,000 services, without a browser."""

import time
from collections.abc import Callable, Iterator

from streamlit.testing.v1 import AppTest

from benchmarks import cluster, console
from benchmarks.cluster import Cluster
from benchmarks.measure import Figure, Report, measure
from ome_backend.backend import Backend
from pages.components.places import PAGES

FRAME = PAGES / "components" / "frame.py"
WARM = 100.0


def run() -> Iterator[Report]:
    """Reports once."""
    with cluster.running() as large, console.opened(large) as backend:
        first = measure("the services, worked out for the first time", backend.serving.all, times=1)
        page = _page("services")
        script = measure("first run of the script in this process", page.run, times=1)
        lists = large.lists()
        figures = (first, script, *_runs(page), *_changes(large, backend, page))
        yield Report(
            "Pages: Services, 5,000 rows",
            measure("a page that shows next to nothing (About)", _page("about").run),
            (*figures, Figure("lists asked of the API server meanwhile", _more(large, lists), "")),
        )


def _page(path: str) -> AppTest:
    page = AppTest.from_file(str(FRAME), default_timeout=60)
    return page.switch_page(f"../{path}.py")


def _runs(page: AppTest) -> Iterator[Figure]:
    yield measure("warm run", page.run, times=15, target=WARM)
    yield measure("run with a search for ten of them", _searching(page, "service-042"), times=9)
    yield measure("run with a choice of one model", _choosing(page, 2, "model-7"), times=9)


def _searching(page: AppTest, sought: str) -> Callable[[], AppTest]:
    page.text_input(key="services_search").set_value(sought)
    return page.run


def _choosing(page: AppTest, place: int, wanted: str) -> Callable[[], AppTest]:
    page.text_input(key="services_search").set_value("")
    page.selectbox[place].set_value(wanted)
    return page.run


def _changes(large: Cluster, backend: Backend, page: AppTest) -> Iterator[Figure]:
    page.selectbox[2].set_value(None)
    page.run()
    yield measure(
        "the services, after one pod changed",
        backend.serving.all,
        times=15,
        before=lambda: _one_change(large, backend),
    )
    yield measure(
        "run after one pod changed",
        page.run,
        times=9,
        before=lambda: _one_change(large, backend),
    )
    yield measure(
        "the overview, after one pod changed",
        _page("overview").run,
        times=9,
        before=lambda: _one_change(large, backend),
    )


def _one_change(large: Cluster, backend: Backend) -> None:
    before = backend.cache.version
    large.touch_pod(7)
    while backend.cache.version == before:
        time.sleep(0.001)


def _more(large: Cluster, before: int) -> int:
    return large.lists() - before
