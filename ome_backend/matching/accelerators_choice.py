"""What choosing an accelerator class comes to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Considered:
    """One class the runtime lists. `reason` is OME's when it is not eligible, else empty.

    `score` is what the policy compares: more is better for BestFit and MostCapable, less for
    Cheapest (the price). None where the policy does not compare the class.
    """

    name: str
    eligible: bool
    reason: str = ""
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """`name` None means that OME uses no class; `error` is its text when the reconcile fails.

    `policy` is the one that decides, empty where a class is named or nothing is asked for. With
    `panics` the controller crashes: a problem of configuration. `warnings` say what a person would
    not expect, with the reason.
    """

    name: str | None = None
    error: str = ""
    panics: bool = False
    policy: str = ""
    considered: tuple[Considered, ...] = ()
    warnings: tuple[str, ...] = ()
