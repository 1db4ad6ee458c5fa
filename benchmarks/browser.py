"""5,000 services in headless Chromium, on the real console as a process of its own."""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, WebSocket, sync_playwright

from benchmarks import cluster, console
from benchmarks.cluster import Cluster
from benchmarks.measure import Figure, Report, figure, since
from benchmarks.population import NAMESPACES, SERVICES
from tests.support.console import CHROMIUM, FLAGS, running

READER = Path(__file__).with_name("painted.js").read_text(encoding="utf-8")
COLD = 5
CHANGES = 20
IN_SIGHT = 15  # rows after the first
FILTER_TARGET = 600.0
ALL = f"{SERVICES} services"


def run() -> Iterator[Report]:
    """Reports once."""
    with cluster.running() as large, _console(large) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        first = _rows(browser, address)
        baseline = figure(
            "cold browser, About: its title painted",
            [_titled(browser, address) for _ in range(COLD)],
        )
        yield Report(
            "Browser: Services, 5,000 rows", baseline, (*_services(browser, address, first, large),)
        )
        browser.close()


@contextmanager
def _console(large: Cluster) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        with running(place / "log", console.environment(large, place)) as address:
            yield address


def _services(browser: Browser, address: str, first: float, large: Cluster) -> Iterator[Figure]:
    yield Figure("first visitor after a start: rows painted", first)
    yield figure("cold browser: rows painted", [_rows(browser, address) for _ in range(COLD)])
    with _visit(browser, f"{address}/services") as (page, received):
        page.evaluate("__seen.rows()")
        yield Figure("received until then", sum(received) / 1e6, "MB")
        searched = [_search(page, f"service-{120 + turn:04}") for turn in range(CHANGES)]
        yield figure("search until the count is right", searched, spread=True, target=FILTER_TARGET)
        del received[:]
        changed = [_change(page, large, turn) for turn in range(CHANGES)]
        yield figure("change at the API server until painted", changed, spread=True)
        yield Figure("received for one change", sum(received) / CHANGES / 1e6, "MB")


@contextmanager
def _visit(browser: Browser, url: str) -> Iterator[tuple[Page, list[int]]]:
    """A page in a browser that has never seen the console, and the sizes of what its sockets bring."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script(READER)
    received: list[int] = []
    page.on("websocket", _counter(received))
    page.goto(url, wait_until="commit")
    yield page, received
    context.close()


def _counter(received: list[int]) -> Callable[[WebSocket], None]:
    def count(socket: WebSocket) -> None:
        socket.on("framereceived", lambda payload: received.append(len(payload)))

    return count


def _rows(browser: Browser, address: str) -> float:
    """Milliseconds since the browser began to ask for the page."""
    with _visit(browser, f"{address}/services") as (page, _):
        return float(page.evaluate("__seen.rows()"))


def _titled(browser: Browser, address: str) -> float:
    with _visit(browser, f"{address}/about") as (page, _):
        return float(page.evaluate("__seen.text('h1', 'About this console')"))


def _search(page: Page, sought: str) -> float:
    """Milliseconds from the input until the count is that of the ten found; clears it again."""
    taken = _typed(page, sought, f"10 of {ALL}")
    _typed(page, "", ALL)
    return taken


def _typed(page: Page, text: str, count: str) -> float:
    page.evaluate("count => __seen.expectText('[data-testid=stCaptionContainer]', count)", count)
    page.get_by_placeholder("Search services").fill(text)
    return float(page.evaluate("__seen.expected"))


def _change(page: Page, large: Cluster, turn: int) -> float:
    """The page is left alone for longer than it rests between two refreshes.

    No state of the table occurs twice, as Streamlit would not send it again.
    """
    page.wait_for_timeout(600)
    page.evaluate("__seen.expectChange()")
    started = time.perf_counter()
    large.toggle_pod((1 + turn % IN_SIGHT) * NAMESPACES)
    page.evaluate("__seen.expected")
    return since(started)
