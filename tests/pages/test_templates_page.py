"""Templates are found, filled in, tried on the cluster, and lead on to the form and the editor."""

import pytest
from streamlit.testing.v1 import AppTest

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, dig
from ome_backend.sandbox.server import Sandbox
from ome_backend.schema import yaml_text
from ome_backend.services.templates import manifests, ours
from tests.pages.conftest import Open
from tests.support import builders
from tests.support.waiting import eventually
from tests.support.writing import write_button


def said(page: AppTest) -> str:
    parts = (page.title, page.markdown, page.caption, page.info, page.warning, page.error)
    return "\n".join(str(each.value) for part in parts for each in part)


def made(template_name: str, **changed: str) -> list[Manifest]:
    template = next(each for each in ours() if each.name == template_name)
    text = manifests(template, template.defaults() | changed)
    return [each.value for each in yaml_text.parse(text).documents]


def create(sandbox: Sandbox, *objects: Manifest) -> None:
    for each in objects:
        sandbox.objects.create(kinds.BY_NAME[each["kind"]], each)


def test_the_shelf_shows_every_template(console: Open) -> None:
    page = console("templates")
    assert not page.exception
    assert f"{len(ours())} templates" in said(page)
    for each in ours():
        assert each.purpose.split(",")[0].split("(")[0][:20] in said(page).replace("\\", "")


@pytest.mark.parametrize(
    ("address", "count"),
    [
        ({"templates_use": "accelerator"}, 7),
        ({"templates_kind": "Secret"}, 2),
        ({"templates_search": "prefill service"}, 1),
    ],
)
def test_filters_stand_in_the_address(address: dict[str, str], count: int, console: Open) -> None:
    page = console("templates", **address)
    assert f"{count} of {len(ours())} templates" in said(page)


def test_a_template_is_tried_on_the_cluster_and_created(console: Open, sandbox: Sandbox) -> None:
    page = console("template", name="hub-chat-model")
    page.text_input(key="template_hub-chat-model_name").set_value("mine").run()
    assert not page.exception
    write_button(page, "template").click().run()
    assert not page.exception
    found = eventually(lambda: sandbox.objects.get(kinds.CLUSTER_BASE_MODEL, Key("", "mine")))
    assert dig(found, "spec", "storage", "storageUri") == "hf://Qwen/Qwen3-8B"
    assert str(dig(found, "metadata", "annotations", "ome-console/template")).startswith("hub-chat")


def test_a_wrong_value_is_said_at_its_field_and_nothing_can_be_made(console: Open) -> None:
    page = console("template", name="hub-chat-model")
    page.text_input(key="template_hub-chat-model_name").set_value("Not A Name").run()
    assert "lower-case letters" in said(page)
    assert "Fill in what is missing" in said(page)
    assert not [each for each in page.button if (each.key or "").startswith("template_write_")]


def test_a_secret_is_in_no_command_and_no_annotation(console: Open, sandbox: Sandbox) -> None:
    create(sandbox, builders.manifest(kinds.NAMESPACE, "ome"))
    page = console("template", name="hub-token")
    page.text_input(key="template_hub-token_token").set_value("hf_mine").run()
    assert not page.exception
    assert not any("hf_mine" in each.value for each in page.code if "kubectl" in each.value)
    write_button(page, "template").click().run()
    found = eventually(lambda: sandbox.objects.get(kinds.SECRET, Key("ome", "hub-token")))
    assert "hf_mine" not in str(found["metadata"])


def test_what_it_makes_goes_to_the_editor(console: Open) -> None:
    page = console("template", name="hub-chat-model")
    page.button(key="template_edit").click().run()
    assert not page.exception
    assert "the template hub-chat-model" in str(page.session_state["editor_desk"])


@pytest.mark.parametrize("name", ["hub-chat-model", "prefill-decode-service", "hub-token"])
def test_what_it_makes_goes_on_in_the_form_beside_its_yaml(name: str, console: Open) -> None:
    page = console("template", name=name)
    for field in page.text_input:
        if field.key == "template_hub-token_token":
            field.set_value("hf_mine").run()
    page.button(key="template_form").click().run()
    assert not page.exception
    held = page.session_state["new_desk"]
    assert held.origin == f"the template {name}"
    assert f"ome-console/template: {name}@" in held.text
    assert page.selectbox(key="kind").value in held.text
    assert any((each.key or "").startswith("new_") for each in page.text_input)


def test_a_field_of_the_form_changes_what_the_template_made(console: Open) -> None:
    page = console("template", name="hub-chat-model")
    page.button(key="template_form").click().run()
    comments = [line for line in page.session_state["new_desk"].text.splitlines() if "#" in line]
    page.text_input(key="new_metadata.name").set_value("renamed").run()
    text = page.session_state["new_desk"].text
    assert "name: renamed" in text
    assert all(line in text.splitlines() for line in comments)


def test_objects_made_from_it_show_how_they_differ(console: Open, sandbox: Sandbox) -> None:
    (same,), (other,) = made("hub-chat-model"), made("hub-chat-model", name="other")
    other["spec"]["modelParameterSize"] = "9B"
    create(sandbox, same, other)
    page = console("template", name="hub-chat-model")
    assert "as the template gives it" in said(page)
    assert "1 field differs" in said(page)
    (row,) = [each for frame in page.dataframe for each in frame.value.to_dict("records")]
    assert row == {
        "Field": "spec.modelParameterSize",
        "The template gives": "8B",
        "On the cluster": "9B",
    }


def test_sources_that_cannot_be_read_are_said(
    console: Open, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OME_TEMPLATES_DIR", "/no/such/folder")
    page = console("templates")
    assert "no folder /no/such/folder" in said(page)
    assert f"{len(ours())} templates" in said(page)


def test_an_address_that_is_not_allowed_is_refused(console: Open) -> None:
    page = console("templates")
    page.text_input(key="templates_url").set_value("https://169.254.169.254/latest")
    page.button(key="templates_preview").click().run()
    assert "Nothing is read from 169.254.169.254" in said(page).replace("\\", "")


def test_an_unknown_template_is_said(console: Open) -> None:
    assert "There is no template" in said(console("template", name="none-such"))
