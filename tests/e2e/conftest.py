"""A real browser on the real console: on the seeded company, or on a sandbox the test holds in its hand."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from ome_backend.sandbox.server import Sandbox
from tests.support.console import CHROMIUM, FLAGS, running

expect.set_options(timeout=15_000)

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The console on the seeded sandbox, its time running ten times as fast."""
    log = tmp_path_factory.mktemp("company") / "console.log"
    environment = {
        "OME_CLUSTER": "sandbox",
        "OME_SANDBOX_FILE": ":memory:",
        "OME_SANDBOX_SPEED": "10",
    }
    with running(log, environment) as address:
        yield address


@pytest.fixture
def own_console(sandbox: Sandbox, tmp_path: Path) -> Iterator[str]:
    """The console on the test's own sandbox."""
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(sandbox.kubeconfig())
    environment = {"OME_CLUSTER": "kubeconfig", "KUBECONFIG": str(kubeconfig)}
    with running(tmp_path / "console.log", environment) as address:
        yield address


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Open an address in a fresh context; fails on a request that leaves this machine."""
    strangers: list[str] = []
    contexts = []

    def open_address(address: str, *, scheme: str = "light", width: int = 1280) -> Page:
        context = browser.new_context(
            color_scheme="dark" if scheme == "dark" else "light",
            viewport={"width": width, "height": 900},
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: _note(request.url, strangers))
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        return page

    yield open_address
    for context in contexts:
        context.close()
    assert strangers == []


def _note(url: str, strangers: list[str]) -> None:
    if not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")):
        strangers.append(url)
