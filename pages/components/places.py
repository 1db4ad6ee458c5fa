"""Every page: its script, title, address and place in the navigation; and links between them."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Ref
from pages.components.text import plain

PAGES = Path(__file__).resolve().parents[1]
NAME = "name"


@dataclass(frozen=True, slots=True)
class Place:
    """One page. A place without a section is reached by links only."""

    path: str
    title: str
    section: str | None
    icon: str = ""

    def page(self) -> Page:
        return st.Page(
            PAGES / f"{self.path}.py",
            title=self.title,
            url_path=self.path,
            icon=self.icon or None,
            default=self is OVERVIEW,
            visibility="visible" if self.section is not None else "hidden",
        )


OVERVIEW = Place("overview", "Overview", "", ":material/monitoring:")
HUB = Place("hub", "Import from the Hub", "Catalogue", ":material/cloud_download:")
MODELS = Place("models", "Models", "Catalogue", ":material/deployed_code:")
RUNTIMES = Place("runtimes", "Runtimes", "Catalogue", ":material/memory:")
ACCELERATORS = Place("accelerators", "Accelerators", "Catalogue", ":material/memory_alt:")
NODES = Place("nodes", "Nodes", "Catalogue", ":material/host:")
NODE_PAGE = Place("node", "Node", None)
WEIGHTS = Place("weights", "Fine-tuned weights", "Catalogue", ":material/tune:")
TEMPLATES = Place("templates", "Templates", "Catalogue", ":material/library_books:")
DEPLOY = Place("deploy", "Deploy", "Serve", ":material/rocket_launch:")
SERVICES = Place("services", "Services", "Serve", ":material/dns:")
BENCHMARKS = Place("benchmarks", "Benchmarks", "Serve", ":material/speed:")
COMPATIBILITY = Place("compatibility", "Compatibility", "Understand", ":material/grid_on:")
PLANNER = Place("planner", "Planner", "Understand", ":material/calculate:")
COST = Place("cost", "Cost", "Understand", ":material/payments:")
DOCTOR = Place("doctor", "Doctor", "Understand", ":material/stethoscope:")
EVENTS = Place("events", "Events", "Understand", ":material/event_note:")
DOWNLOADS = Place("downloads", "Downloads", "Understand", ":material/download:")
UPSTREAM = Place("upstream", "Changes on the Hub", "Understand", ":material/travel_explore:")
NEW = Place("new", "New object", None)
EDITOR = Place("editor", "Editor", "Change", ":material/edit_document:")
COMPARE = Place("compare", "Compare", "Change", ":material/compare_arrows:")
ABOUT = Place("about", "About this console", "Console", ":material/info:")
RUNTIME_IMPORT = Place("runtime_import", "Import runtimes", None)
HUB_MODEL = Place("hub_model", "Model of the Hub", None)
HUB_IMPORT = Place("hub_import", "Import several models", None)
TEMPLATE = Place("template", "Template", None)
MODEL = Place("model", "Model", None)
RUNTIME = Place("runtime", "Runtime", None)
SERVICE = Place("service", "Service", None)
ACCELERATOR = Place("accelerator", "Accelerator class", None)
WEIGHT = Place("weight", "Weights", None)
BENCHMARK = Place("benchmark", "Benchmark job", None)
NAMESPACES = Place("namespaces", "Namespaces", "Change", ":material/folder_open:")
NAMESPACE = Place("namespace", "Namespace", None)
SECRET = Place("secret", "Secret", None)

PLACES = (
    *(OVERVIEW, MODELS, HUB, RUNTIMES, ACCELERATORS, NODES, NODE_PAGE, WEIGHTS, TEMPLATES),
    *(DEPLOY, SERVICES, BENCHMARKS),
    *(COMPATIBILITY, PLANNER, COST, EVENTS, DOWNLOADS, UPSTREAM, DOCTOR),
    *(
        EDITOR,
        COMPARE,
        NAMESPACES,
        NAMESPACE,
        SECRET,
        TEMPLATE,
        RUNTIME_IMPORT,
        HUB_MODEL,
        HUB_IMPORT,
    ),
    *(ABOUT, NEW, MODEL, RUNTIME, SERVICE, ACCELERATOR, WEIGHT, BENCHMARK),
)

_DETAIL = {
    kinds.BASE_MODEL: MODEL,
    kinds.CLUSTER_BASE_MODEL: MODEL,
    kinds.SERVING_RUNTIME: RUNTIME,
    kinds.CLUSTER_SERVING_RUNTIME: RUNTIME,
    kinds.INFERENCE_SERVICE: SERVICE,
    kinds.ACCELERATOR_CLASS: ACCELERATOR,
    kinds.FINE_TUNED_WEIGHT: WEIGHT,
    kinds.BENCHMARK_JOB: BENCHMARK,
    kinds.NAMESPACE: NAMESPACE,
    kinds.NODE: NODE_PAGE,
    kinds.SECRET: SECRET,
}


def go(place: Place, key: Key | None = None, **params: str) -> None:
    """Leave for another page; does not return."""
    st.switch_page(PAGES / f"{place.path}.py", query_params=_params(key, params))


def link(
    place: Place, label: str, key: Key | None = None, *, icon: str | None = None, **params: str
) -> None:
    """A link to a page, or to the object's view of it."""
    st.page_link(
        PAGES / f"{place.path}.py",
        label=f":blue[{plain(label)}]",
        icon=icon,
        query_params=_params(key, params),
    )


def link_to(ref: Ref, label: str | None = None) -> None:
    """A link to an object's page; plain text where it has none."""
    place = _DETAIL.get(ref.kind)
    if place is None:
        st.markdown(plain(f"{ref.kind.word} {ref.key}"))
    else:
        link(place, label or str(ref.key), ref.key)


def has_page(ref: Ref) -> bool:
    """Whether the object has a page of its own."""
    return ref.kind in _DETAIL


def go_to(ref: Ref) -> None:
    """Leave for the object's page; does not return."""
    go(_DETAIL[ref.kind], ref.key)


def edit(ref: Ref) -> None:
    """Leave for the editor with the object in it; does not return."""
    go(EDITOR, kind=ref.kind.name, object=str(ref.key))


def asked_for() -> Key:
    """The object in this page's address: `namespace/name`, or a name alone for the cluster's own."""
    namespace, _, name = st.query_params.get(NAME, "").rpartition("/")
    return Key(namespace, name)


def _params(key: Key | None, params: dict[str, str]) -> dict[str, str]:
    return {**({NAME: str(key)} if key is not None else {}), **params}
