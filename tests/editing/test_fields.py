"""What a form offers, read from schemas."""

from typing import Any

import pytest

from ome_backend.editing.fields import Field, fields, root_fields
from ome_backend.schema.crds import CRDS, OBJECT_META
from ome_backend.schema.notation import Types

TYPES = {
    "string": "text",
    "date-time": "text",
    "int32": "integer",
    "bool": "switch",
    '"a" | "b"': "choice",
    "quantity": "quantity",
    "int-or-string": "either",
    "[string]": "texts",
    "[int]": "integers",
    "{string}": "map",
    "{quantity}": "map",
    "Pair": "object",
    "[Pair]": "objects",
    "{Pair}": "named",
    "json": "anything",
    "object": "anything",
    "[json]": "anything",
}
SHOWN: list[tuple[str, Any, bool]] = [
    ("string", "a", True),
    ("string", 1, False),
    ("string", None, True),
    ("int32", 3, True),
    ("int32", True, False),
    ("bool", True, True),
    ("bool", "true", False),
    ("quantity", "1Gi", True),
    ("quantity", 8, True),
    ("[string]", ["a"], True),
    ("[string]", ["a", 1], False),
    ("{string}", {"a": "b"}, True),
    ("{string}", {"a": ["b"]}, False),
    ("Pair", {}, True),
    ("Pair", [], False),
    ("[Pair]", [{}], True),
    ("[Pair]", ["a"], False),
    ("json", [1], True),
]


def field(notation: str) -> Field:
    text = f"Pair\n  key  string\n\nThing\n  field  {notation}\n"
    (only,) = fields(Types(text)["Thing"])
    return only


def spec_of(kind: str) -> tuple[Field, ...]:
    return fields(CRDS[kind].schema["properties"]["spec"])


@pytest.mark.parametrize("notation", TYPES)
def test_a_field_has_the_type_that_its_schema_says(notation: str) -> None:
    assert field(notation).type == TYPES[notation]


@pytest.mark.parametrize(("notation", "value", "shown"), SHOWN, ids=str)
def test_what_a_form_can_show_of_a_text(notation: str, value: Any, shown: bool) -> None:
    assert field(notation).takes(value) is shown


def test_rules_of_the_schema_are_the_fields_own() -> None:
    found = field("int64 >= 1 = 5  -- how many")
    assert (found.least, found.default, found.description) == (1, 5, "how many")


def test_the_empty_text_is_no_choice() -> None:
    assert field('"a" | ""').choices == ("a",)


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("storageUri", "Storage URI"),
        ("modelFormat", "Model format"),
        ("deviceIDs", "Device IDs"),
        ("memoryGB", "Memory"),
        ("x", "X"),
    ],
)
def test_a_label_is_the_name_in_words(name: str, label: str) -> None:
    assert Field(name, {}).label == label


def test_a_required_field_comes_first_and_a_rare_one_last() -> None:
    names = [each.name for each in spec_of("BaseModel")]
    assert names[0] == "storage"
    assert names.index("displayName") < names.index("compartmentID")


def test_a_field_of_a_newer_ome_appears_with_the_usual_ones() -> None:
    schema = CRDS["BaseModel"].schema["properties"]["spec"]
    newer = schema | {"properties": schema["properties"] | {"brandNew": {"type": "string"}}}
    (found,) = [each for each in fields(newer) if each.name == "brandNew"]
    assert found.common
    assert found.type == "text"


def test_a_name_is_rare_only_where_it_means_the_rare_thing() -> None:
    formats = next(
        each for each in spec_of("ServingRuntime") if each.name == "supportedModelFormats"
    )
    pods = next(each for each in spec_of("ServingRuntime") if each.name == "engineConfig")
    common = [{each.name for each in found.inside if each.common} for found in (formats, pods)]
    assert "priority" in common[0]
    assert "priority" not in common[1]


@pytest.mark.parametrize(("kind", "required"), [("BaseModel", True), ("ClusterBaseModel", False)])
def test_only_objects_of_namespaces_ask_for_one(kind: str, required: bool) -> None:
    metadata, *rest = root_fields(CRDS[kind].schema, OBJECT_META, namespaced=required)
    asked = {each.name for each in metadata.inside if each.required}
    assert asked == ({"name", "namespace"} if required else {"name"})
    assert [each.name for each in rest] == ["spec"]


def test_what_only_the_server_writes_is_not_offered() -> None:
    metadata = root_fields(CRDS["BaseModel"].schema, OBJECT_META, namespaced=True)[0]
    assert not {"uid", "resourceVersion", "managedFields"} & {each.name for each in metadata.inside}
