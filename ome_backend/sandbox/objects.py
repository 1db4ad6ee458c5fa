"""The sandbox's objects: one store for the API server and for the simulated controllers."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

import orjson

from ome_backend.errors import AlreadyExists, Conflict
from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.kinds import BY_NAME, CUSTOM_RESOURCE_DEFINITION, NAMESPACE
from ome_backend.resources.manifest import Manifest, key_of, mapping, text
from ome_backend.sandbox.disk import Disk
from ome_backend.sandbox.history import Change, Stored, Table, stored
from ome_backend.sandbox.lifecycle import finished, newborn, successor, terminated, terminating
from ome_backend.sandbox.owners import Owners

Callback = Callable[[str, Kind, Manifest], None]

HISTORY = 5_000
_FIRST_REVISION = 100
"""As on a cluster that was set up before anybody watched, the earliest revisions are gone."""
_KINDS = {kind.resource: kind for kind in BY_NAME.values()}


class Objects:
    """Every object of the sandbox. Safe in any thread; what it returns is the caller's copy.

    `file` None keeps all in memory. `history` is how many changes per kind a watch can go back.
    Definitions of kinds are never written to the file: they belong to the program, not to its data.
    """

    def __init__(self, file: Path | None = None, *, history: int = HISTORY) -> None:
        self._file = file
        self._history = history
        self._lock = threading.RLock()
        self._callbacks: list[Callback] = []
        self._disk: Disk | None = None
        self._revision = _FIRST_REVISION
        self._start_empty()
        self.open()

    def open(self) -> None:
        """Reads the file again after `close`; nothing happens when it is open or there is none."""
        with self._lock:
            if self._file is None or self._disk is not None:
                return
            self._disk = Disk(self._file)
            self._revision = max(self._disk.revision(), _FIRST_REVISION)
            self._start_empty()
            for resource, body in self._disk.objects():
                if kind := _KINDS.get(resource):
                    self._load(kind, orjson.loads(body))

    def close(self) -> None:
        """Gives the file free; the objects stay readable."""
        with self._lock:
            if self._disk is not None:
                self._disk.close()
                self._disk = None

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Writes everything within to the file at once or, when it is left by an error, not at all.

        Other threads wait meanwhile, so this is for before they start.
        """
        with self._lock, self._disk.transaction() if self._disk else nullcontext():
            yield

    @property
    def revision(self) -> int:
        """The revision of the latest change of anything."""
        return self._revision

    def get(self, kind: Kind, key: Key) -> Manifest | None:
        """The object, or None."""
        found = self.stored(kind, key)
        return found.manifest() if found else None

    def list(
        self,
        kind: Kind,
        namespace: str | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> list[Manifest]:
        """The objects of a kind, in order of namespace and name; `labels` must all be equal."""
        wanted = (labels or {}).items()
        return [
            item.manifest()
            for item in self.snapshot(kind)[1]
            if namespace in (None, item.key.namespace) and wanted <= item.labels.items()
        ]

    def create(self, kind: Kind, manifest: Manifest) -> Manifest:
        """Stores a new object with uid, resourceVersion, generation 1 and creationTimestamp.

        A creationTimestamp or uid in the manifest is kept. Raises AlreadyExists.
        """
        with self._lock:
            made = newborn(kind, manifest)
            if self._table(kind).get(key_of(made)):
                name = key_of(made).name
                raise AlreadyExists(f'{kind.resource} "{name}" already exists')
            return self._put(kind, made).manifest()

    def change(
        self, kind: Kind, key: Key, edit: Callable[[Manifest], None], *, status: bool = False
    ) -> Manifest | None:
        """Reads, edits and writes one object in one step; None when it does not exist.

        Nothing is written when `edit` changes nothing. The generation grows when anything but
        metadata and status changed, never with `status`. Ends the object when it is terminating and
        its last finalizer went.
        """
        with self._lock:
            found = self._table(kind).get(key)
            if found is None:
                return None
            manifest = found.manifest()
            edit(manifest)
            return self.swap(kind, manifest, found.revision, status=status)

    def swap(
        self, kind: Kind, manifest: Manifest, revision: int, *, status: bool = False
    ) -> Manifest:
        """Writes an object that was read at `revision`. Raises Conflict when it changed since."""
        with self._lock:
            found = self._table(kind).get(key_of(manifest))
            if found is None or found.revision != revision:
                raise Conflict(f"{kind.word} {key_of(manifest)} changed since revision {revision}")
            before = found.manifest()
            after = successor(before, manifest, status=status)
            if after == before:
                return after
            if finished(after):
                return self._drop(kind, after)
            return self._put(kind, after).manifest()

    def remove(self, kind: Kind, key: Key) -> None:
        """Deletes an object, and what only it owns; gone already is fine.

        With finalizers it is marked as terminating and stays until the last one is taken away. A
        namespace takes its content with it.
        """
        with self._lock:
            found = self._table(kind).get(key)
            if found is None:
                return
            after = terminated(kind, found.manifest())
            if after != found.manifest() and not finished(after):
                self._put(kind, after)
            if kind == NAMESPACE:
                self._remove_content(key.name)
            elif finished(after):
                self._drop(kind, found.manifest())

    def disown(self, uid: str) -> None:
        """Takes the owner `uid` out of all its dependents, which then outlive it."""
        with self._lock:
            for ref in self._owners.dependents(uid):
                self.change(ref.kind, ref.key, lambda manifest: _without_owner(manifest, uid))

    def clear(self) -> None:
        """Deletes everything but the definitions of kinds, finalizers or not."""
        with self._lock:
            for kind, table in self._tables.items():
                if kind != CUSTOM_RESOURCE_DEFINITION:
                    for item in table.ordered():
                        if table.get(item.key):
                            self._drop(kind, item.manifest())

    def subscribe(self, callback: Callback) -> Callable[[], None]:
        """Calls `callback(type, kind, manifest)` for every change, in order; returns how to stop.

        It runs in the writer's thread while the store is locked: it must be quick, and the manifest
        is shared by all subscribers and not to be changed.
        """
        with self._lock:
            self._callbacks = [*self._callbacks, callback]
        return lambda: self._unsubscribe(callback)

    def stored(self, kind: Kind, key: Key) -> Stored | None:
        """The object in its encoded form, or None."""
        return self._table(kind).get(key)

    def snapshot(self, kind: Kind) -> tuple[int, tuple[Stored, ...]]:
        """The revision now, and all objects of a kind at that revision."""
        with self._lock:
            return self._revision, self._table(kind).ordered()

    def changes(self, kind: Kind, revision: int) -> tuple[int, Sequence[Change]]:
        """The revision now, and the changes of a kind since `revision`. Raises Expired."""
        with self._lock:
            return self._revision, self._table(kind).since(revision)

    def _start_empty(self) -> None:
        self._floor = self._revision
        self._tables: dict[Kind, Table] = {}
        self._owners = Owners()
        self._terminating: set[str] = set()
        self._population: Counter[str] = Counter()

    def _table(self, kind: Kind) -> Table:
        table = self._tables.get(kind)
        if table is None:
            with self._lock:
                table = self._tables.setdefault(kind, Table(self._floor, self._history))
        return table

    def _load(self, kind: Kind, manifest: Manifest) -> None:
        item = stored(manifest)
        self._table(kind).load(item)
        self._population[item.key.namespace] += 1
        self._index(kind, item.key, manifest)

    def _put(self, kind: Kind, manifest: Manifest) -> Stored:
        item, written = self._next(manifest)
        if self._disk and kind != CUSTOM_RESOURCE_DEFINITION:
            self._disk.put(kind, item)
        self._index(kind, item.key, written)
        change = self._table(kind).put(item)
        self._population[item.key.namespace] += change.before is None
        self._tell(change, kind, written)
        return item

    def _drop(self, kind: Kind, manifest: Manifest) -> Manifest:
        item, written = self._next(manifest)
        uid = text(manifest, "metadata", "uid")
        if self._disk and kind != CUSTOM_RESOURCE_DEFINITION:
            self._disk.drop(kind, item.key, item.revision)
        self._owners.drop(Ref(kind, item.key), uid)
        change = self._table(kind).drop(item)
        self._population[item.key.namespace] -= 1
        self._tell(change, kind, written)
        self._collect(uid)
        self._end_namespace(item.key.namespace)
        return written

    def _next(self, manifest: Manifest) -> tuple[Stored, Manifest]:
        self._revision += 1
        metadata = mapping(manifest, "metadata") | {"resourceVersion": str(self._revision)}
        written = manifest | {"metadata": metadata}
        return stored(written), written

    def _tell(self, change: Change, kind: Kind, manifest: Manifest) -> None:
        for callback in self._callbacks:
            callback(change.type, kind, manifest)

    def _index(self, kind: Kind, key: Key, manifest: Manifest) -> None:
        self._owners.add(Ref(kind, key), manifest)
        if kind == NAMESPACE and terminating(manifest):
            self._terminating.add(key.name)

    def _collect(self, uid: str) -> None:
        for ref in self._owners.dependents(uid):
            if self._owners.orphaned(ref):
                self.remove(ref.kind, ref.key)
            else:
                self.change(ref.kind, ref.key, lambda manifest: _without_owner(manifest, uid))

    def _remove_content(self, namespace: str) -> None:
        for kind, item in self._content(namespace):
            self.remove(kind, item.key)
        self._end_namespace(namespace)

    def _content(self, namespace: str) -> Sequence[tuple[Kind, Stored]]:
        return [
            (kind, item)
            for kind, table in self._tables.items()
            if kind.namespaced
            for item in table.ordered()
            if item.key.namespace == namespace
        ]

    def _end_namespace(self, namespace: str) -> None:
        if namespace not in self._terminating or self._population[namespace]:
            return
        self._terminating.discard(namespace)
        if found := self._table(NAMESPACE).get(Key("", namespace)):
            after = found.manifest() | {"spec": {}}
            if finished(after):
                self._drop(NAMESPACE, after)
            else:
                self._put(NAMESPACE, after)

    def _unsubscribe(self, callback: Callback) -> None:
        with self._lock:
            self._callbacks = [other for other in self._callbacks if other != callback]


def _without_owner(manifest: Manifest, uid: str) -> None:
    owners = manifest["metadata"].get("ownerReferences", [])
    kept = [owner for owner in owners if owner.get("uid") != uid]
    manifest["metadata"]["ownerReferences"] = kept
    if not kept:
        del manifest["metadata"]["ownerReferences"]
