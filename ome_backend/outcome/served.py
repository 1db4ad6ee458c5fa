"""The runtime as the pods of one service have it."""

from typing import Final

from ome_backend.outcome import component_metadata, runner
from ome_backend.outcome.decision import CONFIGS, Decision
from ome_backend.resources.manifest import Manifest, mapping

_PARTS: Final = ("leader", "worker")


def served(decision: Decision) -> Manifest:
    """The runtime's manifest with the service's blocks merged in and its accelerator classes at work.

    Components that the service does not have are left out.
    """
    runtime = decision.runtime or {}
    spec = {
        field: value
        for field, value in mapping(runtime, "spec").items()
        if field not in CONFIGS.values()
    }
    parts = {CONFIGS[name]: _component(decision, name) for name in decision.components}
    return runtime | {"spec": spec | parts}


def _component(decision: Decision, name: str) -> Manifest:
    merged = _completed(decision, name, decision.components[name])
    held = {part: merged[part] for part in _PARTS if isinstance(merged.get(part), dict)}
    return merged | {part: _completed(decision, name, each) for part, each in held.items()}


def _completed(decision: Decision, name: str, part: Manifest) -> Manifest:
    main = part.get("runner")
    if name == "router" or not isinstance(main, dict):
        return part
    annotations = component_metadata.annotations(decision, name)
    return part | {"runner": runner.completed(decision, name, main, annotations)}
