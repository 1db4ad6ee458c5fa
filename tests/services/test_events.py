"""Events: folded where they say the same, newest first, with the service that is concerned."""

from ome_backend.resources import kinds
from ome_backend.resources.event import Event
from ome_backend.resources.kind import Key
from ome_backend.sandbox.server import Sandbox
from ome_backend.services.events import folded
from tests.services.conftest import Connect
from tests.support import builders


def said(name: str, minute: int, **parts: object) -> Event:
    raw = builders.event("BackOff", "Back-off restarting", about="chat-1", kind="Pod")
    raw["metadata"]["name"] = name
    return Event(raw | {"lastTimestamp": f"2026-03-01T11:{minute}:00Z", **parts})


def test_what_says_the_same_becomes_one_with_the_newest_moment() -> None:
    (told,) = folded([said("a", 50, count=3), said("b", 55), said("c", 40)])
    assert told.count == 5
    assert told.at is not None
    assert told.at.minute == 55


def test_another_word_stays_apart_and_the_newest_comes_first() -> None:
    found = folded([said("a", 50), said("b", 55, message="other"), said("c", 40, reason="Pulled")])
    assert [(each.reason, each.message) for each in found] == [
        ("BackOff", "other"),
        ("BackOff", "Back-off restarting"),
        ("Pulled", "Back-off restarting"),
    ]


def test_an_event_about_a_pod_names_its_service(connect: Connect, sandbox: Sandbox) -> None:
    pod = builders.pod()
    name = pod["metadata"]["name"]
    sandbox.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "demo"))
    sandbox.objects.create(kinds.INFERENCE_SERVICE, builders.inference_service())
    sandbox.objects.create(kinds.POD, pod)
    for event in (
        builders.event("BackOff", "Back-off", about=name, kind="Pod"),
        builders.event("Reconciled", "done"),
        builders.event("NodeNotReady", "gone", about="gpu-1", kind="Node"),
    ):
        sandbox.objects.create(kinds.EVENT, event)
    found = connect().events.all()
    assert {each.reason: each.service for each in found} == {
        "BackOff": Key("demo", "chat"),
        "Reconciled": Key("demo", "chat"),
        "NodeNotReady": Key("", ""),
    }
