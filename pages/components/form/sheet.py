"""What all parts of a form share: the object they show, and the one way to change its text."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from ome_backend.editing.paths import Step, at, written
from ome_backend.editing.placing import appended, moved, placed, removed, renamed
from ome_backend.resources.kind import Kind
from ome_backend.resources.manifest import Manifest
from pages.components.form.rounds import Rounds, around, latest, within

Path = tuple[Step, ...]
Change = Callable[[Manifest], Manifest]
Act = Callable[..., None]


@dataclass(frozen=True)
class Sheet:
    """One object in a form. `key` is the page's name, `problems` are what is wrong with fields by path.

    `rounds` says how often the YAML changed what is drawn; it belongs to the keys of what is drawn.
    """

    key: str
    kind: Kind
    value: Manifest
    change: Callable[[Change], None]
    problems: Mapping[str, str] = field(default_factory=dict)
    rounds: Rounds = field(default_factory=dict)

    def at(self, path: Sequence[Step]) -> Any:
        return at(self.value, path)

    def widget(self, path: Sequence[Step], *, part: str = "") -> str:
        """The key of a widget that shows a field, or a part of it; another one once the YAML changed it."""
        return self._in_round(within(self.rounds, path), path, part)

    def lasting(self, path: Sequence[Step], part: str = "") -> str:
        """The key of what shows nothing of the text: an offer, a fold, what is typed but not taken yet."""
        return self._in_round(0, path, part)

    def shown(self, path: Path, act: Act, *args: Any, part: str = "") -> dict[str, Any]:
        """With what a widget that shows a field is drawn: its key, and `act` for when a person changes it."""

        def key(sheet: Sheet) -> str:
            return sheet.widget(path, part=part)

        return {"key": key(self), "on_change": self._unless_stale(key, act), "args": args}

    def pressed(self, path: Path, part: str, act: Act, *args: Any) -> dict[str, Any]:
        """With what a button that acts on a field is drawn; it is another once that could be another field."""

        def key(sheet: Sheet) -> str:
            return sheet._in_round(around(sheet.rounds, path), path, part)

        return {"key": key(self), "on_click": self._unless_stale(key, act), "args": args}

    def _unless_stale(self, key: Callable[["Sheet"], str], act: Act) -> Act:
        """Do nothing for a widget that another one has taken the place of."""

        def heard(*args: Any) -> None:
            if key(self) == key(replace(self, rounds=latest(self.key))):
                act(*args)

        return heard

    def _in_round(self, count: int, path: Sequence[Step], part: str) -> str:
        return f"{self.key}_{written(path)}{part and f'_{part}'}{f'~{count}' if count else ''}"

    def place(self, path: Path, value: Any) -> None:
        self.change(lambda manifest: placed(manifest, path, value))

    def remove(self, path: Path, emptied: int = 0) -> None:
        self.change(lambda manifest: removed(manifest, path, emptied))

    def put(self, path: Path, value: Any, emptied: int = 0) -> None:
        """Place a value; nothing, an empty text or list, takes the field away."""
        if value in (None, "", [], {}) and not isinstance(value, bool):
            self.remove(path, emptied)
        else:
            self.place(path, value)

    def append(self, path: Path, item: Any) -> None:
        self.change(lambda manifest: appended(manifest, path, item))

    def move(self, path: Path, by: int) -> None:
        self.change(lambda manifest: moved(manifest, path, by))

    def rename(self, path: Path, name: str) -> None:
        self.change(lambda manifest: renamed(manifest, path, name))

    def asked(self, path: Path) -> bool:
        """Whether the person wants to fill in a field that the text does not have."""
        return written(path) in self._asked()

    def ask(self, path: Path) -> None:
        self._asked().add(written(path))

    def leave(self, path: Path) -> None:
        self._asked().discard(written(path))

    def _asked(self) -> set[str]:
        held: set[str] = st.session_state.setdefault(f"{self.key}_asked", set())
        return held


def forget(key: str) -> None:
    """A new object is begun: nothing of the last one is asked for or half typed any more."""
    for name in ("asked", "typed", "shown"):
        st.session_state.pop(f"{key}_{name}", None)
