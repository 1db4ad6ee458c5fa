"""Recorded answers of OME's own code, which lie beside the project when they are there."""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from ome_backend.matching.verdict import Ranking, Verdict
from ome_backend.resources.defaults import with_defaults
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.kinds import BY_NAME
from ome_backend.resources.manifest import Manifest
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime

OME = Path(__file__).resolve().parents[3] / "shared" / "ome"


@cache
def load(name: str) -> dict[str, Any]:
    """The whole vector file; skips the test where the vectors are not there."""
    path = OME / "vectors" / f"{name}.json"
    if not path.exists():
        pytest.skip("OME's recorded answers are not beside the project")
    loaded: dict[str, Any] = json.loads(path.read_text())
    return loaded


def cases(name: str) -> list[dict[str, Any]]:
    return list(load(name)["cases"])


def model(raw: Manifest, *, defaults: bool = False) -> Model:
    return Model(with_defaults(raw) if defaults else raw, BY_NAME[raw["kind"]])


def runtime(raw: Manifest, *, defaults: bool = False) -> Runtime:
    return Runtime(with_defaults(raw) if defaults else raw, BY_NAME[raw["kind"]])


def runtimes(raw: Iterable[Manifest], *, defaults: bool = False) -> list[Runtime]:
    return [runtime(one, defaults=defaults) for one in raw]


def service(raw: Manifest | None) -> InferenceService | None:
    return None if raw is None else InferenceService(raw)


@cache
def catalogue(folder: str) -> dict[str, Manifest]:
    """The shipped manifests of `models` or `runtimes` by file name, with the CRDs' defaults."""
    found = sorted((OME / "catalog" / folder).glob("*.yaml"))
    if not found:
        pytest.skip("OME's catalogue is not beside the project")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return {path.name: with_defaults(yaml.load(path.read_text(), loader)) for path in found}


def ranked(ranking: Ranking) -> list[tuple[str, int, bool]]:
    """The auto-selectable runtimes by rank, as `choice` writes them."""
    found = [one for one in ranking.verdicts if one.auto_selectable]
    assert [one.rank for one in found] == list(range(1, len(found) + 1))
    return [(one.runtime.key.name, one.score, one.runtime.cluster_scoped) for one in found]


def verdict_answer(verdict: Verdict) -> Any:
    """A verdict as the recordings write a report; a problem of configuration is a panic there."""
    if any(reason.code == "configuration" for reason in verdict.reasons):
        return "panic"
    return {
        "IsCompatible": verdict.compatible,
        "IncompatibilityReasons": [reason.text for reason in verdict.reasons],
        "Warnings": list(verdict.warnings),
    }


def report_answer(report: dict[str, Any]) -> Any:
    """A recorded report, cut down to what a verdict says."""
    if "panic" in report:
        return "panic"
    return {name: report[name] for name in ("IsCompatible", "IncompatibilityReasons", "Warnings")}


@dataclass
class Comparison:
    """Counts what was compared and keeps the differences; a file without any case fails."""

    name: str
    checked: int = 0
    differences: list[str] = field(default_factory=list)

    def same(self, case: object, what: str, actual: object, expected: object) -> None:
        self.checked += 1
        if actual != expected:
            self.differences.append(f"{case}: {what}\n  here {actual!r}\n  OME  {expected!r}")

    def conclude(self, at_least: int) -> None:
        sys.stdout.write(f"{self.name}: {self.checked} answers compared\n")
        shown = "\n".join(self.differences[:5])
        assert not self.differences, f"{len(self.differences)} of {self.checked} differ:\n{shown}"
        assert self.checked >= at_least


def choice(recorded: dict[str, Any]) -> tuple[str, int, bool]:
    """One entry of a recorded ranking."""
    return recorded["name"], recorded["score"], recorded["isCluster"]


def cells(name: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for left, row in load(name)["cells"].items():
        for right, cell in row.items():
            yield left, right, cell
