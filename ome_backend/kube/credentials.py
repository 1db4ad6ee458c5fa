"""The credentials that go with every request: read again when they expire or are refused."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ome_backend.errors import Unauthenticated
from ome_backend.kube import failures
from ome_backend.kube.access import Access

CREDENTIALS_AGE = 10.0  # seconds; a plugin whose tokens are always expired runs this often
NEVER = float("-inf")


@dataclass(frozen=True, slots=True)
class Signed:
    """The connections that carry a client certificate, and the headers that carry a token."""

    pool: Any
    headers: dict[str, str]


@dataclass(slots=True)
class Credentials:
    """The credentials in force, renewed by one thread at a time while the others wait for it."""

    access: Access
    lock: threading.Lock = field(default_factory=threading.Lock)
    held: Signed | None = None
    read_at: float = NEVER
    renewed_at: float = NEVER  # the last time because of a refusal
    refused: bool = False

    def current(self) -> Signed:
        """What to send along. Raises Unauthenticated or BadSettings when it cannot be renewed."""
        with self.lock:
            if self._is_refused() or self._is_expired():
                self._renew()
            if self.held is None or _elapsed(self.read_at):
                self.held, self.read_at = self._read(), time.monotonic()
            return self.held

    def refuse(self, signed: Signed) -> None:
        """Renew them before they are used again, every ten seconds at most: the server said 401."""
        if signed is self.held:
            self.refused = True

    def _is_refused(self) -> bool:
        return self.refused and _elapsed(self.renewed_at)

    def _is_expired(self) -> bool:
        expires = self.access.expires
        return expires is not None and expires <= datetime.now(UTC) and _elapsed(self.read_at)

    def _renew(self) -> None:
        """From where they came: the files as they are now, a plugin run once more."""
        if self.access.renew is None:
            return
        renewed = self.access.renew()
        if renewed.server != self.access.server:
            raise Unauthenticated(
                "The cluster does not accept the credentials, and the kubeconfig has changed.",
                reason=f"{renewed.name} was {self.access.server} and is {renewed.server} now.",
                hint="Start the console again to use the other server.",
            )
        if self.refused:
            self.renewed_at, self.refused = time.monotonic(), False
        self.access, self.read_at = renewed, NEVER

    def _read(self) -> Signed:
        client = self.access.api_client
        headers: dict[str, str] = {"User-Agent": client.user_agent}
        with _refreshing():
            client.update_params_for_auth(headers, [], ["BearerToken"], "", "", None)
        return Signed(client.rest_client.pool_manager, headers)


def _elapsed(since: float) -> bool:
    return time.monotonic() - since > CREDENTIALS_AGE


@contextmanager
def _refreshing() -> Iterator[None]:
    """What the client's hooks raise: a token file or an identity provider failed."""
    from kubernetes.config.config_exception import ConfigException
    from oauthlib.oauth2 import OAuth2Error  # type: ignore[import-untyped]
    from urllib3.exceptions import HTTPError

    try:
        yield
    except (ConfigException, OAuth2Error, HTTPError, OSError, KeyError, ValueError) as exc:
        raise failures.from_credentials(exc) from exc
