"""The recorded answers of OME's webhooks, and a cluster for the rules to look things up in."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest, key_of

Case = dict[str, Any]
FOLDER = Path(__file__).resolve().parents[2].parent / "shared/ome/vectors"
ABSENT = "the recorded answers of OME are not here"


class Cluster:
    """The least that the rules need: objects by kind and key."""

    def __init__(self, manifests: Iterable[Manifest] = ()) -> None:
        self._objects = {(kinds.BY_NAME[each["kind"]], key_of(each)): each for each in manifests}

    def get(self, kind: Kind, key: Key) -> Manifest | None:
        return self._objects.get((kind, key))

    def list(self, kind: Kind, namespace: str | None = None) -> Iterable[Manifest]:
        return [
            manifest
            for (held, key), manifest in sorted(self._objects.items(), key=lambda item: item[0][1])
            if held == kind and namespace in (None, key.namespace)
        ]


def cases(name: str) -> list[Case]:
    """The cases of one file; none when the file is absent."""
    path = FOLDER / f"{name}.json"
    found: list[Case] = json.loads(path.read_text())["cases"] if path.exists() else []
    return found


def config_map(**data: str) -> Manifest:
    """OME's own configuration."""
    metadata = {"name": "inferenceservice-config", "namespace": "ome"}
    return {"kind": "ConfigMap", "metadata": metadata, "data": data}


def without_marks(value: Any) -> Any:
    """Go writes empty structs where nothing was given; the cluster's objects do not need them."""
    if isinstance(value, list):
        return [without_marks(each) for each in value]
    if not isinstance(value, dict):
        return value
    marks: dict[str, Any] = {"predictor": {}, "resources": {}, "creationTimestamp": None}
    return {
        name: without_marks(each)
        for name, each in value.items()
        if name != "status" and each != "" and not (name in marks and each == marks[name])
    }
