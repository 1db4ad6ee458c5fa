"""What the editor begins with: the object in its address, a text handed over, or a file."""

import streamlit as st

from ome_backend.resources.kind import Key, Ref
from pages.components import desk
from pages.components.handover import handed_over
from pages.components.session import backend
from pages.components.text import plain

KIND, OBJECT = "kind", "object"


def open_asked(page: str) -> None:
    """Take over what is asked for, once; what is being typed stays until something else is asked for."""
    handed = handed_over()
    if handed is not None:
        st.session_state[f"{page}_opened"] = _asked()
        desk.lay(page, handed.text, origin=handed.origin)
        return
    ref = _asked()
    if ref is None or st.session_state.get(f"{page}_opened") == ref:
        return
    st.session_state[f"{page}_opened"] = ref
    if not desk.lay_object(page, ref):
        st.warning(f"There is no {plain(str(ref))}.", icon=":material/search_off:")


def forget_asked(page: str) -> None:
    """What was opened is done with: asked for again, it is opened anew."""
    st.session_state.pop(f"{page}_opened", None)


def _asked() -> Ref | None:
    """The object in the address: `?kind=BaseModel&object=demo/own`."""
    crd = backend().schemas.now().named(st.query_params.get(KIND, ""))
    namespace, _, name = st.query_params.get(OBJECT, "").rpartition("/")
    return Ref(crd.kind, Key(namespace, name)) if crd is not None and name else None
