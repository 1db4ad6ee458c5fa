"""Every page shows what there is, says why there is nothing, and never fails silently."""

import pytest
from streamlit.testing.v1 import AppTest

from ome_backend.resources import kinds
from ome_backend.sandbox.server import Sandbox
from pages.components.places import PLACES
from tests.pages.conftest import Open
from tests.support import builders
from tests.support.samples import SPECS

ADDRESSES = {
    "model": "qwen3-8b",
    "runtime": "srt-qwen3",
    "service": "demo/chat",
    "accelerator": "h100",
    "weight": "tuned",
    "benchmark": "demo/load",
    "template": "hub-reranker",
    "hub_model": "Qwen/Qwen3-8B",
    "namespace": "demo",
    "node": "gpu-1",
    "secret": "demo/hub",
}
OTHERS = (
    (kinds.ACCELERATOR_CLASS, "", "h100"),
    (kinds.FINE_TUNED_WEIGHT, "", "tuned"),
    (kinds.BENCHMARK_JOB, "demo", "load"),
)


def company(sandbox: Sandbox) -> None:
    """One of everything, in `demo`."""
    made = (
        (kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "demo")),
        (kinds.SECRET, builders.manifest(kinds.SECRET, "hub", "demo", data={"token": "aGY="})),
        (kinds.NODE, builders.node()),
        (kinds.CLUSTER_BASE_MODEL, builders.model()),
        (kinds.CLUSTER_SERVING_RUNTIME, builders.runtime()),
        (
            kinds.CLUSTER_SERVING_RUNTIME,
            builders.runtime("srt-small", modelSizeRange={"min": "1B", "max": "3B"}),
        ),
        (kinds.INFERENCE_SERVICE, builders.inference_service()),
        *(
            (kind, builders.manifest(kind, name, namespace, spec=SPECS[kind]))
            for kind, namespace, name in OTHERS
        ),
        (kinds.DEPLOYMENT, builders.deployment()),
        (kinds.POD, builders.pod()),
        (kinds.EVENT, builders.event("InferenceServiceReady", "It is ready", warning=False)),
    )
    for kind, manifest in made:
        sandbox.objects.create(kind, manifest)


def said(page: AppTest) -> str:
    """Everything a person reads on the page outside tables."""
    parts = (
        page.title,
        page.markdown,
        page.caption,
        page.info,
        page.warning,
        page.error,
        page.success,
        page.code,
    )
    return "\n".join(str(each.value) for part in parts for each in part)


@pytest.mark.parametrize("path", [place.path for place in PLACES])
def test_every_page_opens_without_a_failure(path: str, console: Open, sandbox: Sandbox) -> None:
    company(sandbox)
    page = console(path, name=ADDRESSES.get(path, ""))
    assert not page.exception
    assert not page.error
    assert page.title


@pytest.mark.parametrize("path", [place.path for place in PLACES])
def test_every_page_opens_on_an_empty_cluster_and_says_so(path: str, console: Open) -> None:
    page = console(path)
    assert not page.exception
    # A cluster always has namespaces.
    assert path in ("overview", "about", "templates", "namespaces") or page.info


@pytest.mark.parametrize("path", ["services", "models", "runtimes"])
def test_a_forbidden_list_says_which_permission_is_missing(
    path: str, start_sandbox: object, console: Open, sandbox: Sandbox
) -> None:
    resources = {
        "services": "inferenceservices",
        "models": "basemodels",
        "runtimes": "servingruntimes",
    }
    sandbox.deny = {("list", resources[path])}
    page = console(path)
    assert any(f"{resources[path]}.ome.io" in each.value for each in page.warning)
    assert any("forbidden" in each.value for each in page.code)


@pytest.mark.parametrize("sandbox", [{"without": ("inferenceservices",)}], indirect=True)
def test_a_kind_that_is_not_installed_is_said_to_be_so(console: Open) -> None:
    page = console("services")
    assert any("not installed" in each.value for each in page.info)


def test_a_list_counts_what_a_search_leaves(console: Open, sandbox: Sandbox) -> None:
    company(sandbox)
    page = console("runtimes", runtimes_search="small")
    assert "1 of 2 runtimes" in said(page)
    assert list(page.dataframe[0].value["Name"]) == ["srt-small"]


def test_an_empty_result_says_which_filter_to_drop(console: Open, sandbox: Sandbox) -> None:
    company(sandbox)
    page = console("services", services_search="nothing like it")
    assert "Nothing passes the search “nothing like it”" in said(page)


def test_a_model_page_says_why_a_runtime_is_rejected(console: Open, sandbox: Sandbox) -> None:
    company(sandbox)
    page = console("model", name="qwen3-8b", model_tab="Runtimes")
    assert "OME would choose **srt-qwen3**" in said(page)
    assert "1B to 3B" in said(page)


def test_an_object_that_does_not_exist_is_said_to_be_missing(console: Open) -> None:
    page = console("service", name="demo/gone")
    assert "There is no service **demo/gone**" in said(page)


def test_the_bar_says_which_cluster_and_how_fresh(console: Open) -> None:
    page = console("overview")
    assert "ome-sandbox" in said(page)
    assert "Live" in said(page)


def test_a_page_view_lists_nothing_from_the_api_server(console: Open, sandbox: Sandbox) -> None:
    company(sandbox)
    console("services")
    before = sandbox.requests.copy()
    for path in ("services", "models", "runtimes", "overview"):
        console(path)
    assert sandbox.requests == before


HIDDEN = ("clusterbasemodels", "clusterservingruntimes", "pods", "events", "deployments")


@pytest.mark.parametrize("plural", HIDDEN)
@pytest.mark.parametrize("path", ["overview", "service", "model", "deploy", "services", "doctor"])
def test_what_may_not_be_listed_is_not_said_to_be_absent(
    path: str, plural: str, console: Open, sandbox: Sandbox
) -> None:
    company(sandbox)
    sandbox.deny = {("list", plural)}
    tab = {"model_tab": "Runtimes"} if path == "model" else {}
    page = console(path, name=ADDRESSES.get(path, ""), **tab)
    assert not page.exception
    words = said(page)
    shown = plural not in words
    assert "The model qwen3-8b does not exist" not in words
    assert shown or "may not list" in words or "not known" in words
    if plural == "clusterservingruntimes" and path == "model":
        assert "In its own words" not in words


def test_the_namespace_chosen_in_the_bar_narrows_a_list(console: Open, sandbox: Sandbox) -> None:
    company(sandbox)
    sandbox.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "other"))
    sandbox.objects.create(
        kinds.INFERENCE_SERVICE, builders.inference_service("elsewhere", namespace="other")
    )
    page = console("services", namespace="other")
    assert "1 of 2 services" in said(page)
    assert list(page.dataframe[0].value["Name"]) == ["elsewhere"]


def test_the_chosen_namespace_still_shows_what_belongs_to_none(
    console: Open, sandbox: Sandbox
) -> None:
    company(sandbox)
    page = console("models", namespace="demo")
    assert list(page.dataframe[0].value["Name"]) == ["qwen3-8b"]


def test_overview_of_a_namespace_speaks_of_that_namespace(console: Open, sandbox: Sandbox) -> None:
    company(sandbox)
    sandbox.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "other"))
    sandbox.objects.create(
        kinds.INFERENCE_SERVICE,
        builders.inference_service("broken", namespace="other", ready=False),
    )
    assert "broken" not in said(console("overview", namespace="demo"))
    assert [each.value for each in console("overview", namespace="demo").metric][:1] == ["1 / 1"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [("Name, reversed", ["srt-small", "srt-qwen3"]), ("Name", ["srt-qwen3", "srt-small"])],
)
def test_the_order_of_a_list_is_in_its_address(
    order: str, expected: list[str], console: Open, sandbox: Sandbox
) -> None:
    company(sandbox)
    page = console("runtimes", runtimes_table_sort=order)
    assert list(page.dataframe[0].value["Name"]) == expected
