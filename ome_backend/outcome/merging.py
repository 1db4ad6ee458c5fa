"""How OME puts a component together from the runtime and the service (isvc/utils/merging.go)."""

import copy
from typing import Any

from ome_backend.outcome.strategic_merge import merged
from ome_backend.resources.manifest import Manifest, items, mapping

_NOT_READ = "acceleratorOverride"


def component(runtime: Manifest | None, block: Manifest | None) -> Manifest | None:
    """The block of the service over the runtime's configuration; None where the service has none.

    Arguments of a runner replace the runtime's, and a runner without a name takes the name away.
    Source: MergeEngineSpec, MergeDecoderSpec, MergeRouterSpec.
    """
    if block is None:
        return None
    named = _with_runner_names(block)
    if runtime is None:
        return named
    return merged({name: value for name, value in runtime.items() if name != _NOT_READ}, named)


def container(base: Manifest, override: Manifest) -> Manifest:
    """One container over another; here arguments are appended, and a missing name keeps the other's.

    Source: MergeRuntimeContainers.
    """
    whole = merged(base, override)
    whole["name"] = whole.get("name") or base.get("name", "")
    args = [*items(base, "args"), *items(override, "args")]
    return whole | {"args": args} if args else whole


def filled(value: Any, metadata: Manifest) -> Any:
    """`{{.Name}}`, `{{.Namespace}}` and `{{.Labels.x}}` replaced by those of the service.

    Source: ReplacePlaceholders.
    """
    if isinstance(value, str):
        return _filled_text(value, metadata) if "{{" in value else value
    if isinstance(value, list):
        return [filled(each, metadata) for each in value]
    if isinstance(value, dict):
        return {key: filled(each, metadata) for key, each in value.items()}
    return value


def _filled_text(value: str, metadata: Manifest) -> str:
    known = {"Name": metadata.get("name", ""), "Namespace": metadata.get("namespace", "")}
    for group in ("labels", "annotations"):
        found = mapping(metadata, group)
        known |= {f"{group.title()}.{key}": each for key, each in found.items()}
    for name, text in known.items():
        for written in (f"{{{{.{name}}}}}", f"{{{{ .{name} }}}}"):
            value = value.replace(written, str(text))
    return value


def _with_runner_names(block: Manifest) -> Manifest:
    """Go writes the name of a container even when it is empty."""
    made = copy.deepcopy(block)
    for part in (made, made.get("leader"), made.get("worker")):
        runner = part.get("runner") if isinstance(part, dict) else None
        if isinstance(runner, dict):
            runner.setdefault("name", "")
    return made
