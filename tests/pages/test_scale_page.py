"""The tab that scales a service: numbers, what they take, and the way to the change."""

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.sandbox.server import Sandbox
from tests.pages.conftest import Open
from tests.pages.test_pages import company, said


def test_more_replicas_than_have_room_are_said_to_wait(console: Open, sandbox: Sandbox) -> None:
    company(sandbox)
    sandbox.objects.change(
        kinds.INFERENCE_SERVICE,
        Key("demo", "chat"),
        lambda raw: raw["spec"].update(engine={"minReplicas": 1, "maxReplicas": 1}),
    )
    page = console("service", name="demo/chat", service_tab="Scale")
    assert not page.exception
    assert page.button(key="service_scale_engine_go").disabled
    page.number_input(key="service_scale_engine_high").set_value(20)
    page.number_input(key="service_scale_engine_low").set_value(20).run()
    assert "the others wait for GPUs" in said(page)
    assert "minReplicas" in said(page)
    assert not page.button(key="service_scale_engine_go").disabled
    page.number_input(key="service_scale_engine_low").set_value(0).run()
    assert "Knative" in said(page)
    assert page.button(key="service_scale_engine_go").disabled
