"""Runtimes that OME could not choose between (wh/servingruntime/servingruntime_webhook.go)."""

from collections.abc import Callable, Iterator

from ome_backend.errors import FieldProblem
from ome_backend.resources.kind import Kind
from ome_backend.resources.manifest import Manifest, dig, items, mapping, text
from ome_backend.resources.optional import optional_mapping, optional_number, optional_text, texts

Same = Callable[[Manifest, Manifest], bool]
_TRAITS = ("version", "quantization", "modelArchitecture")
_NESTED = ("modelFormat", "modelFramework")
_POINTERS = ("version", "operator")


def own(spec: Manifest) -> Iterator[FieldProblem]:
    """Formats of one name that the same runtime gives different priorities."""
    first: dict[str, int | None] = {}
    for index, wanted in _selectable(spec):
        name, priority = text(wanted, "name"), optional_number(wanted, "priority")
        held = first.setdefault(name, priority)
        if held is not None and priority is not None and held != priority:
            message = f"different priorities assigned for the model format {name}"
            yield FieldProblem(f"spec.supportedModelFormats[{index}].priority", message)


def shared(runtime: Manifest, other: Manifest, same: Same) -> Iterator[FieldProblem]:
    """Formats that `other` supports with the same priority, where a request could go to either."""
    mine, theirs = mapping(runtime, "spec"), mapping(other, "spec")
    if _apart(runtime, other) or not same_range(mine, theirs):
        return
    for _, their_format in _selectable(theirs):
        for index, my_format in _selectable(mine):
            if _tied(my_format, their_format) and same(my_format, their_format):
                message = f"same priority assigned for the model format {text(my_format, 'name')}"
                yield FieldProblem(f"spec.supportedModelFormats[{index}].priority", message)


def between(kind: Kind, runtime: Manifest, other: Manifest) -> str:
    """Where a shared priority is, as OME ends its sentence."""
    namespace = text(runtime, "metadata", "namespace")
    names = f"{text(other, 'metadata', 'name')} and {text(runtime, 'metadata', 'name')}"
    where = f" in namespace {namespace}" if kind.namespaced else ""
    return f"in the {kind.name.lower()}s {names}{where}"


def identical(mine: Manifest, theirs: Manifest) -> bool:
    """OME's own comparison. It compares structs that hold pointers: two formats that set a version or
    an operator, as the CRD's defaults make all of them do, never look equal."""
    return _alike(mine, theirs) and all(_same_struct(mine, theirs, field) for field in _NESTED)


def alike(mine: Manifest, theirs: Manifest) -> bool:
    """What OME's comparison is meant to be."""
    return _alike(mine, theirs) and all(
        optional_mapping(mine, field) == optional_mapping(theirs, field) for field in _NESTED
    )


def same_range(mine: Manifest, theirs: Manifest) -> bool:
    """Whether two specs have the same modelSizeRange; a missing one is not an empty one."""
    ours, others = (optional_mapping(spec, "modelSizeRange") for spec in (mine, theirs))
    if ours is None or others is None:
        return ours is others
    return all(
        optional_text(ours, bound) == optional_text(others, bound) for bound in ("min", "max")
    )


def _selectable(spec: Manifest) -> Iterator[tuple[int, Manifest]]:
    for index, entry in enumerate(items(spec, "supportedModelFormats")):
        if isinstance(entry, dict) and entry.get("autoSelect") is True:
            yield index, entry


def _apart(runtime: Manifest, other: Manifest) -> bool:
    """They are the same, one is off, or nobody could ask both in the same way."""
    names = {text(each, "metadata", "name") for each in (runtime, other)}
    protocols = set(texts(runtime, "spec", "protocolVersions"))
    return (
        len(names) == 1
        or dig(other, "spec", "disabled") is True
        or protocols.isdisjoint(texts(other, "spec", "protocolVersions"))
    )


def _tied(mine: Manifest, theirs: Manifest) -> bool:
    priority = optional_number(mine, "priority")
    return priority is not None and priority == optional_number(theirs, "priority")


def _alike(mine: Manifest, theirs: Manifest) -> bool:
    names = {text(each, "name").casefold() for each in (mine, theirs)}
    return len(names) == 1 and all(
        optional_text(mine, field) == optional_text(theirs, field) for field in _TRAITS
    )


def _same_struct(mine: Manifest, theirs: Manifest, field: str) -> bool:
    ours, others = optional_mapping(mine, field), optional_mapping(theirs, field)
    if ours is None or others is None:
        return ours is others
    pointed = any(each.get(name) is not None for each in (ours, others) for name in _POINTERS)
    return not pointed and _plain(ours) == _plain(others)


def _plain(struct: Manifest) -> tuple[str, int]:
    return text(struct, "name"), optional_number(struct, "weight") or 0
