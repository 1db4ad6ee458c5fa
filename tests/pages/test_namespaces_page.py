"""Namespaces and their Secrets: listed, opened, copied, deleted, and no value is ever on a page."""

import base64
import json

import pytest
from streamlit.testing.v1 import AppTest

from ome_backend.editing.cleaning import LAST_APPLIED
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Ref
from ome_backend.sandbox.server import Sandbox
from tests.pages.conftest import Open
from tests.pages.test_pages import said
from tests.support import builders
from tests.support.writing import write_button

TOKEN = "hf_verysecret"
VALUE = base64.b64encode(TOKEN.encode()).decode()


@pytest.fixture(autouse=True)
def held(sandbox: Sandbox) -> None:
    sandbox.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "demo"))
    sandbox.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "other"))
    secret = builders.manifest(kinds.SECRET, "hub", "demo")
    applied = json.dumps({"data": {"token": VALUE}})
    secret["metadata"]["annotations"] = {LAST_APPLIED: applied, "team": "search"}
    sandbox.objects.create(kinds.SECRET, secret | {"data": {"token": VALUE}, "type": "Opaque"})


def hides(page: AppTest) -> None:
    assert TOKEN not in str(page.main)
    assert VALUE not in str(page.main)


def test_namespaces_are_listed(console: Open) -> None:
    page = console("namespaces")
    assert not page.exception
    assert {"demo", "other"} <= set(page.dataframe[0].value["Name"])


def test_a_namespace_shows_its_secrets_without_their_values(console: Open) -> None:
    page = console("namespace", name="demo", namespace_tab="Secrets")
    assert not page.exception
    (row,) = page.dataframe[0].value.to_dict("records")
    assert (row["Name"], row["Holds"]) == ("hub", "token")
    hides(page)
    page.selectbox(key="namespace_secret").set_value("hub").run()
    assert page.title[0].value == "hub"
    assert "(hidden)" in "".join(each.value for each in page.code)
    hides(page)


def test_no_secret_is_asked_for_before_somebody_looks(console: Open, sandbox: Sandbox) -> None:
    console("namespace", name="demo")
    assert not [each for each in sandbox.requests if "secrets" in str(each)]


def test_secrets_that_may_not_be_listed_are_opened_by_name(console: Open, sandbox: Sandbox) -> None:
    sandbox.deny = {("list", "secrets")}
    page = console("namespace", name="demo", namespace_tab="Secrets")
    assert 'cannot list resource "secrets"' in said(page)
    page.text_input(key="namespace_secret_name").set_value("hub").run()
    assert page.title[0].value == "hub"


def test_a_secret_is_copied_with_its_values_which_are_not_shown(
    console: Open, sandbox: Sandbox
) -> None:
    page = console("secret", name="demo/hub")
    ref = Ref(kinds.SECRET, Key("demo", "hub"))
    page.session_state["cloning_asked"] = (ref, {"kind": "Secret", "apiVersion": "v1"})
    page.run()
    page.selectbox(key="cloning_namespace").set_value("other").run()
    page.text_input(key="cloning_name").set_value("hub").run()
    hides(page)
    write_button(page, "cloning").click().run()
    assert not page.exception
    made = sandbox.objects.get(kinds.SECRET, Key("other", "hub"))
    assert made is not None
    assert made["data"] == {"token": VALUE}
    hides(page)


def test_a_secret_that_is_not_there_is_said_to_be_missing(console: Open) -> None:
    assert "There is no secret" in said(console("secret", name="demo/nothing"))
