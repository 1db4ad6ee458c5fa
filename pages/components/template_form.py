"""The parameters of a template as a form."""

from collections.abc import Mapping

import streamlit as st

from ome_backend.editing.masking import HIDDEN
from ome_backend.editing.templates import Parameter, Template
from ome_backend.services.templates import manifests
from pages.components.text import plain


def ask(template: Template) -> dict[str, str]:
    """Draw one field a parameter; returns what they hold, with what is wrong shown at each."""
    values: dict[str, str] = {}
    for each in template.parameters:
        value = _field(f"template_{template.name}_{each.name}", each)
        values[each.name] = value
        said = each.objection(value)
        if said and (value or each.type != "secret"):
            st.caption(f":red[:material/error: {plain(said)}]")
    return values


def made(template: Template, values: Mapping[str, str]) -> str:
    """The manifests, with what leads back to the template; empty while a value is missing or wrong."""
    if template.objections(values):
        st.info("Fill in what is missing to see what it makes.", icon=":material/edit:")
        return ""
    return manifests(template, values)


def preview(template: Template, values: Mapping[str, str]) -> str:
    """The manifests to look at, secret values hidden; the places themselves while something is missing."""
    secret = {each.name: HIDDEN for each in template.parameters if each.type == "secret"}
    known = {**values, **secret}
    return template.body if template.objections(known) else manifests(template, known)


def _field(key: str, parameter: Parameter) -> str:
    label, note = plain(parameter.title), plain(parameter.description) or None
    match parameter.type:
        case _ if parameter.choices:
            index = parameter.choices.index(parameter.default)
            return str(st.selectbox(label, parameter.choices, index, key=key, help=note))
        case "switch":
            return str(st.toggle(label, parameter.default == "true", key=key, help=note)).lower()
        case "number":
            return str(
                st.number_input(
                    label,
                    value=int(parameter.default),
                    min_value=parameter.minimum,
                    max_value=parameter.maximum,
                    step=1,
                    key=key,
                    help=note,
                )
            )
        case "secret":
            return st.text_input(
                label, key=key, help=note, type="password", autocomplete="off"
            ).strip()
        case _:
            return st.text_input(label, parameter.default, key=key, help=note).strip()
