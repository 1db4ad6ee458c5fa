"""What OME reads of a storage beside its URI: a Secret, a region, a way to sign in; only what it reads."""

import streamlit as st

from ome_backend.editing.storage_connection import (
    KEY,
    SECRET_KEY,
    Setting,
    connecting,
    open_secrets,
    settings,
)
from ome_backend.editing.storage_connection import TOKEN as USUAL
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest
from pages.components.form.sheet import Path, Sheet
from pages.components.session import backend
from pages.components.text import plain

_PART = "connection"
_SECONDS = 10  # for which an answer about a Secret is kept
_ROW = 2


def connection(sheet: Sheet, storage: Path, scheme: str) -> None:
    """The settings of a storage of this scheme; `storage` is the path of the object with the URI."""
    results = is_results(sheet)
    read = settings(scheme, results=results)
    said = connecting(scheme, results=results)
    if said:
        st.caption(plain(said))
    for start in range(0, len(read), _ROW):
        for place, each in zip(st.columns(_ROW), read[start : start + _ROW], strict=False):
            with place:
                _setting(sheet, storage, each)
    if scheme == "hf" and not results:
        _secret_found(sheet, storage)
    _in_plain_sight(sheet, storage, scheme, results=results)


def is_results(sheet: Sheet) -> bool:
    """Whether it is about where results go, not where a model comes from."""
    return sheet.kind == kinds.BENCHMARK_JOB


def draws(sheet: Sheet, path: Path, scheme: str) -> bool:
    """Whether `key` or `parameters` of a storage of this scheme needs no field of its own."""
    read = settings(scheme, results=is_results(sheet))
    if path[-1] == KEY:
        return any(each.name == KEY for each in read)
    held = sheet.at(path)
    known = {each.name for each in read}
    return bool(read) and (not held or (isinstance(held, dict) and held.keys() <= known))


def _setting(sheet: Sheet, storage: Path, setting: Setting) -> None:
    path = (*storage, *setting.path)
    help_ = f"{plain(setting.note)} `{'.'.join(map(str, path))}`"
    if setting.name == KEY:
        _secret(sheet, path, setting, help_)
        return

    def changed() -> None:
        sheet.put(path, st.session_state[drawn["key"]].strip(), 1)

    drawn = sheet.shown(path, changed, part=_PART)
    held = sheet.at(path)
    st.session_state[drawn["key"]] = held if isinstance(held, str) else ""
    st.text_input(setting.label, placeholder=setting.example, help=help_, **drawn)


def _secret(sheet: Sheet, path: Path, setting: Setting, help_: str) -> None:
    """Those that other models use are offered; others can be typed."""
    home = _home(sheet)

    def changed() -> None:
        sheet.put(path, (st.session_state[drawn["key"]] or "").strip())

    drawn = sheet.shown(path, changed)
    held = sheet.at(path) if isinstance(sheet.at(path), str) else None
    offered = backend().importing.secrets(_namespace(sheet))
    st.session_state[drawn["key"]] = held or None
    st.selectbox(
        f"{setting.label} in {plain(home)}" if home else setting.label,
        list(dict.fromkeys([*offered, *([held] if held else [])])),
        index=None,
        placeholder="None",
        accept_new_options=True,
        help=help_,
        **drawn,
    )


def _secret_found(sheet: Sheet, storage: Path) -> None:
    """Whether the agent would find the token; nothing where the console may not look."""
    name, home = sheet.at((*storage, KEY)), _home(sheet)
    if not isinstance(name, str) or not name or not home:
        return
    value = sheet.at((*storage, "parameters", SECRET_KEY))
    said = _trouble(home, name, value if isinstance(value, str) and value else USUAL)
    if said:
        st.warning(
            f"{plain(said)} The agent looks for it in {plain(home)}.", icon=":material/key_off:"
        )


@st.cache_data(ttl=_SECONDS, max_entries=100, show_spinner=False)
def _trouble(home: str, name: str, value: str) -> str:
    return backend().importing.token_trouble(Key(home, name), value)


def _in_plain_sight(sheet: Sheet, storage: Path, scheme: str, *, results: bool) -> None:
    held: Manifest = sheet.at((*storage, "parameters")) or {}
    names = open_secrets(scheme, held, results=results) if isinstance(held, dict) else ()
    if names:
        said = f"{', '.join(names)}: a secret in plain sight of everybody who may see the object."
        better = " A Secret is better." if not results else ""
        st.warning(plain(said + better), icon=":material/visibility:")


def _namespace(sheet: Sheet) -> str:
    """The model's; empty for a model of the cluster."""
    held = sheet.at(("metadata", "namespace")) if sheet.kind.namespaced else ""
    return held if isinstance(held, str) else ""


def _home(sheet: Sheet) -> str:
    """Where OME's agent looks for the Secret; empty while the model has no namespace yet."""
    if sheet.kind.namespaced:
        return _namespace(sheet)
    return backend().importing.secret_namespace("")
