"""What stands beside a field: its name in words, what it means, and what is wrong with it."""

import streamlit as st

from ome_backend.editing.fields import Field
from ome_backend.editing.paths import written
from pages.components.form.sheet import Path, Sheet
from pages.components.text import plain

_MISSING = "Required value"


def label(field: Field) -> str:
    """A star marks what must be there."""
    return plain(field.label) + (" *" if field.required else "")


def heading(field: Field) -> str:
    """The same above a part of the form, in bold."""
    return f"**{plain(field.label)}**" + (r" \*" if field.required else "")


def explanation(field: Field, path: Path) -> str:
    """What the field means, what it is when left out, and what the YAML calls it."""
    words = field.description[:1].upper() + field.description[1:]
    parts = [plain(words.rstrip(".") + ".") if words else ""]
    if field.default not in (None, ""):
        parts.append(f"Left out, it is {plain(str(field.default))}.")
    return " ".join(part for part in (*parts, f"`{written(path)}`") if part)


def trouble(sheet: Sheet, path: Path) -> None:
    """What is wrong with the field, once something stands there."""
    message = sheet.problems.get(written(path), "")
    if message and not message.startswith(_MISSING):
        st.caption(f":red[{plain(message)}]")


def elsewhere(field: Field) -> None:
    """The YAML holds something that the form cannot show, and leaves alone."""
    st.caption(f"{plain(field.label)}: the YAML holds another kind of value; change it there.")
