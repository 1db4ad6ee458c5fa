"""Runtimes of a file from elsewhere are chosen, placed, compared and created."""

from streamlit.testing.v1 import AppTest

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.sandbox.server import Sandbox
from ome_backend.schema.yaml_text import dump
from ome_backend.services.runtime_pieces import read
from tests.pages.conftest import Open
from tests.support import builders
from tests.support.waiting import eventually
from tests.support.writing import write_button

URL = "https://raw.githubusercontent.com/a/b/main/c.yaml"
EXTRA = builders.manifest(kinds.NAMESPACE, "extra")


def said(page: AppTest) -> str:
    parts = (page.markdown, page.caption, page.info, page.warning, page.error)
    return "\n".join(str(each.value) for part in parts for each in part).replace("\\", "")


def opened(console: Open) -> AppTest:
    page = console("runtime_import")
    written = "---\n".join(dump(each) for each in (builders.runtime("theirs"), EXTRA))
    page.session_state["runtime_import_fetched"] = read(written, URL)
    page.run()
    assert not page.exception
    return page


def test_a_host_that_is_not_allowed_is_said(console: Open) -> None:
    page = console("runtime_import")
    page.text_input(key="runtime_import_url").set_value("https://elsewhere.example.com/a").run()
    page.button(key="runtime_import_read").click().run()
    assert not page.exception
    assert "Nothing is read from elsewhere.example.com" in said(page)


def test_a_runtime_is_created_and_the_rest_left_out(console: Open, sandbox: Sandbox) -> None:
    page = opened(console)
    assert "left out: Namespace extra" in said(page)
    write_button(page, "runtime_import").click().run()
    assert not page.exception
    key = Key("", "theirs")
    assert eventually(lambda: sandbox.objects.get(kinds.CLUSTER_SERVING_RUNTIME, key))
    assert sandbox.objects.get(kinds.NAMESPACE, Key("", "extra")) is None


def test_it_goes_into_a_namespace_instead(console: Open, sandbox: Sandbox) -> None:
    sandbox.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "demo"))
    page = opened(console)
    page.radio(key="runtime_import_scope").set_value("namespace").run()
    page.selectbox(key="runtime_import_namespace").set_value("demo").run()
    write_button(page, "runtime_import").click().run()
    assert not page.exception
    assert eventually(lambda: sandbox.objects.get(kinds.SERVING_RUNTIME, Key("demo", "theirs")))


def test_a_tie_with_an_installed_runtime_is_named(console: Open, sandbox: Sandbox) -> None:
    sandbox.objects.create(kinds.CLUSTER_SERVING_RUNTIME, builders.runtime("ours"))
    assert "OME may choose it or the cluster runtime ours" in said(opened(console))
