"""A file of the console's own, served under an address that names its content: browsers keep it for good."""

import gzip
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

KEPT = "public, max-age=31536000, immutable"


def script_route(path: str, file: Path) -> Route:
    """The route that answers with a script, compressed for whoever takes that."""

    @cache
    def body(compressed: bool) -> bytes:
        content = file.read_bytes()
        return gzip.compress(content, 9, mtime=0) if compressed else content

    async def script(request: Request) -> Response:
        compressed = "gzip" in request.headers.get("accept-encoding", "")
        headers = {"Cache-Control": KEPT, "Vary": "Accept-Encoding"}
        if compressed:
            headers["Content-Encoding"] = "gzip"
        return Response(body(compressed), media_type="text/javascript", headers=headers)

    return Route(path, script)
