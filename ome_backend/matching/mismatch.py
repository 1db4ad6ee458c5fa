"""One check of one format that fails, in OME's words and in a person's."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mismatch:
    """`text` is OME's; `has` and `wants` complete "The model has ...; this runtime is for ..."."""

    text: str
    has: str
    wants: str


def differing(what: str, has: str, wants: str) -> Mismatch:
    """Both sides have it, with different values."""
    return Mismatch(
        f"{what} mismatch (model={has}, runtime={wants})",
        f"{what} {has or 'without a name'}",
        f"{what} {wants or 'without a name'}",
    )


def missing(what: str, wants: str) -> Mismatch:
    """The runtime asks for it and the model has none."""
    return Mismatch(
        f"model has no {what} but runtime requires {wants}", f"no {what}", f"{what} {wants}"
    )


def unwanted(what: str, has: str) -> Mismatch:
    """The model has it and the runtime asks for none: to OME that is a mismatch, too."""
    return Mismatch(
        f"model has {what} {has} but runtime has no {what} requirement",
        f"{what} {has}",
        f"models without {what}",
    )


def sentence(mismatches: Sequence[Mismatch]) -> str:
    """All `mismatches` of one format as one sentence for a person."""
    has = _listed([found.has for found in mismatches])
    wants = _listed([found.wants for found in mismatches])
    return f"The model has {has}; this runtime is for {wants}."


def _listed(words: Sequence[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
