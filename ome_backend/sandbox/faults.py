"""Failures on order, so that clients' error handling can be tried."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock

from ome_backend.sandbox.status import StatusError

When = Callable[[str, str], bool]

_WORDS = {
    401: ("Unauthorized", "Unauthorized"),
    403: ("Forbidden", "the sandbox was told to refuse this"),
    410: ("Expired", "too old resource version"),
    429: ("TooManyRequests", "too many requests, please try again later"),
    500: ("InternalError", "an error on the server has prevented the request from succeeding"),
    503: ("ServiceUnavailable", "the server is currently unable to handle the request"),
    504: ("Timeout", "the server was unable to return a response in the time allotted"),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One failure to come: `left` times (None: until healed), for the requests `when` chooses.

    `status` 0 answers as usual, only `delay` seconds later.
    """

    status: int
    left: int | None
    when: When
    retry_after: int | None
    delay: float


class Faults:
    """The failures ordered, used up request by request. Safe in any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._ordered: tuple[Fault, ...] = ()

    def order(self, fault: Fault) -> None:
        """Adds a failure behind those already ordered."""
        with self._lock:
            self._ordered = (*self._ordered, fault)

    def heal(self) -> None:
        """Cancels every failure ordered."""
        with self._lock:
            self._ordered = ()

    def take(self, verb: str, plural: str) -> Fault | None:
        """The failure of this request, if it is to have one."""
        with self._lock:
            found = next((fault for fault in self._ordered if fault.when(verb, plural)), None)
            if found is not None and found.left is not None:
                used = replace(found, left=found.left - 1)
                self._ordered = tuple(used if fault is found else fault for fault in self._ordered)
                self._ordered = tuple(fault for fault in self._ordered if fault.left != 0)
            return found


def failure(fault: Fault) -> StatusError:
    """The answer of a request that fails."""
    reason, message = _WORDS.get(fault.status, ("", "the sandbox was told to fail"))
    if fault.retry_after is None:
        return StatusError(fault.status, reason, message)
    return StatusError(
        fault.status,
        reason,
        message,
        details={"retryAfterSeconds": fault.retry_after},
        headers={"Retry-After": str(fault.retry_after)},
    )
