"""Waiting for something to become true instead of sleeping."""

import time
from collections.abc import Callable
from typing import Literal, TypeVar

T = TypeVar("T")


def eventually(predicate: Callable[[], T | Literal[False] | None], timeout: float = 10.0) -> T:
    """The first true value of `predicate`; fails the test when there is none within `timeout`."""
    deadline = time.monotonic() + timeout
    while True:
        value = predicate()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout} s; the last value was {value!r}")
        time.sleep(0.005)
