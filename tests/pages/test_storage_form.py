"""The form's storage part: what OME does with each kind, and the connection fields that it reads."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from ome_backend.resources import kinds
from ome_backend.sandbox.server import Sandbox
from ome_backend.schema import yaml_text
from pages.components.desk import Desk
from tests.pages.conftest import Open
from tests.pages.test_pages import said
from tests.support import builders

STORAGE = "new_spec.storage"
SECRET = f"{STORAGE}.key"


def text_of(page: AppTest) -> str:
    text: str = page.session_state["new_desk"].text
    return text


def read(page: AppTest) -> str:
    return said(page).replace("\\", "")


@pytest.fixture
def chosen(console: Open) -> Callable[..., AppTest]:
    """The form with a kind of storage chosen."""

    def choose(scheme: str, kind: str = "ClusterBaseModel", field: str = STORAGE) -> AppTest:
        page = console("new", kind=kind)
        page.selectbox(key=f"{field}.storageUri_kind").set_value(scheme).run()
        assert not page.exception
        return page

    return choose


@pytest.fixture
def opened(console: Open) -> Callable[..., AppTest]:
    """A model with this storage in its form."""

    def open_storage(*lines: str, kind: str = "ClusterBaseModel", namespace: str = "") -> AppTest:
        page = console("new", kind=kind)
        home = [f"  namespace: {namespace}"] if namespace else []
        head = ["apiVersion: ome.io/v1beta1", f"kind: {kind}", "metadata:", "  name: phi", *home]
        text = "\n".join([*head, "spec:", "  storage:", *(f"    {line}" for line in lines), ""])
        page.session_state["new_desk"] = Desk(text, origin="a test", round=9)
        page.session_state["new_shown"] = None
        return page.run()

    return open_storage


def secret(sandbox: Sandbox, namespace: str, **data: str) -> None:
    if not any(
        each["metadata"]["name"] == namespace for each in sandbox.objects.list(kinds.NAMESPACE)
    ):
        sandbox.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, namespace))
    made = builders.manifest(kinds.SECRET, "hub", namespace, data=data)
    sandbox.objects.create(kinds.SECRET, made)


@pytest.mark.parametrize(
    ("scheme", "words"),
    [
        ("hf", "downloads it from Hugging Face"),
        ("oci", "downloads it from OCI Object Storage"),
        ("local", "the path must exist on each node"),
        ("vendor", "the vendor serves the model"),
        ("pvc", "skips volumes"),
        ("s3", "cannot download from there"),
        ("az", "cannot download from there"),
        ("gs", "cannot download from there"),
        ("github", "cannot download from there"),
    ],
)
def test_what_ome_does_is_said_before_anything_is_written(
    chosen: Callable[..., AppTest], scheme: str, words: str
) -> None:
    page = chosen(scheme)
    assert words in read(page)
    assert "storageUri" not in text_of(page)


@pytest.mark.parametrize("scheme", ["s3", "az", "gs", "github", "pvc"])
def test_where_nothing_is_downloaded_another_way_is_named(
    chosen: Callable[..., AppTest], scheme: str
) -> None:
    page = chosen(scheme)
    assert any("local\\://" in each.value for each in page.warning)
    assert "OME reads neither key nor parameters" in read(page)


def test_only_what_is_filled_in_is_written_and_emptied_again(
    chosen: Callable[..., AppTest],
) -> None:
    page = chosen("oci")
    for part, value in {"namespace": "t", "bucket": "b", "prefix": "m"}.items():
        page.text_input(key=f"{STORAGE}.storageUri_{part}").set_value(value).run()
    assert "parameters" not in text_of(page)
    region = f"{STORAGE}.parameters.region_connection"
    page.text_input(key=region).set_value("eu-frankfurt-1").run()
    assert "    parameters:\n      region: eu-frankfurt-1\n" in text_of(page)
    assert "auth" not in text_of(page)
    page.text_input(key=region).set_value("").run()
    assert "parameters" not in text_of(page)


def test_a_secret_that_other_models_use_is_offered_and_told_where_it_is_missing(
    sandbox: Sandbox, chosen: Callable[..., AppTest]
) -> None:
    other = builders.model("other", storage={"storageUri": "hf://org/other", "key": "hub-missing"})
    sandbox.objects.create(kinds.CLUSTER_BASE_MODEL, other)
    page = chosen("hf")
    page.text_input(key=f"{STORAGE}.storageUri_model_id").set_value("org/phi").run()
    page.selectbox(key=SECRET).set_value("hub-missing").run()
    assert "    key: hub-missing\n" in text_of(page)
    assert "There is no Secret ome/hub-missing. The agent looks for it in ome." in read(page)


def test_a_secret_without_the_token_is_told_with_the_name(
    opened: Callable[..., AppTest], sandbox: Sandbox
) -> None:
    secret(sandbox, "team", other="eA==")
    storage = ["storageUri: hf://org/phi", "key: hub"]
    page = opened(*storage, kind="BaseModel", namespace="team")
    assert "The Secret team/hub has nothing under the name token" in read(page)
    page.text_input(key=f"{STORAGE}.parameters.secretKey_connection").set_value("other").run()
    assert "has nothing under" not in read(page)
    assert yaml_text.parse(text_of(page)).documents[0].value["spec"]["storage"] == {
        "storageUri": "hf://org/phi",
        "key": "hub",
        "parameters": {"secretKey": "other"},
    }


def test_a_secret_that_holds_the_token_is_not_talked_about(
    opened: Callable[..., AppTest], sandbox: Sandbox
) -> None:
    secret(sandbox, "ome", token="eA==")
    page = opened("storageUri: hf://org/phi", "key: hub")
    assert page.selectbox(key=SECRET).value == "hub"
    assert "Secret" not in "".join(each.value for each in page.warning)


def test_a_model_without_a_namespace_yet_is_not_judged(opened: Callable[..., AppTest]) -> None:
    page = opened("storageUri: hf://org/phi", "key: hub-nowhere", kind="BaseModel")
    assert "There is no Secret" not in read(page)


def test_a_token_in_plain_sight_is_shown_as_such_and_kept(opened: Callable[..., AppTest]) -> None:
    page = opened("storageUri: hf://org/phi", "parameters:", "  token: hf_abc")
    assert "token: a secret in plain sight" in read(page)
    assert "token: hf_abc" in text_of(page)
    assert page.text_input(key=f"{STORAGE}.parameters.token").value == "hf_abc"


def test_parameters_that_ome_does_not_know_stay_and_can_be_changed(
    opened: Callable[..., AppTest],
) -> None:
    page = opened("storageUri: oci://n/t/b/b/o/m", "parameters:", "  auth: x", "  brand: new")
    assert page.text_input(key=f"{STORAGE}.parameters.brand").value == "new"
    page.text_input(key=f"{STORAGE}.parameters.auth_connection").set_value("other").run()
    assert "  auth: other\n" in text_of(page)
    assert "  brand: new\n" in text_of(page)


@pytest.mark.parametrize(
    ("scheme", "name"),
    [("s3", "aws_region"), ("az", "azure_sas_token"), ("gs", "gcp_project_id"), ("oci", "profile")],
)
def test_results_of_a_benchmark_have_the_settings_that_it_reads(
    chosen: Callable[..., AppTest], scheme: str, name: str
) -> None:
    field = "new_spec.outputLocation"
    page = chosen(scheme, "BenchmarkJob", field)
    page.text_input(key=f"{field}.parameters.{name}_connection").set_value("v").run()
    assert f"      {name}: v\n" in text_of(page)


def test_a_key_of_results_is_said_to_be_seen_by_everybody(chosen: Callable[..., AppTest]) -> None:
    page = chosen("s3", "BenchmarkJob", "new_spec.outputLocation")
    assert "reads no Secret for it" in read(page)


@pytest.mark.parametrize("status", [403, 500])
def test_a_form_goes_on_while_nobody_can_tell_whether_a_secret_is_there(
    opened: Callable[..., AppTest], sandbox: Sandbox, status: int
) -> None:
    sandbox.fail_with(status, times=None, when=lambda _, plural: plural == "secrets")
    page = opened("storageUri: hf://org/phi", f"key: hub-behind-{status}")
    assert not page.exception
    assert page.selectbox(key=SECRET).value == f"hub-behind-{status}"
    assert "There is no Secret" not in read(page)
