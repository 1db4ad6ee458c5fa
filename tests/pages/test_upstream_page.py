"""Installed models against the Hub, on the model's page, on the page of all and in the list."""

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ome_backend.resources import kinds
from ome_backend.sandbox.server import Sandbox
from tests.pages.conftest import Open
from tests.pages.test_pages import said
from tests.support import agents_say, builders
from tests.support.hubs import reachable
from tests.support.local_hub import LocalHub, changes, faults

REPO, OTHER = "Qwen/Qwen3-8B", "google/gemma-2-9b-it"
ASK = "model_upstream_ask"


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalHub]:
    with reachable() as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        yield hub


@pytest.fixture
def visit(served: LocalHub, request: pytest.FixtureRequest, sandbox: Sandbox) -> Open:
    """Opens pages where two models of the Hub and one from elsewhere are on a node."""
    for name, uri in (
        ("qwen3-8b", f"hf://{REPO}"),
        ("gemma", f"hf://{OTHER}"),
        ("own", "local:///mnt/own"),
    ):
        storage = {"storageUri": uri, "path": f"/mnt/{name}"}
        sandbox.objects.create(kinds.CLUSTER_BASE_MODEL, builders.model(name, storage=storage))
    entries = {
        "clusterbasemodel.qwen3-8b": agents_say.ready(head(served, REPO)),
        "clusterbasemodel.gemma": agents_say.ready(head(served, OTHER)),
    }
    agents_say.report(sandbox, "gpu-1", entries)
    found: Open = request.getfixturevalue("console")
    return found


def head(served: LocalHub, repo: str) -> str:
    return served.repositories[repo].commits[0].id


def text(page: AppTest) -> str:
    return said(page).replace("\\", "")


def cells(page: AppTest, title: str) -> list[Any]:
    return list(page.dataframe[0].value[title])


def test_a_models_page_asks_nobody_until_somebody_presses(visit: Open, served: LocalHub) -> None:
    page = visit("model", name="qwen3-8b")
    assert "The Hub was not asked about it yet." in text(page)
    assert served.asked == []
    page.button(key=ASK).click().run()
    assert "The Hub was asked" in text(page)
    assert {each for each in served.paths() if "gemma" in each} == set()


def test_a_newer_commit_is_shown_with_what_it_means_and_the_way_to_fetch_it(
    visit: Open, served: LocalHub
) -> None:
    now = changes.commits(served, REPO)
    page = visit("model", name="qwen3-8b")
    page.button(key=ASK).click().run()
    assert f"the Hub has {now[:8]} at main" in text(page)
    assert "OME never updates a model by itself" in text(page)
    page.button(key="model_upstream_fetch").click().run()
    assert not page.exception
    assert "Restart the model agent of a node" in text(page)


@pytest.mark.parametrize(("gated", "shown"), [(False, "apache-2.0"), (True, "not readable")])
def test_the_licence_of_what_is_installed_is_shown_or_said_to_be_unknown(
    visit: Open, served: LocalHub, gated: bool, shown: str
) -> None:
    before = head(served, REPO)
    changes.licenses(served, REPO, "mit")
    if gated:
        changes.gates(served, REPO)
    page = visit("model", name="qwen3-8b")
    page.button(key=ASK).click().run()
    assert f"Licence at {before[:8]}\n" in text(page)
    assert shown in text(page)
    assert ("Its licence was apache-2.0" in text(page)) is not gated


def test_a_model_from_elsewhere_has_no_part_for_the_hub(visit: Open) -> None:
    page = visit("model", name="own")
    assert "On the Hub" not in [each.value for each in page.subheader]
    assert ASK not in [each.key for each in page.button]


def test_all_are_asked_in_one_go_and_the_list_of_models_knows_then(
    visit: Open, served: LocalHub
) -> None:
    changes.deletes(served, OTHER)
    assert "On the Hub" not in visit("models").dataframe[0].value.columns
    page = visit("upstream")
    assert cells(page, "The Hub has") == ["", ""]
    page.button(key="upstream_ask").click().run()
    assert cells(page, "The Hub has") == ["", head(served, REPO)[:8]]
    assert "is not on the Hub any more" in cells(page, "What is other")[0]
    asked = len(served.asked)
    page = visit("models")
    assert dict(zip(cells(page, "Name"), cells(page, "On the Hub"), strict=True)) == {
        "gemma": "Gone",
        "own": "",
        "qwen3-8b": "Current",
    }
    assert len(served.asked) == asked


def test_only_those_that_changed_can_be_listed(visit: Open, served: LocalHub) -> None:
    changes.moves(served, REPO, "acme/Qwen3-8B")
    visit("upstream").button(key="upstream_ask").click().run()
    page = visit("upstream", upstream_state="Moved")
    assert cells(page, "Repository") == [REPO]


def test_too_many_requests_say_how_long_to_wait(visit: Open, served: LocalHub) -> None:
    served.faults.append(faults.busy(seconds=40))
    page = visit("upstream")
    page.button(key="upstream_ask").click().run()
    assert "wait 40 seconds" in text(page)
    assert cells(page, "State") == [["○ Not asked"]] * 2


def test_a_hub_that_is_down_is_said_and_what_is_known_stays(visit: Open, served: LocalHub) -> None:
    page = visit("upstream")
    page.button(key="upstream_ask").click().run()
    served.down()
    page.button(key="upstream_ask").click().run()
    assert "cannot be reached" in text(page)
    assert "✓ Current" in cells(page, "State")[1]
    served.up()
    page.button(key="upstream_ask").click().run()
    assert not page.error


def test_offline_by_settings_is_no_failure(
    visit: Open, monkeypatch: pytest.MonkeyPatch, served: LocalHub
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "true")
    page = visit("upstream")
    page.button(key="upstream_ask").click().run()
    assert "offline by its settings" in text(page)
    assert not page.error
    assert served.asked == []


def test_without_models_of_the_hub_there_is_nothing_to_ask(console: Open) -> None:
    page = console("upstream")
    assert "No installed model comes from the Hub" in text(page)
    assert not page.button
