"""The logs of a service's pods: searched, paused, of the run before, and from a line's address."""

import re
from urllib.parse import unquote_plus

import pytest
from streamlit.testing.v1 import AppTest

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.sandbox.server import Sandbox
from pages.components.session import backend
from tests.pages.conftest import Open
from tests.pages.test_pages import company, said
from tests.support import builders
from tests.support.waiting import eventually

CHAT = {"name": "demo/chat", "service_tab": "Logs"}
ENGINE, OTHER = "chat-engine-abc", "chat-engine-def"


@pytest.fixture(autouse=True)
def room(sandbox: Sandbox) -> None:
    company(sandbox)
    for name in (ENGINE, OTHER):
        sandbox.objects.create(kinds.POD, builders.pod(name))
    for line in ("Starting <engine>", "WARNING slow", "ERROR it fell over", "trying again"):
        write(sandbox, line)


def write(sandbox: Sandbox, line: str, pod: str = ENGINE) -> None:
    container = builders.pod()["spec"]["containers"][0]["name"]
    sandbox.logs.append("demo", pod, container, line)


def lines(page: AppTest) -> list[str]:
    """What is drawn, tags and times left out."""
    drawn = next((each for each in page.get("html") if 'class="log' in each.proto.body), None)
    body = drawn.proto.body if drawn is not None else ""
    rows = re.findall(r"<div class=\"(?!log).*?</div>", body)
    return [re.sub(r"<a.*?</a> |<[^>]*>", "", row) for row in rows]


def opened(console: Open, number: int = 4, **address: str) -> AppTest:
    """The page once the lines have come, which its own clock would look for."""
    page = console("service", **CHAT, **address)
    return eventually(lambda: page.run() if len(lines(page.run())) >= number else None)


def test_lines_of_all_pods_come_with_the_pods_name(console: Open, sandbox: Sandbox) -> None:
    write(sandbox, "hello", OTHER)
    page = opened(console, 5)
    assert not page.exception
    assert f"{OTHER} hello" in lines(page)
    assert f"{ENGINE} Starting &lt;engine&gt;" in lines(page)
    assert "5 of 5 lines" in said(page)


def test_a_search_and_a_severity_narrow_them(console: Open) -> None:
    page = opened(console, 1, service_logs_search="AGAIN")
    assert lines(page) == [f"{ENGINE} trying again"]
    page.text_input(key="service_logs_search").set_value("").run()
    page.button_group(key="service_logs_severity").set_value(["error", "warning"]).run()
    assert [line.removeprefix(f"{ENGINE} ") for line in lines(page)] == [
        "WARNING slow",
        "ERROR it fell over",
    ]
    page.text_input(key="service_logs_search").set_value("nowhere").run()
    assert "No line passes the search" in said(page)


def test_paused_it_keeps_still(console: Open, sandbox: Sandbox) -> None:
    page = opened(console)
    page.toggle(key="service_logs_follow").set_value(False).run()
    write(sandbox, "later")
    assert len(lines(page.run())) == 4
    assert backend().logs.open() == 0
    sandbox.objects.create(kinds.POD, builders.pod("chat-engine-new"))
    write(sandbox, "of another", "chat-engine-new")
    eventually(
        lambda: Key("demo", "chat-engine-new") in backend().cache.snapshot(kinds.POD).objects
    )
    assert len(lines(page.run())) == 4
    page.toggle(key="service_logs_follow").set_value(True).run()
    eventually(lambda: len(lines(page.run())) == 6)


def test_the_run_before_its_last_restart_is_read(console: Open, sandbox: Sandbox) -> None:
    container = builders.pod()["spec"]["containers"][0]["name"]
    sandbox.logs.restart("demo", ENGINE, container)
    write(sandbox, "new run")
    page = console("service", **CHAT)
    page.multiselect(key="service_logs_pods").set_value([ENGINE]).run()
    page.toggle(key="service_logs_previous").set_value(True).run()
    assert "ERROR it fell over" in lines(page)
    assert "new run" not in lines(page)
    assert f"kubectl logs {ENGINE} -n demo" in said(page)
    assert "--previous" in said(page)


def test_a_lines_address_opens_what_came_from_there(console: Open) -> None:
    page = opened(console)
    drawn = next(each for each in page.get("html") if 'class="log' in each.proto.body)
    stamps = re.findall(r"service_logs_at=([^\"&]+)", drawn.proto.body)
    page = console("service", **CHAT, service_logs_at=unquote_plus(stamps[2]))
    assert [line.removeprefix(f"{ENGINE} ") for line in lines(page)] == [
        "ERROR it fell over",
        "trying again",
    ]
    page.button(key="service_logs_at_back").click().run()
    eventually(lambda: len(lines(page.run())) == 4)


def test_what_may_not_be_read_is_said_in_the_servers_words(console: Open, sandbox: Sandbox) -> None:
    sandbox.deny = {("get", "pods/log")}
    page = console("service", **CHAT)
    eventually(lambda: "pods/log" in said(page.run()))


def test_no_other_tab_reads_logs(console: Open) -> None:
    console("service", name="demo/chat")
    assert backend().logs.open() == 0
