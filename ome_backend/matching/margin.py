"""By how much OME's choice of a runtime is ahead of the next one."""

from dataclasses import dataclass
from typing import Literal

from ome_backend.matching import score, size
from ome_backend.matching.verdict import Ranking, Verdict
from ome_backend.resources.model import Model

Decided = Literal["namespace", "score", "size", "name"]


@dataclass(frozen=True, slots=True)
class Margin:
    """Why `runner_up` lost against `winner`, in one sentence."""

    winner: Verdict
    runner_up: Verdict
    by: Decided
    sentence: str


def margin(ranking: Ranking, model: Model) -> Margin | None:
    """What decided between the selected runtime and the next; None without either.

    `ranking` is one for `model`, whose size may have decided.
    """
    winner = ranking.selected
    runner_up = next((one for one in ranking.verdicts if one.rank == 2), None)
    if winner is None or runner_up is None:
        return None
    by = _decided(winner, runner_up, model)
    return Margin(winner, runner_up, by, _sentence(by, winner, runner_up, model))


def _decided(winner: Verdict, loser: Verdict, model: Model) -> Decided:
    if winner.runtime.cluster_scoped != loser.runtime.cluster_scoped:
        return "namespace"
    if winner.score != loser.score:
        return "score"
    return "size" if _gap(winner, model) != _gap(loser, model) else "name"


def _gap(verdict: Verdict, model: Model) -> float:
    """The distance of sizes as OME compares it, in whole parameters."""
    distance = size.distance(model, verdict.runtime)
    return score.precedence(0, distance, False, "")[1]


def _sentence(by: Decided, winner: Verdict, loser: Verdict, model: Model) -> str:
    lost, won = loser.runtime.key, winner.runtime.key
    reasons = {
        "namespace": f"runtimes of the namespace come before cluster-wide ones, and {won} is one",
        "score": f"it scores {loser.score} and {won} scores {winner.score}",
        "size": _size(winner, model),
        "name": f"everything else is equal and {won.name} comes first by name",
    }
    return f"{lost} comes second because {reasons[by]}."


def _size(winner: Verdict, model: Model) -> str:
    won = winner.runtime
    if won.size_range is None:
        return f"{won.key} has no size range, which counts as a perfect fit"
    span = f"{won.size_range.low} to {won.size_range.high}"
    return (
        f"the scores are equal and the size range of {won.key} ({span}) is closer to {model.size}"
    )
