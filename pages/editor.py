"""Editor: manifests of any kind, checked while typing, compared with the cluster, written safely."""

import streamlit as st

from ome_backend.resources.kinds import NAMESPACE, OME_KINDS
from ome_backend.services.proposal import Result
from pages.components import desk, places
from pages.components.apply import written
from pages.components.importing import import_file
from pages.components.live import live
from pages.components.opening import forget_asked, open_asked
from pages.components.text import plain
from pages.components.title import title
from pages.components.workbench import workbench

PAGE = "editor"

title("Editor")


def done(results: tuple[Result, ...]) -> None:
    desk.clear(PAGE)
    forget_asked(PAGE)
    refs = written(results)
    if len(refs) == 1 and places.has_page(refs[0]):
        places.go_to(refs[0])


@live(*OME_KINDS, NAMESPACE, key=PAGE)
def editor() -> None:
    open_asked(PAGE)
    import_file(PAGE)
    origin = desk.desk(PAGE).origin
    if origin:
        st.caption(f"From {plain(origin)}.")
    workbench(PAGE, done)


editor()
