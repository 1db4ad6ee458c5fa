"""The choices of the Deploy page. Every widget shows what the manifest says and writes back into it."""

from collections.abc import Sequence

import streamlit as st

from ome_backend.matching.verdict import Ranking
from ome_backend.resources.health import Level
from ome_backend.resources.kind import Key
from ome_backend.resources.kinds import CLUSTER_BASE_MODEL, NAMESPACE
from ome_backend.services.draft import Choices
from ome_backend.services.models import ModelView
from pages.components import draft
from pages.components.accelerator_choice import choose_accelerator
from pages.components.fit_lines import fit_lines, room
from pages.components.health import cell
from pages.components.ranking import rejected, summary
from pages.components.session import backend
from pages.components.text import plain
from pages.components.words import described

LEAVE_TO_OME = "Leave it to OME"


def choose_model(models: Sequence[ModelView]) -> ModelView | None:
    """The model to deploy: the one in the address, else the one in the manifest."""
    st.subheader("Model", anchor=False)
    deployable = {str(view.key): view for view in models if view.health.level is not Level.OFF}
    _follow_address(deployable)
    held = draft.choices()
    if held is not None:
        st.session_state["deploy_last"] = _model_key(held)
    current = st.session_state.get("deploy_last", "") if draft.begun() else ""
    if current and st.query_params.get("model") != current:
        st.session_state["deploy_asked"] = st.query_params["model"] = current
    st.session_state["deploy_model"] = current if current in deployable else None
    st.selectbox(
        "Model",
        list(deployable),
        index=None,
        key="deploy_model",
        label_visibility="collapsed",
        placeholder="Choose a model",
        on_change=_model_chosen,
        args=(deployable,),
        format_func=lambda key: f"{key} · {cell(deployable[key].health)}",
    )
    _left_out(models)
    view = deployable.get(current)
    if view is None:
        _none_chosen(current or st.query_params.get("model", ""))
        return None
    st.caption(plain(described(view.model)))
    if view.health.level is not Level.GOOD:
        st.warning(
            f"{plain(view.health.sentence)} Its pods can run only on nodes where it is ready.",
            icon=":material/schedule:",
        )
    return view


def _follow_address(deployable: dict[str, ModelView]) -> None:
    asked = st.query_params.get("model")
    if asked and asked != st.session_state.get("deploy_asked") and asked in deployable:
        st.session_state["deploy_asked"] = asked
        draft.begin(deployable[asked].model)


def _model_chosen(deployable: dict[str, ModelView]) -> None:
    chosen = st.session_state["deploy_model"]
    if chosen is None:
        draft.discard()
        st.query_params.pop("model", None)
    elif chosen in deployable:
        st.session_state["deploy_asked"] = st.query_params["model"] = chosen
        draft.begin(deployable[chosen].model)


def _none_chosen(named: str) -> None:
    if named:
        st.error(
            f"The model **{plain(named)}** does not exist or is disabled.",
            icon=":material/error:",
        )
    else:
        st.info("Choose a model to see which runtimes serve it.", icon=":material/deployed_code:")


def _left_out(models: Sequence[ModelView]) -> None:
    disabled = [str(view.key) for view in models if view.health.level is Level.OFF]
    if disabled:
        st.caption(
            f"Not offered, because OME refuses disabled models: {plain(', '.join(disabled))}."
        )


def _model_key(held: Choices) -> str:
    cluster = held.model_kind == CLUSTER_BASE_MODEL.name
    return held.model if cluster else f"{held.namespace}/{held.model}"


def choose_runtime(view: ModelView) -> None:
    """Every runtime visible from the namespace, eligible first in OME's order, the rest with reasons."""
    held = draft.choices()
    if held is None:
        st.info(
            "The form follows the manifest again once its YAML can be read.",
            icon=":material/edit_note:",
        )
        return
    st.subheader("Runtime", anchor=False)
    ranking = backend().models.rank(view.model, held.namespace, draft.service())
    eligible = {
        str(verdict.runtime.key): verdict for verdict in ranking.verdicts if verdict.compatible
    }
    named = next((name for name in eligible if Key(*_split(name)).name == held.runtime), None)
    key = draft.field("runtime")
    st.session_state[key] = named or (LEAVE_TO_OME if not held.runtime else None)
    st.radio(
        "Runtime",
        [LEAVE_TO_OME, *eligible],
        key=key,
        label_visibility="collapsed",
        captions=[plain(_left_to_ome(ranking)), *(plain(_why(name, ranking)) for name in eligible)],
        format_func=plain,
        on_change=_runtime_chosen,
        args=(key, ranking),
    )
    if held.runtime and named is None:
        _unfit(held.runtime, ranking)
    rejected(ranking, view.model, draft.service(), key="deploy")


def _split(name: str) -> tuple[str, str]:
    namespace, _, own = name.rpartition("/")
    return namespace, own


def _left_to_ome(ranking: Ranking) -> str:
    chosen = ranking.selected
    if chosen is None and backend().runtimes.partial:
        return (
            "None of the runtimes that can be seen here would be chosen. Others may be installed."
        )
    if chosen is None:
        named = [str(each.runtime.key) for each in ranking.verdicts if each.compatible]
        instead = f" Name {named[0]}, which serves it." if named else ""
        return f"OME would refuse it: no runtime that it may choose serves this model.{instead}"
    return f"It takes {chosen.runtime.key} today, and may take another one when runtimes change."


def _why(name: str, ranking: Ranking) -> str:
    verdict = next(each for each in ranking.verdicts if str(each.runtime.key) == name)
    rank = f"OME's choice number {verdict.rank}" if verdict.rank is not None else "by name only"
    return f"{rank} · score {verdict.score} · {summary(verdict)}"


def _unfit(name: str, ranking: Ranking) -> None:
    verdict = next((each for each in ranking.verdicts if each.runtime.key.name == name), None)
    why = (
        " ".join(reason.plain for reason in verdict.reasons)
        if verdict
        else "There is no such runtime."
    )
    st.error(
        f"The manifest names **{plain(name)}**. {plain(why)} The API server accepts this, but OME will not run it.",
        icon=":material/error:",
    )


def _runtime_chosen(key: str, ranking: Ranking) -> None:
    name = st.session_state[key]
    found = next((each.runtime for each in ranking.verdicts if str(each.runtime.key) == name), None)
    draft.choose_runtime(key, found)


def choose_place(view: ModelView) -> None:
    """Where it runs: namespace, name, accelerator, replicas and optional parts."""
    held = draft.choices()
    if held is None:
        return
    st.subheader("Where it runs", anchor=False)
    left, right = st.columns(2)
    with left:
        _namespace(held, view)
        _least(held)
    with right:
        _name(held)
        _most(held)
    choose_accelerator(held, view)
    room(held, view)
    fit_lines(held, view)
    with st.container(horizontal=True):
        _parts(held, view)


def _namespace(held: Choices, view: ModelView) -> None:
    known = sorted(key.name for key in backend().cache.snapshot(NAMESPACE).objects)
    options = [view.key.namespace] if view.key.namespace else sorted({*known, held.namespace})
    key = draft.field("namespace")
    st.session_state[key] = held.namespace
    st.selectbox(
        "Namespace",
        options,
        key=key,
        accept_new_options=not view.key.namespace,
        on_change=lambda: draft.choose_namespace(key, st.session_state[key]),
    )


def _name(held: Choices) -> None:
    key = draft.field("name")
    st.session_state[key] = held.name
    st.text_input(
        "Name",
        key=key,
        on_change=lambda: draft.changed(key, name=st.session_state[key].strip()),
    )


def _least(held: Choices) -> None:
    key = draft.field("min_replicas")
    st.session_state[key] = held.min_replicas
    st.number_input(
        "Fewest replicas",
        min_value=0,
        key=key,
        on_change=lambda: draft.changed(key, min_replicas=st.session_state[key]),
    )


def _most(held: Choices) -> None:
    key = draft.field("max_replicas")
    st.session_state[key] = held.max_replicas
    st.number_input(
        "Most replicas",
        min_value=0,
        key=key,
        on_change=lambda: draft.changed(key, max_replicas=st.session_state[key]),
    )


def _parts(held: Choices, view: ModelView) -> None:
    runtime = backend().models.runtime_of(view.model, held.namespace, draft.service())
    decoder, router = draft.field("decoder"), draft.field("router")
    st.session_state[decoder], st.session_state[router] = held.decoder, held.router
    st.toggle(
        "Decoder (prefill/decode)",
        key=decoder,
        disabled=not (held.decoder or (runtime is not None and runtime.has_decoder)),
        help="Only where the runtime has a decoderConfig.",
        on_change=lambda: draft.changed(decoder, decoder=st.session_state[decoder]),
    )
    st.toggle(
        "Router",
        key=router,
        disabled=not (held.router or (runtime is not None and runtime.has_router)),
        help="Only where the runtime has a routerConfig.",
        on_change=lambda: draft.changed(router, router=st.session_state[router]),
    )
