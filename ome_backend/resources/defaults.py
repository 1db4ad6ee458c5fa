"""The defaults of OME's CRDs that matching and references read.

The API server fills them in; YAML that was never there needs them, or it scores differently: a
weight of 1 is set by the CRD, and only an absent weight counts 10 or 5 to OME's scorer.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ome_backend.resources.manifest import Manifest, text

_EVERY = "*"
_Path = tuple[str, ...]
_Values = Mapping[str, Any]

_VERSIONED: _Values = MappingProxyType({"operator": "Equal", "weight": 1})
_KEDA: _Values = MappingProxyType({"kind": "TriggerAuthentication"})
_MODEL_REF: _Values = MappingProxyType({"kind": "ClusterBaseModel", "apiGroup": "ome.io"})
_RUNTIME_REF: _Values = MappingProxyType({"kind": "ClusterServingRuntime", "apiGroup": "ome.io"})

_MODEL: tuple[tuple[_Path, _Values], ...] = (
    (("spec", "modelFormat"), _VERSIONED),
    (("spec", "modelFramework"), _VERSIONED),
)
_RUNTIME: tuple[tuple[_Path, _Values], ...] = (
    (("spec", "supportedModelFormats", _EVERY, "modelFormat"), _VERSIONED),
    (("spec", "supportedModelFormats", _EVERY, "modelFramework"), _VERSIONED),
    (("spec", "engineConfig", "kedaConfig", "authenticationRef"), _KEDA),
    (("spec", "decoderConfig", "kedaConfig", "authenticationRef"), _KEDA),
    (("spec", "routerConfig", "kedaConfig", "authenticationRef"), _KEDA),
)
_SERVICE: tuple[tuple[_Path, _Values], ...] = (
    (("spec", "model"), _MODEL_REF),
    (("spec", "runtime"), _RUNTIME_REF),
    (("spec", "kedaConfig", "authenticationRef"), _KEDA),
    (("spec", "engine", "kedaConfig", "authenticationRef"), _KEDA),
    (("spec", "decoder", "kedaConfig", "authenticationRef"), _KEDA),
    (("spec", "router", "kedaConfig", "authenticationRef"), _KEDA),
    (("spec", "predictor", "kedaConfig", "authenticationRef"), _KEDA),
)
_DEFAULTS = {
    "BaseModel": _MODEL,
    "ClusterBaseModel": _MODEL,
    "ServingRuntime": _RUNTIME,
    "ClusterServingRuntime": _RUNTIME,
    "InferenceService": _SERVICE,
}


def with_defaults(manifest: Manifest) -> Manifest:
    """A copy of `manifest` with these defaults filled in; other kinds come back unchanged.

    Only objects that are there are completed: nothing gets a format, model or runtime this way.
    Parts that need no default are shared with `manifest`.
    """
    for path, values in _DEFAULTS.get(text(manifest, "kind"), ()):
        manifest = _filled(manifest, path, values)
    return manifest


def _filled(value: Any, path: _Path, values: _Values) -> Any:
    if not path:
        return _completed(value, values)
    if path[0] == _EVERY:
        if not isinstance(value, list):
            return value
        return [_filled(entry, path[1:], values) for entry in value]
    if not isinstance(value, dict) or value.get(path[0]) is None:
        return value
    return {**value, path[0]: _filled(value[path[0]], path[1:], values)}


def _completed(value: Any, values: _Values) -> Any:
    if not isinstance(value, dict):
        return value
    absent = {name: default for name, default in values.items() if value.get(name) is None}
    return {**value, **absent}
