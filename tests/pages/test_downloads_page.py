"""The downloads board: what it shows, says and offers."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.sandbox.server import Sandbox
from tests.downloads.reports import ENTRY, TOTAL, progress, report
from tests.pages.conftest import Open
from tests.services.test_downloads import agent
from tests.support import builders

OTHER = "clusterbasemodel.phi-4"


def now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


@pytest.fixture
def page(console: Open, sandbox: Sandbox) -> Any:
    """Opens the board of two models: one on its way and failed, one ready on one node of two."""
    sandbox.objects.create(kinds.CLUSTER_BASE_MODEL, builders.model(ready=()))
    sandbox.objects.create(kinds.CLUSTER_BASE_MODEL, builders.model("phi-4", ready=("gpu-1",)))
    ready = {"name": "phi-4", "status": "Ready"}
    arriving, failed = progress(TOTAL // 4, lastUpdated=now()), {"status": "Failed"}
    for node, first in (("gpu-1", arriving), ("gpu-2", failed)):
        sandbox.objects.create(kinds.NODE, builders.node(node))
        sandbox.objects.create(kinds.POD, agent(node, f"agent-{node}"))
        second = {OTHER: ready} if node == "gpu-1" else {}
        sandbox.objects.create(kinds.CONFIG_MAP, report({ENTRY: first, **second}, node))
    line = '{"level":"error","msg":"401 Unauthorized","model":"clusterbasemodel.qwen3-8b"}'
    sandbox.logs.append("ome", "agent-gpu-2", "model-agent", line)
    return lambda **address: console("downloads", **address)


def texts(page: AppTest) -> str:
    assert not page.exception
    parts = (page.markdown, page.caption, page.info, page.code)
    return "\n".join(str(each.value) for part in parts for each in part)


def test_every_cell_has_its_sign(page: Any) -> None:
    frame = page().dataframe[0].value.set_index("Model")
    assert frame.loc["phi-4"].tolist() == ["◔ Ready on 1/2", "✓", "◔ Not begun"]
    everywhere, first, second = frame.loc["qwen3-8b"].tolist()
    assert (everywhere, second) == ("✕ Failed", "✕ Failed")
    assert first.startswith("◔ 25% · ")


def test_all_of_it_is_summed_up(page: Any) -> None:
    said = texts(page())
    assert "**1** on their way · 4.0 GB of 16.0 GB and 2 of 8 files arrived at 100 MB/s" in said
    assert re.search(r"time left: (2m|1m \d+s) · \*\*1\*\* of 4 ready", said)
    assert "**1** in trouble" in said


@pytest.mark.parametrize(
    ("show", "models"),
    [
        ("On their way", ["qwen3-8b"]),
        ("In trouble", ["qwen3-8b"]),
        ("Ready on some nodes only", ["phi-4"]),
        ("Ready nowhere", ["qwen3-8b"]),
    ],
)
def test_the_states_of_the_address_narrow_the_board(
    show: str, models: list[str], page: Any
) -> None:
    assert page(downloads_show=show).dataframe[0].value["Model"].tolist() == models


def test_a_link_opens_one_download_with_the_agents_own_words(page: Any) -> None:
    said = texts(page(model="qwen3-8b", node="gpu-2"))
    assert "**Its agent says:** 401 Unauthorized" in said
    assert "kubectl logs agent-gpu-2 -n ome --tail=2000" in said


def test_a_download_tells_its_pace_and_time(page: Any) -> None:
    said = texts(page(model="qwen3-8b", node="gpu-1"))
    assert re.search(r"25% of 16.0 GB is on gpu-1 at 100 MB/s; about (2m|1m \d+s) left", said)


def test_by_node_says_what_the_disk_needs(page: Any) -> None:
    frame = page(downloads_view="Nodes").dataframe[0].value.set_index("Node")
    assert frame.loc["gpu-1"]["Needed"] == "32.0 GB"
    assert frame.loc["gpu-1"]["Still to come"] == "12.0 GB"
    assert frame.loc["gpu-1"]["Ephemeral storage"] == "not known"


def test_by_model_says_on_how_many_nodes(page: Any) -> None:
    frame = page(downloads_view="Models").dataframe[0].value.set_index("Model")
    assert frame["Ready"].to_dict() == {"phi-4": "1 of 2", "qwen3-8b": "0 of 2"}
    assert frame.loc["phi-4"]["Why"] == "It is ready on 1 of 2 nodes, not begun on 1."


def test_fetching_again_shows_what_comes_of_it_before_it_is_done(
    page: Any, sandbox: Sandbox
) -> None:
    opened = page(model="qwen3-8b", node="gpu-2")
    opened.button(key="downloads_again").click().run()
    said = texts(opened)
    assert "takes up every model again" in said
    assert "kubectl delete pods agent-gpu-2 -n ome" in said
    assert "spec.storage.downloadPolicy becomes ReuseIfExists" in said.replace("\\", "")
    assert sandbox.objects.get(kinds.POD, Key("ome", "agent-gpu-2")) is not None
    opened.button(key="fetching_restart").click().run()
    assert not opened.exception
    assert sandbox.objects.get(kinds.POD, Key("ome", "agent-gpu-2")) is None


def test_a_read_only_console_offers_no_restart(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OME_READ_ONLY", "true")
    opened = page(model="qwen3-8b", node="gpu-2")
    assert opened.button(key="downloads_reserve").disabled
    opened.button(key="downloads_again").click().run()
    assert opened.button(key="fetching_restart").disabled


def test_the_models_page_tells_the_same(console: Open, page: Any) -> None:
    del page
    opened = console("model", name="qwen3-8b", model_tab="Downloads")
    frame = next(each.value for each in opened.dataframe if "Node" in each.value)
    assert frame.set_index("Node")["State"].to_dict() == {"gpu-1": "◔ 25%", "gpu-2": "✕ Failed"}


def test_without_models_it_says_so(console: Open) -> None:
    assert "No model is installed" in texts(console("downloads"))


def test_without_agents_it_says_so(console: Open, sandbox: Sandbox) -> None:
    sandbox.objects.create(kinds.CLUSTER_BASE_MODEL, builders.model(ready=()))
    assert "No node's agent has reported" in texts(console("downloads"))
