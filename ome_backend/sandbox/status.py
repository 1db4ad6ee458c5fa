"""The API server's answers when it says no: Kubernetes `Status` objects with the real texts."""

from collections.abc import Iterable, Mapping
from typing import Any

from ome_backend.errors import FieldProblem
from ome_backend.resources.kind import Kind
from ome_backend.resources.manifest import Manifest

MODIFIED = (
    "the object has been modified; please apply your changes to the latest version and try again"
)
CONTINUE_EXPIRED = (
    "The provided continue parameter is too old to display a consistent list result. You can start "
    "a new list without the continue parameter."
)
_CAUSES = {
    "Required value": "FieldValueRequired",
    "Unsupported value": "FieldValueNotSupported",
    "Duplicate value": "FieldValueDuplicate",
    "Not found": "FieldValueNotFound",
    "Forbidden": "FieldValueForbidden",
    "Too long": "FieldValueTooLong",
    "Too many": "FieldValueTooMany",
}


class StatusError(Exception):
    """An answer that is not success. `reason` is the machine-readable word, empty when unknown."""

    def __init__(
        self,
        code: int,
        reason: str,
        message: str,
        *,
        details: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.message = message
        self.details = None if details is None else dict(details)
        self.headers = dict(headers or {})

    def body(self) -> Manifest:
        """The `Status` object."""
        status = _status("Failure") | {"message": self.message}
        status |= {"reason": self.reason} if self.reason else {}
        status |= {} if self.details is None else {"details": self.details}
        return status | {"code": self.code}


def success(kind: Kind, name: str, uid: str) -> Manifest:
    """What a completed deletion answers."""
    details = _details(kind, name) | {"uid": uid}
    return _status("Success") | {"details": details}


def not_found(kind: Kind, name: str) -> StatusError:
    """The object does not exist."""
    message = f'{kind.resource} "{name}" not found'
    return StatusError(404, "NotFound", message, details=_details(kind, name))


def no_such_resource() -> StatusError:
    """The path names no resource of a built-in group."""
    message = "the server could not find the requested resource"
    return StatusError(404, "NotFound", message, details={})


def already_exists(kind: Kind, name: str) -> StatusError:
    """A create met an object of that name."""
    message = f'{kind.resource} "{name}" already exists'
    return StatusError(409, "AlreadyExists", message, details=_details(kind, name))


def conflict(kind: Kind, name: str, why: str = "") -> StatusError:
    """A write was based on an object that has changed since."""
    why = why or MODIFIED
    message = f'Operation cannot be fulfilled on {kind.resource} "{name}": {why}'
    return StatusError(409, "Conflict", message, details=_details(kind, name))


def invalid(kind: Kind | str, name: str, problems: Iterable[FieldProblem]) -> StatusError:
    """The object breaks rules; every problem becomes a cause. `kind` may be `Word.group`."""
    group, word = (kind.group, kind.name) if isinstance(kind, Kind) else _parts(kind)
    causes = [_cause(problem) for problem in problems]
    lines = [f"{cause['field']}: {cause['message']}" for cause in causes]
    listed = lines[0] if len(lines) == 1 else f"[{', '.join(lines)}]"
    qualified = f"{word}.{group}" if group else word
    details = {"name": name, "group": group, "kind": word, "causes": causes}
    given = {part: value for part, value in details.items() if value}
    return StatusError(422, "Invalid", f'{qualified} "{name}" is invalid: {listed}', details=given)


def bad_request(message: str) -> StatusError:
    """The request itself makes no sense."""
    return StatusError(400, "BadRequest", message)


def forbidden(kind: Kind, name: str, why: str) -> StatusError:
    """The request is understood and refused."""
    subject = f'{kind.resource} "{name}"' if name else kind.resource
    message = f"{subject} is forbidden: {why}"
    return StatusError(403, "Forbidden", message, details=_details(kind, name))


def expired(message: str) -> StatusError:
    """The revision or page asked for is gone."""
    return StatusError(410, "Expired", message)


def invalid_revision(value: str) -> StatusError:
    """The revision asked for is no number."""
    message = f'Invalid value: "{value}": strconv.ParseUint: parsing "{value}": invalid syntax'
    return bad_request(f"resourceVersion: {message}")


def future_revision(wanted: int, current: int) -> StatusError:
    """The revision asked for has not happened."""
    message = f"Timeout: Too large resource version: {wanted}, current: {current}"
    causes = [{"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}]
    details = {"causes": causes, "retryAfterSeconds": 1}
    return StatusError(504, "Timeout", message, details=details, headers={"Retry-After": "1"})


def method_not_allowed() -> StatusError:
    """A built-in resource has no such verb."""
    message = "the server does not allow this method on the requested resource"
    return StatusError(405, "MethodNotAllowed", message, details={})


def verb_not_supported(kind: Kind, verb: str) -> StatusError:
    """A custom resource has no such verb."""
    message = f'{verb} is not supported on resources of kind "{kind.resource}"'
    return StatusError(405, "MethodNotAllowed", message, details=_details(kind, ""))


def unsupported_media_type(accepted: Iterable[str]) -> StatusError:
    """The body is in a format that is not read here."""
    message = (
        "the body of the request was in an unknown format - accepted media types include: "
        + ", ".join(accepted)
    )
    return StatusError(415, "UnsupportedMediaType", message)


def not_acceptable() -> StatusError:
    """The client accepts no format that is written here."""
    message = "only the following media types are accepted: application/json"
    return StatusError(406, "NotAcceptable", message)


def _parts(word: str) -> tuple[str, str]:
    name, _, group = word.partition(".")
    return group, name


def _status(word: str) -> Manifest:
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": word}


def _details(kind: Kind, name: str) -> Manifest:
    details = {"name": name, "group": kind.group, "kind": kind.plural}
    return {part: value for part, value in details.items() if value}


def _cause(problem: FieldProblem) -> dict[str, str]:
    wrong_type = "must be of type" in problem.message
    usual = "FieldValueTypeInvalid" if wrong_type else "FieldValueInvalid"
    reason = _CAUSES.get(problem.message.partition(":")[0], usual)
    return {"reason": reason, "message": problem.message, "field": problem.path}
