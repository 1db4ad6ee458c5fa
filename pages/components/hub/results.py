"""What the Hub found, one card a repository, with what this cluster would make of it."""

from collections.abc import Sequence

import streamlit as st

from ome_backend.downloads.words import size
from ome_backend.errors import HubError
from ome_backend.facts import Failure
from ome_backend.hub.answers import About, Repository
from ome_backend.resources.kind import Key
from ome_backend.services.fitting import Fit
from ome_backend.services.hub_checkpoint import CLOSED, Contents, weight_bytes
from ome_backend.services.hub_models import Standing
from pages.components import places, scope
from pages.components.hub import asking, basket
from pages.components.session import backend
from pages.components.text import plain

MOST_FITS = 3
_GATES = {"auto": "gated: accept the terms", "manual": "gated: the authors decide"}


def results(listings: Sequence[About]) -> None:
    """Every card at once; what needs each configuration follows when it was read."""
    slots = [_card(about) for about in listings]
    found = asking.glances(listings)
    for about, slot in zip(listings, slots, strict=True):
        with slot:
            _verdict(about, found[about.id])
    failed = next((each for each in found.values() if isinstance(each, HubError)), None)
    if failed is not None:
        asking.unanswered(failed, "hub_configurations")


def _card(about: About) -> st.delta_generator.DeltaGenerator:
    with st.container(border=True, gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            basket.tick(about.id)
            places.link(places.HUB_MODEL, about.id, key_of(about.id))
            badges(about)
        st.caption(plain(" · ".join(line(about))))
        return st.empty()


def key_of(repo: str) -> Key:
    """A repository as the address of its page names it."""
    author, _, name = repo.rpartition("/")
    return Key(author, name)


def badges(about: About) -> None:
    """What stands in the way of anybody who wants it."""
    if about.gated:
        st.badge(_GATES[about.gated], icon=":material/lock:", color="orange")
    if about.private:
        st.badge("private", icon=":material/lock:", color="orange")
    if about.disabled:
        st.badge("closed by the Hub", icon=":material/block:", color="red")
    if about.custom_code:
        st.badge("brings its own code", icon=":material/code:", color="orange")


def line(about: About) -> list[str]:
    """Size, formats, task and licence, as far as the Hub tells."""
    count = about.parameter_count
    said = (
        f"{count / 1e9:,.3g}B parameters" if count else "",
        _on_disk(about),
        ", ".join(about.formats),
        about.task,
        f"licence {about.licence}" if about.licence else "no licence named",
        f"{about.downloads:,} downloads",
        f"changed {about.modified:%Y-%m-%d}" if about.modified else "",
    )
    return [each for each in said if each]


def _on_disk(about: About) -> str:
    """What a node needs for it; a list tells no files, so it is the weights, or else all there ever was."""
    if isinstance(about, Repository) and about.size:
        return f"{size(about.size)} on disk"
    weights = weight_bytes(about.parameters)
    if weights:
        return f"≈ {size(weights)} on disk"
    return f"{size(about.storage)} with all revisions" if about.storage else ""


def _verdict(about: About, contents: Contents | HubError) -> None:
    failure = contents if isinstance(contents, HubError) else contents.failure
    known = Contents(failure=contents) if isinstance(contents, HubError) else contents
    standing = backend().hub_models.standing(about, known, scope.namespace())
    parts = (installed(standing), served(standing, failure), fitting(standing.fits))
    st.markdown(" &nbsp; ".join(part for part in parts if part))


def installed(standing: Standing) -> str:
    """Whether it is here already."""
    if not standing.installed:
        return ""
    names = ", ".join(str(model.key) for model in standing.installed[:MOST_FITS])
    return f":green[:material/check_circle: installed as {plain(names)}]"


def served(standing: Standing, failure: HubError | None = None) -> str:
    """Whether a runtime of this cluster serves it."""
    if standing.ranking is not None and standing.served:
        best = standing.ranking.selected
        name = f": {plain(str(best.runtime.key))}" if best is not None else " by name"
        return f":green[:material/memory: a runtime serves it{name}]"
    if standing.ranking is not None:
        return ":red[:material/memory: no runtime serves it]"
    if standing.likely:
        return ":orange[:material/memory: a runtime may serve it, by its architecture]"
    why = "OME cannot read its configuration" if isinstance(standing.facts, Failure) else ""
    why = why or (_unread(failure) if failure else "it has no config.json")
    return f":gray[:material/help: runtimes unknown: {why}]"


def _unread(failure: HubError) -> str:
    if isinstance(failure, CLOSED):
        return "its configuration is closed to us"
    return "the Hub did not answer for its configuration"


def fitting(fits: Sequence[Fit]) -> str:
    """The classes it fits on with the fewest GPUs."""
    good = [each for each in fits if each.fits]
    if good:
        names = ", ".join(f"{each.gpus} × {plain(each.accelerator)}" for each in good[:MOST_FITS])
        return f":green[:material/memory_alt: fits on {names}]"
    if fits and all(each.answer == "no" for each in fits):
        return ":red[:material/memory_alt: fits on no node, with its whole context]"
    return ":gray[:material/memory_alt: where it fits is not known]" if fits else ""
