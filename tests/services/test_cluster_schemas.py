"""A cluster's own definitions: read once in a while, and the bundled ones where they cannot be."""

from pathlib import Path

import pytest

from ome_backend.sandbox.server import Sandbox
from tests.support.backends import connected


def test_the_clusters_definitions_are_read_once(sandbox: Sandbox, tmp_path: Path) -> None:
    with connected(sandbox.kubeconfig(), tmp_path) as backend:
        assert backend.schemas.now().source == "cluster"
        asked = sandbox.requests.copy()
        assert backend.schemas.now().named("InferenceService") is not None
        assert sandbox.requests == asked


@pytest.mark.parametrize("sandbox", [{"without": ("customresourcedefinitions",)}], indirect=True)
def test_without_the_right_to_read_them_the_bundled_ones_serve(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    with connected(sandbox.kubeconfig(), tmp_path) as backend:
        assert backend.schemas.now().source == "bundled"


def test_a_refusal_is_kept_to_be_shown(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.deny = {("get", "customresourcedefinitions")}
    with connected(sandbox.kubeconfig(), tmp_path) as backend:
        assert backend.schemas.now().source == "bundled"
        assert backend.schemas.failure is not None
        assert "customresourcedefinitions" in backend.schemas.failure.reason
