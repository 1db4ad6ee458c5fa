"""The verbs of the API server over kinds as data: read, write, ask what is allowed, read logs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ome_backend.config import Settings
from ome_backend.errors import NotFound, NotInstalled, ReadOnly
from ome_backend.kube import bodies, pod_logs
from ome_backend.kube.access import Access
from ome_backend.kube.stream import Stream
from ome_backend.kube.transport import JSON, Transport
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest, dig, items, key_of, mapping, text

FIELD_MANAGER = "ome-console"
MERGE_PATCH = "application/merge-patch+json"
JSON_PATCH = "application/json-patch+json"
APPLY_PATCH = "application/apply-patch+yaml"  # JSON is YAML
ACCESS_REVIEWS = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"

NO_OPTIONS: Mapping[str, str] = {}

WATCH_SECONDS = 290  # the server ends a watch after this long; it is resumed at once
WATCH_SILENCE = 100.0  # the server sends a bookmark about once a minute, so silence is a dead peer

Lines = list[str]
Operations = list[Manifest]


@dataclass(frozen=True, slots=True)
class Page:
    """Part of a list. `cont` is empty on the last page."""

    items: list[Manifest]
    resource_version: str
    cont: str


@dataclass(frozen=True, slots=True)
class Written:
    """What the server made of a write, and what it warned of."""

    object: Manifest
    warnings: tuple[str, ...]


class Client:
    """One cluster's API server. Safe for use from many threads.

    Every method raises an OmeError whose `reason` is the server's own text. Writes validate
    strictly (an unknown field is refused, not dropped) and raise ReadOnly when the settings say
    so; dry runs stay allowed.
    """

    def __init__(self, access: Access, settings: Settings) -> None:
        self.access = access
        self._read_only = settings.read_only
        self._transport = Transport(access, settings)

    def version(self) -> str:
        """The server's version, such as `v1.34.1`."""
        answer = self._transport.call("Asking for the cluster's version", "GET", "/version")
        return text(answer.json(), "gitVersion")

    def plurals(self, group: str) -> tuple[str, ...]:
        """What the group's resources are called, over all its versions; none where it is not served."""
        doing = f"Asking what {group} serves"
        try:
            served = self._transport.call(doing, "GET", f"/apis/{group}").json()
            lists = [
                self._transport.call(doing, "GET", f"/apis/{text(each, 'groupVersion')}").json()
                for each in items(served, "versions")
            ]
        except (NotFound, NotInstalled):
            return ()
        names = [text(each, "name") for listed in lists for each in items(listed, "resources")]
        return tuple(dict.fromkeys(name for name in names if "/" not in name))

    def get(self, kind: Kind, key: Key) -> Manifest | None:
        """The object as it is now, or None where it is absent."""
        path = kind.path(key.namespace, key.name)
        try:
            found: Manifest = self._transport.call(f"Reading {kind.word} {key}", "GET", path).json()
        except NotFound:
            return None
        return found

    def list(
        self,
        kind: Kind,
        namespace: str | None = None,
        *,
        labels: str = "",
        fields: str = "",
        limit: int | None = None,
        cont: str = "",
    ) -> Page:
        """Objects of one namespace, or of all. Raises Expired when `cont` is too old to go on."""
        query = _present(
            {
                "labelSelector": labels,
                "fieldSelector": fields,
                "limit": str(limit or ""),
                "continue": cont,
            }
        )
        doing = f"Listing {place(kind, namespace)}"
        answer = self._transport.call(doing, "GET", kind.path(namespace), query, compressed=True)
        body = answer.json()
        return Page(
            [complete(kind, item) for item in items(body, "items")],
            text(body, "metadata", "resourceVersion"),
            text(body, "metadata", "continue"),
        )

    def watch(
        self, kind: Kind, namespace: str | None, resource_version: str, *, labels: str = ""
    ) -> Stream:
        """The changes after `resource_version`, one event a line. Raises Expired when too old."""
        query = {
            "watch": "true",
            "allowWatchBookmarks": "true",
            "resourceVersion": resource_version,
            "timeoutSeconds": str(WATCH_SECONDS),
            "labelSelector": labels,
        }
        doing = f"Watching {place(kind, namespace)}"
        return self._transport.stream(doing, kind.path(namespace), _present(query), WATCH_SILENCE)

    def create(self, kind: Kind, manifest: Manifest, *, dry_run: bool = False) -> Written:
        """A new object. Raises AlreadyExists, Invalid, NotFound where its namespace is absent."""
        key = key_of(manifest)
        doing = f"Creating {kind.word} {key}"
        return self._write(doing, "POST", kind.path(key.namespace), manifest, JSON, dry_run)

    def merge_patch(
        self,
        kind: Kind,
        key: Key,
        patch: Manifest,
        *,
        resource_version: str = "",
        subresource: str | None = None,
        dry_run: bool = False,
    ) -> Written:
        """Merge `patch` in (None removes a field, lists are replaced whole).

        Raises Conflict when `resource_version` is given and no longer the object's.
        """
        if resource_version:
            metadata = mapping(patch, "metadata") | {"resourceVersion": resource_version}
            patch = patch | {"metadata": metadata}
        return self._patch(kind, key, patch, MERGE_PATCH, subresource, dry_run)

    def json_patch(
        self,
        kind: Kind,
        key: Key,
        operations: Operations,
        *,
        subresource: str | None = None,
        dry_run: bool = False,
    ) -> Written:
        """Apply JSON Patch operations (RFC 6902); all or none."""
        return self._patch(kind, key, operations, JSON_PATCH, subresource, dry_run)

    def apply(
        self, kind: Kind, manifest: Manifest, *, force: bool = False, dry_run: bool = False
    ) -> Written:
        """Server-side apply as `ome-console`: creates the object or takes over what is named.

        Raises Conflict, naming each field and its owner, when another manager holds one; `force`
        takes these over.
        """
        key = key_of(manifest)
        path = kind.path(key.namespace, key.name)
        doing = f"Applying {kind.word} {key}"
        options = {"force": "true"} if force else NO_OPTIONS
        body = bodies.appliable(manifest)
        return self._write(doing, "PATCH", path, body, APPLY_PATCH, dry_run, options)

    def delete(
        self,
        kind: Kind,
        key: Key,
        *,
        uid: str = "",
        resource_version: str = "",
        dry_run: bool = False,
    ) -> None:
        """Delete the object; what is gone already counts as deleted.

        Raises Conflict when `uid` or `resource_version` is given and no longer the object's.
        """
        doing = f"Deleting {kind.word} {key}"
        self._require_writable(doing, dry_run)
        conditions = _present({"uid": uid, "resourceVersion": resource_version})
        path = kind.path(key.namespace, key.name)
        options = bodies.delete_options(conditions, dry_run)
        try:
            self._transport.call(doing, "DELETE", path, None, options)
        except NotFound:
            return

    def allowed(
        self,
        verb: str,
        kind: Kind,
        namespace: str | None = None,
        name: str | None = None,
        subresource: str | None = None,
    ) -> bool:
        """Whether the console's own credentials may do this (a SelfSubjectAccessReview)."""
        attributes = {
            "verb": verb,
            "group": kind.group,
            "resource": kind.plural,
            "namespace": namespace or "",
            "name": name or "",
            "subresource": subresource or "",
        }
        review = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": _present(attributes)},
        }
        doing = f"Asking whether to {verb} {kind.plural} is allowed"
        answer = self._transport.call(doing, "POST", ACCESS_REVIEWS, None, review)
        return dig(answer.json(), "status", "allowed") is True

    def logs(
        self,
        key: Key,
        *,
        container: str | None = None,
        previous: bool = False,
        tail: int | None = None,
        since_seconds: int | None = None,
        since: str = "",
        timestamps: bool = False,
    ) -> Lines:
        """The last lines of a pod's log, at most `pod_logs.MOST_LINES` of them and 8 MiB."""
        wanted = pod_logs.Wanted(key, container, previous, tail, since_seconds, since, timestamps)
        return pod_logs.read(self._transport, wanted)

    def follow_logs(
        self,
        key: Key,
        *,
        container: str | None = None,
        tail: int | None = None,
        since_seconds: int | None = None,
        since: str = "",
        timestamps: bool = False,
    ) -> pod_logs.LogLines:
        """A pod's log as it grows; `close` it, from any thread, to end it at once."""
        wanted = pod_logs.Wanted(key, container, False, tail, since_seconds, since, timestamps)
        return pod_logs.follow(self._transport, wanted)

    def _patch(
        self, kind: Kind, key: Key, body: Any, content_type: str, sub: str | None, dry_run: bool
    ) -> Written:
        path = kind.path(key.namespace, key.name, sub)
        doing = f"Changing {kind.word} {key}"
        return self._write(doing, "PATCH", path, body, content_type, dry_run)

    def _write(
        self,
        doing: str,
        method: str,
        path: str,
        body: Any,
        content_type: str,
        dry_run: bool,
        options: Mapping[str, str] = NO_OPTIONS,
    ) -> Written:
        self._require_writable(doing, dry_run)
        query = {"fieldManager": FIELD_MANAGER, "fieldValidation": "Strict", **options}
        answer = self._transport.call(
            doing, method, path, query | _dry_run(dry_run), body, content_type
        )
        return Written(answer.json(), answer.warnings)

    def _require_writable(self, doing: str, dry_run: bool) -> None:
        if self._read_only and not dry_run:
            raise ReadOnly(f"{doing} is switched off: this console only reads.")


def place(kind: Kind, namespace: str | None) -> str:
    """What is read: all objects of a kind, or those of one namespace."""
    return f"{kind.plural} in the namespace {namespace}" if namespace else kind.plural


def complete(kind: Kind, item: Manifest) -> Manifest:
    """An item of a list with the `apiVersion` and `kind` that lists of built-in kinds leave out."""
    if "kind" in item and "apiVersion" in item:
        return item
    return {"apiVersion": kind.api_version, "kind": kind.name, **item}


def _dry_run(wanted: bool) -> dict[str, str]:
    return {"dryRun": "All"} if wanted else {}


def _present(values: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}
