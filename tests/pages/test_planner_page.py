"""The Planner: whether a model fits, in words, numbers and a bar, and what is not known."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ome_backend.resources import kinds
from ome_backend.sandbox.server import Sandbox
from pages.components.text import plain
from tests.pages.conftest import Open
from tests.services.test_planner import QWEN3_8B, accelerator
from tests.support import builders


@pytest.fixture
def page(console: Open, sandbox: Sandbox) -> Any:
    """Opens the page on a model with and one without a config, a runtime and eight H100s."""
    for model in (builders.model(modelConfiguration=QWEN3_8B), builders.model("bare")):
        sandbox.objects.create(kinds.CLUSTER_BASE_MODEL, model)
    sandbox.objects.create(kinds.CLUSTER_SERVING_RUNTIME, builders.runtime())
    sandbox.objects.create(kinds.NODE, builders.node(gpu="h100"))
    sandbox.objects.create(kinds.ACCELERATOR_CLASS, accelerator(perHour="2.5"))
    return lambda **address: console("planner", **address)


def texts(page: AppTest) -> str:
    parts = (page.markdown, page.caption, page.info, page.success, page.error, page.warning)
    return "\n".join(str(each.value) for part in parts for each in part)


def test_without_a_model_it_asks_for_one(page: Any) -> None:
    assert "Choose a model" in texts(page())


def test_a_model_that_fits_shows_how_much_is_left_and_what_it_costs(page: Any) -> None:
    shown = page(planner_model="qwen3-8b", planner_runtime="srt-qwen3")
    assert shown.success
    said = texts(shown)
    assert "It fits on 1 GPU" in said
    assert "2.50 an hour" in said
    assert "1,825.00 a month" in said


def test_the_bar_has_a_text_for_those_who_do_not_see_it(page: Any) -> None:
    shown = page(planner_model="qwen3-8b")
    drawn = [each.proto.body for each in shown.get("html")]
    assert any(
        'role="img" aria-label="Memory of one GPU, 80.0 GiB: Weights 14.9' in each for each in drawn
    )


def test_a_load_that_does_not_fit_says_by_how_much(page: Any) -> None:
    shown = page(planner_model="qwen3-8b", planner_concurrency="64")
    assert shown.error
    assert "more than is left" in texts(shown)


def test_a_model_without_a_config_says_what_is_unknown_and_why(page: Any) -> None:
    said = texts(page(planner_model="bare"))
    assert "whose size is not known" in said
    assert "**KV cache**" in said
    assert plain("num_hidden_layers") in said


def test_where_the_config_is_missing_it_is_asked_for(page: Any) -> None:
    given = page(planner_model="bare")
    assert given.get("expander")[0].proto.expanded
    assert "skip-config-parsing" in texts(given)
    given.text_area[0].set_value(json.dumps(QWEN3_8B)).run()
    assert "It fits on 1 GPU" in texts(given)


def test_an_uploaded_config_counts_for_its_model_only(page: Any) -> None:
    given = page(planner_model="bare")
    given.file_uploader[0].set_value(
        ("config.json", json.dumps(QWEN3_8B).encode(), "application/json")
    )
    given.run()
    assert json.loads(given.text_area[0].value) == QWEN3_8B
    assert "It fits on 1 GPU" in texts(given)
    given.selectbox(key="planner_model").set_value("qwen3-8b").run()
    assert given.text_area[0].value == ""


def test_every_number_shows_formula_and_inputs(page: Any) -> None:
    shown = page(planner_model="qwen3-8b")
    (line,) = [each for each in texts(shown).split("\n- ") if each.startswith("**Weights** ")]
    assert "parameters × bytes of the data type" in line
    assert plain("parameters = 8,000,000,000 (declared); dtype = bfloat16 (declared)") in line


def test_it_tells_which_tensor_parallel_sizes_divide_the_heads(page: Any) -> None:
    shown = page(planner_model="qwen3-8b")
    frame = next(each.value for each in shown.dataframe if "Tensor parallel" in each.value)
    assert list(frame["Tensor parallel"]) == [1, 2, 4, 8, 16, 32]


def test_a_model_that_does_not_exist_is_said_to_be_missing(page: Any) -> None:
    assert "There is no model **gone**" in texts(page(planner_model="gone"))


def test_the_links_to_the_planner_carry_the_choices(page: Any, console: Open) -> None:
    page()
    shown = console("deploy", model="qwen3-8b")
    assert "It fits on 1 GPU" in texts(shown)
    assert "1 replica on 1 GPU, 2.50 an hour" in texts(shown)
