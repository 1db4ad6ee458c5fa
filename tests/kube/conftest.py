"""Clients of servers that say what a test wants, and of the sandbox."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from ome_backend.config import Settings
from ome_backend.kube.access import connect_kubeconfig
from ome_backend.kube.client import Client
from tests.support.scripted import Script, ScriptedServer, serving

Serve = Callable[[Script], ScriptedServer]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start scripted servers that stop after the test."""
    with ExitStack() as stack:
        yield lambda script: stack.enter_context(serving(script))


@pytest.fixture
def client_of() -> Callable[..., Client]:
    """Build clients from a kubeconfig's text and changes to the settings."""

    def build(kubeconfig: str, settings: Settings | None = None) -> Client:
        settings = settings or Settings(connect_timeout=1.0, request_timeout=1.0)
        return Client(connect_kubeconfig(kubeconfig, "", settings), settings)

    return build
