"""Files out and in again, templates into the editor, and a comparison whose address can be shared."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ome_backend.schema import yaml_text
from tests.e2e.conftest import Visit

pytestmark = pytest.mark.browser


def choose(page: Page, label: str, option: str) -> None:
    """Pick an option of a select box by typing it."""
    box = page.get_by_role("combobox", name=label).last
    box.click()
    box.fill(option)
    page.get_by_role("option", name=option, exact=False).first.click()


def exported(page: Page, name: str) -> Path:
    """The file that a press on the button brings."""
    page.get_by_role("button", name="Export").first.click()
    with page.expect_download() as waiting:
        page.get_by_role("button", name=f"Download {name}").click()
    return Path(waiting.value.path())


def test_an_exported_object_opens_in_the_editor_and_changes_nothing(
    company: str, visit: Visit
) -> None:
    page = visit(f"{company}/model?name=phi-4")
    text = exported(page, "phi-4.yaml").read_text()
    (document,) = yaml_text.parse(text).documents
    assert document.value["metadata"]["name"] == "phi-4"
    assert "uid" not in document.value["metadata"]
    page.goto(f"{company}/editor")
    page.get_by_role("button", name="Open a file").click()
    page.locator(".st-key-editor_import_file input[type=file]").set_input_files(
        {"name": "phi-4.yaml", "mimeType": "text/yaml", "buffer": text.encode()}
    )
    expect(page.get_by_text("From the file phi-4.yaml.")).to_be_visible()
    expect(page.get_by_text("nothing changes")).to_be_visible()


def test_choosing_what_to_compare_stands_in_the_address(company: str, visit: Visit) -> None:
    page = visit(f"{company}/compare?left=ClusterBaseModel/phi-4")
    choose(page, "Object", "ClusterBaseModel/llama-3-3-70b-instruct")
    expect(page.get_by_text(re.compile(r"fields differ"))).to_be_visible()
    expect(page).to_have_url(re.compile("right=ClusterBaseModel(%2F|/)llama-3-3-70b-instruct"))
    page.reload()
    expect(page.get_by_text(re.compile(r"fields differ"))).to_be_visible()


def test_a_template_is_filled_in_and_edited_on(company: str, visit: Visit) -> None:
    page = visit(f"{company}/templates")
    page.get_by_role("link", name="Chat model from the Hub, for the whole cluster").click()
    name = page.get_by_role("textbox", name="Name")
    name.fill("from-template")
    name.press("Enter")
    expect(page.get_by_role("button", name="Create cluster model from-template")).to_be_enabled()
    page.get_by_role("button", name="Open in the editor").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Editor")
    expect(page.get_by_text("From the template hub-chat-model.")).to_be_visible()
    expect(page.get_by_role("button", name="Create cluster model from-template")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 1920])
@pytest.mark.parametrize(
    "path",
    [
        "templates",
        "template?name=prefill-decode-runtime",
        "compare?left=ClusterBaseModel/phi-4&right=ClusterBaseModel/llama-3-3-70b-instruct",
    ],
)
def test_none_of_these_pages_is_wider_than_the_window(
    path: str, width: int, company: str, visit: Visit
) -> None:
    page = visit(f"{company}/{path}", width=width)
    wider = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    assert not wider
