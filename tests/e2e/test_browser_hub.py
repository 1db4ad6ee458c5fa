"""A gated model's way from the search to Ready, with a token that is seen nowhere on it."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Visit
from tests.support.console import running
from tests.support.hubs import reachable
from tests.support.local_hub import LocalHub, people

pytestmark = pytest.mark.browser


@pytest.fixture
def served() -> Iterator[LocalHub]:
    with reachable() as hub:
        yield hub


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "console.log"


@pytest.fixture
def importing(served: LocalHub, log: Path) -> Iterator[str]:
    """The console on the seeded sandbox and the local Hub."""
    environment = {
        "OME_CLUSTER": "sandbox",
        "OME_SANDBOX_FILE": ":memory:",
        "OME_SANDBOX_SPEED": "10",
        "HF_ENDPOINT": served.url,
        "STREAMLIT_LOGGER_LEVEL": "debug",
        "NO_PROXY": "127.0.0.1,localhost",
    }
    with running(log, environment) as address:
        yield address


def give_token(page: Page, token: str) -> None:
    field = page.get_by_label("Token of the Hub", exact=True)
    field.fill(token)
    field.press("Enter")


EVERYWHERE = """() => JSON.stringify([
    document.documentElement.outerHTML,
    [...document.querySelectorAll("input, textarea")].map(each => each.value),
    {...localStorage}, {...sessionStorage}, document.cookie, location.href, history.state,
])"""


def kept(page: Page) -> str:
    """All that the browser shows and keeps: markup, fields, drafts, cookies and address."""
    databases = "async () => JSON.stringify(await indexedDB.databases())"
    return f"{page.evaluate(EVERYWHERE)} {page.evaluate(databases)}"


def choose_node(page: Page, label: str) -> None:
    box = page.get_by_role("combobox", name=re.compile("Only on nodes with"))
    box.fill(label)
    page.get_by_role("option", name=label).first.click()
    page.keyboard.press("Escape")


def test_a_gated_model_is_found_imported_downloaded_and_ready(
    importing: str, visit: Visit, log: Path
) -> None:
    page = visit(f"{importing}/models")
    expect(page.get_by_placeholder("Search models")).to_be_visible()
    page.get_by_role("button", name="Import from the Hub").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Import from the Hub")
    search = page.get_by_placeholder("Name of a model")
    search.fill("llama-3.1-8b")
    search.press("Enter")
    page.get_by_role("link", name="meta-llama/Llama-3.1-8B-Instruct").click()
    expect(page.get_by_text("It is gated: its authors grant access")).to_be_visible()
    choose_node(page, "company.example/pool=h100")
    expect(page.get_by_text("They would come to gpu-h100-1")).to_be_visible()
    give_token(page, people.STRANGER)
    expect(page.get_by_text("may not read")).to_be_visible()
    give_token(page, people.READER)
    expect(page.get_by_text("The token of reader (read) may read this model.")).to_be_visible()
    expect(
        page.get_by_text("no runtime serves it")
    ).to_be_visible()  # its configuration is open now
    page.get_by_text("As a command").last.click()
    seen = kept(page)
    page.get_by_role("button", name="Write 2 objects").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("llama-3-1-8b-instruct")
    page.get_by_role("tab", name="Downloads").click()
    underway = re.compile(r"gpu-h100-1 at \d{1,2} %")
    expect(page.get_by_role("figure", name=underway)).to_be_visible(timeout=60_000)
    expect(page.get_by_text("It is ready on 2 nodes.")).to_be_visible(timeout=60_000)
    logged = log.read_text()
    assert "Beginning script thread" in logged  # Streamlit says at this level only
    for where in (seen, kept(page), logged):
        for token in (people.READER, people.STRANGER):
            assert token not in where
            assert base64.b64encode(token.encode()).decode()[:-3] not in where


@pytest.mark.parametrize("width", [1280, 1920])
@pytest.mark.parametrize("path", ["hub", "hub_model?name=Qwen/Qwen3-8B"])
def test_no_page_of_the_hub_is_wider_than_the_window(
    path: str, width: int, importing: str, visit: Visit
) -> None:
    page = visit(f"{importing}/{path}", width=width)
    expect(page.get_by_text("8.2B parameters").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
