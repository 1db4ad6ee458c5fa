"""What OME says when it cannot read something."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Failure:
    """OME's own error text. `crash` when it does not report an error but panics."""

    text: str
    crash: bool = False
