"""Every runtime with OME's verdict: eligible first in OME's order, then the rejected with their reasons."""

import streamlit as st

from ome_backend.matching.verdict import Ranking, Verdict
from pages.components.places import link_to
from pages.components.text import plain


def ranking(found: Ranking, *, known: bool) -> None:
    """The whole ranking; `known` is whether the model's format is known, without which nothing fits."""
    if not known:
        st.info(
            "The model's format is not known yet, so no runtime can be matched. OME reads it from the "
            "model's files once they have arrived; it can also be set as spec.modelFormat.",
            icon=":material/hourglass_top:",
        )
        return
    chosen = found.selected
    if chosen is not None:
        st.success(
            f"OME would choose **{plain(str(chosen.runtime.key))}** (score {chosen.score}) for a service "
            "that names no runtime.",
            icon=":material/check_circle:",
        )
    else:
        st.warning(
            "OME would choose no runtime by itself. In its own words:", icon=":material/warning:"
        )
        st.code(found.error, language=None, wrap_lines=True)
    for verdict in found.verdicts:
        if verdict.compatible:
            _eligible(verdict)
    rejected(found)


def rejected(found: Ranking) -> None:
    """The runtimes that cannot serve the model, each with its reasons, folded unless there are no others."""
    refused = [verdict for verdict in found.verdicts if not verdict.compatible]
    with st.expander(
        f"Not eligible ({len(refused)})", expanded=len(refused) == len(found.verdicts)
    ):
        for verdict in refused:
            _rejected(verdict)


def _eligible(verdict: Verdict) -> None:
    with st.container(border=True):
        link_to(verdict.runtime.ref)
        rank = f"rank {verdict.rank}" if verdict.rank is not None else "by name only"
        st.caption(plain(f"{rank} · score {verdict.score} · {summary(verdict)}"))
        for warning in verdict.warnings:
            st.caption(f":orange[:material/warning:] {plain(warning)}")


def _rejected(verdict: Verdict) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        link_to(verdict.runtime.ref)
        st.caption(plain(" ".join(reason.plain for reason in verdict.reasons)), width="stretch")


def summary(verdict: Verdict) -> str:
    """The runtime in a few words."""
    runtime = verdict.runtime
    gpus = f"{runtime.gpus} GPU{'' if runtime.gpus == 1 else 's'} a replica" if runtime.gpus else ""
    return " · ".join(part for part in (runtime.engine_name, runtime.topology, gpus) if part)
