"""Compare and export, as a person meets them."""

import json

from streamlit.testing.v1 import AppTest

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Ref
from ome_backend.sandbox.server import Sandbox
from ome_backend.schema.yaml_text import dump
from pages.components import session
from tests.pages.conftest import Open
from tests.support import builders
from tests.support.waiting import eventually


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


def test_without_an_earlier_version_it_says_since_when_it_looked(
    console: Open, sandbox: Sandbox
) -> None:
    fill(sandbox)
    page = console("compare", left="ClusterBaseModel/a", compare_with="An earlier version")
    assert "it has seen no other version of the cluster model a" in said(page)


def test_an_object_is_compared_with_what_it_was_and_goes_back_to_it(
    console: Open, sandbox: Sandbox
) -> None:
    fill(sandbox)
    page = console("compare", left="ClusterBaseModel/a", compare_with="An earlier version")
    held = session.backend()
    ref = Ref(kinds.CLUSTER_BASE_MODEL, Key("", "a"))
    held.client.merge_patch(ref.kind, ref.key, {"spec": {"modelParameterSize": "70B"}})
    eventually(lambda: held.history.of(ref))
    page.run()
    assert page.dataframe[0].value.to_dict("records") == [
        {"Field": "spec.modelParameterSize", "a": "70B", "generation 1": "8B"}
    ]
    assert "generation 1 · until" in page.selectbox(key="compare_version").options[0]
    page.button(key="compare_go_back").click().run()
    assert not page.exception
    assert "modelParameterSize: 8B" in page.session_state["editor_desk"].text
    assert "Change cluster model a: 1 field" in said(page)


def test_an_object_is_compared_with_what_was_last_applied(console: Open, sandbox: Sandbox) -> None:
    fill(sandbox)
    applied = builders.model("c", modelParameterSize="9B")
    noted = {"kubectl.kubernetes.io/last-applied-configuration": json.dumps(applied)}
    live = builders.model("c", modelParameterSize="8B")
    live["metadata"]["annotations"] = noted
    sandbox.objects.create(kinds.CLUSTER_BASE_MODEL, live)
    page = console("compare", left="ClusterBaseModel/c", compare_with="As last applied")
    assert page.dataframe[0].value.to_dict("records") == [
        {"Field": "spec.modelParameterSize", "c": "8B", "as last applied": "9B"}
    ]
    assert "kubectl apply view-last-applied clusterbasemodels.ome.io c -o yaml" in said(page)
    page = console("compare", left="ClusterBaseModel/a", compare_with="As last applied")
    assert "does not say what was last applied" in said(page)
