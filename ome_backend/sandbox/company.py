"""The company the sandbox plays: its nodes, models, runtimes and services, and what people changed since."""

import copy
import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from ome_backend.admission import service_defaults
from ome_backend.admission.known import Known
from ome_backend.resources.defaults import with_defaults
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.kinds import BY_NAME
from ome_backend.resources.manifest import Manifest, key_of, mapping, text
from ome_backend.sandbox import premises

_FOLDER = Path(__file__).parent / "seed"
_FILES = ("accelerators", "models", "runtimes", "services")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_BUILT = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened `age` ago: an object was made, or changed by a merge `patch`."""

    age: timedelta
    kind: Kind
    manifest: Manifest
    patch: Manifest | None = None

    @property
    def key(self) -> Key:
        return key_of(self.manifest)


def manifests() -> list[Manifest]:
    """Every object as people made it, in order of dependency. What controllers add is not in it:
    `simulation.seed` has the controllers live through the company's past."""
    made = [entry for _, chapter in history() for entry in chapter if entry.patch is None]
    order = list(BY_NAME)
    return [
        entry.manifest for entry in sorted(made, key=lambda each: _precedence(order, each.kind))
    ]


def history() -> list[tuple[timedelta, list[Entry]]]:
    """What happened, oldest first, grouped by how long ago it was."""
    entries = sorted(_entries(), key=lambda each: each.age, reverse=True)
    return [(age, list(chapter)) for age, chapter in groupby(entries, key=lambda each: each.age)]


def defaulted(manifest: Manifest, objects: Known) -> Manifest:
    """The object as the API server and OME's webhook would have stored it."""
    filled = with_defaults(manifest)
    if text(filled, "kind") == "InferenceService":
        return service_defaults.default(filled, objects)
    return filled


def apply(raw: Manifest, patch: Manifest) -> None:
    """A JSON merge patch, in place."""
    for name, value in patch.items():
        if value is None:
            raw.pop(name, None)
        elif isinstance(value, dict):
            apply(raw.setdefault(name, {}), value)
        else:
            raw[name] = copy.deepcopy(value)


def _precedence(order: list[str], kind: Kind) -> tuple[bool, int]:
    """What others refer to first: the core kinds, then models, runtimes, services."""
    return bool(kind.group == "ome.io"), order.index(kind.name)


def _entries() -> list[Entry]:
    built = [
        Entry(_BUILT, BY_NAME[text(each, "kind")], copy.deepcopy(each))
        for each in premises.manifests()
    ]
    for name in _FILES:
        read = _read(name)
        built += [_made(each) for each in read.get("objects", [])]
        built += [_changed(each) for each in read.get("changes", [])]
    return built


@cache
def _read(name: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.load(
        (_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"),
        Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader),
    )
    return read


def _made(entry: Manifest) -> Entry:
    manifest = {name: copy.deepcopy(value) for name, value in entry.items() if name != "age"}
    return Entry(_age(text(entry, "age")), BY_NAME[text(entry, "kind")], manifest)


def _changed(entry: Manifest) -> Entry:
    metadata = {"name": text(entry, "name"), "namespace": text(entry, "namespace")}
    kind = BY_NAME[text(entry, "kind")]
    return Entry(_age(text(entry, "age")), kind, {"metadata": metadata}, mapping(entry, "patch"))


def _age(written: str) -> timedelta:
    found = re.fullmatch(r"(\d+)([smhd])", written)
    if found is None:
        raise ValueError(f"{written!r} is no age such as 70s, 35m, 4h or 12d")
    return timedelta(**{_UNITS[found.group(2)]: int(found.group(1))})
