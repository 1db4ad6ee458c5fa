"""The schemas of the kinds that can be edited, for completion and hover documentation in the editor."""

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ome_backend.api.origin import admitted
from ome_backend.errors import OmeError
from ome_backend.schema.crds import OBJECT_META, Crd
from ome_backend.schema.schemas import Schemas

AGAIN = "private, no-cache"  # kept, but asked about each time: OME may have been upgraded


@dataclass(frozen=True, slots=True)
class _Answer:
    body: bytes
    tag: str


def schema_routes(
    path: str, schemas: Callable[[], Schemas], hosts: Collection[str] = ()
) -> list[Route]:
    """`path` lists the kinds, `path/{kind}` has the JSON schema of one, with `metadata` spelt out.

    Answers carry an ETag. Pages of other origins and addresses that are not in `hosts` get a 403,
    a kind without a schema is a 404, and while there is no cluster the answer is the failure's status.
    """
    held: dict[str, tuple[Schemas, _Answer]] = {}

    def answer(kind: str) -> _Answer | None:
        now = schemas()
        if kind in held and held[kind][0] is now:
            return held[kind][1]
        content = _content(now, kind)
        if content is None:
            return None
        body = orjson.dumps(content)
        made = _Answer(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')
        held[kind] = (now, made)
        return made

    async def schema(request: Request) -> Response:
        if not admitted(request.headers, hosts):
            return _refusal(403, "This address is for the console's own pages.")
        try:
            found = await run_in_threadpool(answer, request.path_params.get("kind", ""))
        except OmeError as failure:
            return _refusal(failure.status, failure.message)
        if found is None:
            return _refusal(404, "There is no schema of this kind.")
        return _told(found, request.headers.get("if-none-match", ""))

    compressed = [Middleware(GZipMiddleware, minimum_size=1000)]
    return [Route(each, schema, middleware=compressed) for each in (path, f"{path}/{{kind}}")]


def _content(schemas: Schemas, kind: str) -> Mapping[str, Any] | None:
    if not kind:
        known = [{"kind": each.kind.name, "apiVersion": each.kind.api_version} for each in schemas]
        return {"kinds": known}
    found = schemas.named(kind)
    return _whole(found) if found is not None else None


def _whole(crd: Crd) -> dict[str, Any]:
    """The schema with what every object has: definitions leave `metadata` to the API server."""
    properties = {**crd.schema.get("properties", {}), "metadata": OBJECT_META}
    required = {*crd.schema.get("required", ()), "apiVersion", "kind", "metadata"}
    return {**crd.schema, "properties": properties, "required": sorted(required)}


def _told(answer: _Answer, known: str) -> Response:
    headers = {"ETag": answer.tag, "Cache-Control": AGAIN}
    tags = {each.strip().removeprefix("W/") for each in known.split(",")}
    if answer.tag in tags:
        return Response(status_code=304, headers=headers)
    return Response(answer.body, media_type="application/json", headers=headers)


def _refusal(status: int, message: str) -> Response:
    body = orjson.dumps({"message": message})
    return Response(body, status_code=status, media_type="application/json")
