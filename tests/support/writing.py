"""The button of the apply panel, whatever plan it belongs to."""

from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button


def write_button(page: AppTest, name: str) -> Button:
    """The one button that writes the text of the page of this name."""
    (found,) = (each for each in page.button if (each.key or "").startswith(f"{name}_write_"))
    return found
