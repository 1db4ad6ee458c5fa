"""On the board of downloads: one on its way until it is ready, and one that failed until it is cured."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ome_backend.resources import kinds
from ome_backend.sandbox.server import Sandbox
from tests.e2e.conftest import Visit
from tests.support import builders
from tests.support.console import running

pytestmark = pytest.mark.browser
PATIENCE = 60_000  # ms: a simulated download takes about ten seconds
GUARD = "model=team-chat/llama-guard-4-12b&node=gpu-h200-1"


@pytest.fixture
def room(start_sandbox: Callable[..., Sandbox]) -> Sandbox:
    """The seeded company, its time running ten times as fast."""
    return start_sandbox(seed=True, simulate=True, webhooks=True, speed=10)


@pytest.fixture
def console(room: Sandbox, tmp_path: Path) -> Iterator[str]:
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(room.kubeconfig())
    environment = {
        "OME_CLUSTER": "kubeconfig",
        "KUBECONFIG": str(kubeconfig),
        "HF_HUB_OFFLINE": "true",
    }
    with running(tmp_path / "console.log", environment) as address:
        yield address


def badge(page: Page, word: str) -> None:
    """What the chosen download is, beside its names."""
    state = page.locator(".stMarkdownBadge", has_text=re.compile(f"{word}$"))
    expect(state.first).to_be_visible(timeout=PATIENCE)


def test_a_download_is_watched_until_it_is_ready(console: str, visit: Visit, room: Sandbox) -> None:
    page = visit(f"{console}/downloads?downloads_search=watched")
    expect(page.get_by_text("Nothing passes the search")).to_be_visible()
    selector = {"company.example/pool": "h200"}
    storage = {"storageUri": "hf://Qwen/Qwen3-8B", "path": "/raid/w", "nodeSelector": selector}
    made = builders.model("watched", ready=(), storage=storage)
    room.objects.create(kinds.CLUSTER_BASE_MODEL, made)
    expect(page.get_by_text("Nothing passes the search")).to_have_count(0)
    page.get_by_role("combobox", name=re.compile("Model")).fill("watched")
    page.get_by_role("option", name="watched").click()
    page.get_by_role("combobox", name=re.compile("Node")).fill("gpu-h200-1")
    page.get_by_role("option", name="gpu-h200-1").click()
    expect(page.get_by_text(re.compile(r"[\d.]+ GB of 1\d\.\d GB \(\d+%\)"))).to_be_visible(
        timeout=PATIENCE
    )
    expect(page.get_by_text(re.compile(r"^[\d.]+ [MG]B/s$"))).to_be_visible()
    badge(page, "Ready")


def test_a_failed_download_says_why_and_is_fetched_again(
    console: str, visit: Visit, room: Sandbox
) -> None:
    page = visit(f"{console}/downloads?{GUARD}")
    badge(page, "Failed")
    expect(page.get_by_text('secrets "hf-token-guard" not found').first).to_be_visible()
    page.get_by_text("The agent's log about it").click()
    line = page.get_by_test_id("stCode").get_by_text("401 Unauthorized")
    expect(line).to_be_visible()
    secret = builders.manifest(kinds.SECRET, "hf-token-guard", "team-chat", data={"token": "aGY="})
    room.objects.create(kinds.SECRET, secret)
    page.get_by_role("button", name="Fetch again …").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("which takes up every model again")).to_be_visible()
    dialog.get_by_role("button", name="Restart the agent on gpu-h200-1").click()
    expect(dialog.get_by_text("The agent of gpu-h200-1 is being replaced")).to_be_visible()
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    badge(page, "Ready")
