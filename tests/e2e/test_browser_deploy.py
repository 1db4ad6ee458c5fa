"""The main job in the browser, on the seeded company: choose, understand, deploy, watch it become ready."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Visit

pytestmark = pytest.mark.browser


def choose(page: Page, label: str, option: str) -> None:
    """Pick an option of a select box by typing it."""
    box = page.get_by_role("combobox", name=label).last  # the bar has a namespace, too
    box.click()
    box.fill(option)
    page.get_by_role("option", name=option, exact=False).first.click()


def manifest(page: Page) -> Locator:
    """The editor, where it takes what is typed."""
    return page.get_by_role("textbox", name="Manifest")


def test_from_a_model_to_a_ready_service(company: str, visit: Visit) -> None:
    page = visit(f"{company}/model?name=phi-4&model_tab=Runtimes")
    expect(page.get_by_text("OME would choose vllm-rocm-phi-4")).to_be_visible()
    page.get_by_role("link", name="Deploy this model").click()
    expect(page.get_by_role("heading", name="Deploy", exact=True)).to_be_visible()
    page.get_by_label("vllm-rocm-phi-4").first.check(force=True)
    name = page.get_by_role("textbox", name="Name")
    name.fill("phi-two")
    name.press("Enter")
    choose(page, "Namespace", "team-vision")
    create = page.get_by_role("button", name="Create service team-vision/phi-two")
    expect(create).to_be_enabled()
    create.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("phi-two")
    expect(page).to_have_url(f"{company}/service?name=team-vision%2Fphi-two")
    expect(page.locator(".stMain .stMarkdownBadge", has_text="Ready").first).to_be_visible(
        timeout=60_000
    )
    expect(page.get_by_text("It serves at").first).to_be_visible(timeout=60_000)


def test_a_misspelt_field_is_refused_at_its_line_and_nothing_is_lost(
    company: str, visit: Visit
) -> None:
    page = visit(f"{company}/deploy?model=phi-4")
    editor = manifest(page)
    expect(page.get_by_text("dry run accepts")).to_be_visible()
    editor.press("Control+End")
    editor.press_sequentially("    minReplica: 2", delay=30)
    expect(page.get_by_text('unknown field "spec.engine.minReplica"').first).to_be_visible()
    expect(page.get_by_text(re.compile(r"Line \d+")).first).to_be_visible()
    expect(page.get_by_role("button", name="Create service default/phi-4")).to_be_disabled()
    page.get_by_role("link", name="Overview").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    page.get_by_role("link", name="Deploy", exact=True).first.click()
    expect(page.get_by_text('unknown field "spec.engine.minReplica"').first).to_be_visible()


def test_editing_the_manifest_moves_the_form(company: str, visit: Visit) -> None:
    page = visit(f"{company}/deploy?model=phi-4")
    editor = manifest(page)
    expect(page.get_by_text("dry run accepts")).to_be_visible()
    editor.press("Control+Home")
    for _ in range(3):
        editor.press("ArrowDown")
    editor.press("End")
    editor.press_sequentially("-edited")
    expect(page.get_by_role("textbox", name="Name")).to_have_value("phi-4-edited")
    expect(page.get_by_role("button", name="Create service default/phi-4-edited")).to_be_enabled()


def test_text_that_is_not_yaml_is_kept_and_marked(company: str, visit: Visit) -> None:
    page = visit(f"{company}/deploy?model=phi-4")
    editor = manifest(page)
    expect(page.get_by_text("dry run accepts")).to_be_visible()
    editor.press("Control+End")
    editor.press_sequentially("spec: [")
    expect(page.get_by_text("The form follows the manifest again")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Line \d+")).first).to_be_visible()
    for _ in "spec: [":
        editor.press("Backspace")
    expect(page.get_by_text("dry run accepts")).to_be_visible()


def test_a_form_field_leaves_the_comments_of_the_manifest_alone(company: str, visit: Visit) -> None:
    page = visit(f"{company}/deploy?model=phi-4")
    editor = manifest(page)
    expect(page.get_by_text("dry run accepts")).to_be_visible()
    editor.press("Control+Home")
    for _ in range(3):
        editor.press("ArrowDown")
    editor.press("End")
    editor.press_sequentially("-b # mine", delay=30)
    expect(page.get_by_role("textbox", name="Name")).to_have_value("phi-4-b")
    most = page.get_by_role("spinbutton", name="Most replicas")
    most.fill("3")
    most.press("Enter")
    expect(manifest(page)).to_contain_text("maxReplicas: 3")
    expect(manifest(page)).to_contain_text("# mine")


def test_an_emptied_editor_stays(company: str, visit: Visit) -> None:
    page = visit(f"{company}/deploy?model=phi-4")
    editor = manifest(page)
    expect(page.get_by_text("dry run accepts")).to_be_visible()
    editor.press("Control+a")
    editor.press("Delete")
    expect(page.get_by_text("dry run accepts")).to_have_count(0)
    expect(page.get_by_role("heading", name="Manifest")).to_be_visible()


def test_overview_names_each_seeded_trouble_with_its_cause(company: str, visit: Visit) -> None:
    page = visit(company)
    for cause in (
        "Out of GPU memory",
        "Runtime unfit",
        "Rollout failing",
        "No free GPUs",
        "Never ready",
    ):
        expect(page.get_by_text(cause).first).to_be_visible()


def test_the_sandbox_says_that_it_is_one(company: str, visit: Visit) -> None:
    expect(
        visit(f"{company}/models").locator(".st-key-bar .stMarkdownBadge", has_text="Sandbox").first
    ).to_be_visible()


@pytest.mark.parametrize("width", [1280, 1920])
@pytest.mark.parametrize(
    "path", ["", "models", "runtimes", "services", "deploy?model=phi-4", "about"]
)
def test_no_page_is_wider_than_the_window(
    path: str, width: int, company: str, visit: Visit
) -> None:
    page = visit(f"{company}/{path}", width=width)
    wider = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    assert not wider
