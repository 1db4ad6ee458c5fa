"""Cost: who pays what, what stands idle, and nothing counted as free because no price is known."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ome_backend.resources import kinds
from ome_backend.sandbox.server import Sandbox
from tests.pages.conftest import Open
from tests.services.test_planner import accelerator
from tests.support import builders


@pytest.fixture
def page(console: Open, sandbox: Sandbox) -> Any:
    """Opens the page on a service that holds four of eight H100s, and a pod of another namespace."""
    made = (
        builders.node(gpu="h100"),
        accelerator(perHour="2.5"),
        builders.inference_service(),
        builders.pod(gpus=4),
        builders.pod("probe", "lab", service="", node="elsewhere"),
    )
    for each in made:
        sandbox.objects.create(kinds.BY_NAME[each["kind"]], each)
    return lambda **address: console("cost", **address)


def said(page: AppTest) -> str:
    return "\n".join(
        str(each.value) for part in (page.markdown, page.caption, page.info) for each in part
    )


def rows(page: AppTest, column: str) -> list[dict[Any, Any]]:
    frame = next(each.value for each in page.dataframe if column in each.value)
    return [dict(each) for each in frame.to_dict("records")]


def test_namespaces_services_and_classes_are_billed(page: Any) -> None:
    shown = page()
    demo = next(each for each in rows(shown, "Namespace") if each["Namespace"] == "demo")
    assert (demo["GPUs"], demo["An hour"], demo["A month"]) == (4, 10.0, 7300.0)
    (chat,) = rows(shown, "Not serving")
    assert (chat["Name"], chat["Accelerator class"], chat["Not serving"]) == ("chat", "h100", 0)
    (h100,) = rows(shown, "Idle, an hour")
    assert (h100["Held"], h100["Idle"], h100["Idle, an hour"]) == (4, 4, 10.0)


def test_what_has_no_price_is_named(page: Any) -> None:
    assert "lab without other pods, whose price is not known" in said(page())


def test_the_namespace_of_the_bar_limits_the_bill(page: Any) -> None:
    assert [each["Namespace"] for each in rows(page(namespace="demo"), "A month")] == ["demo"]


def test_a_million_tokens_are_priced_at_the_rate_that_is_told(page: Any) -> None:
    assert "2.78 per million tokens" in said(page(cost_service="demo/chat", cost_tokens="1000"))
    assert "OME does not count tokens" in said(page())


def test_without_gpus_there_is_nothing_to_pay(console: Open) -> None:
    assert "No node has GPUs" in said(console("cost"))
