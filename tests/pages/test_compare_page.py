"""Compare and export, as a person meets them."""

from streamlit.testing.v1 import AppTest

from ome_backend.resources import kinds
from ome_backend.sandbox.server import Sandbox
from ome_backend.schema.yaml_text import dump
from tests.pages.conftest import Open
from tests.support import builders


def said(page: AppTest) -> str:
    parts = (
        page.title,
        page.markdown,
        page.caption,
        page.info,
        page.warning,
        page.error,
        page.code,
    )
    text = "\n".join(str(each.value) for part in parts for each in part)
    return text.replace("\\", "")


def fill(sandbox: Sandbox) -> None:
    for each in (
        builders.manifest(kinds.NAMESPACE, "demo"),
        builders.model("a"),
        builders.model("b", namespace="demo", modelParameterSize="9B"),
        builders.inference_service(),
    ):
        sandbox.objects.create(kinds.BY_NAME[each["kind"]], each)


def test_two_models_are_compared_by_their_addresses(console: Open, sandbox: Sandbox) -> None:
    fill(sandbox)
    page = console("compare", left="ClusterBaseModel/a", right="BaseModel/demo/b")
    assert not page.exception
    assert "One field differs." in said(page)
    assert page.dataframe[0].value.to_dict("records") == [
        {"Field": "spec.modelParameterSize", "a": "8B", "demo/b": "9B"}
    ]
    assert "kubectl get basemodels.ome.io b -n demo -o yaml" in said(page)
    assert any("fields are the same" in each.label for each in page.expander)


def test_the_other_object_is_chosen_from_its_family(console: Open, sandbox: Sandbox) -> None:
    fill(sandbox)
    page = console("compare", left="ClusterBaseModel/a")
    assert page.selectbox(key="right").options == ["BaseModel/demo/b"]
    page.selectbox(key="right").set_value("BaseModel/demo/b").run()
    assert "One field differs." in said(page)


def test_an_object_is_compared_with_a_pasted_text(console: Open, sandbox: Sandbox) -> None:
    fill(sandbox)
    page = console("compare", left="ClusterBaseModel/a", compare_with="A text or file")
    page.text_area(key="compare_pasted").set_value(dump(builders.model("a"))).run()
    assert "They are the same." in said(page)
    page.text_area(key="compare_pasted").set_value("a: [").run()
    assert "The text is not YAML." in said(page)


def test_an_object_that_is_not_there_is_said(console: Open, sandbox: Sandbox) -> None:
    page = console("compare", left="BaseModel/demo/gone")
    assert not page.exception
    assert "There is no model demo/gone" in said(page)


def test_without_a_choice_it_asks_for_one(console: Open, sandbox: Sandbox) -> None:
    assert "Choose an object to compare" in said(console("compare"))


def test_a_page_of_an_object_offers_to_compare_and_to_export(
    console: Open, sandbox: Sandbox
) -> None:
    fill(sandbox)
    page = console("model", name="demo/b")
    assert not page.exception
    assert "kubectl get basemodels.ome.io b -n demo -o yaml" in said(page)


def test_a_namespace_is_offered_for_export_once_it_is_chosen(
    console: Open, sandbox: Sandbox
) -> None:
    fill(sandbox)
    keys = {each.key for each in console("services", namespace="demo").checkbox}
    assert "services_export_namespace_itself" in keys
    assert not console("services").checkbox
