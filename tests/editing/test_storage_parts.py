"""Storage URIs made of parts, and taken apart again."""

import pytest

from ome_backend.editing.storage_parts import BY_SCHEME, STORAGES, Storage, objection, parts_of
from ome_backend.facts.storage_schemes import SCHEMES

URIS = {
    "hf://org/model": {"model_id": "org/model"},
    "hf://org/model@v2": {"model_id": "org/model", "branch": "v2"},
    "oci://n/t/b/models/o/a/b": {"namespace": "t", "bucket": "models", "prefix": "a/b"},
    "pvc://claim/a/b": {"pvc_name": "claim", "sub_path": "a/b"},
    "pvc://ns:claim/a": {"namespace": "ns", "pvc_name": "claim", "sub_path": "a"},
    "local:///mnt/m": {"path": "/mnt/m"},
    "vendor://openai/models/gpt": {
        "vendor_name": "openai",
        "resource_type": "models",
        "resource_path": "gpt",
    },
    "s3://b@eu/p": {"bucket": "b", "region": "eu", "prefix": "p"},
    "s3://b/p": {"bucket": "b", "prefix": "p"},
    "az://acc/cont/p": {"account_name": "acc", "container_name": "cont", "blob_path": "p"},
    "gs://b": {"bucket": "b"},
    "github://o/r@v1": {"owner": "o", "repository": "r", "tag": "v1"},
}
each_storage = pytest.mark.parametrize("storage", STORAGES, ids=lambda storage: storage.scheme)


@pytest.mark.parametrize("uri", URIS)
def test_parts_make_a_uri(uri: str) -> None:
    assert BY_SCHEME[uri.partition(":")[0]].uri(URIS[uri]) == uri


@pytest.mark.parametrize("uri", URIS)
def test_a_uri_comes_apart_and_together_again(uri: str) -> None:
    found = parts_of(uri)
    assert found is not None
    storage, values = found
    assert storage.uri(values) == uri


@each_storage
def test_the_examples_make_a_uri_that_ome_accepts(storage: Storage) -> None:
    made = storage.uri({part.name: part.example for part in storage.parts})
    assert made.startswith(f"{storage.scheme}://")


@each_storage
def test_without_a_required_part_there_is_no_uri(storage: Storage) -> None:
    for missing in (part for part in storage.parts if part.required):
        given = {part.name: part.example for part in storage.parts if part is not missing}
        assert storage.uri(given) == ""


def test_every_scheme_of_ome_can_be_built() -> None:
    assert set(BY_SCHEME) == set(SCHEMES)


def test_only_models_that_can_get_ready_are_offered_without_a_warning() -> None:
    fine = {storage.scheme for storage in STORAGES if not objection(storage.scheme)}
    assert fine == {"hf", "oci", "local", "vendor"}


def test_results_can_go_only_where_the_benchmark_can_write() -> None:
    fine = {each.scheme for each in STORAGES if not objection(each.scheme, results=True)}
    assert fine == {"oci", "pvc", "s3", "az", "gs", "github"}


def test_what_ome_does_not_accept_has_no_parts() -> None:
    assert parts_of("pvc://claim") is None
