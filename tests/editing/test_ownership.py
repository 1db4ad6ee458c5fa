"""Who holds which field, read from managedFields as an API server writes them."""

from typing import Any

import pytest

from ome_backend.editing.ordering import rank
from ome_backend.editing.ownership import owners

LIVE: dict[str, Any] = {
    "metadata": {
        "labels": {"team": "chat"},
        "managedFields": [
            {
                "manager": "argocd-controller",
                "operation": "Apply",
                "time": "2026-03-01T10:00:00Z",
                "fieldsV1": {
                    "f:spec": {
                        "f:engine": {
                            "f:minReplicas": {},
                            "f:env": {'k:{"name":"B"}': {".": {}, "f:name": {}, "f:value": {}}},
                            "f:args": {},
                        }
                    }
                },
            },
            {
                "manager": "kubectl-edit",
                "operation": "Update",
                "time": "2026-03-01T11:00:00Z",
                "fieldsV1": {
                    "f:metadata": {"f:labels": {".": {}, "f:team": {}}},
                    "f:spec": {"f:engine": {"f:minReplicas": {}}},
                },
            },
            {
                "manager": "ome-controller",
                "operation": "Update",
                "subresource": "status",
                "fieldsV1": {"f:spec": {"f:engine": {"f:minReplicas": {}}}},
            },
        ],
    },
    "spec": {"engine": {"minReplicas": 1, "env": [{"name": "A"}, {"name": "B"}], "args": ["x"]}},
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("spec", "engine", "minReplicas"), ["kubectl-edit", "argocd-controller"]),
        (("spec", "engine", "env", 1, "value"), ["argocd-controller"]),
        (("spec", "engine", "env", 0, "value"), []),
        (("spec", "engine", "args", 0), ["argocd-controller"]),
        (("metadata", "labels", "team"), ["kubectl-edit"]),
        (("spec", "engine"), ["kubectl-edit", "argocd-controller"]),
        (("spec", "router"), []),
    ],
)
def test_owners_of_a_field_latest_first(path: tuple[str | int, ...], expected: list[str]) -> None:
    assert [each.manager for each in owners(LIVE, path)] == expected


def test_what_is_referred_to_is_written_first() -> None:
    kinds = ["BenchmarkJob", "InferenceService", "Novel", "BaseModel", "Secret", "Namespace"]
    assert sorted(kinds, key=rank) == kinds[::-1]
