"""The Hub is left alone for a while after it asked for that, or gave no answer.

A page draws itself anew whenever something changes on the cluster; without this it would wait for a Hub
that is gone each time, and ask one that had enough again and again.
"""

import time
from collections.abc import Callable
from typing import TypeVar
from weakref import WeakKeyDictionary

from ome_backend.errors import HubError, HubRateLimited, HubUnreachable
from ome_backend.hub.hub import Hub

UNANSWERED = 20.0  # seconds until it is asked again by itself; a person may sooner
_ANYBODY = "*"

T = TypeVar("T")

_held: WeakKeyDictionary[Hub, dict[str, tuple[float, HubError]]] = WeakKeyDictionary()


def patiently(hub: Hub, who: str, ask: Callable[[], T]) -> T:
    """The answer. Raises HubError at once while the Hub wants to be left alone.

    `hub` is the console's own; `who` tells apart those it counts for themselves.
    """
    held = _held.setdefault(hub, {})
    for name in (_ANYBODY, who):
        until, failure = held.get(name, (0.0, None))
        left = until - time.monotonic()
        if failure is not None and left > 0:
            raise _again(failure, left)
    try:
        return ask()
    except HubRateLimited as failure:
        held[who] = (time.monotonic() + (failure.retry_after or 0.0), failure)
        raise
    except HubUnreachable as failure:
        held[_ANYBODY] = (time.monotonic() + UNANSWERED, failure)
        raise


def try_again(hub: Hub) -> None:
    """Ask a Hub that gave no answer at once; what it asked for itself stays."""
    _held.get(hub, {}).pop(_ANYBODY, None)


def _again(failure: HubError, left: float) -> HubError:
    if isinstance(failure, HubRateLimited):
        return HubRateLimited("The Hub refuses more questions for now.", retry_after=left)
    return type(failure)(failure.message, reason=failure.reason, hint=failure.hint)
