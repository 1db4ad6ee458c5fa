"""Events of the cluster, filtered, and the way to the service that is concerned."""

from ome_backend.resources import kinds
from ome_backend.sandbox.server import Sandbox
from tests.pages.conftest import Open
from tests.pages.test_pages import company, said
from tests.support import builders


def test_events_are_filtered_and_lead_to_their_service(console: Open, sandbox: Sandbox) -> None:
    company(sandbox)
    sandbox.objects.create(kinds.EVENT, builders.event("RuntimeGone", "no runtime"))
    sandbox.objects.create(kinds.EVENT, builders.event("Synced", "all well", warning=False))
    page = console("events", events_type="Warning", events_search="runtime")
    assert not page.exception
    assert list(page.dataframe[0].value["Reason"]) == ["RuntimeGone"]
    assert "events" in said(page)
    page.selectbox(key="events_service").set_value(
        page.selectbox(key="events_service").options[0]
    ).run()
    assert page.title[0].value == "chat"
