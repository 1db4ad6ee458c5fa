"""The YAML editor as a person meets it, on the Deploy page of the seeded company."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.e2e.conftest import Visit
from tests.support.clicking import click_at_once
from tests.support.waiting import eventually

pytestmark = pytest.mark.browser

DEPLOY = "deploy?model=phi-4"
PASTE = """(editor, text) => {
  const data = new DataTransfer()
  data.setData("text/plain", text)
  editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }))
}"""


def editor(page: Page) -> Locator:
    """Where the editor takes what is typed."""
    return page.get_by_role("textbox", name="Manifest")


def begun(page: Page) -> Locator:
    """The editor of a manifest that was checked, its cursor at the end."""
    expect(page.get_by_text("dry run accepts")).to_be_visible()
    editor(page).press("Control+End")
    return editor(page)


def name_field(page: Page) -> Locator:
    """The form's field that follows the manifest."""
    return page.get_by_role("textbox", name="Name", exact=True)


def rename(page: Page, suffix: str) -> None:
    """Type at the end of the name, which stands in the fourth line."""
    editor(page).press("Control+Home")
    for _ in range(3):
        editor(page).press("ArrowDown")
    editor(page).press("End")
    editor(page).press_sequentially(suffix)


def choose_engine(page: Page, name: str) -> None:
    page.get_by_role("button", name="Editor").click()
    page.get_by_role("radio", name=name).check(force=True)
    page.keyboard.press("Escape")


def test_a_problem_is_marked_at_its_line_and_told_there(company: str, visit: Visit) -> None:
    page = visit(f"{company}/{DEPLOY}")
    begun(page).press_sequentially("    minReplica: 2")
    marked = page.locator(".cm-lintRange-error")
    expect(marked.first).to_be_visible()
    expect(page.locator(".cm-line", has=marked)).to_have_text("    minReplica: 2")
    page.locator(".cm-lint-marker-error").hover()
    expect(page.locator(".cm-tooltip-lint")).to_contain_text("minReplica")


def test_completion_offers_what_the_schema_has_and_inserts_it(company: str, visit: Visit) -> None:
    page = visit(f"{company}/{DEPLOY}")
    begun(page).press_sequentially("    scaleM")
    offered = page.get_by_role("option", name=re.compile("scaleMetric"))
    expect(offered).to_be_visible()
    expect(page.locator(".cm-completionInfo")).to_contain_text("one of cpu, memory")
    offered.click()
    page.get_by_role("option", name="memory").click()
    expect(editor(page)).to_contain_text("scaleMetric: memory")


def test_each_document_is_completed_by_its_own_kind(company: str, visit: Visit) -> None:
    page = visit(f"{company}/{DEPLOY}")
    begun(page).press_sequentially("---\nkind: AcceleratorClass\nspec:\nven")
    expect(page.get_by_role("option")).to_have_text(["vendorstring"])


def test_a_new_line_goes_on_where_a_person_would(company: str, visit: Visit) -> None:
    page = visit(f"{company}/{DEPLOY}")
    begun(page).press_sequentially("    nodeSelector:\npool: a\nzone: b")
    lines = page.locator(".cm-line")
    expect(lines.nth(14)).to_contain_text("zone: b")
    assert lines.nth(13).text_content() == "      pool: a"
    assert lines.nth(14).text_content() == "      zone: b"


def test_a_field_tells_what_it_is_for(company: str, visit: Visit) -> None:
    page = visit(f"{company}/{DEPLOY}")
    begun(page)
    page.locator(".cm-line", has_text="minReplicas").get_by_text("minReplicas").hover()
    about = page.locator(".cm-tooltip-hover")
    expect(about).to_contain_text("minReplicas integer")
    expect(about).to_contain_text("the autoscaler never goes below")


@pytest.mark.parametrize(
    ("scheme", "background"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(16, 21, 29)")]
)
def test_it_follows_the_theme(scheme: str, background: str, company: str, visit: Visit) -> None:
    page = visit(f"{company}/{DEPLOY}", scheme=scheme)
    expect(page.locator(".cm-editor")).to_have_css("background-color", background)


def test_tab_leaves_it(company: str, visit: Visit) -> None:
    page = visit(f"{company}/{DEPLOY}")
    held = begun(page)
    expect(held).to_be_focused()
    page.keyboard.press("Tab")
    expect(held).not_to_be_focused()
    assert "\t" not in held.inner_text()


def test_a_click_right_after_a_keystroke_creates_what_was_typed(company: str, visit: Visit) -> None:
    page = visit(f"{company}/{DEPLOY}")
    begun(page)
    rename(page, "-at-once")
    click_at_once(page, page.get_by_role("button", name="Create service"))
    expect(page.get_by_role("heading", level=1)).to_have_text("phi-4-at-once")


def test_leaving_right_after_a_keystroke_loses_nothing(company: str, visit: Visit) -> None:
    page = visit(f"{company}/{DEPLOY}")
    begun(page)
    rename(page, "-left")
    click_at_once(page, page.get_by_role("link", name="Overview"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    page.get_by_role("link", name="Deploy", exact=True).first.click()
    expect(name_field(page)).to_have_value("phi-4-left")


def test_the_cursor_stays_and_typing_can_be_undone_after_the_page_ran(
    company: str, visit: Visit
) -> None:
    page = visit(f"{company}/{DEPLOY}")
    begun(page)
    rename(page, "-one")
    expect(name_field(page)).to_have_value("phi-4-one")
    page.keyboard.type("-two")
    expect(name_field(page)).to_have_value("phi-4-one-two")
    editor(page).press("Control+z")
    editor(page).press("Control+z")
    expect(name_field(page)).to_have_value("phi-4")


def test_a_reload_brings_the_draft_back_until_it_is_discarded(company: str, visit: Visit) -> None:
    page = visit(f"{company}/{DEPLOY}")
    begun(page)
    rename(page, "-kept")
    expect(name_field(page)).to_have_value("phi-4-kept")
    page.reload()
    expect(page.get_by_text(re.compile(r"Draft of \d\d:\d\d restored"))).to_be_visible()
    expect(name_field(page)).to_have_value("phi-4-kept")
    page.get_by_role("button", name="Discard").click()
    expect(name_field(page)).to_have_value("phi-4")
    expect(page.get_by_text("restored")).to_have_count(0)
    page.reload()
    expect(name_field(page)).to_have_value("phi-4")
    expect(page.get_by_text("restored")).to_have_count(0)


def test_what_is_typed_while_the_console_is_away_is_there_when_it_is_back(
    company: str, visit: Visit
) -> None:
    page = visit(f"{company}/about")
    lines = Lines()
    page.route_web_socket("**/_stcore/stream", lines.connect)
    page.goto(f"{company}/{DEPLOY}")
    begun(page)
    lines.cut()
    rename(page, "-away")
    lines.mend()
    expect(name_field(page)).to_have_value("phi-4-away")
    expect(editor(page)).to_contain_text("name: phi-4-away")


class Lines:
    """The page's connections to the console, to be cut and mended."""

    def __init__(self) -> None:
        self._whole = True
        self._open: list[WebSocketRoute] = []

    def connect(self, line: WebSocketRoute) -> None:
        if self._whole:
            line.connect_to_server()
            self._open.append(line)
        else:
            line.close(code=1001)

    def cut(self) -> None:
        self._whole = False
        for line in self._open:
            line.close(code=1001)
        self._open.clear()

    def mend(self) -> None:
        self._whole = True


def ace_text(page: Page) -> Locator:
    # While a run is on its way, what it replaces may still be there, before it.
    frames = page.locator("iframe[title='streamlit_ace.streamlit_ace']")
    return frames.last.content_frame.locator(".ace_content")


def area(page: Page) -> Locator:
    return page.locator("textarea[aria-label='Manifest']").last


ENGINES: dict[str, Callable[[Page], Locator]] = {"Ace": ace_text, "Plain text area": area}


@pytest.mark.parametrize("engine", ENGINES)
def test_another_editor_takes_over_the_text_and_is_remembered(
    engine: str, company: str, visit: Visit
) -> None:
    page = visit(f"{company}/{DEPLOY}")
    begun(page)
    rename(page, "-over")
    expect(name_field(page)).to_have_value("phi-4-over")
    choose_engine(page, engine)
    shown = ENGINES[engine](page)
    expect(shown).to_be_visible()
    held = eventually(lambda: shown.text_content() or shown.input_value())
    assert "phi-4-over" in held
    page.reload()
    expect(ENGINES[engine](page)).to_be_visible()
    expect(name_field(page)).to_have_value("phi-4-over")


def test_a_text_area_keeps_what_was_not_sent_yet(company: str, visit: Visit) -> None:
    page = visit(f"{company}/{DEPLOY}")
    begun(page)
    choose_engine(page, "Plain text area")
    area(page).press("Control+End")
    area(page).press_sequentially("# mine")
    page.reload()
    expect(page.get_by_text("restored")).to_be_visible()
    expect(area(page)).to_have_value(re.compile("# mine$"))


def test_a_huge_paste_is_refused_in_words(company: str, visit: Visit) -> None:
    page = visit(f"{company}/{DEPLOY}")
    begun(page).evaluate(PASTE, "x" * 10_000_000)
    expect(page.get_by_role("alert").filter(has_text="10.0 MB")).to_contain_text(
        "Nothing was changed"
    )
    rename(page, "-well")
    expect(name_field(page)).to_have_value("phi-4-well")


def test_junk_is_a_problem_and_no_end(company: str, visit: Visit) -> None:
    page = visit(f"{company}/{DEPLOY}")
    begun(page).evaluate(PASTE, "\tspec: \x00\x01\ufffe")
    expect(page.get_by_text("The form follows the manifest again")).to_be_visible()
    expect(page.locator(".cm-lint-marker-error").first).to_be_visible()
    editor(page).press("Control+z")
    expect(name_field(page)).to_have_value("phi-4")


def test_the_editors_script_is_loaded_once_and_kept(company: str, visit: Visit) -> None:
    page = visit(f"{company}/about")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{company}/{DEPLOY}")
    begun(page)
    scripts = [url for url in asked if "/api/v1/assets/" in url]
    assert len(scripts) == 1
    page.get_by_role("link", name="Overview").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    page.get_by_role("link", name="Deploy", exact=True).first.click()
    expect(editor(page)).to_be_visible()
    assert [url for url in asked if "/api/v1/assets/" in url] == scripts
