"""The HTTP side of the sandbox: one ASGI application that answers as a Kubernetes API server."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from ome_backend.sandbox import (
    access,
    deletes,
    discovery,
    list_options,
    log_requests,
    openapi,
    reads,
    responses,
    writes,
)
from ome_backend.sandbox import watch as watches
from ome_backend.sandbox.accept import Review
from ome_backend.sandbox.bell import Bell
from ome_backend.sandbox.call import Answer, Call
from ome_backend.sandbox.faults import Fault, Faults, failure
from ome_backend.sandbox.objects import Objects
from ome_backend.sandbox.pod_logs import PodLogs
from ome_backend.sandbox.registry import Registry, Target, subresources
from ome_backend.sandbox.status import (
    StatusError,
    method_not_allowed,
    no_such_resource,
    not_found,
    verb_not_supported,
)

_HEALTH = ("/healthz", "/livez", "/readyz")
_PUBLIC = (*_HEALTH, "/version")
_BY_METHOD = {"POST": "create", "PUT": "update", "PATCH": "patch"}


@dataclass(frozen=True, slots=True)
class Api:
    """The application and what it stands on."""

    objects: Objects
    logs: PodLogs
    registry: Registry
    review: Review
    token: str
    bell: Bell = field(default_factory=Bell)
    rules: access.Rules = field(default_factory=access.Rules)
    faults: Faults = field(default_factory=Faults)
    requests: Counter[tuple[str, str]] = field(default_factory=Counter)
    pages: reads.Pages = field(default_factory=reads.Pages)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one HTTP request."""
        request = Request(scope, receive)
        try:
            response = await self._response(request)
        except StatusError as error:
            response = responses.refusal(error)
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        path = self._authenticated_path(request)
        if path in _HEALTH:
            return PlainTextResponse("ok")
        if path in access.REVIEW_PATHS:
            return await self._self_review(request, path)
        target = self.registry.target(path)
        if target is None or _misses_namespace(request.method, target):
            return self._other(request, path)
        return await self._served(request, target)

    def _authenticated_path(self, request: Request) -> str:
        # Generated clients end the paths of discovery with a slash.
        path = request.url.path.rstrip("/")
        rest = access.without_token(path, self.token)
        if rest is not None:
            return rest
        public = path in _PUBLIC and "authorization" not in request.headers
        if public or access.authenticated(request.headers, self.token):
            return path
        raise access.unauthorised()

    async def _self_review(self, request: Request, path: str) -> Response:
        if request.method != "POST":
            raise method_not_allowed()
        user = access.user_of(request.headers)
        body = await request.body()
        return responses.document(access.review(path, body, user, self.rules), 201)

    def _other(self, request: Request, path: str) -> Response:
        found = discovery.VERSION if path == "/version" else None
        found = found or discovery.document(self.registry, path, request.url.netloc)
        found = found or openapi.document(self.registry, path)
        if found is not None and request.method != "GET":
            raise method_not_allowed()
        if found is not None:
            return responses.document(found)
        if discovery.is_built_in(self.registry, path):
            raise no_such_resource()
        return PlainTextResponse("404 page not found\n", 404)

    async def _served(self, request: Request, target: Target) -> Response:
        _require_subresource(target)
        call = await _call(request, target)
        plural = call.kind.plural
        if target.subresource:
            plural = f"{plural}/{target.subresource}"
        self.requests[call.verb, plural] += 1
        if fault := self.faults.take(call.verb, plural):
            await _suffer(fault)
        if self.rules.forbids(call.verb, plural):
            raise access.refusal(call.user, call.verb, target)
        if call.verb not in target.resource.verbs:
            raise method_not_allowed()
        return await self._handled(call)

    async def _handled(self, call: Call) -> Response:
        if call.target.subresource == "log":
            return self._log(call)
        if call.verb in ("list", "watch"):
            list_options.require_sound(call)
        as_table = responses.wants_table(call.headers)
        if call.verb == "watch":
            watch = watches.watch_of(call)
            lines = watches.stream(self.objects, self.bell, watch, watches.encoder(call, as_table))
            return StreamingResponse(lines, media_type="application/json")
        if call.verb in ("get", "list"):
            result = reads.answer_read(self.objects, self.pages, call, as_table=as_table)
        elif call.verb == "delete":
            result = deletes.delete(self.objects, call)
        elif call.verb == "deletecollection":
            result = deletes.delete_selection(self.objects, self.pages, call)
        else:
            result = _WRITES[call.verb](self.objects, self.review, call)
        return await responses.encoded(call.headers, result)

    def _log(self, call: Call) -> Response:
        if call.verb != "get":
            raise method_not_allowed()
        wanted = log_requests.log_request(self.objects, self.logs, call)
        if not wanted.follow:
            return PlainTextResponse(log_requests.read(self.logs, wanted))
        chunks = log_requests.follow(self.objects, self.logs, self.bell, wanted)
        return StreamingResponse(chunks, media_type="text/plain")


_WRITES: dict[str, Callable[[Objects, Review, Call], Answer]] = {
    "create": writes.create,
    "update": writes.update,
    "patch": writes.patch_object,
}


async def _call(request: Request, target: Target) -> Call:
    params = dict(request.query_params)
    return Call(
        _verb(request.method, target, params),
        target,
        params,
        request.headers,
        await request.body(),
        access.user_of(request.headers),
    )


def _misses_namespace(method: str, target: Target) -> bool:
    """Whether a custom resource is to be made nowhere: to the server that is no page of its own."""
    resource = target.resource
    nowhere = resource.kind.namespaced and not target.namespace
    return method == "POST" and resource.custom and nowhere


def _require_subresource(target: Target) -> None:
    if target.subresource and target.subresource not in subresources(target.resource):
        named = target.resource.custom
        raise not_found(target.resource.kind, target.name) if named else no_such_resource()


def _not_allowed(method: str, target: Target) -> StatusError:
    word = {"POST": "create", "DELETE": "delete"}.get(method)
    if target.resource.custom and target.subresource and word:
        return verb_not_supported(target.resource.kind, word)
    return method_not_allowed()


def _verb(method: str, target: Target, params: dict[str, str]) -> str:
    if method == "GET":
        if params.get("watch", "0").lower() not in ("0", "false") and not target.subresource:
            return "watch"
        return "get" if target.name else "list"
    if method == "DELETE" and not target.subresource:
        return "delete" if target.name else "deletecollection"
    named = method != "POST"
    if method not in _BY_METHOD or named != bool(target.name):
        raise _not_allowed(method, target)
    if not named and target.resource.kind.namespaced and not target.namespace:
        raise method_not_allowed()
    return _BY_METHOD[method]


async def _suffer(fault: Fault) -> None:
    await asyncio.sleep(fault.delay)
    if fault.status:
        raise failure(fault)
