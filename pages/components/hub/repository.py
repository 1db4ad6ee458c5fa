"""One repository of the Hub before it is imported: what it is, what OME will make of it, what it holds."""

import streamlit as st

from ome_backend.downloads.words import size
from ome_backend.errors import HubError
from ome_backend.facts import Failure, ModelFacts
from ome_backend.hub.answers import Ref, Repository, Revisions
from ome_backend.resources.evidence import Evidence
from ome_backend.services.candidate import MAIN
from ome_backend.services.hub_checkpoint import Contents
from ome_backend.services.hub_models import Standing
from pages.components import places
from pages.components.definition import Code, definition
from pages.components.facts_table import facts_table
from pages.components.hub import asking
from pages.components.hub.results import badges, fitting, installed, line, served
from pages.components.ranking import ranking
from pages.components.text import plain

REVISION = "hub_revision"
MOST_FILES = 400
LONGEST_CARD = 20_000  # letters
_ANSWERS = {"yes": "fits", "tight": "fits in the typical case only", "no": "does not fit"}


def revision() -> str:
    """The one that is chosen, or in the address."""
    held: str = st.session_state.get(REVISION) or st.query_params.get(REVISION) or MAIN
    return held.strip()


def choose_revision(repo: str) -> None:
    """A branch, tag or commit; what is in the address stays chosen, also where it does not exist."""
    held = revision()
    named = _offered(repo)
    options = list(dict.fromkeys((MAIN, *named, held)))
    st.selectbox(
        "Revision",
        options,
        index=options.index(held),
        key=REVISION,
        bind="query-params",
        format_func=lambda name: named.get(name, name),
        accept_new_options=True,
        width=420,
        help="OME downloads a branch, tag or commit; a commit never changes.",
    )


def _offered(repo: str) -> dict[str, str]:
    """What to choose from; nothing where the Hub does not tell, which the page says of the whole repository."""
    try:
        return _named(asking.revisions(repo, MAIN))
    except HubError:
        return {}


def _named(known: Revisions) -> dict[str, str]:
    def words(kind: str, ref: Ref) -> str:
        return f"{kind} {ref.name} ({ref.commit[:8]})"

    branches = {ref.name: words("branch", ref) for ref in known.branches}
    tags = {ref.name: words("tag", ref) for ref in known.tags}
    commits = {each.id: f"commit {each.id[:8]} {each.title[:60]}" for each in known.commits}
    return branches | tags | commits


def heading(found: Repository) -> None:
    """What it is in one line, and what stands in the way."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(plain(" · ".join(line(found))), width="content")
        badges(found)


def verdict(standing: Standing, contents: Contents) -> None:
    """Here already, served, and where it fits; each in a line."""
    for part in (
        installed(standing),
        served(standing, contents.failure),
        fitting(standing.fits),
    ):
        if part:
            st.markdown(part)
    for model in standing.installed:
        places.link_to(model.ref, f"Open {model.key}")


def facts(found: Repository, standing: Standing) -> None:
    """What the Hub says, and what OME's agent will derive."""
    known = standing.facts if isinstance(standing.facts, ModelFacts) else None
    dtypes = ", ".join(f"{count:,} in {name}" for name, count in found.parameters.items())
    definition(
        [
            ("Commit", Code(found.sha)),
            ("Licence", found.licence),
            ("Parameters", dtypes),
            ("Files", f"{len(found.files):,}, together {size(found.size)}"),
        ],
        Evidence.REPORTED,
    )
    if isinstance(standing.facts, Failure):
        st.warning(plain(standing.facts.text), icon=":material/warning:")
    if known is not None:
        st.markdown("**What OME's agent will derive**")
        definition(
            [
                ("Architecture", Code(known.architecture)),
                ("Model type", Code(known.model_type)),
                ("Size", f"{known.size_text} parameters" if known.parameters else ""),
                (
                    "Context length",
                    f"{known.context_length:,} tokens" if known.context_length else "",
                ),
                ("Data type", known.dtype),
                ("Quantisation", known.quantization),
                ("Format", f"{known.format.name} {known.format.version or ''}".strip()),
                ("Framework", f"{known.framework.name} {known.framework.version or ''}".strip()),
                ("Capabilities", ", ".join(known.capabilities)),
            ],
            Evidence.COMPUTED,
        )


def compatibility(standing: Standing) -> None:
    """Every runtime's verdict, and every class of accelerators."""
    if standing.ranking is not None:
        ranking(standing.ranking, standing.model)
    else:
        st.info(
            "Which runtime serves it is known once its configuration can be read.",
            icon=":material/help:",
        )
    rows = [
        {
            "Accelerator class": each.accelerator,
            "Answer": _ANSWERS.get(each.answer, "not known"),
            "GPUs": each.gpus,
            "GPUs of a node": each.there,
            "Free on one node": each.free,
        }
        for each in standing.fits
    ]
    if rows:
        st.caption("For one sequence of its whole context, on GPUs of one node.")
        facts_table(rows)


def files(found: Repository) -> None:
    """Its files, the largest first."""
    ordered = sorted(found.files, key=lambda each: -(each.size or 0))
    rows = [
        {"File": each.path, "Size": "" if each.size is None else size(each.size)}
        for each in ordered[:MOST_FILES]
    ]
    facts_table(rows)
    if len(ordered) > MOST_FILES:
        st.caption(f"The {MOST_FILES} largest of {len(ordered):,} files.")


def card(found: Repository) -> None:
    """What its authors say, letter by letter: nothing of it is fetched or run by the browser."""
    text = asking.told(lambda: asking.card(found), "hub_card")
    if text:
        st.code(text[:LONGEST_CARD], language=None, wrap_lines=True, height=420)
    elif text is not None:
        st.caption("Its authors say nothing about it.")
