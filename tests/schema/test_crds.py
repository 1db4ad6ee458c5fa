"""Our compact definitions against OME's own, field by field."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from ome_backend.resources import kinds
from ome_backend.resources.kind import Kind
from ome_backend.schema import crds
from ome_backend.schema.notation import Schema

REAL = Path(__file__).resolve().parents[3] / "shared" / "ome" / "crds"
TYPES = Path(crds.__file__).with_name("types")
each_kind = pytest.mark.parametrize("kind", kinds.OME_KINDS, ids=lambda kind: kind.name)


@cache
def real(kind: Kind) -> dict[str, Any]:
    file = REAL / f"{kind.group}_{kind.plural}.yaml"
    if not file.exists():
        pytest.skip(f"OME's own definitions are not there: {REAL}")
    definition: dict[str, Any] = yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return definition


def ours(kind: Kind) -> dict[str, Any]:
    return crds.custom_resource_definition(crds.CRDS[kind.name])


def schema_of(definition: dict[str, Any]) -> Schema:
    (version,) = definition["spec"]["versions"]
    schema: Schema = version["schema"]["openAPIV3Schema"]
    return schema


def differences(left: Schema, right: Schema, path: str) -> Iterator[str]:
    """What differs, descriptions aside, at any depth."""
    for word in (left.keys() | right.keys()) - {"description"}:
        one, other = left.get(word), right.get(word)
        if isinstance(one, dict) and isinstance(other, dict):
            children = {"": (one, other)}
            if word == "properties":
                children = {n: (one.get(n, {}), other.get(n, {})) for n in one.keys() | other}
            for name, (a, b) in children.items():
                yield from differences(a, b, f"{path}.{name or word}")
        elif one != other:
            yield f"{path} {word}: {one} instead of {other}"


@each_kind
def test_every_field_is_as_in_ome(kind: Kind) -> None:
    assert not list(differences(schema_of(ours(kind)), schema_of(real(kind)), kind.name))


def test_a_difference_deep_inside_is_found() -> None:
    left = {"properties": {"a": {"items": {"type": "string", "description": "x"}}}}
    right = {"properties": {"a": {"items": {"type": "integer"}}}}
    assert list(differences(left, right, "X")) == ["X.a.items type: string instead of integer"]


@each_kind
def test_names_and_scope_are_as_in_ome(kind: Kind) -> None:
    mine, theirs = ours(kind)["spec"], real(kind)["spec"]
    for part in ("group", "names", "scope"):
        assert mine[part] == theirs[part]
    assert ours(kind)["metadata"]["name"] == real(kind)["metadata"]["name"]


@each_kind
@pytest.mark.parametrize("part", ["name", "subresources", "additionalPrinterColumns", "storage"])
def test_the_version_is_as_in_ome(kind: Kind, part: str) -> None:
    assert ours(kind)["spec"]["versions"][0][part] == real(kind)["spec"]["versions"][0][part]


def test_every_ome_kind_has_a_definition() -> None:
    assert {definition.kind for definition in crds.CRDS.values()} == set(kinds.OME_KINDS)


def test_other_kinds_have_none() -> None:
    assert crds.crd("Pod") is None


def test_a_type_used_twice_is_one_object() -> None:
    engine = crds.CRDS["ServingRuntime"].schema["properties"]["spec"]["properties"]
    assert engine["engineConfig"]["properties"] is engine["decoderConfig"]["properties"]


KUBERNETES = {"container.txt", "pod.txt", "scheduling.txt", "volume.txt", "resource.txt"}


@pytest.mark.parametrize("file", sorted(TYPES.glob("*.txt")), ids=lambda file: file.stem)
def test_every_field_of_omes_own_is_described(file: Path) -> None:
    fields = [line for line in file.read_text("utf-8").splitlines() if line.startswith("  ")]
    fields = [line for line in fields if line.strip()[0] not in ".|"]
    plain = [line.split()[0] for line in fields if " -- " not in line]
    assert len(plain) < len(fields) if file.name in KUBERNETES else not plain
