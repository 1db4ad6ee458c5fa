"""The formats a runtime takes, one row each."""

import streamlit as st

from ome_backend.resources.runtime import Runtime
from ome_backend.resources.supported_format import Versioned
from pages.components.facts_table import facts_table


def formats(runtime: Runtime) -> None:
    """What a model must be, for each supported format."""
    if not runtime.formats:
        st.info("It lists no supported format, so no model fits.", icon=":material/help:")
        return
    rows = [
        {
            "Format": _versioned(each.traits.format),
            "Framework": _versioned(each.traits.framework),
            "Architecture": each.traits.architecture or "",
            "Quantisation": each.traits.quantization or "",
            "OME may choose it": each.auto_select is True,
            "Priority": each.priority or 1,
        }
        for each in runtime.formats
    ]
    facts_table(rows)


def _versioned(asked: Versioned | None) -> str:
    if asked is None:
        return ""
    operator = {"GreaterThan": ">", "GreaterThanOrEqual": ">="}.get(asked.operator, "")
    return f"{asked.name} {operator}{asked.version or ''}".strip()
