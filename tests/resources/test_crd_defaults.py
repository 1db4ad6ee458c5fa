"""The defaults of OME's CRDs, for YAML that no API server has completed."""

from copy import deepcopy
from typing import Any

import pytest

from ome_backend.resources.defaults import with_defaults
from ome_backend.resources.manifest import Manifest

VERSIONED = {"operator": "Equal", "weight": 1}


def made(kind: str, **spec: Any) -> Manifest:
    return {"kind": kind, "metadata": {"name": "x"}, "spec": spec}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(
            made("BaseModel", modelFormat={"name": "a"}, modelFramework={"name": "b", "weight": 0}),
            {
                "modelFormat": {"name": "a", **VERSIONED},
                "modelFramework": {"name": "b", "weight": 0, "operator": "Equal"},
            },
            id="a model",
        ),
        pytest.param(
            made("ClusterBaseModel", vendor="v"), {"vendor": "v"}, id="nothing to complete"
        ),
        pytest.param(
            made(
                "ClusterServingRuntime",
                supportedModelFormats=[{"modelFormat": {"operator": None}}, {"name": "y"}, 7],
            ),
            {"supportedModelFormats": [{"modelFormat": VERSIONED}, {"name": "y"}, 7]},
            id="every format of a runtime",
        ),
        pytest.param(
            made(
                "InferenceService",
                model={"name": "m", "kind": "BaseModel"},
                runtime={"name": "r"},
                kedaConfig={"authenticationRef": {"name": "a"}},
            ),
            {
                "model": {"name": "m", "kind": "BaseModel", "apiGroup": "ome.io"},
                "runtime": {"name": "r", "kind": "ClusterServingRuntime", "apiGroup": "ome.io"},
                "kedaConfig": {"authenticationRef": {"name": "a", "kind": "TriggerAuthentication"}},
            },
            id="a service",
        ),
        pytest.param(made("Pod", modelFormat={}), {"modelFormat": {}}, id="another kind"),
        pytest.param(made("BaseModel", modelFormat="x"), {"modelFormat": "x"}, id="mistyped"),
    ],
)
def test_absent_fields_are_filled_in_and_the_given_object_is_left_alone(
    given: Manifest, expected: dict[str, Any]
) -> None:
    before = deepcopy(given)
    completed = with_defaults(given)
    assert (completed["spec"], given) == (expected, before)
    assert with_defaults(completed) == completed
