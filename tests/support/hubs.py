"""A local Hub for tests of what stands on one, and the environment it is reached in."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.support.local_hub import LocalHub, local_hub

_OTHERS = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


@contextmanager
def reachable() -> Iterator[LocalHub]:
    """The local Hub with its whole catalogue; this machine's proxies stand not between."""
    with pytest.MonkeyPatch.context() as environment, local_hub() as hub:
        for name in (*_OTHERS, *(each.lower() for each in _OTHERS)):
            environment.delenv(name, raising=False)
        yield hub
