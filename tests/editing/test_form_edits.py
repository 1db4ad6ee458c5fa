"""One move in a form changes exactly one field, whatever else the text holds."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ome_backend.editing.fields import Field, root_fields
from ome_backend.editing.paths import at
from ome_backend.editing.placing import placed, removed
from ome_backend.schema import structural, yaml_text
from ome_backend.schema.crds import OBJECT_META, Crd
from ome_backend.schema.schemas import BUNDLED
from ome_backend.schema.yaml_dump import dump
from ome_backend.schema.yaml_edit import edit

Path = tuple[str | int, ...]
DEEPEST, MOST = 5, 3
WORDS = st.one_of(
    st.text("abz019-./: #'\"{}[]&*!|>%@~", min_size=1, max_size=12),
    st.sampled_from(["true", "no", "1", "1.0", "null", "~", "- x", "a: b", "# no", "日本", "x "]),
)
NAMES = st.text("abcxyz-./", min_size=1, max_size=8)
each_kind = pytest.mark.parametrize("crd", BUNDLED, ids=lambda crd: crd.kind.name)
few = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@st.composite
def plain_values(draw: st.DrawFn, field: Field) -> Any:
    """A value that the field may have."""
    least = int(field.least or 0)
    choices: dict[str, st.SearchStrategy[Any]] = {
        "integer": st.integers(least, least + 1000),
        "number": st.floats(0, 10),
        "switch": st.booleans(),
        "choice": st.sampled_from(field.choices or ("",)),
        "quantity": st.sampled_from(["1", "80Gi", 4, "100m"]),
        "either": st.sampled_from(["25%", 1]),
    }
    if "pattern" in field.schema and field.type == "text":
        return draw(st.sampled_from(["http://a", "https://b"]))
    return draw(choices.get(field.type, WORDS))


@st.composite
def objects(draw: st.DrawFn, fields: tuple[Field, ...], depth: int = 0) -> dict[str, Any]:
    """An object with the fields it must have and a few others, in any order."""
    chosen = [each for each in fields if each.required]
    others = [each for each in fields if not each.required]
    if others and depth < DEEPEST:
        chosen += draw(st.lists(st.sampled_from(others), max_size=MOST, unique_by=id))
    ordered = draw(st.permutations(chosen))
    return {each.name: draw(values(each, depth + 1)) for each in ordered}


@st.composite
def values(draw: st.DrawFn, field: Field, depth: int) -> Any:
    most = 2 if depth < DEEPEST else 0
    match field.type:
        case "object":
            return draw(objects(field.inside, depth))
        case "objects":
            alone = "x-kubernetes-list-map-keys" in field.schema
            return draw(st.lists(objects(field.inside, depth), max_size=1 if alone else most))
        case "named":
            return draw(st.dictionaries(NAMES, objects(field.inside, depth), max_size=most))
        case "texts":
            return draw(st.lists(WORDS, max_size=3, unique=True))
        case "integers":
            return draw(st.lists(st.integers(1, 99), max_size=3, unique=True))
        case "map":
            return draw(st.dictionaries(NAMES, plain_values(Field("", field.part)), max_size=3))
        case "anything":
            return draw(st.dictionaries(NAMES, WORDS, max_size=2))
        case _:
            return draw(plain_values(field))


def fields_of(crd: Crd) -> tuple[Field, ...]:
    return root_fields(crd.schema, OBJECT_META, namespaced=crd.kind.namespaced)


@st.composite
def manifests(draw: st.DrawFn, crd: Crd) -> dict[str, Any]:
    made = draw(objects(fields_of(crd)))
    return {"apiVersion": crd.kind.api_version, "kind": crd.kind.name} | made


@st.composite
def texts(draw: st.DrawFn, manifest: dict[str, Any]) -> str:
    """The manifest as a person left it: with comments at the ends of lines and between them."""
    lines: list[str] = []
    for line in dump(manifest).splitlines():
        between = draw(st.integers(0, 9)) == 0
        beside = draw(st.integers(0, 4)) == 0
        lines += ["# between"] if between else []
        lines.append(line + (f" # note {len(lines)}" if beside else ""))
    return "\n".join(lines) + "\n"


def places(value: Any, fields: tuple[Field, ...], path: Path = ()) -> Iterator[tuple[Path, Field]]:
    """Every plain field a form would draw for an object, whether the text has it or not."""
    for field in fields:
        here, held = (*path, field.name), value.get(field.name)
        if field.plain:
            yield here, field
        elif field.type == "object" and isinstance(held, dict):
            yield from places(held, field.inside, here)
        elif field.type == "objects":
            for index, item in enumerate(held or ()):
                yield from places(item, field.inside, (*here, index))
        elif field.type == "named":
            for name, item in (held or {}).items():
                yield from places(item, field.inside, (*here, name))


def value_of(text: str) -> dict[str, Any]:
    parsed = yaml_text.parse(text)
    assert not parsed.problems
    (document,) = parsed.documents
    return document.value


def kept(some: list[str], others: list[str]) -> bool:
    """Every one of the lines is among the others, in the same order."""
    rest = iter(others)
    return all(line in rest for line in some)


@each_kind
def test_random_objects_are_valid(crd: Crd) -> None:
    @few
    @given(manifests(crd))
    def valid(manifest: dict[str, Any]) -> None:
        assert not structural.unknown_fields(crd.schema, manifest)
        assert not structural.problems(crd.schema, manifest)

    valid()


@each_kind
def test_filling_in_one_field_changes_that_field_and_no_other_line(crd: Crd) -> None:
    @few
    @given(st.data())
    def changes_one(data: st.DataObject) -> None:
        manifest = data.draw(manifests(crd))
        text = data.draw(texts(manifest))
        path, field = data.draw(st.sampled_from(list(places(manifest, fields_of(crd)))))
        value = data.draw(plain_values(field))
        after = edit(text, lambda held: placed(held, path, value))
        assert value_of(after) == placed(deepcopy(manifest), path, value)
        before_lines, after_lines = text.splitlines(), after.splitlines()
        if at(manifest, path) is None:
            # A part that was {} stands there with its first field.
            assert kept([line for line in before_lines if "{}" not in line], after_lines)
        else:
            assert len(before_lines) == len(after_lines)
            pairs = zip(before_lines, after_lines, strict=True)
            assert sum(one != other for one, other in pairs) <= 1

    changes_one()


@each_kind
def test_emptying_one_field_takes_its_line_and_no_other(crd: Crd) -> None:
    @few
    @given(st.data())
    def takes_one(data: st.DataObject) -> None:
        manifest = data.draw(manifests(crd))
        text = data.draw(texts(manifest))
        drawn = [path for path, _ in places(manifest, fields_of(crd))]
        path = data.draw(
            st.sampled_from([path for path in drawn if at(manifest, path) is not None])
        )
        after = edit(text, lambda held: removed(held, path))
        assert value_of(after) == removed(deepcopy(manifest), path)
        if len(at(manifest, path[:-1])) > 1:  # else what is around it becomes {}
            # When the first field of a list item goes, the second moves up to the dash.
            undashed = [[line.lstrip(" -") for line in each.splitlines()] for each in (after, text)]
            assert kept(*undashed)
            lines = len(text.splitlines()) - len(after.splitlines())
            assert lines == 1 or (first_of_item(manifest, path) and lines == 2)

    takes_one()


def first_of_item(manifest: dict[str, Any], path: Path) -> bool:
    around = at(manifest, path[:-1])
    return isinstance(path[-2], int) and next(iter(around)) == path[-1]
