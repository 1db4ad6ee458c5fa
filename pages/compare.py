"""Compare: two objects of a family, or one with a text, side by side; what differs comes first."""

import streamlit as st

from ome_backend.resources.kinds import NAMESPACE, OME_KINDS
from pages.components.comparison import choose_left, choose_right, comparison
from pages.components.live import live
from pages.components.title import title

title("Compare")


@live(*OME_KINDS, NAMESPACE, key="compare")
def compare() -> None:
    left_side, right_side = st.columns(2, gap="large")
    with left_side:
        left = choose_left()
    if left is None:
        st.info(
            "Choose an object to compare. Its page offers the same under More.",
            icon=":material/compare_arrows:",
        )
        return
    with right_side:
        right = choose_right(left)
    if right is not None:
        comparison(left, right)


compare()
