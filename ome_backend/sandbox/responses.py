"""From answers to HTTP responses: JSON, gzip, warnings, and which format a client accepts."""

import asyncio
import gzip
from collections.abc import Mapping

import orjson
from starlette.responses import Response

from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.call import Answer
from ome_backend.sandbox.status import StatusError, not_acceptable

_JSON = ("", "*/*", "application/*", "application/json")
_GZIP_ABOVE = 128 * 1024
_GZIP_LEVEL = 1


def wants_table(headers: Mapping[str, str]) -> bool:
    """Whether the client prefers a Table. Raises StatusError 406 when it accepts no JSON at all."""
    for accepted in headers.get("accept", "").split(","):
        media_type, *rest = (part.strip() for part in accepted.split(";"))
        parameters = dict(part.partition("=")[::2] for part in rest)
        if media_type not in _JSON:
            continue
        if "as" not in parameters:
            return False
        if parameters["as"] == "Table" and parameters.get("v", "v1") == "v1":
            return True
    raise not_acceptable()


async def encoded(headers: Mapping[str, str], result: Answer) -> Response:
    """The answer as a response, compressed when it is large and the client takes it."""
    body, extra = result.body, {}
    if len(body) > _GZIP_ABOVE and "gzip" in headers.get("accept-encoding", ""):
        body = await asyncio.to_thread(gzip.compress, body, _GZIP_LEVEL)
        extra = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    response = Response(body, result.code, extra, "application/json")
    for warning in result.warnings:
        escaped = warning.replace("\\", "\\\\").replace('"', '\\"')
        response.headers.append("Warning", f'299 - "{_header_safe(escaped)}"')
    return response


def document(manifest: Manifest, code: int = 200) -> Response:
    """An object as a response."""
    return Response(orjson.dumps(manifest), code, media_type="application/json")


def refusal(error: StatusError) -> Response:
    """A `Status` as a response."""
    return Response(orjson.dumps(error.body()), error.code, error.headers, "application/json")


def _header_safe(text: str) -> str:
    """The text on one line and in the characters that a header can carry."""
    return " ".join(text.split()).encode("latin-1", "replace").decode("latin-1")
