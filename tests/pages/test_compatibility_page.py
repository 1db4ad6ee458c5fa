"""The table of models and runtimes: what passes the filters, and why a pair is as it is."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ome_backend.resources import kinds
from ome_backend.sandbox.server import Sandbox
from tests.pages.conftest import Open
from tests.support import builders

SMALL = builders.runtime("srt-small", modelSizeRange={"min": "1B", "max": "3B"})
MANUAL = builders.runtime("srt-manual", supportedModelFormats=[])


@pytest.fixture
def page(console: Open, sandbox: Sandbox) -> Any:
    """Opens the page on two models and three runtimes."""
    for model in (builders.model(), builders.model("llama", modelArchitecture="Llama")):
        sandbox.objects.create(kinds.CLUSTER_BASE_MODEL, model)
    for runtime in (builders.runtime(), SMALL, MANUAL):
        sandbox.objects.create(kinds.CLUSTER_SERVING_RUNTIME, runtime)
    return lambda **address: console("compatibility", **address)


def texts(page: AppTest) -> str:
    parts = (page.markdown, page.caption, page.info, page.code)
    return "\n".join(str(each.value) for part in parts for each in part)


def test_every_pair_has_its_sign(page: Any) -> None:
    frame = page().dataframe[0].value
    signs = {row["Model"]: (row["srt-qwen3"], row["srt-small"]) for _, row in frame.iterrows()}
    assert signs == {"qwen3-8b": ("✓1", "✕"), "llama": ("✕", "✕")}


def test_a_model_that_no_node_has_yet_is_not_called_rejected(page: Any, sandbox: Sandbox) -> None:
    for name, ready in (("arriving", ()), ("arrived", ("gpu-1",))):
        raw = builders.model(name, ready=ready, modelFormat={"name": ""})
        sandbox.objects.create(kinds.CLUSTER_BASE_MODEL, raw)
    opened = page(compatibility_model="arriving", compatibility_runtime="srt-qwen3")
    frame = opened.dataframe[0].value.set_index("Model")
    assert frame["srt-qwen3"].to_dict() == {
        "arrived": "✕",
        "arriving": "?",
        "llama": "✕",
        "qwen3-8b": "✓1",
    }
    assert "Not known yet" in texts(opened)


def test_only_eligible_leaves_those_that_meet(page: Any) -> None:
    frame = page(compatibility_eligible="true").dataframe[0].value
    assert (list(frame.columns), list(frame["Model"])) == (["Model", "srt-qwen3"], ["qwen3-8b"])


def test_the_namespace_of_the_bar_brings_its_own_runtimes(page: Any, sandbox: Sandbox) -> None:
    sandbox.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "demo"))
    sandbox.objects.create(kinds.SERVING_RUNTIME, builders.runtime("own", namespace="demo"))
    own = [name for name in page(namespace="demo").dataframe[0].value.columns if "own" in name]
    assert own
    assert not any("own" in name for name in page().dataframe[0].value.columns)


@pytest.mark.parametrize(
    ("address", "shape"),
    [
        pytest.param({"compatibility_models": "llama"}, (1, 4), id="models"),
        pytest.param({"compatibility_runtimes": "small"}, (2, 2), id="runtimes"),
    ],
)
def test_searches_of_the_address_narrow_the_table(
    address: dict[str, str], shape: tuple[int, int], page: Any
) -> None:
    assert page(**address).dataframe[0].value.shape == shape


def test_what_passes_nothing_says_which_filter_to_drop(page: Any) -> None:
    shown = page(compatibility_models="nothing", compatibility_eligible="true")
    assert "the search “nothing” and “Only eligible”" in texts(shown)


def test_a_pair_of_the_address_shows_reason_remedy_and_risk(page: Any) -> None:
    shown = page(compatibility_model="qwen3-8b", compatibility_runtime="srt-small")
    said = texts(shown)
    assert "this runtime takes 1B to 3B" in said
    assert "kubectl patch clusterservingruntimes.ome.io srt-small" in said


def test_selecting_a_cell_opens_its_pair(page: Any) -> None:
    shown = page()
    table = shown.dataframe[0].proto.id.rpartition("-")[2]
    shown.session_state[table] = {
        "selection": {"rows": [], "columns": [], "cells": [[1, "srt-qwen3"]]}
    }
    shown.run()
    assert "OME's choice number 1" in texts(shown)


def test_a_cluster_without_runtimes_says_so(console: Open, sandbox: Sandbox) -> None:
    sandbox.objects.create(kinds.CLUSTER_BASE_MODEL, builders.model())
    assert "No runtime is installed" in texts(console("compatibility"))


def test_a_model_page_offers_what_would_change_the_nearest_rejection(
    page: Any, console: Open
) -> None:
    page()
    shown = console("model", name="qwen3-8b", model_tab="Runtimes")
    assert shown.selectbox(key="model_remedies").value == "srt-small"
    assert "Set modelSizeRange of cluster runtime srt-small to max 8B" in texts(shown)
    assert "There is no runner-up" in texts(shown)


def test_a_what_if_shows_the_ranking_before_and_after(page: Any, console: Open) -> None:
    page()
    shown = console("model", name="qwen3-8b", model_tab="Runtimes")
    next(each for each in shown.text_input if each.label == "Size").set_value("2B").run()
    assert "Before: OME takes **srt-qwen3**; 1 of 3" in texts(shown)
    assert "After: OME takes **srt-qwen3**; 2 of 3" in texts(shown)
    moved = next(each.value for each in shown.dataframe if "Before" in each.value)
    assert list(moved["Runtime"]) == ["srt-small"]


def test_a_runtime_page_shows_the_models_it_nearly_serves(page: Any, console: Open) -> None:
    page()
    shown = console("runtime", name="srt-small", runtime_tab="Models")
    assert "Installed models that it would serve after a change" in texts(shown)
    assert "The model is 8B; this runtime takes 1B to 3B." in texts(shown)


def test_facts_say_how_well_they_are_known(page: Any, console: Open) -> None:
    page()
    said = texts(console("model", name="qwen3-8b"))
    assert all(f"[{each}]" in said for each in ("declared", "reported"))
