"""Words of others, in places where Streamlit reads Markdown.

Names in an address, messages of controllers and containers, and whatever stands in a manifest must
not become formatting, and above all not images, which the reader's browser would fetch.
"""

_SPECIAL = frozenset("\\`*_{}[]()<>#$~|!:")


def plain(text: str) -> str:
    """The text as Markdown that shows it letter by letter."""
    return "".join(f"\\{letter}" if letter in _SPECIAL else letter for letter in text)
