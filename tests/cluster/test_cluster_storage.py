"""What the storage part of a form writes is what a real API server takes, and a Secret is found where it is."""

import pytest

from ome_backend.backend import Backend
from ome_backend.editing.storage_connection import settings
from ome_backend.editing.storage_parts import BY_SCHEME
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest
from ome_backend.schema.yaml_text import dump
from tests.support.cluster import ClusterUnderTest

pytestmark = pytest.mark.cluster
MODELS, RESULTS = ("hf", "oci"), ("oci", "s3", "az", "gs", "github")


def storage(scheme: str, *, results: bool) -> Manifest:
    """The example of a storage with every setting that is read."""
    kind = BY_SCHEME[scheme]
    held: Manifest = {"storageUri": kind.uri({part.name: part.example for part in kind.parts})}
    for each in settings(scheme, results=results):
        if each.path == ("key",):
            held["key"] = "hub"
        else:
            held.setdefault("parameters", {})[each.name] = each.example or "a-value"
    return held


def envelope(kind: Kind, key: Key) -> Manifest:
    metadata = {"name": key.name, "namespace": key.namespace}
    return {"apiVersion": kind.api_version, "kind": kind.name, "metadata": metadata}


def problems(
    backend: Backend, cluster: ClusterUnderTest, kind: Kind, spec: Manifest
) -> tuple[str, ...]:
    """What the dry run objects to, but for a Secret that nobody made."""
    made = envelope(kind, Key(cluster.namespace, cluster.unique("storage"))) | {"spec": spec}
    plan = backend.editing.propose(dump(made), creating=True)
    return tuple(each.message for each in plan.problems if "no Secret" not in each.message)


@pytest.mark.parametrize("scheme", MODELS)
def test_the_settings_of_a_model_are_taken(
    backend: Backend, cluster: ClusterUnderTest, scheme: str
) -> None:
    spec = {"storage": storage(scheme, results=False) | {"path": "/mnt/models/it"}}
    assert problems(backend, cluster, kinds.BASE_MODEL, spec) == ()


@pytest.mark.parametrize("scheme", RESULTS)
def test_the_settings_of_results_are_taken(
    backend: Backend, cluster: ClusterUnderTest, scheme: str
) -> None:
    spec = {
        "endpoint": {
            "endpoint": {"url": "http://example.org", "apiFormat": "openai", "modelName": "m"}
        },
        "task": "text-to-text",
        "trafficScenarios": ["D(100,100)"],
        "numConcurrency": [1],
        "maxTimePerIteration": 10,
        "maxRequestsPerIteration": 100,
        "outputLocation": storage(scheme, results=True),
    }
    assert problems(backend, cluster, kinds.BENCHMARK_JOB, spec) == ()


def test_a_secret_and_what_it_holds_are_found(backend: Backend, cluster: ClusterUnderTest) -> None:
    key = Key(cluster.namespace, cluster.unique("hub"))
    trouble = backend.importing.token_trouble
    assert trouble(key, "token") == f"There is no Secret {key}."
    made = envelope(kinds.SECRET, key) | {"stringData": {"other": "x"}}
    backend.client.create(kinds.SECRET, made)
    try:
        assert "has nothing under the name token" in trouble(key, "token")
        assert trouble(key, "other") == ""
    finally:
        backend.client.delete(kinds.SECRET, key)
