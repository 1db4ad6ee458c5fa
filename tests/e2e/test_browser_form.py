"""A model made by form, as a person makes it: fields and YAML move each other, and then it exists."""

import pytest
from playwright.sync_api import Page, expect

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.sandbox.server import Sandbox
from tests.e2e.conftest import Visit
from tests.support import builders
from tests.support.clicking import click_at_once

pytestmark = pytest.mark.browser


def fill(page: Page, label: str, value: str) -> None:
    """Type into the first field of that name, and leave it."""
    field = page.get_by_role("textbox", name=label, exact=True)
    field.fill(value)
    field.press("Enter")


def choose(page: Page, label: str, option: str) -> None:
    box = page.get_by_role("combobox", name=label)
    box.click()
    box.fill(option)
    page.get_by_role("option", name=option, exact=False).first.click()


def test_a_model_is_made_by_form(own_console: str, sandbox: Sandbox, visit: Visit) -> None:
    sandbox.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "demo"))
    page = visit(f"{own_console}/new?kind=BaseModel")
    editor = page.get_by_role("textbox", name="YAML")
    fill(page, "Name *", "phi-4")
    expect(editor).to_contain_text("name: phi-4")
    choose(page, "Namespace *", "demo")
    expect(editor).to_contain_text("namespace: demo")
    choose(page, "Where it comes from", "Hugging Face")
    fill(page, "Model *", "microsoft/phi-4")
    expect(editor).to_contain_text("storageUri: hf://microsoft/phi-4")
    page.get_by_role("button", name="Use /mnt/models/microsoft/phi-4").click()
    expect(editor).to_contain_text("path: /mnt/models/microsoft/phi-4")
    page.get_by_role("button", name="Create model demo/phi-4").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("phi-4")
    stored = sandbox.objects.get(kinds.BASE_MODEL, Key("demo", "phi-4"))
    assert stored is not None
    assert stored["spec"]["storage"] == {
        "storageUri": "hf://microsoft/phi-4",
        "path": "/mnt/models/microsoft/phi-4",
    }


def test_what_is_typed_into_the_yaml_moves_the_form(own_console: str, visit: Visit) -> None:
    page = visit(f"{own_console}/new?kind=ClusterBaseModel")
    editor = page.get_by_role("textbox", name="YAML")
    expect(editor).to_contain_text("name: transformers")
    editor.press("Control+End")
    editor.press_sequentially("  vendor: microsoft")
    expect(page.get_by_role("textbox", name="Vendor")).to_have_value("microsoft")


@pytest.mark.parametrize("width", [1280, 1920])
@pytest.mark.parametrize("kind", ["ClusterServingRuntime", "BenchmarkJob"])
def test_no_form_is_wider_than_the_window(
    kind: str, width: int, company: str, visit: Visit
) -> None:
    page = visit(f"{company}/new?kind={kind}", width=width)
    expect(page.get_by_role("textbox", name="Name").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_click_into_the_form_right_after_a_keystroke_keeps_both(
    own_console: str, visit: Visit
) -> None:
    page = visit(f"{own_console}/new?kind=ClusterBaseModel")
    editor = page.get_by_role("textbox", name="YAML")
    expect(editor).to_contain_text("name: transformers")
    choose(page, "Where it comes from", "Hugging Face")
    fill(page, "Model *", "microsoft/phi-4")
    expect(editor).to_contain_text("storageUri: hf://microsoft/phi-4")
    use = page.get_by_role("button", name="Use /mnt/models/microsoft/phi-4")
    expect(use).to_be_visible()
    editor.press("Control+End")
    editor.press_sequentially("  vendor: microsoft", delay=5)
    click_at_once(page, use)
    expect(editor).to_contain_text("path: /mnt/models/microsoft/phi-4")
    expect(editor).to_contain_text("vendor: microsoft")
    expect(page.get_by_role("textbox", name="Vendor")).to_have_value("microsoft")


def test_what_the_yaml_changed_is_not_written_back_by_the_form(
    own_console: str, visit: Visit
) -> None:
    page = visit(f"{own_console}/new?kind=ClusterBaseModel")
    editor = page.get_by_role("textbox", name="YAML")
    expect(editor).to_contain_text("name: transformers")
    choose(page, "Where it comes from", "Hugging Face")
    fill(page, "Model *", "microsoft/phi-4")
    fill(page, "Vendor", "first")
    expect(editor).to_contain_text("vendor: first")
    use = page.get_by_role("button", name="Use /mnt/models/microsoft/phi-4")
    page.locator(".cm-line", has_text="vendor: first").click()
    page.keyboard.press("End")
    page.keyboard.type("-then-second", delay=5)
    click_at_once(page, use)
    expect(editor).to_contain_text("path: /mnt/models/microsoft/phi-4")
    expect(editor).to_contain_text("vendor: first-then-second")
    expect(page.get_by_role("textbox", name="Vendor")).to_have_value("first-then-second")
