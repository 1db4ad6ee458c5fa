"""The models that a runtime serves, and those it nearly serves."""

from collections.abc import Sequence

import streamlit as st

from ome_backend.matching.verdict import Verdict
from ome_backend.resources.model import Model
from ome_backend.services.compatibility import Near
from pages.components import places
from pages.components.places import link_to
from pages.components.remedies import remedies
from pages.components.text import plain


def served(found: Sequence[tuple[Model, Verdict]]) -> None:
    """A link to each, with the place OME gives the runtime among all for it."""
    if not found:
        st.info("It serves none of the installed models.", icon=":material/deployed_code:")
    for model, verdict in found:
        rank = f"OME's choice number {verdict.rank}" if verdict.rank is not None else "by name only"
        places.link(places.MODEL, f"{model.key} · {rank}", model.key)


def nearly(found: Sequence[Near]) -> None:
    """The nearest first, each with its reason and, folded, what would change it."""
    if not found:
        return
    st.subheader("Nearly", anchor=False)
    st.caption("Installed models that it would serve after a change, the nearest first.")
    for each in found:
        with st.container(border=True):
            link_to(each.model.ref)
            st.caption(plain(" ".join(reason.plain for reason in each.verdict.reasons)))
            ways = len(each.remedies)
            with st.expander(f"{ways} way{'' if ways == 1 else 's'} to change that"):
                remedies(each.remedies)
