"""Deleting objects: what uses them, what will happen, and the deletion under the precondition of identity."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ome_backend.config import Settings
from ome_backend.downloads.again import RESERVED, is_reserved
from ome_backend.errors import OmeError
from ome_backend.facts import storage_uri
from ome_backend.kube.cache import Cache
from ome_backend.kube.client import Client
from ome_backend.resources import kinds
from ome_backend.resources.kind import Kind, Ref
from ome_backend.resources.manifest import Manifest, mapping, text
from ome_backend.resources.model import Model
from ome_backend.services.arrival import await_arrival
from ome_backend.services.listing import hidden
from ome_backend.services.models import Models
from ome_backend.services.references import Reference, references
from ome_backend.services.secrets import Secrets
from ome_backend.services.serving import Serving

_KEPT_SCHEMES = ("local", "vendor")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Removal:
    """One object to be deleted. `users` refer to it or run on it, `consequences` are sentences.

    `unseen` says what could not be looked at, so that nobody uses it as far as is known only.
    """

    ref: Ref
    uid: str
    users: tuple[Ref, ...]
    consequences: tuple[str, ...]
    protected: bool
    unseen: tuple[str, ...] = ()

    @property
    def typed(self) -> bool:
        """Whether a person has to type its name: it is used, or lives where production does."""
        return bool(self.users) or self.protected


@dataclass(frozen=True, slots=True)
class Removed:
    """What became of it: deleted, or refused with an error. `lingers` while finalizers hold it."""

    ref: Ref
    error: OmeError | None = None
    lingers: bool = False


class Removals:
    """Plans and makes deletions."""

    def __init__(
        self,
        client: Client,
        cache: Cache,
        models: Models,
        serving: Serving,
        secrets: Secrets,
        settings: Settings,
    ) -> None:
        self._client = client
        self._cache = cache
        self._models = models
        self._serving = serving
        self._secrets = secrets
        self._protected = settings.protected_namespaces

    def plan(self, refs: Iterable[Ref]) -> tuple[Removal, ...]:
        """What deleting each would mean; objects that are gone already are left out.

        Asks the server for each object, so that exactly what is shown is deleted.
        """
        live = ((ref, self._client.get(ref.kind, ref.key)) for ref in refs)
        return tuple(self._removal(ref, raw) for ref, raw in live if raw is not None)

    def delete(self, removals: Iterable[Removal]) -> tuple[Removed, ...]:
        """Delete each, unless another object took its name since; one refusal does not stop the others."""
        return tuple(map(self._delete, removals))

    def _delete(self, removal: Removal) -> Removed:
        ref = removal.ref
        try:
            self._client.delete(ref.kind, ref.key, uid=removal.uid)
        except OmeError as refused:
            log.info("refused to delete %s: %s %s", ref, refused, refused.reason)
            return Removed(ref, refused)
        log.info("delete %s done", ref)
        await_arrival(self._cache, ref, lambda seen: seen is None or _ending(seen))
        seen = self._cache.snapshot(ref.kind).objects if self._cache.follows(ref.kind) else {}
        return Removed(ref, lingers=ref.key in seen)

    def _removal(self, ref: Ref, raw: Manifest) -> Removal:
        home = ref.key.name if ref.kind == kinds.NAMESPACE else ref.key.namespace
        unseen = (hidden(self._cache.snapshot(kind)) for kind in kinds.OME_KINDS)
        return Removal(
            ref,
            text(raw, "metadata", "uid"),
            self.users(ref),
            tuple(self._consequences(ref, raw)),
            home in self._protected,
            tuple(each for each in unseen if each),
        )

    def users(self, ref: Ref) -> tuple[Ref, ...]:
        """What refers to the object or runs on it, as far as it can be seen."""
        found = {user for user in self._all() if user != ref and self._refers(user, ref)}
        if ref.kind in kinds.MODEL_KINDS:
            model = Model(self._cache.snapshot(ref.kind).objects.get(ref.key, {}), ref.kind)
            found |= {view.service.ref for view in self._serving.using_model(model)}
        elif ref.kind in kinds.RUNTIME_KINDS:
            found |= {view.service.ref for view in self._serving.using_runtime(ref)}
        elif ref.kind == kinds.SECRET:
            found |= set(self._secrets.users(ref.key))
        return tuple(sorted(found, key=str))

    def _all(self) -> Iterator[Ref]:
        for kind in kinds.OME_KINDS:
            yield from (Ref(kind, key) for key in self._cache.snapshot(kind).objects)

    def _refers(self, user: Ref, ref: Ref) -> bool:
        raw = self._cache.snapshot(user.kind).objects.get(user.key, {})
        return any(self._meant(each) == ref for each in references(raw))

    def _meant(self, reference: Reference) -> Ref:
        """The object a reference finds: the first that exists."""
        existing = (
            ref for ref in reference.targets if ref.key in self._cache.snapshot(ref.kind).objects
        )
        return next(existing, reference.targets[0])

    def _consequences(self, ref: Ref, raw: Manifest) -> Iterator[str]:
        yield from _CONSEQUENCES.get(ref.kind, _nothing)(self, ref, raw)
        if finalizers := mapping(raw, "metadata").get("finalizers"):
            yield f"It stays until its finalizers are done: {', '.join(finalizers)}."

    def _of_model(self, ref: Ref, raw: Manifest) -> Iterator[str]:
        model = Model(raw, ref.kind)
        nodes = model.nodes_ready
        where = f" from {', '.join(nodes)}" if nodes else ""
        if storage_uri.scheme(model.storage_uri) in _KEPT_SCHEMES:
            yield "Its files on the nodes stay: OME's agent did not put them there."
        elif is_reserved(model):
            yield f"Its files on the nodes stay: the label {RESERVED} keeps them."
        else:
            yield f"The model agents delete its files{where}, unless another model uses the same path."
        if model.nodes_ready or model.nodes_failed:
            yield "While a node's agent is down, it hangs in deletion."

    def _of_service(self, ref: Ref, _: Manifest) -> Iterator[str]:
        view = self._serving.get(ref.key)
        pods = view.seen.pods if view is not None else ()
        if view is not None and pods:
            ends = "s end" if len(pods) > 1 else " ends"
            yield f"{len(pods)} pod{ends}, {view.gpus} GPUs are freed."
        if view is not None and view.status.url:
            yield f"{view.status.url} stops answering."

    def _of_runtime(self, _: Ref, __: Manifest) -> Iterator[str]:
        yield "Running pods stay until OME looks at their service again; then it can no longer be run."

    def _of_secret(self, _: Ref, __: Manifest) -> Iterator[str]:
        yield "Its values cannot be had back. What runs keeps them; what starts anew, or downloads, finds none."

    def _of_namespace(self, ref: Ref, _: Manifest) -> Iterator[str]:
        for kind in kinds.OME_KINDS:
            held = self._cache.snapshot(kind).objects if kind.namespaced else {}
            count = sum(key.namespace == ref.key.name for key in held)
            if count:
                go = "s in it go" if count > 1 else " in it goes"
                yield f"{count} {kind.word}{go} as well."
        yield "So does everything else in it: pods, volumes' claims, config maps and secrets."


_Tell = Callable[[Removals, Ref, Manifest], Iterator[str]]


def _nothing(_: Removals, __: Ref, ___: Manifest) -> Iterator[str]:
    return iter(())


def _ending(raw: Manifest) -> bool:
    return bool(text(raw, "metadata", "deletionTimestamp"))


_CONSEQUENCES: Mapping[Kind, _Tell] = {
    kinds.BASE_MODEL: Removals._of_model,
    kinds.CLUSTER_BASE_MODEL: Removals._of_model,
    kinds.INFERENCE_SERVICE: Removals._of_service,
    kinds.SERVING_RUNTIME: Removals._of_runtime,
    kinds.CLUSTER_SERVING_RUNTIME: Removals._of_runtime,
    kinds.NAMESPACE: Removals._of_namespace,
    kinds.SECRET: Removals._of_secret,
}
