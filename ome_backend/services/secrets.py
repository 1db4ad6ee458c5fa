"""Secrets of a namespace, asked for when somebody looks: what they are called and hold, never a value."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ome_backend.config import Settings
from ome_backend.editing.masking import masked
from ome_backend.kube.cache import Cache
from ome_backend.kube.client import Client
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Ref
from ome_backend.resources.manifest import Manifest, key_of, mapping, text
from ome_backend.services.listing import Memo

_OF_HELM = "helm.sh/release.v1"  # a release's own record, which people do not edit


@dataclass(frozen=True, slots=True)
class SecretView:
    """A Secret with its values hidden, and the objects of OME that name it."""

    raw: Manifest
    users: tuple[Ref, ...]

    @property
    def key(self) -> Key:
        return key_of(self.raw)

    @property
    def ref(self) -> Ref:
        return Ref(kinds.SECRET, self.key)

    @property
    def type(self) -> str:
        return text(self.raw, "type")

    @property
    def names(self) -> tuple[str, ...]:
        """Under what names it holds values."""
        return tuple(mapping(self.raw, "data"))


class Secrets:
    """Nothing of a Secret is kept, and no value leaves this class."""

    def __init__(self, client: Client, cache: Cache, settings: Settings) -> None:
        self._client = client
        self._cache = cache
        self._ome = settings.ome_namespace
        self._users = Memo(cache, kinds.OME_KINDS, self._by_secret)

    def of(self, namespace: str) -> tuple[SecretView, ...]:
        """Those of a namespace, by name; Helm's records are left out. Raises OmeError."""
        found = self._client.list(kinds.SECRET, namespace, fields=f"type!={_OF_HELM}").items
        views = map(self._view, found)
        return tuple(sorted(views, key=lambda view: view.key))

    def get(self, key: Key) -> SecretView | None:
        """One of them; None where there is none. Raises OmeError where it may not be read."""
        raw = self._client.get(kinds.SECRET, key)
        return self._view(raw) if raw is not None else None

    def users(self, key: Key) -> tuple[Ref, ...]:
        """The objects of OME that name the Secret, as far as they can be seen."""
        return self._users.value().get(key, ())

    def _by_secret(self) -> Mapping[Key, tuple[Ref, ...]]:
        found: dict[Key, list[Ref]] = defaultdict(list)
        for kind in kinds.OME_KINDS:
            for own, raw in sorted(self._cache.snapshot(kind).objects.items()):
                for secret in set(named(raw, self._ome).values()):
                    found[secret].append(Ref(kind, own))
        return {key: tuple(refs) for key, refs in found.items()}

    def _view(self, raw: Manifest) -> SecretView:
        return SecretView(masked(raw), self.users(key_of(raw)))


def named(manifest: Manifest, ome_namespace: str) -> dict[str, Key]:
    """The Secrets that an object of OME names, by the path of the field.

    A model's token is looked for beside the model, or in OME's own namespace for a cluster model
    (modelagent/gopher.go). A runtime of the cluster names Secrets of whatever namespace its
    services are in; of these nothing can be said.
    """
    home = text(manifest, "metadata", "namespace")
    kind = text(manifest, "kind")
    if kind in (kinds.BASE_MODEL.name, kinds.CLUSTER_BASE_MODEL.name):
        name = text(manifest, "spec", "storage", "key")
        return {"spec.storage.key": Key(home or ome_namespace, name)} if name else {}
    if not home:
        return {}
    return {path: Key(home, name) for path, name in _named(mapping(manifest, "spec"), "spec")}


def _named(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Wherever Kubernetes, or OME's BenchmarkJob, lets a field name a Secret."""
    if isinstance(value, list):
        for index, each in enumerate(value):
            yield from _named(each, f"{path}[{index}]")
    if not isinstance(value, dict):
        return
    for field, inner in value.items():
        here = f"{path}.{field}"
        if field in ("secretKeyRef", "secretRef", "huggingFaceSecretReference"):
            yield from _told(inner, "name", here)
        elif field == "imagePullSecrets" and isinstance(inner, list):
            for index, each in enumerate(inner):
                yield from _told(each, "name", f"{here}[{index}]")
        elif field == "secret":
            yield from _told(inner, "secretName", here)
        else:
            yield from _named(inner, here)


def _told(reference: Any, field: str, path: str) -> Iterator[tuple[str, str]]:
    """An optional one may be missing."""
    if isinstance(reference, dict) and not reference.get("optional"):
        name = reference.get(field)
        if isinstance(name, str) and name:
            yield f"{path}.{field}", name
