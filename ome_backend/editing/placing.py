"""Changes a form makes to an object: one field, one item of a list, one entry of a map.

Each takes a manifest it may alter and returns it, as `schema.yaml_edit.edit` asks for. A path whose
objects do not exist yet is made; where the text holds something else on the way, nothing happens.
"""

from collections.abc import Sequence
from typing import Any

from ome_backend.editing.paths import Step, at
from ome_backend.resources.manifest import Manifest


def placed(manifest: Manifest, path: Sequence[Step], value: Any) -> Manifest:
    """With a value at the path."""
    around, step = _around(manifest, path), path[-1]
    if _has_room(around, step):
        around[step] = value
    return manifest


def removed(manifest: Manifest, path: Sequence[Step], emptied: int = 0) -> Manifest:
    """Without what is at the path, and without the `emptied` nearest parts around it once they are empty."""
    around, step = at(manifest, path[:-1]), path[-1]
    if at(manifest, path) is None and not (isinstance(around, dict) and step in around):
        return manifest
    del around[step]
    if emptied and not around and len(path) > 1:
        return removed(manifest, path[:-1], emptied - 1)
    return manifest


def appended(manifest: Manifest, path: Sequence[Step], item: Any) -> Manifest:
    """With one more item at the end of the list at the path, which begins with it if there is none."""
    held = at(manifest, path)
    if held is None:
        return placed(manifest, path, [item])
    if isinstance(held, list):
        held.append(item)
    return manifest


def moved(manifest: Manifest, path: Sequence[Step], by: int) -> Manifest:
    """With the list item at the path moved up or down; at an end it stays."""
    around, index = at(manifest, path[:-1]), path[-1]
    if isinstance(around, list) and isinstance(index, int) and 0 <= index + by < len(around):
        around.insert(index + by, around.pop(index))
    return manifest


def renamed(manifest: Manifest, path: Sequence[Step], name: str) -> Manifest:
    """With the entry at the path under another name, in the same place; a name that is taken changes nothing."""
    around = at(manifest, path[:-1])
    if isinstance(around, dict) and path[-1] in around and name not in around:
        entries = [(name if key == path[-1] else key, value) for key, value in around.items()]
        around.clear()
        around.update(entries)
    return manifest


def _around(manifest: Manifest, path: Sequence[Step]) -> Any:
    """What holds the last step, made on the way where it is missing."""
    held: Any = manifest
    for step in path[:-1]:
        if isinstance(held, dict) and isinstance(step, str):
            if held.get(step) is None:
                held[step] = {}
            held = held[step]
        else:
            held = at(held, (step,))
    return held


def _has_room(around: Any, step: Step) -> bool:
    if isinstance(around, list):
        return isinstance(step, int) and 0 <= step < len(around)
    return isinstance(around, dict) and isinstance(step, str)
