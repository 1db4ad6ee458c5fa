"""What a person wrote outlives the page, the session and the console itself."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from ome_backend.sandbox.server import Sandbox
from tests.e2e.conftest import Visit
from tests.support.console import free_port, running

pytestmark = pytest.mark.browser


def edited_by_form(page: Page, name: str) -> None:
    editor = page.get_by_role("textbox", name="YAML")
    expect(editor).to_contain_text("kind: ClusterBaseModel")
    field = page.get_by_role("textbox", name="Name *", exact=True)
    field.fill(name)
    field.press("Enter")
    expect(editor).to_contain_text(f"name: {name}")


def test_what_was_filled_in_by_form_is_there_after_a_reload(own_console: str, visit: Visit) -> None:
    page = visit(f"{own_console}/new?kind=ClusterBaseModel")
    edited_by_form(page, "phi-4")
    page.reload()
    expect(page.get_by_role("textbox", name="YAML")).to_contain_text("name: phi-4")
    expect(page.get_by_role("textbox", name="Name *", exact=True)).to_have_value("phi-4")
    expect(page.get_by_text("Draft of")).to_be_visible()


def test_what_was_written_is_there_after_the_console_was_started_anew(
    sandbox: Sandbox, tmp_path: Path, visit: Visit
) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(sandbox.kubeconfig())
    environment = {"OME_CLUSTER": "kubeconfig", "KUBECONFIG": str(kubeconfig)}
    port = free_port()
    with running(tmp_path / "first.log", environment, port) as address:
        page = visit(f"{address}/new?kind=ClusterBaseModel")
        edited_by_form(page, "phi-4")
        editor = page.get_by_role("textbox", name="YAML")
        editor.press("Control+End")
        editor.press_sequentially("  vendor: microsoft")
        expect(page.get_by_role("textbox", name="Vendor")).to_have_value("microsoft")
    with running(tmp_path / "second.log", environment, port) as address:
        page.goto(f"{address}/new?kind=ClusterBaseModel")
        expect(page.get_by_role("textbox", name="YAML")).to_contain_text("vendor: microsoft")
        expect(page.get_by_role("textbox", name="Name *", exact=True)).to_have_value("phi-4")


def test_values_typed_before_the_kind_of_a_secret_are_not_kept(
    own_console: str, visit: Visit
) -> None:
    page = visit(f"{own_console}/editor")
    editor = page.get_by_role("textbox", name="YAML")
    editor.press_sequentially("apiVersion: v1")
    kept = "() => JSON.stringify(localStorage)"
    page.wait_for_function("() => JSON.stringify(localStorage).includes('apiVersion')")
    page.keyboard.insert_text("\nstringData:\n  token: hf_verysecret\n")
    expect(page.get_by_text("Required value").first).to_be_visible()
    page.wait_for_function("() => !JSON.stringify(localStorage).includes('apiVersion')")
    assert "hf_verysecret" not in page.evaluate(kept)
    page.keyboard.insert_text("immutable: true\n")
    expect(editor).to_contain_text("immutable: true")
    assert "hf_verysecret" not in page.evaluate(kept)
