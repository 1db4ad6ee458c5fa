"""The backend of a console, on a sandbox of the test's own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from ome_backend.backend import Backend
from ome_backend.sandbox.server import Sandbox
from tests.support.backends import connected

Connect = Callable[..., Backend]


@pytest.fixture
def connect(sandbox: Sandbox, tmp_path: Path) -> Iterator[Connect]:
    """Open backends with changed settings; they have seen all there is, and close after the test."""
    with ExitStack() as stack:
        yield lambda **settings: stack.enter_context(
            connected(sandbox.kubeconfig(), tmp_path, **settings)
        )
