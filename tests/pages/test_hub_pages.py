"""The Hub's pages: search, one model, and imports, against a Hub on this machine."""

import base64
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from streamlit.testing.v1 import AppTest

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind
from ome_backend.sandbox.server import Sandbox
from tests.pages.conftest import Open
from tests.pages.test_pages import company, said
from tests.support import builders
from tests.support.hubs import reachable
from tests.support.local_hub import LocalHub, catalogue, faults, people
from tests.support.waiting import eventually
from tests.support.writing import write_button

FIELD = "hub_import_token_field"
SECRET = "hf-llama-3-1-8b-instruct"


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalHub]:
    with reachable() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        yield hub


@pytest.fixture
def visit(served: LocalHub, request: pytest.FixtureRequest, sandbox: Sandbox) -> Open:
    """Opens pages of a console that asks the local Hub, on a cluster with one of everything."""
    company(sandbox)
    sandbox.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "ome"))
    found: Open = request.getfixturevalue("console")
    return found


def dying(served: LocalHub, path: str, open_page: Callable[[], AppTest]) -> AppTest:
    """A page whose Hub dies while it owes the answer to a question."""
    served.faults.append(faults.slow(60, path))

    def die() -> None:
        eventually(lambda: any(path in asked for asked in served.paths()))
        served.down()

    with ThreadPoolExecutor(1) as pool:
        dead = pool.submit(die)
        page = open_page()
        dead.result()
    served.faults.clear()
    assert not page.exception
    return page


def names(sandbox: Sandbox, kind: Kind) -> set[str]:
    return {each["metadata"]["name"] for each in sandbox.objects.list(kind)}


def links(page: AppTest) -> str:
    return "\n".join(str(each.proto) for each in page.get("page_link"))


def test_a_search_says_what_this_cluster_makes_of_each(visit: Open) -> None:
    page = visit("hub", hub_search="qwen3-8b")
    text = said(page)
    assert "Qwen/Qwen3-8B-FP8" in links(page)
    assert "8.2B parameters · ≈ 16.4 GB on disk · safetensors" in text
    assert "installed as qwen3-8b" in text
    assert "a runtime serves it: srt-qwen3" in text
    assert "no runtime serves it" in text


def test_every_filter_is_in_the_address_and_asked_of_the_hub(visit: Open, served: LocalHub) -> None:
    visit(
        "hub",
        hub_author="google",
        hub_task="text-generation",
        hub_licence="gemma",
        hub_gated="Gated",
        hub_sort="Most likes",
        hub_tags="en, conversational",
    )
    (asked,) = [each for each in served.asked if each.path == "/api/models"]
    assert (asked.one("author"), asked.one("gated"), asked.one("sort")) == (
        *("google", "true"),
        "likes",
    )
    assert {"license:gemma", "en", "conversational"} <= set(asked.query["filter"])


def test_pages_are_turned_by_a_cursor_that_stays_in_the_address(visit: Open) -> None:
    page = visit("hub", hub_sort="Most downloads")
    first = links(page)
    page.button(key="hub_next").click().run()
    cursor = page.query_params["hub_cursor"]
    assert cursor
    assert links(page) != first
    page.button(key="hub_back").click().run()
    assert links(page) == first
    page.query_params["hub_cursor"] = cursor
    page.run()
    page.text_input(key="hub_search").set_value("phi").run()
    assert "hub_cursor" not in page.query_params


def test_a_search_without_result_says_so(visit: Open) -> None:
    assert "no model like that" in said(visit("hub", hub_search="nothing-of-the-kind"))


def test_a_hub_that_is_down_is_said_and_the_console_goes_on(visit: Open, served: LocalHub) -> None:
    served.down()
    page = visit("hub", hub_search="down")
    assert "cannot be reached" in said(page)
    served.up()
    page.button(key="hub_again").click().run()
    assert "no model like that" in said(page)


def test_a_hub_that_gives_no_answer_is_not_asked_again_by_itself(
    visit: Open, served: LocalHub
) -> None:
    served.faults.append(faults.cut())
    page = visit("hub", hub_search="gone")
    before = len(served.asked)
    page.run()
    assert "broke" in said(page)
    assert len(served.asked) == before
    served.faults.clear()
    page.button(key="hub_again").click().run()
    assert "no model like that" in said(page)


def test_a_hub_that_dies_in_the_middle_of_a_list_leaves_the_list_and_a_way_on(
    visit: Open, served: LocalHub
) -> None:
    page = dying(served, "/resolve/", lambda: visit("hub", hub_search="qwen3-8b"))
    assert "Qwen/Qwen3-8B-FP8" in links(page)
    assert "a runtime may serve it, by its architecture" in said(page)
    assert page.error
    served.up()
    page.button(key="hub_configurations_again").click().run()
    assert "a runtime serves it: srt-qwen3" in said(page)


@pytest.mark.parametrize("path", ["/api/models", "/resolve/"])
def test_a_hub_that_dies_while_a_model_is_looked_at_is_said_and_one_can_go_on(
    visit: Open, served: LocalHub, sandbox: Sandbox, path: str
) -> None:
    page = dying(served, path, lambda: visit("hub_model", name="Qwen/Qwen3-4B"))
    assert "failed" in said(page)
    served.up()
    next(each for each in page.button if each.label == "Try again").click().run()
    write_button(page, "hub_import").click().run()
    assert "qwen3-4b" in names(sandbox, kinds.CLUSTER_BASE_MODEL)


def test_too_many_questions_say_how_long_to_wait_and_are_not_repeated(
    visit: Open, served: LocalHub
) -> None:
    served.faults.append(faults.busy(seconds=40, path="/api/models"))
    page = visit("hub", hub_search="busy")
    assert "wait 40 seconds" in said(page)
    before = len(served.asked)
    page.button(key="hub_again").click().run()
    assert len(served.asked) == before
    assert "The Hub asks to wait" in said(page)


def test_offline_is_a_setting_and_no_failure(console: Open) -> None:
    page = console("hub")
    assert "offline by its settings" in said(page)
    assert not page.error
    assert not page.exception


def test_a_model_shows_what_is_wrong_with_it_before_its_import(visit: Open) -> None:
    text = said(visit("hub_model", name=catalogue.CUSTOM_CODE))
    assert "--trust-remote-code" in text
    assert "No installed runtime serves it" in text


def test_a_model_that_is_not_there_says_so(visit: Open) -> None:
    page = visit("hub_model", name="nobody/nothing")
    assert len(page.error) == 1
    assert not page.exception


def test_a_revision_in_the_address_is_what_is_imported(visit: Open) -> None:
    page = visit("hub_model", name="Qwen/Qwen3-4B", hub_revision="v1.1")
    assert "storageUri: hf://Qwen/Qwen3-4B@v1.1" in said(page)


def test_an_open_model_is_created_by_one_press(visit: Open, sandbox: Sandbox) -> None:
    page = visit("hub_model", name="Qwen/Qwen3-4B")
    write_button(page, "hub_import").click().run()
    assert not page.exception
    assert "qwen3-4b" in names(sandbox, kinds.CLUSTER_BASE_MODEL)
    assert page.title[0].value == "qwen3-4b"


def test_a_gated_model_waits_for_a_token_that_may_read_it(visit: Open, sandbox: Sandbox) -> None:
    page = visit("hub_model", name=catalogue.GATED)
    assert "type it" in said(page)
    assert not page.exception
    page.text_input(key=FIELD).set_value(people.STRANGER).run()
    assert not page.exception
    assert "may not read" in said(page)
    page.text_input(key=FIELD).set_value(people.READER).run()
    assert "The token of reader (read) may read this model" in said(page).replace("\\", "")
    write_button(page, "hub_import").click().run()
    assert not page.exception
    secret = sandbox.objects.get(kinds.SECRET, Key("ome", SECRET))
    assert secret is not None
    assert base64.b64decode(secret["data"]["token"]).decode() == people.READER
    assert "llama-3-1-8b-instruct" in names(sandbox, kinds.CLUSTER_BASE_MODEL)


def test_a_refused_token_leaves_nothing_and_says_why(visit: Open, sandbox: Sandbox) -> None:
    page = visit("hub_model", name=catalogue.GATED)
    page.text_input(key=FIELD).set_value(people.WAITING).run()
    write_button(page, "hub_import").click().run()
    text = said(page)
    assert "awaiting a review" in text
    assert "was not written" in text
    assert SECRET not in names(sandbox, kinds.SECRET)
    page.text_input(key=FIELD).set_value(people.READER).run()
    write_button(page, "hub_import").click().run()
    assert "llama-3-1-8b-instruct" in names(sandbox, kinds.CLUSTER_BASE_MODEL)


def test_a_hub_that_dies_before_the_write_leaves_nothing_and_one_can_go_on(
    visit: Open, served: LocalHub, sandbox: Sandbox
) -> None:
    page = visit("hub_model", name=catalogue.GATED)
    page.text_input(key=FIELD).set_value(people.READER).run()
    served.down()
    write_button(page, "hub_import").click().run()
    assert "cannot be reached" in said(page)
    assert SECRET not in names(sandbox, kinds.SECRET)
    served.up()
    write_button(page, "hub_import").click().run()
    assert "llama-3-1-8b-instruct" in names(sandbox, kinds.CLUSTER_BASE_MODEL)


def test_several_are_ticked_and_imported_in_one_go(visit: Open, sandbox: Sandbox) -> None:
    page = visit("hub", hub_search="qwen3", hub_sort="Most downloads")
    for repo in ("Qwen/Qwen3-4B", "Qwen/Qwen3-14B"):
        page.checkbox(key=f"hub_take_{repo}").check().run()
    page.button(key="hub_import_chosen").click().run()
    assert page.title[0].value == "Import several models"
    page = visit("hub_import", repos="Qwen/Qwen3-4B,Qwen/Qwen3-14B")
    write_button(page, "hub_import").click().run()
    assert {"qwen3-4b", "qwen3-14b"} <= names(sandbox, kinds.CLUSTER_BASE_MODEL)


def test_of_several_the_refused_one_stays_and_the_others_are_done(
    visit: Open, sandbox: Sandbox
) -> None:
    page = visit("hub_import", repos=f"Qwen/Qwen3-4B,{catalogue.GATED}")
    page.text_input(key=FIELD).set_value(people.STRANGER).run()
    write_button(page, "hub_import").click().run()
    assert "qwen3-4b" in names(sandbox, kinds.CLUSTER_BASE_MODEL)
    assert "llama-3-1-8b-instruct" not in names(sandbox, kinds.CLUSTER_BASE_MODEL)
    page.run()
    text = said(page)
    assert "What became of the last attempt" in text
    assert "storageUri: hf://Qwen/Qwen3-4B" not in text


def test_the_token_is_drawn_nowhere(
    visit: Open, served: LocalHub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    page = visit("hub_model", name=catalogue.GATED)
    for token in (people.STRANGER, people.READER):
        page.text_input(key=FIELD).set_value(token).run()
        drawn = "\n".join(str(getattr(each, "proto", "")) for each in page.main)
        for where in (said(page), drawn, caplog.text, str(page.query_params)):
            assert token not in where
    assert page.text_input(key=FIELD).value == ""
