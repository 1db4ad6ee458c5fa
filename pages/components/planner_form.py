"""What the Planner is asked: model, runtime, class and load, all of it in the address."""

from collections.abc import Iterable, Sequence

import streamlit as st

from ome_backend.resources.kind import Key
from ome_backend.resources.kinds import ACCELERATOR_CLASS, MODEL_KINDS, NODE, POD, RUNTIME_KINDS
from ome_backend.services.models import ModelView
from ome_backend.services.wish import Planned, Wish
from pages.components import places
from pages.components.command import answer_command, piped_command
from pages.components.planner_config import config_text
from pages.components.session import backend

MODEL, RUNTIME, CLASS = "planner_model", "planner_runtime", "planner_class"


def asked(models: Sequence[ModelView]) -> Wish | None:
    """Draw the choices; None while no model is chosen."""
    first, second = st.columns([1.2, 1]), st.columns([1.2, 1, 1, 1])
    with first[0]:
        model = _choice("Model", MODEL, [str(view.key) for view in models], "Choose a model")
    view = next((each for each in models if str(each.key) == model), None)
    with first[1]:
        runtime = _choice("Runtime", RUNTIME, _runtimes(view), "None: vLLM with its defaults")
    with second[0]:
        names = [each.key.name for each in backend().planner.classes()]
        accelerator = _choice("Accelerator class", CLASS, names, "The one with most room now")
    with second[1]:
        tensor = _number("Tensor parallel", "planner_tensor", "as the runtime says")
    with second[2]:
        context = _number("Context (tokens)", "planner_context", "the longest there is")
    with second[3]:
        concurrency = _number("Sequences at a time", "planner_concurrency", "1")
    if not model:
        return None
    config = config_text(view, model)
    return Wish(
        key(model),
        key(runtime) if runtime else None,
        accelerator,
        tensor,
        context,
        concurrency or 1,
        config=config,
    )


def key(name: str) -> Key:
    """The identity that `str` of a key stands for."""
    namespace, _, own = name.rpartition("/")
    return Key(namespace, own)


def hint(planned: Planned, view: ModelView) -> None:
    """Where no runtime is chosen: the one OME would take."""
    chosen = view.ranking.selected
    if planned.runtime is None and chosen is not None:
        places.link(
            places.PLANNER,
            f"Plan with {chosen.runtime.key}, which OME would choose",
            None,
            icon=":material/arrow_forward:",
            **address(planned.wish, str(chosen.runtime.key)),
        )


def address(wish: Wish, runtime: str = "") -> dict[str, str]:
    """The wish as the Planner's address carries it; `runtime` stands in for the wish's own."""
    own = str(wish.runtime) if wish.runtime is not None else ""
    said: dict[str, object] = {
        MODEL: wish.model,
        RUNTIME: runtime or own,
        CLASS: wish.accelerator,
        "planner_tensor": wish.tensor,
        "planner_context": wish.context,
        "planner_concurrency": wish.concurrency if wish.concurrency > 1 else None,
    }
    return {name: str(value) for name, value in said.items() if value}


def command(planned: Planned) -> str:
    """The command line's `plan` with the same model, runtime, class and load.

    It would take the runtime that OME selects: where the person chose none, it is given none.
    """
    wish = planned.wish
    given = {
        "--model": wish.model.name,
        "--runtime": wish.runtime.name if wish.runtime is not None else None,
        "--accelerator": planned.accelerator.key.name if planned.accelerator is not None else None,
        "--tensor-parallel": wish.tensor,
        "--max-model-len": wish.context,
        "--config": "config.json" if wish.config else None,
    }
    words = [word for name, value in given.items() if value for word in (name, str(value))]
    kinds = (*MODEL_KINDS, ACCELERATOR_CLASS, NODE, POD)
    if wish.runtime is None:
        return piped_command("plan", kinds, words)
    return answer_command("plan", (*kinds, *RUNTIME_KINDS), words)


def _runtimes(view: ModelView | None) -> list[str]:
    """Eligible ones first, in OME's order; then all others."""
    ranked = [verdict.runtime.key for verdict in view.ranking.verdicts] if view else []
    others = (each.key for each in backend().runtimes.all())
    return list(map(str, dict.fromkeys((*ranked, *others))))


def _choice(label: str, name: str, options: Iterable[str], placeholder: str) -> str:
    """What is asked for stays in the field although it may not exist: the answer says so."""
    held = st.session_state.get(name) or st.query_params.get(name)
    chosen = st.selectbox(
        label,
        list(dict.fromkeys((*options, *([held] if held else [])))),
        index=None,
        key=name,
        bind="query-params",
        placeholder=placeholder,
    )
    return chosen or ""


def _number(label: str, name: str, placeholder: str) -> int | None:
    return st.number_input(
        label,
        min_value=1,
        step=1,
        value=None,
        key=name,
        bind="query-params",
        placeholder=placeholder,
    )
