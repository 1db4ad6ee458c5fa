"""How a webhook answers."""

from dataclasses import dataclass

from ome_backend.errors import FieldProblem

LATER = "OME admits this, but its controller gives up on it:"


@dataclass(frozen=True, slots=True)
class Answer:
    """All that a validator has against an object, in OME's order, and what it only mentions.

    OME itself stops at the first problem, and mentions nothing when there is one.
    """

    problems: tuple[FieldProblem, ...] = ()
    warnings: tuple[FieldProblem, ...] = ()


class Refused(Exception):  # noqa: N818 - reads as what happened
    """A webhook denied the request. `message` is its own text, `code` the HTTP status it came with,
    `webhook` the name under which the API server reports it, `path` the field it is about."""

    def __init__(self, message: str, code: int = 403, webhook: str = "", path: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.webhook = webhook
        self.path = path

    @property
    def sentence(self) -> str:
        """The message as the API server passes it on."""
        if not self.webhook:
            return self.message
        return f'admission webhook "{self.webhook}" denied the request: {self.message}'
