"""Every runtime with OME's verdict: eligible first in OME's order, then the rejected with their reasons."""

import streamlit as st

from ome_backend.matching.margin import margin
from ome_backend.matching.verdict import Ranking, Verdict
from ome_backend.resources.inference_service import InferenceService
from ome_backend.resources.model import Model
from ome_backend.services.compatibility import nearness
from pages.components.places import link_to
from pages.components.remedies import remedies
from pages.components.session import backend
from pages.components.text import plain


def ranking(found: Ranking, model: Model) -> None:
    """The whole ranking for a model; without a known format nothing fits."""
    if not model.format_name:
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
        _ahead(found, model)
    elif backend().runtimes.partial:
        st.info(
            "None of the runtimes that can be seen here would be chosen. Others may be installed.",
            icon=":material/visibility_off:",
        )
    else:
        st.warning(
            "OME would choose no runtime by itself. In its own words:", icon=":material/warning:"
        )
        st.code(found.error, language=None, wrap_lines=True)
    for verdict in found.verdicts:
        if verdict.compatible:
            _eligible(verdict)
    rejected(found, model, key="model")


def _ahead(found: Ranking, model: Model) -> None:
    ahead = margin(found, model)
    if ahead is not None:
        st.caption(plain(ahead.sentence))
    else:
        st.caption("There is no runner-up: OME may choose no other runtime for it.")


def rejected(
    found: Ranking, model: Model, service: InferenceService | None = None, *, key: str
) -> None:
    """The runtimes that cannot serve the model, the nearest first, each with its reasons.

    Folded unless there are no others; `key` is the page's name.
    """
    refused = [verdict for verdict in found.verdicts if not verdict.compatible]
    refused.sort(key=lambda each: nearness(model, each.runtime))
    with st.expander(
        f"Not eligible ({len(refused)})", expanded=len(refused) == len(found.verdicts)
    ):
        if refused:
            _change(refused, model, service, key)
        for verdict in refused:
            _rejected(verdict)


def _change(
    refused: list[Verdict], model: Model, service: InferenceService | None, key: str
) -> None:
    """What would make one of them eligible; to begin with, the nearest."""
    names = {str(verdict.runtime.key): verdict.runtime for verdict in refused}
    chosen = st.selectbox("What would make this one eligible", list(names), key=f"{key}_remedies")
    remedies(backend().compatibility.remedies(model, names[chosen], service))


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
