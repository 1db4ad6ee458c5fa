"""The one family of errors: a sentence fit for a person, the server's own words, and what to do."""

# ruff: noqa: N818 - the names say what happened; that they are errors, the tree says

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with one field. `path` is dotted (`spec.model.name`), `line` is 1-based when known."""

    path: str
    message: str
    line: int | None = None


class OmeError(Exception):
    """Anything the console tells a person about a failure.

    `message` says what failed, `reason` carries the other system's own words, `hint` says what to do,
    `problems` name fields, `retry_after` is how many seconds the other system asked to wait.
    `status` is the HTTP status the failure maps to.
    """

    status = 500
    hint = ""

    def __init__(
        self,
        message: str,
        *,
        reason: str = "",
        hint: str | None = None,
        problems: tuple[FieldProblem, ...] = (),
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason
        self.hint = type(self).hint if hint is None else hint
        self.problems = problems
        self.retry_after = retry_after


class Unauthenticated(OmeError):
    status = 401
    hint = "The credentials are missing or expired. Sign in to the cluster again; the console then goes on by itself."


class Forbidden(OmeError):
    status = 403
    hint = "Ask a cluster administrator for this permission."


class NotFound(OmeError):
    status = 404
    hint = "It may have been deleted, or its name or namespace may be misspelt."


class NotInstalled(OmeError):
    status = 404
    hint = "Install OME's custom resource definitions on this cluster."


class Conflict(OmeError):
    status = 409
    hint = "Somebody changed it in the meantime. Look at the current object and try again."


class AlreadyExists(Conflict):
    hint = "Choose another name, or open the existing object."


class Expired(OmeError):
    status = 410
    hint = "The list changed while it was read. It is read again."


class Unsupported(OmeError):
    status = 415
    hint = "This API server does not understand the request; it may be too old for the console."


class Invalid(OmeError):
    status = 422
    hint = "Correct the fields named and try again."


class RateLimited(OmeError):
    status = 429
    hint = "The API server asks for patience. Try again in a few seconds."


class ServerFailed(OmeError):
    status = 502
    hint = "The API server failed. Its log has the cause; trying again may help."


class Unreachable(OmeError):
    status = 503
    hint = "Check that the cluster is up and the address and network are right."


class TimedOut(Unreachable):
    status = 504
    hint = "The API server did not answer in time. It may be overloaded; try again."


class UntrustedCertificate(Unreachable):
    hint = "Check the certificate authority in the kubeconfig, or the clock of this machine."


class ReadOnly(OmeError):
    status = 403
    hint = "The console was started with OME_READ_ONLY=true. Start it without to make changes."


class BadSettings(OmeError):
    status = 500
    hint = "Correct the setting and start the console again; docs/configuration.md lists them all."
