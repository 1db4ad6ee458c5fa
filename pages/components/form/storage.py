"""Where weights come from and results go: a kind of storage and its parts instead of a URI."""

import streamlit as st

from ome_backend.editing.fields import Field
from ome_backend.editing.storage_connection import instead
from ome_backend.editing.storage_parts import BY_SCHEME, STORAGES, Storage, objection, parts_of
from ome_backend.facts.storage_uri import handling, scheme
from ome_backend.resources import kinds
from pages.components.form.connection import connection, draws
from pages.components.form.label import explanation, trouble
from pages.components.form.sheet import Path, Sheet
from pages.components.text import plain

_RESULTS = "outputLocation"
_FETCHED = ("hf", "oci")
_CONNECTED = (*kinds.MODEL_KINDS, kinds.BENCHMARK_JOB)


def storage_uri(sheet: Sheet, path: Path, field: Field) -> None:
    """The URI stands in the text once its parts are complete; one that OME cannot read is shown as it is."""
    uri = sheet.at(path)
    if isinstance(uri, str) and uri and parts_of(uri) is None:
        _as_text(sheet, path, field, uri)
        return
    found = parts_of(uri) if isinstance(uri, str) else None
    pending = _pending(sheet, path)
    storage = found[0] if found else BY_SCHEME.get(pending.get("", ""))
    values = dict(found[1]) if found else pending
    chosen = _kind(sheet, path, field, storage)
    if chosen is not None:
        _foretold(sheet, path, chosen.scheme)
        _parts(sheet, path, chosen, values)
        _directory(sheet, path, chosen.scheme, values)
        if sheet.kind in _CONNECTED:
            connection(sheet, path[:-1], chosen.scheme)
    trouble(sheet, path)


def drawn_with_uri(sheet: Sheet, path: Path) -> bool:
    """Whether a field beside the URI is drawn with it."""
    if sheet.kind not in _CONNECTED or path[-1] not in ("key", "parameters"):
        return False
    beside = (*path[:-1], "storageUri")
    uri = sheet.at(beside)
    if path[-2:-1] not in (("storage",), (_RESULTS,)):
        return False
    name = scheme(uri) if isinstance(uri, str) and uri else _pending(sheet, beside).get("", "")
    readable = not uri or (isinstance(uri, str) and parts_of(uri) is not None)
    return readable and draws(sheet, path, name)


def _as_text(sheet: Sheet, path: Path, field: Field, uri: str) -> None:
    def changed() -> None:
        sheet.put(path, st.session_state[drawn["key"]].strip())

    drawn = sheet.shown(path, changed)
    st.session_state[drawn["key"]] = uri
    st.text_input(plain(field.label), help=explanation(field, path), **drawn)
    if not scheme(uri):
        st.caption(":red[OME knows no such storage. Empty the field to choose one.]")
    trouble(sheet, path)


def _kind(sheet: Sheet, path: Path, field: Field, storage: Storage | None) -> Storage | None:
    def changed() -> None:
        _keep(sheet, path, {"": st.session_state[drawn["key"]] or ""})
        if sheet.at(path):
            sheet.remove(path)

    drawn = sheet.shown(path, changed, part="kind")
    st.session_state[drawn["key"]] = storage.scheme if storage else None
    results = _RESULTS in path
    st.selectbox(
        "Where results go *" if results else "Where it comes from *",
        [each.scheme for each in _in_order(results=results)],
        index=None,
        format_func=lambda name: _offer(name, results=results),
        placeholder="Choose a kind of storage",
        help=explanation(field, path),
        **drawn,
    )
    return storage


def _in_order(*, results: bool) -> list[Storage]:
    """Those that work come first."""
    return sorted(STORAGES, key=lambda each: bool(objection(each.scheme, results=results)))


def _offer(name: str, *, results: bool) -> str:
    words = f"{BY_SCHEME[name].label} ({name}://)"
    return f"{words} · does not work" if objection(name, results=results) else words


def _foretold(sheet: Sheet, path: Path, name: str) -> None:
    """What OME does with such a storage, before anybody tries."""
    results = _RESULTS in path
    said = objection(name, results=results)
    if said:
        way = "" if results else instead(name)
        st.warning(plain(f"{said} {way}".strip()), icon=":material/warning:")
    elif sheet.kind in kinds.MODEL_KINDS:
        st.caption(plain(handling(name).reason))


def _parts(sheet: Sheet, path: Path, storage: Storage, values: dict[str, str]) -> None:
    places = st.columns(len(storage.parts), vertical_alignment="bottom")
    for place, part in zip(places, storage.parts, strict=True):
        drawn = sheet.shown(path, _changed, sheet, path, storage, values, part.name, part=part.name)
        st.session_state[drawn["key"]] = values.get(part.name, "")
        with place:
            st.text_input(
                f"{part.label} *" if part.required else part.label,
                placeholder=part.example,
                **drawn,
            )


def _changed(sheet: Sheet, path: Path, storage: Storage, values: dict[str, str], name: str) -> None:
    now = values | {name: st.session_state[sheet.widget(path, part=name)].strip()}
    made = storage.uri(now)
    _keep(sheet, path, now | {"": storage.scheme})
    sheet.put(path, made)


def _directory(sheet: Sheet, path: Path, name: str, values: dict[str, str]) -> None:
    """Without a directory on the node the agent fails; one can be proposed."""
    here = (*path[:-1], "path")
    if name not in _FETCHED or _RESULTS in path or sheet.at(here) or not sheet.at(path):
        return
    proposed = "/mnt/models/" + (values.get("model_id") or values.get("prefix", "")).strip("/")
    st.caption(":orange[The agent fails without a directory on the node to put the files in.]")
    st.button(
        f"Use {plain(proposed)}",
        **sheet.pressed(path, "directory", sheet.place, here, proposed),
    )


def _pending(sheet: Sheet, path: Path) -> dict[str, str]:
    """The parts typed while they are no URI yet; the kind of storage stands under the empty name."""
    held: dict[str, str] = st.session_state.get(sheet.lasting(path, "parts"), {})
    return held


def _keep(sheet: Sheet, path: Path, parts: dict[str, str]) -> None:
    st.session_state[sheet.lasting(path, "parts")] = parts
