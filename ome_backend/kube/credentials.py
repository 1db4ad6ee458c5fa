"""The credentials that go with every request, refreshed when they expire."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ome_backend.kube import failures

CREDENTIALS_AGE = (
    10.0  # seconds; a plugin whose tokens are always "about to expire" runs this often
)


@dataclass(slots=True)
class Credentials:
    """The authorization header, refreshed by the client's own hook, by one thread at a time."""

    api_client: Any
    lock: threading.Lock = field(default_factory=threading.Lock)
    known: dict[str, str] = field(default_factory=dict)
    read_at: float = float("-inf")

    def headers(self) -> dict[str, str]:
        """The headers to send along. Raises Unauthenticated when a token cannot be refreshed."""
        with self.lock:
            if time.monotonic() - self.read_at > CREDENTIALS_AGE:
                self.known = self._read()
                self.read_at = time.monotonic()
            return self.known

    def forget(self) -> None:
        """Read them anew next time: the server refused these."""
        self.read_at = float("-inf")

    def _read(self) -> dict[str, str]:
        headers: dict[str, str] = {"User-Agent": self.api_client.user_agent}
        with _refreshing():
            self.api_client.update_params_for_auth(headers, [], ["BearerToken"], "", "", None)
        return headers


@contextmanager
def _refreshing() -> Iterator[None]:
    """What the client's hooks raise: a plugin, a token file or an identity provider failed."""
    from kubernetes.config.config_exception import ConfigException
    from oauthlib.oauth2 import OAuth2Error  # type: ignore[import-untyped]
    from urllib3.exceptions import HTTPError

    try:
        yield
    except (ConfigException, OAuth2Error, HTTPError, OSError, KeyError, ValueError) as exc:
        raise failures.from_credentials(exc) from exc
