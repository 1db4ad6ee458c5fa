"""New: forms of every kind that edit the YAML beside them, field by field."""

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.sandbox.server import Sandbox
from ome_backend.schema import yaml_text
from ome_backend.schema.schemas import BUNDLED
from pages.components.desk import Desk
from pages.components.session import backend
from tests.support import builders
from tests.support.writing import write_button

Open = Callable[..., AppTest]
KINDS = [crd.kind.name for crd in BUNDLED]
CATALOG = Path(__file__).resolve().parents[3] / "shared" / "ome" / "catalog"

MODEL = """\
# chosen by the platform team
apiVersion: ome.io/v1beta1
kind: BaseModel
metadata:
  name: phi   # short for phi-4
  namespace: demo
spec:
  brandNew: true
  storage:
    storageUri: hf://microsoft/phi-4
    path: "/models/phi"
  modelFormat: {name: safetensors}
"""
RUNTIME = """\
apiVersion: ome.io/v1beta1
kind: ClusterServingRuntime
metadata:
  name: sglang
spec:
  supportedModelFormats: []
  engineConfig:
    tolerations:
    - key: nvidia.com/gpu
      operator: Exists
    runner:
      name: ome-container
      args:
      - --tp-size
      - "8" # one node
      env:
      - name: HF_TOKEN
        valueFrom:
          secretKeyRef:
            name: hub
            key: token
      - name: LOG
        value: debug
      resources:
        limits:
          nvidia.com/gpu: 8
"""
RUNNER = "new_spec.engineConfig.runner"


def text_of(page: AppTest) -> str:
    text: str = page.session_state["new_desk"].text
    return text


@pytest.fixture
def opened(console: Open) -> Callable[[str], AppTest]:
    """The page with a text of one document in its form."""

    def open_text(text: str) -> AppTest:
        (document, *_) = yaml_text.parse(text).documents
        page = console("new", kind=document.value["kind"])
        page.session_state["new_desk"] = Desk(text, origin="a test", round=9)
        page.session_state["new_shown"] = None
        return page.run()

    return open_text


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_form(console: Open, kind: str) -> None:
    page = console("new", kind=kind)
    page.text_input(key="new_metadata.name").set_value("made-by-form").run()
    assert not page.exception
    assert f"kind: {kind}\n" in text_of(page)
    assert "  name: made-by-form\n" in text_of(page)


def test_without_a_kind_it_asks_for_one(console: Open) -> None:
    assert "Choose a kind" in console("new").info[0].value


def test_the_form_shows_what_the_text_says(opened: Callable[[str], AppTest]) -> None:
    page = opened(MODEL)
    assert page.text_input(key="new_metadata.name").value == "phi"
    assert page.text_input(key="new_spec.storage.path").value == "/models/phi"
    assert page.text_input(key="new_spec.storage.storageUri_model_id").value == "microsoft/phi-4"


def test_one_field_changes_one_line_and_unknown_fields_and_comments_stay(
    opened: Callable[[str], AppTest],
) -> None:
    page = opened(MODEL)
    page.text_input(key="new_metadata.name").set_value("phi-4").run()
    assert text_of(page) == MODEL.replace("name: phi ", "name: phi-4 ")


def test_emptying_a_field_takes_its_line_away(opened: Callable[[str], AppTest]) -> None:
    page = opened(MODEL)
    page.text_input(key="new_spec.storage.path").set_value("  ").run()
    assert text_of(page) == MODEL.replace('    path: "/models/phi"\n', "")


def test_a_new_text_moves_the_form(opened: Callable[[str], AppTest]) -> None:
    page = opened(MODEL)
    moved = MODEL.replace("name: phi ", "name: other ").replace("microsoft/phi-4", "org/other@v2")
    page.session_state["new_desk"] = Desk(moved, round=10)
    page.run()
    assert page.text_input(key="new_metadata.name~1").value == "other"
    assert page.text_input(key="new_spec.storage.storageUri_branch~1").value == "v2"
    assert page.text_input(key="new_spec.storage.path").value == "/models/phi"


def test_a_text_that_cannot_be_read_has_no_form(opened: Callable[[str], AppTest]) -> None:
    page = opened(MODEL)
    page.session_state["new_desk"] = Desk(MODEL + "  bad: [", round=10)
    page.run()
    assert any("once it can be read" in each.value for each in page.info)
    assert not page.exception


def test_a_rare_field_is_asked_for_by_name(opened: Callable[[str], AppTest]) -> None:
    page = opened(MODEL)
    page.selectbox(key="new_spec_more").set_value("compartmentID").run()
    assert text_of(page) == MODEL
    page.text_input(key="new_spec.compartmentID").set_value("c1").run()
    assert text_of(page) == MODEL + "  compartmentID: c1\n"


# --- storage


def test_storage_is_written_once_its_parts_are_complete(console: Open) -> None:
    page = console("new", kind="ClusterBaseModel")
    page.selectbox(key="new_spec.storage.storageUri_kind").set_value("oci").run()
    for part, value in (("namespace", "t"), ("bucket", "b")):
        page.text_input(key=f"new_spec.storage.storageUri_{part}").set_value(value).run()
        assert "storageUri" not in text_of(page)
    page.text_input(key="new_spec.storage.storageUri_prefix").set_value("m/phi").run()
    assert "storageUri: oci://n/t/b/b/o/m/phi\n" in text_of(page)


def test_a_directory_is_proposed_where_the_agent_would_fail(console: Open) -> None:
    page = console("new", kind="ClusterBaseModel")
    page.selectbox(key="new_spec.storage.storageUri_kind").set_value("hf").run()
    page.text_input(key="new_spec.storage.storageUri_model_id").set_value("org/phi").run()
    page.button(key="new_spec.storage.storageUri_directory").click().run()
    assert "path: /mnt/models/org/phi\n" in text_of(page)


@pytest.mark.parametrize("scheme", ["pvc", "s3", "az", "gs", "github"])
def test_storage_that_never_gets_ready_is_offered_with_a_warning(
    console: Open, scheme: str
) -> None:
    page = console("new", kind="BaseModel")
    page.selectbox(key="new_spec.storage.storageUri_kind").set_value(scheme).run()
    assert page.warning


@pytest.mark.parametrize("scheme", ["hf", "oci", "local", "vendor"])
def test_storage_that_works_has_none(console: Open, scheme: str) -> None:
    page = console("new", kind="BaseModel")
    page.selectbox(key="new_spec.storage.storageUri_kind").set_value(scheme).run()
    assert not page.warning


# --- containers


def test_what_a_variable_is_taken_from_is_kept(opened: Callable[[str], AppTest]) -> None:
    page = opened(RUNTIME)
    page.text_input(key=f"{RUNNER}.env[1].value").set_value("info").run()
    page.text_input(key=f"{RUNNER}.env[0].valueFrom.secretKeyRef.name").set_value("other").run()
    assert text_of(page) == RUNTIME.replace("debug", "info").replace("name: hub", "name: other")


def test_a_variable_moves_up_with_all_it_has(opened: Callable[[str], AppTest]) -> None:
    page = opened(RUNTIME)
    page.button(key=f"{RUNNER}.env[1]_up").click().run()
    (document,) = yaml_text.parse(text_of(page)).documents
    names = [each["name"] for each in document.value["spec"]["engineConfig"]["runner"]["env"]]
    assert names == ["LOG", "HF_TOKEN"]
    assert "secretKeyRef" in text_of(page)


def test_a_variable_is_added_and_removed(opened: Callable[[str], AppTest]) -> None:
    page = opened(RUNTIME)
    page.button(key=f"{RUNNER}.env_add").click().run()
    page.text_input(key=f"{RUNNER}.env[2].name").set_value("NEW").run()
    assert "- name: NEW\n" in text_of(page)
    page.button(key=f"{RUNNER}.env[2]_away").click().run()
    assert text_of(page) == RUNTIME


def test_arguments_are_lines(opened: Callable[[str], AppTest]) -> None:
    page = opened(RUNTIME)
    arguments = page.text_area(key=f"{RUNNER}.args")
    assert arguments.value == "--tp-size\n8"
    arguments.set_value("--tp-size\n8\n--verbose").run()
    assert text_of(page) == RUNTIME.replace(
        '- "8" # one node\n', '- "8" # one node\n      - --verbose\n'
    )


def test_an_amount_stays_a_number_and_goes_with_its_value(
    opened: Callable[[str], AppTest],
) -> None:
    page = opened(RUNTIME)
    gpus = f"{RUNNER}.resources.limits[nvidia.com/gpu]"
    page.text_input(key=gpus).set_value("4").run()
    assert text_of(page) == RUNTIME.replace("gpu: 8", "gpu: 4")
    page.text_input(key=gpus).set_value("").run()
    assert "limits" not in text_of(page)


def test_an_entry_is_added_once_it_has_a_value(opened: Callable[[str], AppTest]) -> None:
    page = opened(RUNTIME)
    page.selectbox(key=f"{RUNNER}.resources.limits_new").set_value("memory").run()
    assert text_of(page) == RUNTIME
    page.text_input(key=f"{RUNNER}.resources.limits_new_value").set_value("64Gi").run()
    assert text_of(page) == RUNTIME + "          memory: 64Gi\n"


def test_a_toleration_is_one_line_of_the_form(opened: Callable[[str], AppTest]) -> None:
    page = opened(RUNTIME)
    page.selectbox(key="new_spec.engineConfig.tolerations[0].effect").set_value("NoExecute").run()
    assert "      operator: Exists\n      effect: NoExecute\n" in text_of(page)


def test_a_replica_across_nodes_has_a_leader_and_workers(
    opened: Callable[[str], AppTest],
) -> None:
    page = opened(RUNTIME)
    page.segmented_control(key="new_spec.engineConfig_nodes").set_value("Several nodes").run()
    (document,) = yaml_text.parse(text_of(page)).documents
    engine = document.value["spec"]["engineConfig"]
    assert "runner" not in engine
    assert engine["leader"]["runner"]["env"][0]["name"] == "HF_TOKEN"
    assert engine["worker"]["size"] == 1
    page.segmented_control(key="new_spec.engineConfig_nodes").set_value("One node").run()
    (document,) = yaml_text.parse(text_of(page)).documents
    assert document.value["spec"]["engineConfig"].keys() == {"tolerations", "runner"}


def test_a_router_is_added_and_taken_away(opened: Callable[[str], AppTest]) -> None:
    page = opened(RUNTIME)
    page.segmented_control(key="new_spec_parts").set_value(["engineConfig", "routerConfig"]).run()
    assert "  routerConfig:\n    runner:\n      name: router\n" in text_of(page)
    page.segmented_control(key="new_spec_parts").set_value(["engineConfig"]).run()
    assert text_of(page) == RUNTIME


# --- references, benchmarks, secrets


def test_a_model_is_named_with_its_kind(console: Open, sandbox: Sandbox) -> None:
    sandbox.objects.create(kinds.BASE_MODEL, builders.model("phi", namespace="default"))
    page = console("new", kind="InferenceService")
    page.selectbox(key="new_spec.model").set_value("default/phi").run()
    assert "  model:\n    name: phi\n    kind: BaseModel\n" in text_of(page)


def test_a_benchmark_measures_a_service_or_a_url_but_never_both(console: Open) -> None:
    page = console("new", kind="BenchmarkJob")
    page.segmented_control(key="new_spec.endpoint_choice").set_value("endpoint").run()
    page.text_input(key="new_spec.endpoint.endpoint.url").set_value("http://chat.demo").run()
    assert "url: http://chat.demo\n" in text_of(page)
    page.segmented_control(key="new_spec.endpoint_choice").set_value("inferenceService").run()
    assert "http://chat.demo" not in text_of(page)
    assert "inferenceService" in text_of(page)


def test_numbers_that_are_none_stay_in_the_field(console: Open) -> None:
    page = console("new", kind="BenchmarkJob")
    before = text_of(page)
    page.text_input(key="new_spec.numConcurrency").set_value("1, many").run()
    assert text_of(page) == before
    assert page.text_input(key="new_spec.numConcurrency").value == "1, many"
    page.text_input(key="new_spec.numConcurrency").set_value("2 8").run()
    assert "  - 2\n  - 8\n" in text_of(page)


def test_a_token_is_sent_but_never_shown(console: Open) -> None:
    page = console("new", kind="Secret")
    page.text_input(key="new_metadata.name").set_value("hub").run()
    page.text_input(key="new_stringData.token").set_value("hf_verysecret").run()
    assert "hf_verysecret" not in text_of(page)
    assert page.text_input(key="new_stringData.token").value == ""
    write_button(page, "new").click().run()
    assert not page.error
    stored = backend().client.get(kinds.SECRET, Key("default", "hub"))
    assert stored is not None
    assert stored["data"] == {"token": "aGZfdmVyeXNlY3JldA=="}


def test_a_token_that_was_not_kept_is_not_replaced_by_its_placeholder(console: Open) -> None:
    page = console("new", kind="Secret")
    page.text_input(key="new_metadata.name").set_value("hub").run()
    page.text_input(key="new_stringData.token").set_value("hf_verysecret").run()
    del page.session_state["new_sealed"]
    page.run()
    assert page.error
    assert not [
        each
        for each in page.button
        if (each.key or "").startswith("new_write_") and not each.disabled
    ]


def test_free_yaml_is_taken_when_it_can_be_read(console: Open) -> None:
    page = console("new", kind="FineTunedWeight")
    field = page.text_area(key="new_spec.hyperParameters")
    field.set_value("rank: [").run()
    assert "strategy: lora" in text_of(page)
    page.text_area(key="new_spec.hyperParameters").set_value("rank: 16").run()
    assert "  hyperParameters:\n    rank: 16\n" in text_of(page)


# --- creation


def test_a_model_made_by_form_is_created_and_opened(console: Open) -> None:
    page = console("new", kind="ClusterBaseModel")
    page.text_input(key="new_metadata.name").set_value("phi-4").run()
    page.selectbox(key="new_spec.storage.storageUri_kind").set_value("hf").run()
    page.text_input(key="new_spec.storage.storageUri_model_id").set_value("microsoft/phi-4").run()
    page.button(key="new_spec.storage.storageUri_directory").click().run()
    write_button(page, "new").click().run()
    assert not page.exception
    assert page.title[0].value == r"phi-4"
    created = backend().client.get(kinds.CLUSTER_BASE_MODEL, Key("", "phi-4"))
    assert created is not None
    assert created["spec"]["storage"]["storageUri"] == "hf://microsoft/phi-4"


def test_what_exists_already_is_refused(console: Open, sandbox: Sandbox) -> None:
    sandbox.objects.create(kinds.CLUSTER_BASE_MODEL, builders.model("phi"))
    page = console("new", kind="ClusterBaseModel")
    page.session_state["new_desk"] = Desk(
        "apiVersion: ome.io/v1beta1\nkind: ClusterBaseModel\nmetadata:\n  name: phi\n"
        "spec:\n  storage:\n    storageUri: vendor://a/b/c\n",
        round=3,
    )
    page.run()
    assert any("exists" in each.value for each in page.error)


def test_the_lists_lead_here(console: Open) -> None:
    page = console("models")
    page.button(key="new_from_title").click().run()
    assert "kind: ClusterBaseModel\n" in text_of(page)


@pytest.mark.parametrize("part", ["runtimes", "samples", "models"])
def test_everything_in_omes_catalogue_opens_in_the_form(
    opened: Callable[[str], AppTest], part: str
) -> None:
    files = sorted((CATALOG / part).glob("*.yaml"))[::12]
    if not files:
        pytest.skip(f"OME's catalogue is not there: {CATALOG}")
    for file in files:
        text = file.read_text("utf-8")
        page = opened(text)
        assert not page.exception, file.name
        assert text_of(page) == text, file.name
