"""Where people think in other terms than fields: what is drawn instead of a field, or at the head of a part."""

from collections.abc import Callable

from ome_backend.editing.fields import Field
from ome_backend.resources import kinds
from pages.components.form.benchmark import endpoint
from pages.components.form.references import base_model, model, runtime
from pages.components.form.runtime_parts import runtime_parts
from pages.components.form.secret_values import secret_values
from pages.components.form.sheet import Path, Sheet
from pages.components.form.storage import drawn_with_uri, storage_uri

Instead = Callable[[Sheet, Path, Field], None]
Head = Callable[[Sheet, Path], None]

_INSTEAD: dict[tuple[str, Path], Instead] = {
    (kinds.INFERENCE_SERVICE.name, ("spec", "model")): model,
    (kinds.INFERENCE_SERVICE.name, ("spec", "runtime")): runtime,
    (kinds.FINE_TUNED_WEIGHT.name, ("spec", "baseModelRef")): base_model,
    (kinds.BENCHMARK_JOB.name, ("spec", "endpoint")): endpoint,
    (kinds.SECRET.name, ("stringData",)): secret_values,
}
_HEADS: dict[tuple[str, Path], Head] = {
    (kinds.SERVING_RUNTIME.name, ("spec",)): runtime_parts,
    (kinds.CLUSTER_SERVING_RUNTIME.name, ("spec",)): runtime_parts,
}


def instead(sheet: Sheet, path: Path) -> Instead | None:
    """What draws the field; None when its schema says enough."""
    if path[-1] == "storageUri" and sheet.kind.group == kinds.BASE_MODEL.group:
        return storage_uri
    if drawn_with_uri(sheet, path):
        return _nothing
    return _INSTEAD.get((sheet.kind.name, path))


def _nothing(sheet: Sheet, path: Path, field: Field) -> None:
    """It is drawn with another field."""


def head(sheet: Sheet, path: Path) -> Head | None:
    """What stands above the fields of a part; None for most."""
    return _HEADS.get((sheet.kind.name, path))
