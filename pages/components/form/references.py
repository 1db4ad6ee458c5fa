"""Fields that name another object: it is chosen among those on the cluster, and its kind is written with it."""

from collections.abc import Iterable, Sequence

import streamlit as st

from ome_backend.editing.fields import Field
from ome_backend.editing.placing import placed, removed
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.manifest import Manifest
from pages.components import places
from pages.components.form.label import explanation, trouble
from pages.components.form.sheet import Path, Sheet
from pages.components.session import backend


def model(sheet: Sheet, path: Path, field: Field) -> None:
    """The model of a service."""
    _chosen(sheet, path, field, _visible(sheet, kinds.MODEL_KINDS), "Choose a model")
    places.link(places.DEPLOY, "The Deploy page says which runtime serves a model, and why")


def runtime(sheet: Sheet, path: Path, field: Field) -> None:
    """The runtime of a service; none leaves the choice to OME."""
    _chosen(sheet, path, field, _visible(sheet, kinds.RUNTIME_KINDS), "Leave it to OME")


def base_model(sheet: Sheet, path: Path, field: Field) -> None:
    """The model that weights stand on: any of the cluster, by name and namespace."""
    _chosen(sheet, path, field, _all(kinds.MODEL_KINDS), "Choose a model", kinded=False)


def _visible(sheet: Sheet, wanted: Sequence[Kind]) -> Iterable[Ref]:
    namespace = sheet.at(("metadata", "namespace"))
    return [each for each in _all(wanted) if each.key.namespace in ("", namespace)]


def _all(wanted: Sequence[Kind]) -> list[Ref]:
    found = (Ref(kind, key) for kind in wanted for key in backend().cache.snapshot(kind).objects)
    return sorted(found, key=lambda ref: str(ref.key))


def _chosen(
    sheet: Sheet,
    path: Path,
    field: Field,
    found: Iterable[Ref],
    placeholder: str,
    *,
    kinded: bool = True,
) -> None:
    by_name = {str(ref.key): ref for ref in found}
    held = _held(sheet, path, by_name, kinded=kinded)

    def changed() -> None:
        name = st.session_state[drawn["key"]]
        ref = by_name.get(name or "")
        if not name:
            sheet.change(lambda manifest: removed(manifest, path))
        else:
            namespace, _, own = name.rpartition("/")
            known = ref or Ref(kinds.CLUSTER_BASE_MODEL, Key(namespace, own))
            sheet.change(lambda manifest: _named(manifest, path, known, ref is not None and kinded))

    drawn = sheet.shown(path, changed)
    st.session_state[drawn["key"]] = held
    st.selectbox(
        field.label + (" *" if field.required else ""),
        list(dict.fromkeys([*by_name, *([held] if held else [])])),
        index=None,
        placeholder=placeholder,
        accept_new_options=True,
        format_func=lambda name: name if name in by_name else f"{name} · not on this cluster",
        help=explanation(field, path),
        **drawn,
    )
    trouble(sheet, (*path, "name"))


def _held(sheet: Sheet, path: Path, by_name: dict[str, Ref], *, kinded: bool) -> str | None:
    """The choice that the text stands for."""
    name = sheet.at((*path, "name"))
    if not isinstance(name, str) or not name:
        return None
    inside = sheet.at(("metadata", "namespace") if kinded else (*path, "namespace"))
    local = f"{inside}/{name}"
    kind = sheet.at((*path, "kind"))
    if not kinded:
        return local if inside else name
    ref = by_name.get(local)
    return local if ref is not None and ref.kind.name == kind else name


def _named(manifest: Manifest, path: Path, ref: Ref, with_kind: bool) -> Manifest:
    placed(manifest, (*path, "name"), ref.key.name)
    if with_kind:
        return placed(manifest, (*path, "kind"), ref.kind.name)
    if path[-1] != "baseModelRef":
        return manifest
    if ref.key.namespace:
        return placed(manifest, (*path, "namespace"), ref.key.namespace)
    return removed(manifest, (*path, "namespace"))
