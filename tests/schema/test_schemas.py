"""The kinds that can be edited: the bundled ones, and those of a cluster with another OME."""

import copy

from ome_backend.resources import kinds
from ome_backend.resources.manifest import Manifest
from ome_backend.schema.crds import CRDS, custom_resource_definition
from ome_backend.schema.schemas import BUNDLED, from_definitions


def definition(kind: str = "BenchmarkJob") -> Manifest:
    return copy.deepcopy(custom_resource_definition(CRDS[kind]))


def test_bundled_are_omes_kinds_secrets_and_namespaces() -> None:
    names = [each.kind for each in BUNDLED]
    assert names == [*kinds.OME_KINDS[:5], *kinds.OME_KINDS[5:], kinds.SECRET, kinds.NAMESPACE]
    assert BUNDLED.of({"apiVersion": "v1", "kind": "Secret"}) is not None
    assert BUNDLED.of({"apiVersion": "ome.io/v2", "kind": "BaseModel"}) is None


def test_a_field_of_a_newer_ome_is_known() -> None:
    newer = definition()
    version = newer["spec"]["versions"][0]
    version["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]["novel"] = {}
    found = from_definitions([newer]).named("BenchmarkJob")
    assert found is not None
    assert found.kind == kinds.BENCHMARK_JOB
    assert "novel" in found.schema["properties"]["spec"]["properties"]


def test_a_kind_that_nobody_knew_is_called_by_its_name() -> None:
    new = definition()
    new["spec"]["names"] = {"kind": "ModelCachePolicy", "plural": "modelcachepolicies"}
    found = from_definitions([definition("BaseModel"), new])
    assert [each.kind.word for each in found][:2] == ["model", "model cache policy"]
    assert found.of({"apiVersion": "ome.io/v1beta1", "kind": "ModelCachePolicy"}) is not None


def test_a_second_version_is_another_type() -> None:
    newer = definition()
    newer["spec"]["versions"].append(
        newer["spec"]["versions"][0] | {"name": "v1", "storage": False}
    )
    newer["spec"]["versions"].append({"name": "v0", "served": False})
    found = from_definitions([newer])
    assert [each.kind.version for each in found][:2] == ["v1beta1", "v1"]
    assert found.named("BenchmarkJob") is not None


def test_definitions_of_others_are_left_out() -> None:
    foreign = definition()
    foreign["spec"]["group"] = "example.com"
    assert [each.kind for each in from_definitions([foreign])] == [kinds.SECRET, kinds.NAMESPACE]
