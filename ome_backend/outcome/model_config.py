"""The ConfigMap that tells of a service's models (reconcilers/multimodelconfig)."""

import json

from ome_backend.admission.known import Known, model_of
from ome_backend.outcome.component_metadata import owner
from ome_backend.resources import kinds, object_names
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, items, mapping, text


def model_config(service: Manifest, known: Known) -> Manifest:
    """The ConfigMap; services whose last 20 characters are the same share its name."""
    name = text(service, "metadata", "name")
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {
            "name": object_names.model_config(name),
            "namespace": text(service, "metadata", "namespace"),
            "labels": {"ome.io/inferenceservice": name},
            "ownerReferences": [owner(service)],
        },
        "data": {"models.json": json.dumps(_entries(service, known), separators=(",", ":"))},
    }


def _entries(service: Manifest, known: Known) -> list[Manifest]:
    found = model_of(known, service)
    if found is None:
        return []
    entry = {"modelName": text(found[0], "metadata", "name"), "modelSpec": _model(found[0])}
    names = items(service, "spec", "model", "fineTunedWeights")
    weights = (known.get(kinds.FINE_TUNED_WEIGHT, Key("", name)) for name in names)
    tuned = [entry | {"fineTunedWeightSpec": _weight(each)} for each in weights if each is not None]
    return tuned or [entry]


def _model(model: Manifest) -> Manifest:
    spec = mapping(model, "spec")
    return _said(
        {
            "storageUri": text(spec, "storage", "storageUri"),
            "path": text(spec, "storage", "path"),
            "modelFormatName": text(spec, "modelFormat", "name"),
            "modelFormatVersion": text(spec, "modelFormat", "version"),
            "modelFrameworkName": text(spec, "modelFramework", "name"),
            "modelFrameworkVersion": text(spec, "modelFramework", "version"),
        }
    )


def _weight(weight: Manifest) -> Manifest:
    spec = mapping(weight, "spec")
    uri = text(spec, "storage", "storageUri")
    return _said({"storageUri": uri, "modelType": text(spec, "modelType")})


def _said(found: dict[str, str]) -> Manifest:
    return {name: value for name, value in found.items() if value}
