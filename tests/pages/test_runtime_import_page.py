"""Runtimes of a file from elsewhere are read, chosen, placed, compared and created.

Without a browser: a console that runs reads from no host of this machine, whatever its settings say, and
that is as it must be; here the test hands it a `Remote` that takes a local host for one of the internet.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.sandbox.server import Sandbox
from ome_backend.schema.yaml_text import dump
from ome_backend.services.runtime_pieces import read
from pages.components import session
from tests.pages.conftest import Open
from tests.support import builders
from tests.support.secure_host import PLAIN, Host, answer, self_signed, trusting
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


@pytest.fixture
def host(console: Open, tmp_path: Path) -> Iterator[Host]:
    """A Git host, as far as the console knows."""
    certificate = self_signed(tmp_path)
    made = Host(certificate)
    session.backend().runtime_import.remote = trusting(made, certificate)
    yield made
    made.close()


def read_from(console: Open, url: str) -> AppTest:
    page = console("runtime_import")
    page.text_input(key="runtime_import_url").set_value(url).run()
    page.button(key="runtime_import_read").click().run()
    assert not page.exception
    return page


def test_a_file_is_read_from_its_host_and_created(
    console: Open, sandbox: Sandbox, host: Host
) -> None:
    sandbox.objects.create(kinds.CLUSTER_SERVING_RUNTIME, builders.runtime("ours"))
    written = "---\n".join(dump(each) for each in (builders.runtime("theirs"), EXTRA))
    host.answers["/a/runtime.yaml"] = answer("200 OK", PLAIN, body=written.encode())
    page = read_from(console, host.url("/a/runtime.yaml"))
    assert "OME may choose it or the cluster runtime ours" in said(page)
    write_button(page, "runtime_import").click().run()
    assert not page.exception
    key = Key("", "theirs")
    assert eventually(lambda: sandbox.objects.get(kinds.CLUSTER_SERVING_RUNTIME, key))


def test_a_file_that_is_gone_or_elsewhere_is_said_and_another_can_be_read(
    console: Open, host: Host
) -> None:
    host.answers["/gone.yaml"] = answer("404 Not Found", PLAIN)
    host.answers["/moved.yaml"] = answer("302 Found", "Location: https://other.example.com/inner")
    host.answers["/there.yaml"] = answer("200 OK", PLAIN, body=dump(builders.runtime()).encode())
    assert "has nothing at /gone.yaml" in said(read_from(console, host.url("/gone.yaml")))
    assert "other.example.com" in said(read_from(console, host.url("/moved.yaml")))
    page = read_from(console, host.url("/there.yaml"))
    assert not page.error
    assert write_button(page, "runtime_import").label == "Create cluster runtime srt-qwen3"
