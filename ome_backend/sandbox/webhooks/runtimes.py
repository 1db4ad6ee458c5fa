"""What OME refuses of a runtime (wh/servingruntime/servingruntime_webhook.go)."""

from collections.abc import Iterator

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest, dig, items, mapping, text
from ome_backend.sandbox.lookup import Lookup
from ome_backend.sandbox.webhooks.refusal import Refused

_MULTI_NODE = (
    "invalid configuration: for MultiNode deployment, both leader and worker must be defined "
    "and worker.size must be greater than 0"
)
_RAW = "invalid configuration: for RawDeployment, leader and worker must not be defined"


def validate(kind: Kind, runtime: Manifest, objects: Lookup) -> None:
    """Raises Refused with the first problem OME finds; a disabled runtime passes unseen."""
    spec = mapping(runtime, "spec")
    if spec.get("disabled") is True:
        return
    message = next(_problems(kind, runtime, spec, objects), "")
    if message:
        raise Refused(message, webhook=f"{kind.name.lower()}.ome-webhook-server.validator")


def _problems(kind: Kind, runtime: Manifest, spec: Manifest, objects: Lookup) -> Iterator[str]:
    yield from _configuration(spec)
    yield from _accelerators(spec, objects)
    others = objects.list(kind, text(runtime, "metadata", "namespace") or None)
    if others:
        yield from _own_priorities(kind, runtime, spec)
    for other in others:
        yield from _shared_priorities(kind, runtime, other)


def _configuration(spec: Manifest) -> Iterator[str]:
    if spec.get("engineConfig") is not None and spec.get("decoderConfig") is not None:
        return
    workers = spec.get("workers")
    size = dig(spec, "workers", "size")
    if workers is not None and isinstance(size, int) and size <= 0:
        yield _MULTI_NODE
    if spec.get("engineConfig") is None:
        return
    modes = set(_declared_modes(spec))
    if "MultiNode" in modes and workers is None:
        yield _MULTI_NODE
    if "RawDeployment" in modes and workers is not None:
        yield _RAW


def _declared_modes(spec: Manifest) -> Iterator[str]:
    for container in items(spec, "containers"):
        for variable in items(container, "env"):
            if text(variable, "name") == "DEPLOYMENT_MODE":
                yield text(variable, "value")


def _accelerators(spec: Manifest, objects: Lookup) -> Iterator[str]:
    unknown = [
        name
        for name in items(spec, "acceleratorRequirements", "acceleratorClasses")
        if objects.get(kinds.ACCELERATOR_CLASS, Key("", name)) is None
    ]
    if unknown:
        listed = " ".join(unknown)
        yield f"unknown accelerator classes referenced in AcceleratorRequirements: [{listed}]"


def _own_priorities(kind: Kind, runtime: Manifest, spec: Manifest) -> Iterator[str]:
    seen: dict[str, object] = {}
    for wanted in items(spec, "supportedModelFormats"):
        if wanted.get("autoSelect") is not True:
            continue
        name, priority = text(wanted, "name"), wanted.get("priority")
        if seen.setdefault(name, priority) != priority:
            yield (
                f"different priorities assigned for the model format {name} under the "
                f"{kind.name.lower()} {text(runtime, 'metadata', 'name')}"
            )


def _shared_priorities(kind: Kind, runtime: Manifest, other: Manifest) -> Iterator[str]:
    mine, theirs = (text(each, "metadata", "name") for each in (runtime, other))
    if mine == theirs or dig(other, "spec", "disabled") is True:
        return
    protocols = set(items(runtime, "spec", "protocolVersions"))
    if not protocols & set(items(other, "spec", "protocolVersions")):
        return
    namespace = text(runtime, "metadata", "namespace")
    where = f" in namespace {namespace}" if namespace else ""
    for name in _clashing_formats(mapping(runtime, "spec"), mapping(other, "spec")):
        yield (
            f"same priority assigned for the model format {name} in the "
            f"{kind.name.lower()}s {theirs} and {mine}{where}"
        )


def _clashing_formats(spec: Manifest, other: Manifest) -> Iterator[str]:
    for mine in items(spec, "supportedModelFormats"):
        for theirs in items(other, "supportedModelFormats"):
            if _clash(mine, theirs):
                yield text(mine, "name")


def _clash(mine: Manifest, theirs: Manifest) -> bool:
    """OME compares structs that hold pointers: two formats that set a version or an operator, as the
    CRD's defaults make all of them do, never look equal."""
    if not (mine.get("autoSelect") is True and theirs.get("autoSelect") is True):
        return False
    if text(mine, "name") != text(theirs, "name") or mine.get("priority") != theirs.get("priority"):
        return False
    return _same(mine, theirs, "modelFormat") and _same(mine, theirs, "modelFramework")


def _same(mine: Manifest, theirs: Manifest, field: str) -> bool:
    ours, others = mapping(mine, field), mapping(theirs, field)
    pointed = any(name in ours or name in others for name in ("version", "operator", "weight"))
    return not pointed and ours == others
