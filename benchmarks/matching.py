"""Which runtime serves which model: the rules alone, on a large cluster and on OME's own catalogue."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from benchmarks import population
from benchmarks.measure import Report, measure
from ome_backend.matching.selection import match
from ome_backend.resources import kinds
from ome_backend.resources.manifest import Manifest
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime
from tests.support import builders

CATALOGUE = Path(__file__).resolve().parents[2] / "shared" / "ome" / "catalog"
MANY = 200
MODELS, RUNTIMES = 113, 96  # the size of OME's catalogue


def run() -> Iterator[Report]:
    """Reports once."""
    many = population.runtimes(MANY)
    model = _model("model", architecture=f"Architecture{MANY // 2}")
    models, runtimes, name = _catalogue()
    yield Report(
        "Matching",
        measure(f"{MANY} runtimes copied through JSON", lambda: _copied(many), times=31),
        (
            measure(
                f"one model, {MANY} runtimes",
                lambda: match(model, many, namespace="demo"),
                times=31,
            ),
            measure(
                f"{name}: {len(models)} models, {len(runtimes)} runtimes",
                lambda: _all(models, runtimes),
            ),
        ),
    )


def _copied(runtimes: Sequence[Runtime]) -> object:
    return json.loads(json.dumps([runtime.raw for runtime in runtimes]))


def _all(models: Sequence[Model], runtimes: Sequence[Runtime]) -> None:
    for model in models:
        match(model, runtimes, namespace="demo")


def _catalogue() -> tuple[list[Model], Sequence[Runtime], str]:
    """OME's own catalogue where it lies beside the project, else one of that size."""
    if not CATALOGUE.is_dir():
        made = [_model(f"model-{each}", f"Architecture{each}") for each in range(MODELS)]
        return made, population.runtimes(RUNTIMES), "a catalogue like OME's"
    models = [
        Model(raw, kinds.CLUSTER_BASE_MODEL)
        for raw in _manifests("models")
        if raw["kind"] == kinds.CLUSTER_BASE_MODEL.name
    ]
    runtimes = [
        Runtime(raw, kinds.CLUSTER_SERVING_RUNTIME)
        for raw in _manifests("runtimes")
        if raw["kind"] == kinds.CLUSTER_SERVING_RUNTIME.name
    ]
    return models, runtimes, "OME's catalogue"


def _manifests(folder: str) -> Iterator[Manifest]:
    for file in sorted((CATALOGUE / folder).glob("*.yaml")):
        yield from filter(None, yaml.safe_load_all(file.read_text(encoding="utf-8")))


def _model(name: str, architecture: str) -> Model:
    return Model(builders.model(name, modelArchitecture=architecture), kinds.CLUSTER_BASE_MODEL)
