"""Nodes as a map and a table, and one node with who holds its GPUs."""

import pytest

from ome_backend.resources import kinds
from ome_backend.sandbox.server import Sandbox
from tests.pages.conftest import Open
from tests.pages.test_pages import company, said
from tests.support import builders


@pytest.fixture(autouse=True)
def room(sandbox: Sandbox) -> None:
    company(sandbox)
    sandbox.objects.create(kinds.NODE, builders.node("spare", gpus=4))
    sandbox.objects.create(kinds.POD, builders.pod("chat-engine-x", node="gpu-1", gpus=3))


def test_the_map_has_a_square_for_each_gpu(console: Open) -> None:
    page = console("nodes")
    assert not page.exception
    (drawn,) = (each.proto.body for each in page.get("html") if 'class="gpus"' in each.proto.body)
    assert drawn.count('title="demo/chat"') == 4  # with the one of the company's own pod
    assert drawn.count("<i ") == 12
    assert "4 free of 8" in drawn
    assert "4 free of 4" in drawn
    assert set(page.dataframe[0].value["Name"]) >= {"gpu-1", "spare"}


def test_one_node_says_who_holds_its_gpus(console: Open) -> None:
    page = console("node", name="gpu-1")
    assert not page.exception
    assert page.title[0].value == "gpu-1"
    assert "chat-engine-x holds 3" in said(page)
    assert "There is no node" in said(console("node", name="nowhere"))
