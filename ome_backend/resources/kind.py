"""Kinds as data: everything the console needs to address a resource of the API server."""

from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Kind:
    """One resource type. `group` is empty for the core API; `word` is what a person calls it."""

    name: str
    plural: str
    namespaced: bool
    word: str
    group: str = "ome.io"
    version: str = "v1beta1"

    @property
    def api_version(self) -> str:
        """`group/version` as it stands in a manifest; only the version for the core API."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def resource(self) -> str:
        """`plural.group` as `kubectl` and CustomResourceDefinitions name it."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    def path(
        self, namespace: str | None = None, name: str | None = None, subresource: str | None = None
    ) -> str:
        """The URL path of the collection (all namespaces when `namespace` is None) or of one object."""
        parts = ["apis", self.group, self.version] if self.group else ["api", self.version]
        if self.namespaced and namespace:
            parts += ["namespaces", namespace]
        parts += [part for part in (self.plural, name, subresource) if part]
        return "/" + "/".join(quote(part, safe="") for part in parts)


class Key(NamedTuple):
    """The identity of an object within its kind; `namespace` is empty for cluster-scoped objects.

    A tuple, because caches of thousands of objects hash and sort it in C.
    """

    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}" if self.namespace else self.name


@dataclass(frozen=True, slots=True)
class Ref:
    """The identity of an object within a cluster."""

    kind: Kind
    key: Key

    def __str__(self) -> str:
        return f"{self.kind.word} {self.key}"
