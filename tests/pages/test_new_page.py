"""New: forms of every kind that edit the YAML beside them."""

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from ome_backend.schema.schemas import BUNDLED

Open = Callable[..., AppTest]
KINDS = [crd.kind.name for crd in BUNDLED]


def text_of(page: AppTest) -> str:
    text: str = page.session_state["new_desk"].text
    return text


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_form(console: Open, kind: str) -> None:
    page = console("new", kind=kind)
    assert not page.exception
    assert f"kind: {kind}\n" in text_of(page)
    page.text_input(key="new_metadata.name").set_value("made-by-form").run()
    assert not page.exception
    assert "  name: made-by-form\n" in text_of(page)
