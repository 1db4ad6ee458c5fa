"""What the console does before the first person comes."""

import threading

import pytest

from ome_backend.sandbox.server import Sandbox
from pages.components import session


@pytest.mark.usefixtures("console")
def test_the_clusters_definitions_are_read_before_anybody_types(sandbox: Sandbox) -> None:
    session.open_early()
    for thread in threading.enumerate():
        if thread.name in ("connect", "load"):
            thread.join(60)
    asked = dict(sandbox.requests)
    assert session.backend().schemas.now().source == "cluster"
    session.backend().editing.check("kind: BaseModel")
    definitions = ("get", "customresourcedefinitions")
    assert asked[definitions] == sandbox.requests[definitions] > 0
