"""What a Hub does wrong, on purpose: each fault concerns paths that contain `path`, so many `times`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Way = Literal["answer", "wait", "drip", "cut"]


@dataclass
class Fault:
    """`wait` keeps silent for `seconds` and then answers well, `drip` sends a byte each `seconds`,
    `cut` closes the connection after `bytes` of the body."""

    way: Way
    path: str = ""
    times: int | None = None
    status: int = 500
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    bytes: int = 0

    def takes(self, path: str) -> bool:
        """Whether it concerns this request; counts it when it does."""
        if self.path not in path or self.times == 0:
            return False
        if self.times is not None:
            self.times -= 1
        return True


def broken(status: int = 500, path: str = "", times: int | None = None) -> Fault:
    """The Hub's own error."""
    return Fault("answer", path, times, status)


def busy(seconds: int, path: str = "", times: int | None = None) -> Fault:
    """429 with how long to wait."""
    headers = {"Retry-After": str(seconds), "RateLimit": f'"api";r=0;t={seconds}'}
    return Fault("answer", path, times, 429, headers)


def slow(seconds: float, path: str = "", times: int | None = None) -> Fault:
    """A good answer, but late."""
    return Fault("wait", path, times, seconds=seconds)


def dripping(seconds: float, path: str = "", times: int | None = None) -> Fault:
    """An answer, headers included, byte by byte."""
    return Fault("drip", path, times, seconds=seconds)


def cut(after: int = 0, path: str = "", times: int | None = None) -> Fault:
    """A connection that ends in the middle of the body."""
    return Fault("cut", path, times, bytes=after)
