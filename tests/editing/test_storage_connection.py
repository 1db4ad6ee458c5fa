"""What OME reads of a storage beside its URI, compared with what its own rules read."""

import pytest

from ome_backend.editing.storage_connection import (
    connecting,
    instead,
    open_secrets,
    settings,
)
from ome_backend.editing.storage_parts import BY_SCHEME, objection
from ome_backend.facts.failure import Failure
from ome_backend.facts.storage_schemes import SCHEMES
from ome_backend.outcome import benchmark_arguments
from ome_backend.schema.schemas import BUNDLED

RESULTS = [scheme for scheme in SCHEMES if not objection(scheme, results=True)]


def arguments(scheme: str, parameters: dict[str, str]) -> list[str]:
    storage = BY_SCHEME[scheme]
    uri = storage.uri({part.name: part.example for part in storage.parts})
    found = benchmark_arguments.storage({"storageUri": uri, "parameters": parameters})
    assert not isinstance(found, Failure)
    return found


@pytest.mark.parametrize("scheme", RESULTS)
def test_every_setting_of_results_reaches_the_benchmark(scheme: str) -> None:
    for each in settings(scheme, results=True):
        assert "a-value" in arguments(scheme, {each.name: "a-value"}), each.name


@pytest.mark.parametrize("scheme", RESULTS)
def test_no_setting_that_the_benchmark_reads_is_missing(scheme: str) -> None:
    everywhere = {each.name for name in RESULTS for each in settings(name, results=True)}
    read = {name for name in everywhere if "a-value" in arguments(scheme, {name: "a-value"})}
    assert read == {each.name for each in settings(scheme, results=True)}


def test_of_models_the_agent_reads_only_what_it_is_known_to_read() -> None:
    read = {scheme: {each.name for each in settings(scheme)} for scheme in SCHEMES}
    assert {scheme: names for scheme, names in read.items() if names} == {
        "hf": {"key", "secretKey"},
        "oci": {"auth", "region"},
    }


@pytest.mark.parametrize("scheme", ["s3", "az", "gs", "github", "pvc"])
def test_where_nothing_is_read_it_is_said_with_what_to_do(scheme: str) -> None:
    assert connecting(scheme).startswith("OME reads neither key nor parameters")
    assert "local://" in instead(scheme)


@pytest.mark.parametrize("scheme", ["hf", "oci", "local", "vendor"])
def test_what_works_needs_no_other_way(scheme: str) -> None:
    assert instead(scheme) == ""
    assert "neither" not in connecting(scheme)


@pytest.mark.parametrize(
    ("scheme", "results", "parameters", "found"),
    [
        ("hf", False, {"token": "hf_x", "secretKey": "t"}, ("token",)),
        ("hf", False, {"secretKey": "t"}, ()),
        ("oci", False, {"auth": "InstancePrincipal"}, ()),
        ("s3", True, {"aws_secret_access_key": "x", "aws_region": "y"}, ("aws_secret_access_key",)),
        ("s3", True, {"aws_secret_access_key": ""}, ()),
        ("az", True, {"azure_sas_token": "x", "other": "y"}, ("azure_sas_token",)),
    ],
)
def test_secrets_in_plain_sight_are_found(
    scheme: str, results: bool, parameters: dict[str, str], found: tuple[str, ...]
) -> None:
    assert open_secrets(scheme, parameters, results=results) == found


def test_every_setting_has_a_place_in_the_schema() -> None:
    storages = {crd.kind.name: crd for crd in BUNDLED}
    assert {"BaseModel", "BenchmarkJob"} <= set(storages)
    for results in (False, True):
        for scheme in SCHEMES:
            for each in settings(scheme, results=results):
                assert each.path == ("key",) or each.path[0] == "parameters"
