"""Who owns whom: the index behind garbage collection."""

from ome_backend.resources.kind import Ref
from ome_backend.resources.manifest import Manifest, items, text


class Owners:
    """Every living object by uid, and every object by the uids of its owners."""

    def __init__(self) -> None:
        self._living: set[str] = set()
        self._dependents: dict[str, set[Ref]] = {}
        self._owners: dict[Ref, tuple[str, ...]] = {}

    def add(self, ref: Ref, manifest: Manifest) -> None:
        """Takes in an object, or its new owners."""
        self._living.add(text(manifest, "metadata", "uid"))
        owners = owner_uids(manifest)
        if owners == self._owners.get(ref, ()):
            return
        self._forget(ref)
        self._owners[ref] = owners
        for uid in owners:
            self._dependents.setdefault(uid, set()).add(ref)

    def drop(self, ref: Ref, uid: str) -> None:
        """Forgets an object that is gone; its dependents stay listed under its uid."""
        self._living.discard(uid)
        self._forget(ref)

    def dependents(self, uid: str) -> list[Ref]:
        """What names `uid` as an owner, in a stable order."""
        return sorted(self._dependents.get(uid, ()), key=str)

    def orphaned(self, ref: Ref) -> bool:
        """Whether every owner of the object is gone."""
        owners = self._owners.get(ref, ())
        return bool(owners) and self._living.isdisjoint(owners)

    def _forget(self, ref: Ref) -> None:
        for uid in self._owners.pop(ref, ()):
            self._dependents[uid].discard(ref)
            if not self._dependents[uid]:
                del self._dependents[uid]


def owner_uids(manifest: Manifest) -> tuple[str, ...]:
    """The uids in `metadata.ownerReferences`."""
    return tuple(
        text(owner, "uid")
        for owner in items(manifest, "metadata", "ownerReferences")
        if isinstance(owner, dict)
    )
