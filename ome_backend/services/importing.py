"""Importing from the Hub: what would be written for a repository, on which nodes it would lie, under which name."""

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from ome_backend.config import Settings
from ome_backend.downloads.node_selection import chosen
from ome_backend.editing.masking import HIDDEN
from ome_backend.errors import OmeError
from ome_backend.hub.answers import About
from ome_backend.kube.cache import Cache
from ome_backend.kube.client import Client
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.manifest import Manifest, dig, mapping, text
from ome_backend.resources.model import Model
from ome_backend.resources.node import Node
from ome_backend.resources.quantity import quantity
from ome_backend.schema.yaml_text import dump
from ome_backend.services.candidate import MAIN, Source, proposed_name, shadowing, source_of
from ome_backend.services.downloads import Downloads

log = logging.getLogger(__name__)

TOKEN = "token"  # the key of a Secret that OME's agent reads unless the model names another
USUAL_ROOT = "/mnt/models"
_OWN_LABELS = ("models.ome.io/", "kubernetes.io/hostname", "beta.kubernetes.io/")
Policy = Literal["", "AlwaysDownload", "ReuseIfExists"]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose for a model; empty is not written.

    Without a `namespace` it belongs to the whole cluster. `secret` names the Secret with the token.
    """

    source: Source
    name: str
    namespace: str = ""
    path: str = ""
    selector: tuple[tuple[str, str], ...] = ()
    policy: Policy = ""
    secret: str = ""
    secret_key: str = TOKEN
    vendor: str = ""

    @property
    def kind(self) -> Kind:
        return kinds.BASE_MODEL if self.namespace else kinds.CLUSTER_BASE_MODEL

    @property
    def ref(self) -> Ref:
        return Ref(self.kind, Key(self.namespace, self.name))


@dataclass(frozen=True, slots=True)
class Place:
    """A node a model would come to. `free` is what its disk has beside the models meant for it, in bytes.

    None where nothing tells; a hint at most, since models mostly lie on a disk of their own.
    """

    node: str
    agent: bool
    free: int | None


class Importing:
    """Proposals for imports, from the watch cache."""

    def __init__(
        self, client: Client, cache: Cache, downloads: Downloads, settings: Settings
    ) -> None:
        self._client = client
        self._cache = cache
        self._downloads = downloads
        self._ome = settings.ome_namespace

    def proposed(self, about: About, revision: str = MAIN, namespace: str = "") -> Choices:
        """The choices a person begins with: a free name, a directory of its own, all nodes."""
        taken = {key.name for key in self._names() if key.namespace in ("", namespace)}
        source = Source(about.id, revision)
        name = proposed_name(about.id, taken)
        return Choices(source, name, namespace, self.path(source), vendor=about.author)

    def path(self, source: Source) -> str:
        """A directory below the one that most models of the Hub lie in; a revision has one of its own."""
        own = source.repo if source.revision in ("", MAIN) else f"{source.repo}@{source.revision}"
        return f"{self._root()}/{own}"

    def secret_namespace(self, namespace: str) -> str:
        """Where OME's agent looks for the token: with the model, or in its own namespace for a cluster
        model (modelagent/gopher.go)."""
        return namespace or self._ome

    def places(self, choices: Choices) -> tuple[Place, ...]:
        """The nodes that the choices name, with what is known of their disks.

        Only those with an agent, as nothing comes to others; all of them where no agent is seen.
        """
        nodes = [Node(each) for each in self._cache.snapshot(kinds.NODE).objects.values()]
        meant = chosen(Model(manifest(choices), choices.kind), nodes)
        found = tuple(self._place(node) for node in sorted(meant, key=lambda node: node.name))
        return tuple(place for place in found if place.agent) or found

    def _place(self, node: Node) -> Place:
        row = self._downloads.board().node(node.name)
        disk = quantity(dig(node.raw, "status", "allocatable", "ephemeral-storage"))
        needed = row.room.needed if row is not None else 0
        free = max(0, int(disk) - needed) if disk else None
        return Place(node.name, self._downloads.agent(node.name) is not None, free)

    def labels(self) -> tuple[tuple[str, str], ...]:
        """The labels of nodes to choose by: those that tell some nodes from others."""
        held = self._cache.snapshot(kinds.NODE).objects.values()
        counted = Counter(
            (name, str(value))
            for node in held
            for name, value in mapping(node, "metadata", "labels").items()
            if not name.startswith(_OWN_LABELS)
        )
        return tuple(sorted(pair for pair, count in counted.items() if count < len(held)))

    def secrets(self, namespace: str) -> tuple[str, ...]:
        """The Secrets that models of the namespace take their tokens from."""
        found = {
            text(model.raw, "spec", "storage", "key")
            for model in self._downloads.models()
            if model.key.namespace == namespace
        }
        return tuple(sorted(found - {""}))

    def secret_trouble(self, choices: Choices) -> str:
        """Why OME's agent would find no token in the Secret that is named; empty where it would, or
        where this console may not look."""
        key = Key(self.secret_namespace(choices.namespace), choices.secret)
        return self.token_trouble(key, choices.secret_key)

    def token_trouble(self, key: Key, name: str) -> str:
        """The same of a Secret and the name of the token in it; empty, too, while nobody can tell."""
        try:
            held = self._client.get(kinds.SECRET, key)
        except OmeError as refused:
            log.info("whether there is a secret %s is not known: %s", key, refused)
            return ""
        if held is None:
            return f"There is no Secret {key}."
        if name not in mapping(held, "data"):
            return f"The Secret {key} has nothing under the name {name}."
        return ""

    def troubles(self, choices: Choices) -> tuple[str, ...]:
        """What speaks against name and directory: taken, shadowing, shared; sentences for a person."""
        same = self._same_source(choices)
        found = (
            f"There is a {choices.ref} already." if choices.ref.key in self._names() else "",
            shadowing(choices.ref.key, self._names()),
            f"{', '.join(same)} comes from the same repository and revision." if same else "",
            self._shared_path(choices),
        )
        return tuple(f"{each[0].upper()}{each[1:]}" for each in found if each)

    def _same_source(self, choices: Choices) -> list[str]:
        uri = choices.source.uri.lower()
        return [
            str(model.ref) for model in self._downloads.models() if model.storage_uri.lower() == uri
        ]

    def _shared_path(self, choices: Choices) -> str:
        others = [
            str(model.ref)
            for model in self._downloads.models()
            if model.storage_path.rstrip("/") == choices.path.rstrip("/")
            and model.storage_uri != choices.source.uri
        ]
        if not choices.path or not others:
            return ""
        return f"{', '.join(others)} has its files in {choices.path} as well: they would be mixed."

    def _names(self) -> list[Key]:
        return [model.key for model in self._downloads.models()]

    def _root(self) -> str:
        """Where most models of the Hub lie whose directory ends with their repository."""
        roots: Counter[str] = Counter()
        for model in self._downloads.models():
            source, path = source_of(model), model.storage_path.rstrip("/")
            if source is not None and path.endswith(f"/{source.repo}"):
                roots[str(PurePosixPath(path.removesuffix(f"/{source.repo}")))] += 1
        return roots.most_common(1)[0][0] if roots else USUAL_ROOT


def manifest(choices: Choices) -> Manifest:
    """The model's object: only what OME does not find out by itself, and nothing empty."""
    metadata = {"name": choices.name, "namespace": choices.namespace}
    named = bool(choices.secret) and choices.secret_key not in ("", TOKEN)
    storage = {
        "storageUri": choices.source.uri,
        "path": choices.path,
        "key": choices.secret,
        "parameters": {"secretKey": choices.secret_key} if named else {},
        "nodeSelector": dict(choices.selector),
        "downloadPolicy": choices.policy,
    }
    return {
        "apiVersion": choices.kind.api_version,
        "kind": choices.kind.name,
        "metadata": _given(metadata),
        "spec": _given({"vendor": choices.vendor, "storage": _given(storage)}),
    }


def secret_manifest(key: Key, name: str = TOKEN) -> Manifest:
    """A Secret for a token as it is shown: its value is hidden and put in when it is sent."""
    return {
        "apiVersion": kinds.SECRET.api_version,
        "kind": kinds.SECRET.name,
        "metadata": {"name": key.name, "namespace": key.namespace},
        "stringData": {name: HIDDEN},
    }


def texts(wanted: Iterable[Choices], new_secrets: Iterable[Manifest] = ()) -> str:
    """One text of several documents: the new Secrets, then the models."""
    return "---\n".join(dump(each) for each in (*new_secrets, *map(manifest, wanted)))


def _given(values: Manifest) -> Manifest:
    return {name: value for name, value in values.items() if value}
