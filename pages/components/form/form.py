"""A form for an object of any kind, drawn from its schema, that edits the YAML beside it field by field."""

from collections.abc import Callable, Iterable, Mapping

import streamlit as st

from ome_backend.editing.fields import Field, root_fields
from ome_backend.errors import FieldProblem
from ome_backend.schema import yaml_text
from ome_backend.schema.crds import OBJECT_META, Crd
from pages.components.form.fields import draw_fields
from pages.components.form.rounds import rounds, told
from pages.components.form.sheet import Change, Sheet
from pages.components.session import backend

# What stands in the schema although nobody writes it: values of a Secret go into stringData.
_NOTHING_TO_WRITE: Mapping[str, tuple[str, ...]] = {"Namespace": ("spec",), "Secret": ("data",)}


def form(
    key: str,
    text: str,
    change: Callable[[Change, int], None],
    *,
    document: int = 0,
    problems: Iterable[FieldProblem] = (),
) -> None:
    """Draw the form of one document of a text. `key` is the page's name.

    `change` gets what to do with the object and the number of its document. What the form does not
    know stays in the text; while the text cannot be read, there is no form.
    """
    parsed = yaml_text.parse(text)
    if parsed.problems or document >= len(parsed.documents):
        st.info("The form follows the YAML again once it can be read.", icon=":material/edit_note:")
        return
    value = parsed.documents[document].value
    crd = backend().schemas.now().of(value)
    if crd is None:
        st.info(
            "There is no form for this kind. The YAML is sent as it is.", icon=":material/info:"
        )
        return

    def by_form(what: Change) -> None:
        told(key, document, value, what)
        change(what, document)

    drawn = rounds(key, document, value)
    sheet = Sheet(key, crd.kind, value, by_form, _by_path(problems), drawn)
    draw_fields(sheet, (), _fields(crd))


def _fields(crd: Crd) -> list[Field]:
    found = root_fields(crd.schema, OBJECT_META, namespaced=crd.kind.namespaced)
    left_out = _NOTHING_TO_WRITE.get(crd.kind.name, ())
    return [each for each in found if each.name not in left_out]


def _by_path(problems: Iterable[FieldProblem]) -> dict[str, str]:
    return {each.path: each.message for each in problems}
