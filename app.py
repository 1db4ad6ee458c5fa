"""The door: one ASGI application for the dashboard and what it is fed by.

`streamlit run app.py` and `uvicorn app:app` both find `app`, from any working directory.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse
from starlette.routing import Route

ROOT = Path(__file__).resolve().parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from ome_backend.api.assets import script_route  # noqa: E402
from ome_backend.api.framing import framed_by_itself_only  # noqa: E402
from ome_backend.api.live import live_route  # noqa: E402
from ome_backend.api.schemas import schema_routes  # noqa: E402
from pages.components import session  # noqa: E402
from pages.components.defaults import read_options  # noqa: E402
from pages.components.editor import bundle  # noqa: E402


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[dict[str, Any]]:
    """Connect before the first page is asked for, and let go of the cluster at the end."""
    session.open_early()
    yield {}
    session.close()


read_options(ROOT / "app.py")
BASE = f"/{st.get_option('server.baseUrlPath').strip('/')}".rstrip("/")
HOSTS = tuple(st.get_option("server.allowedHosts"))
app = st.App(
    ROOT / "pages" / "components" / "frame.py",
    lifespan=lifespan,
    routes=[
        live_route(f"{BASE}/api/v1/events", session.open_cache, HOSTS),
        script_route(f"{BASE}/{bundle.ROUTE}", bundle.FILE),
        *schema_routes(f"{BASE}/api/v1/schemas", lambda: session.backend().schemas.now(), HOSTS),
        # The first page lives at the root; people who type its name are led there.
        Route(f"{BASE}/overview", RedirectResponse(f"{BASE}/")),
    ],
    middleware=[Middleware(framed_by_itself_only)],
)
