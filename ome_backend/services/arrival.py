"""After a write: waiting until the watch has brought it, so that the next page shows it."""

import threading
import time
from collections.abc import Callable

from ome_backend.kube.cache import Cache
from ome_backend.resources.kind import Ref
from ome_backend.resources.manifest import Manifest

LONGEST_WAIT = 3.0  # seconds until a page goes on without having seen what it wrote


def await_arrival(cache: Cache, ref: Ref, arrived: Callable[[Manifest | None], bool]) -> None:
    """Return once what is known of the object satisfies `arrived`, or after LONGEST_WAIT.

    Kinds that are not watched, or that cannot be seen, are not waited for.
    """
    if not cache.follows(ref.kind) or cache.snapshot(ref.kind).state != "live":
        return
    news = threading.Event()
    unsubscribe = cache.subscribe(lambda change: news.set() if change.kind == ref.kind else None)
    deadline = time.monotonic() + LONGEST_WAIT
    try:
        while not arrived(_seen(cache, ref)) and time.monotonic() < deadline:
            news.wait(max(0.0, deadline - time.monotonic()))
            news.clear()
    finally:
        unsubscribe()


def _seen(cache: Cache, ref: Ref) -> Manifest | None:
    return cache.snapshot(ref.kind).objects.get(ref.key)
