"""The console on a sandbox of the test's own, driven through its front door without a browser."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ome_backend.sandbox.server import Sandbox
from pages.components import session

ROOT = Path(__file__).resolve().parents[2]
FRAME = ROOT / "pages" / "components" / "frame.py"

Open = Callable[..., AppTest]


@pytest.fixture
def console(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Open]:
    """Open a page by its path and address: `console("service", name="demo/chat")`."""
    kubeconfig = tmp_path / "kubeconfig"
    kubeconfig.write_text(sandbox.kubeconfig())
    monkeypatch.setenv("KUBECONFIG", str(kubeconfig))
    monkeypatch.setenv("OME_CLUSTER", "kubeconfig")
    if "HF_ENDPOINT" not in os.environ:  # no test asks the real Hub
        monkeypatch.setenv("HF_HUB_OFFLINE", "true")
    session.close()

    def open_page(path: str, **address: str) -> AppTest:
        session.backend().cache.wait_synced(timeout=20)
        page = AppTest.from_file(str(FRAME), default_timeout=30)
        page.switch_page(f"../{path}.py")
        for name, value in address.items():
            page.query_params[name] = value
        return page.run()

    yield open_page
    session.close()
