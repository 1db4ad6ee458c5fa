"""What only a browser shows: deep links, changes that arrive by themselves, and a lost API server."""

import re

import pytest
from playwright.sync_api import Page, expect

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.server import Sandbox
from tests.e2e.conftest import Visit
from tests.support import builders
from tests.support.table import click_row, names

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def one_service(sandbox: Sandbox) -> None:
    """A model, a runtime and a ready service in `demo`."""
    sandbox.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "demo"))
    sandbox.objects.create(kinds.CLUSTER_BASE_MODEL, builders.model())
    sandbox.objects.create(kinds.CLUSTER_SERVING_RUNTIME, builders.runtime())
    sandbox.objects.create(kinds.INFERENCE_SERVICE, builders.inference_service())
    sandbox.objects.create(kinds.POD, builders.pod())


def status(page: Page) -> object:
    return page.locator(".st-key-bar")


def test_the_first_visit_after_a_start_may_be_a_deep_link(own_console: str, visit: Visit) -> None:
    page = visit(f"{own_console}/service?name=demo/chat")
    expect(page.get_by_role("heading", level=1)).to_have_text("chat")
    expect(page.get_by_role("link", name="Overview")).to_be_visible()


def test_a_tab_has_an_address(own_console: str, visit: Visit) -> None:
    page = visit(f"{own_console}/service?name=demo/chat&service_tab=YAML")
    expect(
        page.get_by_text("kubectl get inferenceservices.ome.io chat -n demo -o yaml")
    ).to_be_visible()


def test_a_new_object_appears_without_a_reload(
    own_console: str, visit: Visit, sandbox: Sandbox
) -> None:
    page = visit(f"{own_console}/services")
    expect(names(page)).to_have_text(["chat"])
    sandbox.objects.create(kinds.INFERENCE_SERVICE, builders.inference_service("second"))
    expect(names(page)).to_have_text(["chat", "second"])


def test_news_leave_a_search_being_typed_alone(
    own_console: str, visit: Visit, sandbox: Sandbox
) -> None:
    page = visit(f"{own_console}/services")
    field = page.get_by_placeholder("Search services")
    field.fill("cha")
    expect(page.get_by_text("1 of 1 services")).to_be_visible()
    sandbox.objects.create(kinds.INFERENCE_SERVICE, builders.inference_service("second"))
    expect(page.get_by_text("1 of 2 services")).to_be_visible()
    expect(field).to_have_value("cha")
    expect(page).to_have_url(f"{own_console}/services?services_search=cha")


def test_a_change_of_status_reaches_the_open_page(
    own_console: str, visit: Visit, sandbox: Sandbox
) -> None:
    page = visit(f"{own_console}/service?name=demo/chat")
    expect(page.get_by_text("It serves at").first).to_be_visible()
    sandbox.objects.change(kinds.POD, Key("demo", "chat-engine-0"), _crash, status=True)
    expect(page.get_by_text("keeps crashing (3 restarts)").first).to_be_visible()


def _crash(pod: Manifest) -> None:
    ended = {"terminated": {"reason": "Error", "exitCode": 1, "message": "CUDA out of memory"}}
    pod["status"]["conditions"] = [{"type": "Ready", "status": "False"}]
    pod["status"]["containerStatuses"] = [
        {
            "name": "ome-container",
            "ready": False,
            "restartCount": 3,
            "state": {"waiting": {}},
            "lastState": ended,
        }
    ]


def test_a_lost_api_server_is_said_and_survived(
    own_console: str, visit: Visit, sandbox: Sandbox
) -> None:
    page = visit(f"{own_console}/services")
    expect(names(page)).to_have_text(["chat"])
    sandbox.stop()
    expect(page.get_by_text("Disconnected").first).to_be_visible()
    expect(names(page)).to_have_text(["chat"])
    expect(page.get_by_text("The API server does not answer")).to_be_visible()
    sandbox.start()
    sandbox.objects.create(kinds.INFERENCE_SERVICE, builders.inference_service("after"))
    expect(page.get_by_text("Disconnected")).to_have_count(0, timeout=40_000)
    expect(names(page)).to_have_text(["after", "chat"])


def test_a_click_on_a_name_opens_that_object(
    own_console: str, visit: Visit, sandbox: Sandbox
) -> None:
    sandbox.objects.create(kinds.INFERENCE_SERVICE, builders.inference_service("second"))
    page = visit(f"{own_console}/services")
    expect(names(page)).to_have_text(["chat", "second"])
    click_row(page, 1)
    expect(page.get_by_role("heading", level=1)).to_have_text("second")
    expect(page).to_have_url(f"{own_console}/service?name=demo%2Fsecond")


def test_back_from_an_object_leads_to_the_list_as_it_was_filtered(
    own_console: str, visit: Visit
) -> None:
    page = visit(f"{own_console}/services?services_search=cha")
    expect(names(page)).to_have_text(["chat"])
    click_row(page, 0)
    expect(page.get_by_role("heading", level=1)).to_have_text("chat")
    page.go_back()
    expect(page).to_have_url(f"{own_console}/services?services_search=cha")
    expect(page.get_by_text("1 of 1 services")).to_be_visible()


def test_an_object_can_be_opened_from_the_keyboard(own_console: str, visit: Visit) -> None:
    page = visit(f"{own_console}/services")
    box = page.get_by_role("combobox", name="Open by name")
    box.focus()
    box.fill("chat")
    box.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("chat")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_themes_are_drawn(scheme: str, own_console: str, visit: Visit) -> None:
    page = visit(own_console, scheme=scheme)
    colour = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    assert colour == ("rgb(16, 21, 29)" if scheme == "dark" else "rgb(255, 255, 255)")


def test_the_chosen_namespace_goes_along_from_page_to_page(
    own_console: str, visit: Visit, sandbox: Sandbox
) -> None:
    sandbox.objects.create(
        kinds.INFERENCE_SERVICE, builders.inference_service("second", namespace="other")
    )
    page = visit(f"{own_console}/services?namespace=demo")
    expect(names(page)).to_have_text(["chat"])
    page.get_by_role("link", name="Models").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Models")
    page.get_by_role("link", name="Services").click()
    expect(names(page)).to_have_text(["chat"])
    expect(page).to_have_url(re.compile("namespace=demo"))


def test_the_first_page_is_found_under_its_name(own_console: str, visit: Visit) -> None:
    page = visit(f"{own_console}/overview")
    expect(page.get_by_role("heading", level=1)).to_have_text("Overview")
    expect(page.get_by_role("dialog")).to_have_count(0)
