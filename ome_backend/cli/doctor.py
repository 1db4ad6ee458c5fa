"""`doctor`: what is silently wrong, each with its evidence, its consequence and its fix."""

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, BinaryIO, Final

from ome_backend.cli import arguments, gathering, output
from ome_backend.cli.answers import identity
from ome_backend.cli.gathering import Gathered
from ome_backend.cli.objects import kind_of, placed
from ome_backend.errors import Invalid
from ome_backend.resources.kind import Ref
from ome_backend.resources.manifest import key_of
from ome_backend.services.detectors.cluster import LOOKED_AT, Cluster
from ome_backend.services.detectors.examination import Examination
from ome_backend.services.detectors.finding import DoctorFinding
from ome_backend.services.detectors.registry import examine

EXAMPLE: Final = "doctor -f manifests/"


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was found, and where the objects stand that it is about."""

    examination: Examination
    places: Mapping[Ref, str]


def add_arguments(parser: ArgumentParser) -> None:
    arguments.objects(parser)
    arguments.form(parser)


def run(args: Namespace, stdin: BinaryIO) -> int:
    """0, or 1 where anything was found."""
    found = gathering.gathered(args, stdin, LOOKED_AT)
    if found.problems:
        raise Invalid("\n".join(map(str, found.problems)), hint="")
    cluster = _cluster(found, complete=args.context is not None)
    seen = _Seen(examine(cluster, now=datetime.now(UTC)), _places(found, gathering.namespace(args)))
    if args.form == "json":
        output.document(_to_json(seen))
    else:
        _show(seen)
    return 1 if seen.examination.findings else 0


def _cluster(found: Gathered, *, complete: bool) -> Cluster:
    """Files seldom hold a whole cluster: of a kind that none of them has, nothing is concluded."""
    manifests = [manifest for _, manifest in found.objects.of(*LOOKED_AT)]
    cluster = Cluster.of(manifests, complete=complete)
    return replace(cluster, unseen=found.unseen) if complete else cluster


def _places(found: Gathered, namespace: str) -> dict[Ref, str]:
    places = {}
    for one in found.from_files:
        kind = kind_of(one.document.value)
        if kind is not None:
            key = key_of(placed(kind, one.document.value, namespace))
            places[Ref(kind, key)] = one.remark("metadata.name", "").where
    return places


def _to_json(seen: _Seen) -> dict[str, Any]:
    return {
        "findings": [_finding(each, seen.places) for each in seen.examination.findings],
        "unavailable": [
            {"code": each.detector.name, "why": each.why} for each in seen.examination.unavailable
        ],
    }


def _finding(one: DoctorFinding, places: Mapping[Ref, str]) -> dict[str, Any]:
    return {
        "code": one.code,
        "severity": one.severity.value,
        "about": identity(one.about),
        "where": places.get(one.about),
        "title": one.title,
        "evidence": one.evidence,
        "consequence": one.consequence,
        "fix": one.fix,
        "patch": output.plain(one.patch),
        "command": one.command or None,
        "also": [identity(each) for each in one.also],
    }


def _show(seen: _Seen) -> None:
    for one in seen.examination.findings:
        place = f"{seen.places[one.about]}: " if one.about in seen.places else ""
        output.line(f"{place}{one.severity.value}: {one.about}: {one.title} ({one.code})")
        for label, words in (
            ("seen", one.evidence),
            ("means", one.consequence),
            ("fix", one.fix),
            ("command", one.command),
        ):
            if words:
                output.line(f"  {label}: {words}")
    if hidden := seen.examination.unavailable:
        names = ", ".join(each.detector.name for each in hidden)
        output.complain(f"Not looked for, because the objects it takes are not there: {names}.")
