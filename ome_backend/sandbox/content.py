"""Reading the body of a write: its format, its identity, its fields against the kind's schema."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import yaml

from ome_backend.errors import FieldProblem
from ome_backend.resources.kind import Kind
from ome_backend.resources.kinds import SECRET
from ome_backend.resources.manifest import Manifest, text
from ome_backend.sandbox import causes, names, object_meta, secrets
from ome_backend.sandbox.call import Call
from ome_backend.sandbox.registry import Resource
from ome_backend.sandbox.status import bad_request, invalid, unsupported_media_type
from ome_backend.schema import crds, structural

JSON, YAML = "application/json", "application/yaml"


class _Loader(yaml.CSafeLoader):
    """YAML as the API server reads it: what looks like a time stays a text."""


_Loader.yaml_implicit_resolvers = {
    start: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for start, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True, slots=True)
class Checked:
    """An object with defaults and without unknown fields, whose paths are `unknown`."""

    manifest: Manifest
    unknown: tuple[str, ...]


def schema_of(kind: Kind) -> Mapping[str, Any] | None:
    """The structural schema of a kind with a definition, None for built-in kinds."""
    crd = crds.crd(kind.name)
    return crd.schema if crd else None


def manifest_of(call: Call) -> Manifest:
    """The object in the body of a create or an update, with its identity settled by the path.

    Raises StatusError 400 for what is no such object, 415 for another format.
    """
    if call.media_type not in ("", JSON, YAML):
        raise unsupported_media_type((JSON, YAML))
    manifest = parsed(call, yaml_too=call.media_type == YAML)
    if call.resource.custom and not manifest.get("kind"):
        shown = call.body.decode("utf-8", "replace")
        why = f"Object 'Kind' is missing in '{shown}' ({shown})"
        message = f"the object provided is unrecognized (must be of type {call.kind.name}): {why}"
        raise bad_request(message)
    return identified(call, manifest)


def parsed(call: Call, *, yaml_too: bool = False) -> Manifest:
    """The mapping in the body. Raises StatusError 400 when there is none."""
    try:
        raw = yaml.load(call.body, _Loader) if yaml_too else orjson.loads(call.body)
    except (orjson.JSONDecodeError, yaml.YAMLError, UnicodeDecodeError) as exc:
        why = f"couldn't get version/kind; json parse error: {exc}"
        raise bad_request(_unrecognised(call.kind, call.body, why)) from exc
    if not isinstance(raw, dict):
        why = "couldn't get version/kind; json parse error: the value is no object"
        raise bad_request(_unrecognised(call.kind, call.body, why))
    return raw


def identified(call: Call, manifest: Manifest) -> Manifest:
    """The manifest with apiVersion, kind and namespace of the path; what contradicts is refused."""
    kind = call.kind
    version = manifest.setdefault("apiVersion", kind.api_version)
    if version != kind.api_version:
        raise bad_request(
            f"the API version in the data ({version}) does not match the expected API version "
            f"({kind.api_version})"
        )
    if manifest.setdefault("kind", kind.name) != kind.name:
        why = f'Invalid value: "{manifest["kind"]}": must be {kind.name}'
        name = text(manifest, "metadata", "name")
        raise invalid(kind, name, [FieldProblem("kind", why)])
    metadata = _metadata(kind, manifest)
    namespace = metadata.get("namespace") or call.target.namespace
    if call.target.namespace and namespace != call.target.namespace:
        raise bad_request(
            "the namespace of the provided object does not match the namespace sent on the request"
        )
    if call.target.namespace:
        metadata["namespace"] = namespace
    else:
        metadata.pop("namespace", None)
    return manifest | {"metadata": metadata}


def checked(resource: Resource, manifest: Manifest) -> Checked:
    """The object pruned and with its definition's defaults; built-in kinds pass as they are."""
    schema = schema_of(resource.kind)
    if schema is None:
        secret = resource.kind == SECRET
        return Checked(secrets.stored(manifest) if secret else manifest, ())
    metadata = manifest["metadata"]
    strange = [f"metadata.{name}" for name in sorted(metadata) if name not in object_meta.FIELDS]
    unknown = structural.unknown_fields(schema, manifest)
    if strange:
        known = {name: value for name, value in metadata.items() if name in object_meta.FIELDS}
        manifest = manifest | {"metadata": known}
    if unknown:
        manifest = structural.prune(schema, manifest)
    return Checked(structural.default(schema, manifest), (*strange, *unknown))


def refuse_problems(call: Call, manifest: Manifest, before: Manifest | None) -> None:
    """Raises StatusError 422 naming everything wrong, but for what was as wrong before."""
    kind = call.kind
    found = list(names.problems(kind, manifest))
    schema = schema_of(kind)
    if schema is not None:
        found += structural.problems(schema, manifest)
    if found and before is not None:
        known = set(structural.problems(schema, before)) if schema is not None else set()
        found = [problem for problem in found if problem not in known]
    if found:
        said = causes.complete(found, status=bool(call.target.subresource))
        raise invalid(kind, text(manifest, "metadata", "name"), said)


def strict_text(unknown: Sequence[str]) -> str:
    """The words of strict decoding about unknown fields."""
    return "strict decoding error: " + ", ".join(warning_texts(unknown))


def warning_texts(unknown: Sequence[str]) -> tuple[str, ...]:
    """One text per unknown field."""
    return tuple(f'unknown field "{path}"' for path in unknown)


def _metadata(kind: Kind, manifest: Manifest) -> Manifest:
    given = manifest.get("metadata")
    if wrong := object_meta.mistyped(given):
        raise bad_request(
            f'{kind.name} in version "{kind.version}" cannot be handled as a {kind.name}: {wrong}'
        )
    return object_meta.tidy(given or {})


def _unrecognised(kind: Kind, body: bytes, why: str) -> str:
    start = body[:30].hex() + (" ..." if len(body) > 30 else "")
    return f"the object provided is unrecognized (must be of type {kind.name}): {why} ({start})"
