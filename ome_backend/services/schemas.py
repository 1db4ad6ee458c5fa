"""This cluster's own definitions of OME's kinds, read when they are needed and again after a while."""

import logging
import threading
import time
from collections.abc import Callable

from ome_backend.errors import OmeError
from ome_backend.kube.client import Client
from ome_backend.resources.kind import Key
from ome_backend.resources.kinds import CUSTOM_RESOURCE_DEFINITION, OME_KINDS
from ome_backend.resources.manifest import Manifest
from ome_backend.schema.schemas import BUNDLED, OME_GROUP, Schemas, from_definitions

FRESH = 300.0  # seconds; definitions change when OME is upgraded
AGAIN = 30.0  # seconds after a failure

log = logging.getLogger(__name__)


class ClusterSchemas:
    """Safe for use from many threads; whoever asks while they are being read gets those held."""

    def __init__(self, client: Client, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._held = BUNDLED
        self._due = float("-inf")
        self._reading = threading.Lock()
        self.failure: OmeError | None = None

    def now(self) -> Schemas:
        """The cluster's definitions; the bundled ones where `failure` says why they cannot be read.

        The first call waits for them, within the client's time limits; later ones never do.
        """
        first = self._held is BUNDLED and self.failure is None
        if self._clock() >= self._due and self._reading.acquire(blocking=first):
            if first:
                self._read()
            else:
                threading.Thread(target=self._read, name="schemas", daemon=True).start()
        return self._held

    def _read(self) -> None:
        """Called with the lock held, which it lets go."""
        try:
            if self._clock() >= self._due:
                self._take()
        finally:
            self._reading.release()

    def _take(self) -> None:
        try:
            found = from_definitions(self._definitions())
        except OmeError as failure:
            log.warning("%s %s", failure.message, failure.reason)
            self.failure, self._due = failure, self._clock() + AGAIN
            return
        known = {each.kind.name for each in found}
        if any(kind.name in known for kind in OME_KINDS):
            self._held = found
        self.failure, self._due = None, self._clock() + FRESH

    def _definitions(self) -> list[Manifest]:
        """One by one: all definitions of a busy cluster would be tens of megabytes."""
        names = [f"{plural}.{OME_GROUP}" for plural in self._client.plurals(OME_GROUP)]
        found = (self._client.get(CUSTOM_RESOURCE_DEFINITION, Key("", name)) for name in names)
        return [each for each in found if each is not None]
