"""Deployments, as far as they tell how a component's replicas are coming along."""

from dataclasses import dataclass
from functools import cached_property

from ome_backend.resources.condition import condition
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, dig, key_of, mapping
from ome_backend.resources.pod import COMPONENT_LABEL, SERVICE_LABEL


@dataclass(frozen=True)
class Deployment:
    """A read-only view of a deployment."""

    raw: Manifest

    @cached_property
    def key(self) -> Key:
        return key_of(self.raw)

    @cached_property
    def service(self) -> Key:
        """The InferenceService it belongs to; an empty name when it belongs to none."""
        labels = mapping(self.raw, "metadata", "labels")
        return Key(self.key.namespace, str(labels.get(SERVICE_LABEL, "")))

    @property
    def component(self) -> str:
        return str(mapping(self.raw, "metadata", "labels").get(COMPONENT_LABEL, ""))

    @property
    def generation(self) -> int:
        return self._number("metadata", "generation")

    @property
    def wanted(self) -> int:
        return self._number("spec", "replicas", absent=1)

    @property
    def updated(self) -> int:
        """Replicas of the newest revision."""
        return self._number("status", "updatedReplicas")

    @property
    def ready(self) -> int:
        return self._number("status", "readyReplicas")

    @property
    def total(self) -> int:
        return self._number("status", "replicas")

    @property
    def rolling(self) -> bool:
        """Old and new replicas stand side by side, or the newest revision is not complete."""
        return self.ready > 0 and (self.updated < self.wanted or self.total > self.updated)

    @property
    def stuck(self) -> str:
        """Why the rollout does not proceed, in the controller's words; empty while it does."""
        progressing = condition(self.raw, "Progressing")
        return progressing.message if progressing is not None and progressing.false else ""

    def _number(self, *path: str, absent: int = 0) -> int:
        value = dig(self.raw, *path)
        return value if isinstance(value, int) else absent
