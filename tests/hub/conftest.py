"""A local Hub for each test, reached without the environment's proxies or certificates."""

from collections.abc import Iterator

import pytest

from tests.support.local_hub import LocalHub, local_hub

_OTHERS = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_TRUST = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this machine is set up for does not reach the tests."""
    for name in (*_OTHERS, *(each.lower() for each in _OTHERS), *_TRUST):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def served() -> Iterator[LocalHub]:
    """A local Hub with its whole catalogue."""
    with local_hub() as hub:
        yield hub
