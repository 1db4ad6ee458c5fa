"""Two YAML texts against each other, to read: side by side, or as one text with the changes in it."""

import streamlit as st

from pages.components.editor.bundle import loader

_DIFF = st.components.v2.component("yaml_diff", js=loader("drawDiff"))


def yaml_diff(
    key: str,
    before: str,
    after: str,
    *,
    side_by_side: bool = True,
    labels: tuple[str, str] = ("Before", "After"),
    height: int = 430,
) -> None:
    """Draw the differences, what is equal folded; `labels` name both texts, to screen readers too.

    It takes the height it needs, up to `height` pixels. Mask secret values before: both texts are
    sent to the browser whole.
    """
    _DIFF(
        key=key,
        data={
            "before": before,
            "after": after,
            "side_by_side": side_by_side,
            "labels": list(labels),
            "height": height,
        },
    )
