"""The backend of a console, on a cluster that a test has."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ome_backend.backend import Backend, open_backend
from ome_backend.config import Settings


@contextmanager
def connected(kubeconfig: str, folder: Path, **settings: Any) -> Iterator[Backend]:
    """A backend that has seen all there is; `kubeconfig` is a text, or the path of a file."""
    path = folder / "kubeconfig" if "\n" in kubeconfig else Path(kubeconfig)
    if "\n" in kubeconfig:
        path.write_text(kubeconfig)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("KUBECONFIG", str(path))
        backend = open_backend(Settings(cluster="kubeconfig", **settings))
    try:
        assert backend.cache.wait_synced(20)
        yield backend
    finally:
        backend.close()
