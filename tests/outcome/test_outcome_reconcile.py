"""Whole reconciles of OME's own controller, replayed: every object it made, its status and events."""

import copy
import sys
from collections.abc import Iterable
from typing import Any

import pytest

from ome_backend.admission import service_defaults
from ome_backend.outcome.reconciliation import Outcome, reconcile
from ome_backend.outcome.service_status import Observed
from ome_backend.resources.defaults import with_defaults
from ome_backend.resources.manifest import Manifest, mapping, text
from tests.admission.vectors import config_map
from tests.outcome.vectors import ABSENT, Case, Cluster, cases, settled

_UID = "11111111-1111-1111-1111-111111111111"
_CASES = cases("oracle-reconcile")
_REPLAYED = 41
_BY_SERVER = ("status",)


def _known(case: Case) -> Cluster:
    held = [each for each in case["input"]["objects"] if each["kind"] not in ("Deployment", "Pod")]
    given = case["input"]["configMap"]
    own = [config_map(**given)] if isinstance(given, dict) else []
    return Cluster([*map(with_defaults, held), *own])


def _service(case: Case, known: Cluster) -> Manifest:
    given = with_defaults(copy.deepcopy(case["input"]["inferenceService"]))
    given["metadata"]["uid"] = _UID
    return service_defaults.default(given, known)


def _observed(case: Case, service: Manifest) -> Observed:
    """OME's own update takes the annotations off a Deployment that it finds."""
    name = text(service, "metadata", "name")
    held = case["input"]["objects"]
    deployments = {
        component: each | {"metadata": mapping(each, "metadata") | {"annotations": {}}}
        for component in ("engine", "decoder", "router")
        for each in held
        if (each["kind"], each["metadata"]["name"]) == ("Deployment", f"{name}-{component}")
    }
    pods = {
        component: [
            each
            for each in held
            if each["kind"] == "Pod" and text(each, "metadata", "labels", "component") == component
        ]
        for component in ("engine", "decoder", "router")
    }
    return Observed(deployments, pods)


def _reconciled(case: Case) -> tuple[Manifest, Outcome]:
    known = _known(case)
    service = _service(case, known)
    observed = _observed(case, service)
    for _ in range(case["input"]["reconciles"]):
        outcome = reconcile(service, known, observed)
        if outcome.status is not None:
            service = service | {"status": outcome.status}
    return service, outcome


def _by_name(objects: Iterable[Manifest]) -> dict[str, Any]:
    return {
        f"{each['apiVersion']} {each['kind']} {each['metadata']['name']}": settled(
            {name: value for name, value in each.items() if name not in _BY_SERVER}
        )
        for each in objects
    }


def _recorded(case: Case) -> dict[str, Any]:
    """What OME made; replicas stay as they were found."""
    found = [each for each in case["result"]["objects"] if each["kind"] != "InferenceService"]
    held = copy.deepcopy(found)
    for each in held:
        if each["kind"] == "Deployment":
            each["spec"].pop("replicas", None)
    return _by_name(held)


def _events(outcome: Outcome) -> set[str]:
    gave_up = outcome.gave_up
    if gave_up is None or not gave_up.reason:
        return set()
    return {f"Warning {gave_up.reason} {gave_up.message}"}


@pytest.mark.skipif(not _CASES, reason=ABSENT)
@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in _CASES])
def test_a_reconcile_leaves_what_omes_leaves(case: Case) -> None:
    service, outcome = _reconciled(case)
    recorded = next(
        each for each in case["result"]["objects"] if each["kind"] == "InferenceService"
    )
    warnings = {each for each in case["result"]["events"] if each.startswith("Warning")}
    assert _by_name(outcome.objects) == _recorded(case)
    assert settled(service.get("status") or _NO_STATUS) == settled(recorded["status"])
    assert _events(outcome) == warnings
    assert (outcome.gave_up is not None and outcome.gave_up.panics) == (
        "panic" in case["result"]["reconcile"]
    )


_NO_STATUS = {"modelStatus": {"transitionStatus": ""}}


@pytest.mark.skipif(not _CASES, reason=ABSENT)
def test_no_recorded_reconcile_is_left_out_silently(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        sys.stdout.write(f"\noracle-reconcile: {len(_CASES)} of {len(_CASES)} replayed")
    assert len(_CASES) == _REPLAYED
