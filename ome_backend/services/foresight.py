"""What OME will say to a manifest, known before the API server is asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ome_backend import admission
from ome_backend.errors import FieldProblem, OmeError
from ome_backend.resources import kinds
from ome_backend.resources.manifest import text
from ome_backend.schema.yaml_text import Document
from ome_backend.services.known import Cached

_REFERRED = (
    *kinds.MODEL_KINDS,
    *kinds.RUNTIME_KINDS,
    kinds.FINE_TUNED_WEIGHT,
    kinds.ACCELERATOR_CLASS,
    kinds.INFERENCE_SERVICE,
)
_OWN = {(kind.api_version, kind.name): kind for kind in kinds.OME_KINDS}


@dataclass(frozen=True, slots=True)
class Foresight:
    """What OME's webhooks will refuse, and what they will say or ought to say; each with its line."""

    objections: tuple[FieldProblem, ...] = ()
    warnings: tuple[FieldProblem, ...] = ()


def foresee(document: Document, known: Cached) -> Foresight:
    """OME's answer to one of its objects.

    Nothing while the console does not see all that it may refer to: what it does not see would look
    as if it did not exist.
    """
    kind = _OWN.get((text(document.value, "apiVersion"), text(document.value, "kind")))
    if kind is None or not known.sees(*_REFERRED):
        return Foresight()
    verdict = admission.foresee(kind, document.value, known)
    return Foresight(located(document, verdict.objections), located(document, verdict.warnings))


def located(document: Document, problems: Iterable[FieldProblem]) -> tuple[FieldProblem, ...]:
    """The problems with their lines, where the document has the field or one around it."""
    return tuple(
        FieldProblem(each.path, each.message, each.line or document.line_of(each.path))
        for each in problems
    )


def beside(
    problems: Sequence[FieldProblem], others: Sequence[FieldProblem]
) -> tuple[FieldProblem, ...]:
    """Those of `problems` whose field, and what is around or within it, none of `others` is about."""
    return tuple(
        each for each in problems if not any(_related(each.path, other.path) for other in others)
    )


def untold(problems: Sequence[FieldProblem], words: str) -> tuple[FieldProblem, ...]:
    """Those of `problems` that the server has not spoken of.

    Only what comes before the first colon is compared: after it OME lists runtimes in an order of
    chance, and as of another moment.
    """
    return tuple(each for each in problems if each.message.partition(": ")[0] not in words)


def with_problems(error: OmeError, problems: tuple[FieldProblem, ...]) -> OmeError:
    """The same error with these fields."""
    return type(error)(
        error.message,
        reason=error.reason,
        hint=error.hint,
        problems=problems,
        retry_after=error.retry_after,
    )


def _related(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return longer == shorter or longer.startswith((f"{shorter}.", f"{shorter}["))
