"""What if the model declared something else: the ranking before and after, and nothing is written."""

from collections.abc import Iterator

import streamlit as st

from ome_backend.matching.verdict import Ranking, Verdict
from ome_backend.resources.model import Model
from ome_backend.services.trial import Facts, Trial, facts_of, settable, try_out
from pages.components.facts_table import facts_table
from pages.components.pairs import sign
from pages.components.remedies import commands
from pages.components.session import backend
from pages.components.text import plain

_FIELDS = {
    "format_version": "Format version",
    "framework_version": "Framework version",
    "architecture": "Architecture",
    "quantization": "Quantisation",
    "size": "Size",
}


def what_if(model: Model) -> None:
    """Fields to try out, folded; below them what would change."""
    with st.expander("What if the model declared something else?"):
        st.caption("Nothing is written. An empty field is one the model does not declare.")
        trial = try_out(model, _wanted(model), backend().runtimes)
        if not trial.edits:
            st.caption("Change a field to see how OME would choose then.")
            return
        _compared(trial)
        st.caption("To make it so:")
        commands(trial.edits)


def _wanted(model: Model) -> Facts:
    held = facts_of(model)
    given = {
        name: column.text_input(
            label,
            value=getattr(held, name),
            key=f"model_what_if_{name}_{model.key}",
            disabled=not settable(model, name),
        ).strip()
        for (name, label), column in zip(_FIELDS.items(), st.columns(len(_FIELDS)), strict=True)
    }
    return Facts(**given)


def _compared(trial: Trial) -> None:
    before, after = trial.found.before, trial.found.after
    st.markdown(f"Before: {_chosen(before)}  \nAfter: {_chosen(after)}")
    rows = list(_moved(before, after))
    if rows:
        facts_table(rows)
    else:
        st.caption("No runtime's verdict or rank changes.")


def _chosen(found: Ranking) -> str:
    eligible = sum(verdict.compatible for verdict in found.verdicts)
    taken = found.selected
    name = f"OME takes **{plain(str(taken.runtime.key))}**" if taken else "OME takes none"
    return f"{name}; {eligible} of {len(found.verdicts)} runtimes are eligible."


def _moved(before: Ranking, after: Ranking) -> Iterator[dict[str, str]]:
    """The runtimes that fare otherwise, in the order they have afterwards."""
    was = {each.runtime.key: each for each in before.verdicts}
    for each in after.verdicts:
        old = was[each.runtime.key]
        if (sign(old), old.score) != (sign(each), each.score):
            yield {
                "Runtime": str(each.runtime.key),
                "Before": _standing(old),
                "After": _standing(each),
                "Why": " ".join(reason.plain for reason in each.reasons),
            }


def _standing(verdict: Verdict) -> str:
    return f"{sign(verdict)} score {verdict.score}" if verdict.compatible else sign(verdict)
