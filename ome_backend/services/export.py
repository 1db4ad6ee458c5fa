"""What the cluster has, as files: single objects, several, or a whole namespace."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ome_backend.editing.export import Files, archive, yaml_of
from ome_backend.editing.kustomize import base, overlay
from ome_backend.errors import NotFound, OmeError
from ome_backend.kube.cache import DOWNLOAD_REPORTS, Cache
from ome_backend.kube.client import Client
from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.kinds import CONFIG_MAP, NAMESPACE, OME_KINDS
from ome_backend.resources.manifest import Manifest, items, key_of, mapping

_MADE_BY_KUBERNETES = frozenset({"kube-root-ca.crt"})


@dataclass(frozen=True, slots=True)
class Exported:
    """Objects as they are exported; `left_out` says what could not be read, in the server's words."""

    objects: tuple[Manifest, ...]
    left_out: tuple[OmeError, ...] = ()

    def yaml(self) -> str:
        """One text; what was left out is said in comments at its top."""
        return self._note() + yaml_of(self.objects)

    def kustomization(self, overlay_name: str, namespace: str, suffix: str = "") -> bytes:
        """A zip with a base and one overlay."""
        files: Files = base(self.objects) | overlay(self.objects, overlay_name, namespace, suffix)
        note = {"left-out.txt": self._note()} if self.left_out else {}
        return archive({**files, **note})

    def _note(self) -> str:
        said = (" ".join((each.message, each.reason)).split() for each in self.left_out)
        return "".join(f"# Left out: {' '.join(words)}\n" for words in said)


class Export:
    """Reads what is to be exported; what the watch follows costs no request."""

    def __init__(self, client: Client, cache: Cache) -> None:
        self._client = client
        self._cache = cache

    def objects(self, refs: Iterable[Ref]) -> Exported:
        """The objects as they are now; of those that are gone or refused it is said."""
        found: list[Manifest] = []
        failures: list[OmeError] = []
        for ref in refs:
            try:
                found.append(self._one(ref))
            except OmeError as failure:
                failures.append(failure)
        return Exported(tuple(found), tuple(failures))

    def namespace(self, name: str, *, itself: bool = False, config_maps: bool = False) -> Exported:
        """OME's objects of a namespace; with `itself` the Namespace, and its ConfigMaps when asked. No Secrets."""
        refs = [Ref(kind, key) for kind, key in self._in_namespace(name)]
        found = self.objects([*([Ref(NAMESPACE, Key("", name))] if itself else []), *refs])
        if not config_maps:
            return found
        try:
            held = tuple(self._config_maps(name))
        except OmeError as failure:
            return Exported(found.objects, (*found.left_out, failure))
        return Exported((*found.objects, *held), found.left_out)

    def _one(self, ref: Ref) -> Manifest:
        watched = self._cache.follows(ref.kind)
        held = self._cache.snapshot(ref.kind).objects.get(ref.key) if watched else None
        held = held or self._client.get(ref.kind, ref.key)
        if held is None:
            raise NotFound(f"The {ref} is gone; it is not exported.")
        return held

    def _in_namespace(self, name: str) -> Iterator[tuple[Kind, Key]]:
        for kind in OME_KINDS:
            for key in self._cache.snapshot(kind).objects:
                if key.namespace == name:
                    yield kind, key

    def _config_maps(self, name: str) -> Iterator[Manifest]:
        """Those that people made: not Kubernetes' own, a controller's, or a download report."""
        label, _, value = DOWNLOAD_REPORTS.partition("=")
        for each in self._client.list(CONFIG_MAP, name).items:
            reported = mapping(each, "metadata", "labels").get(label) == value
            owned = items(each, "metadata", "ownerReferences")
            if not (reported or owned or key_of(each).name in _MADE_BY_KUBERNETES):
                yield each
