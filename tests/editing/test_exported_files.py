"""Exported files: clean, without secrets, the same bytes each time, and taken in again as they were."""

import io
import json
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ome_backend.editing import commands
from ome_backend.editing.export import archive, exported, yaml_of
from ome_backend.editing.intake import text_of
from ome_backend.editing.kustomize import base, overlay
from ome_backend.errors import Invalid
from ome_backend.resources import kinds
from ome_backend.resources.manifest import Manifest
from ome_backend.schema import yaml_text
from ome_backend.schema.yaml_text import LARGEST
from tests.support import builders


def secret() -> Manifest:
    return builders.manifest(kinds.SECRET, "token", "demo", data={"token": "aGZfeA=="})


def job() -> Manifest:
    endpoint = {"inferenceService": {"name": "chat", "namespace": "demo"}}
    return builders.manifest(kinds.BENCHMARK_JOB, "load", "demo", spec={"endpoint": endpoint})


def everything() -> list[Manifest]:
    service = builders.inference_service()
    service["spec"]["model"] = {"name": "own", "kind": "BaseModel"}
    service["metadata"] |= {
        "finalizers": ["inferenceservice.finalizers"],
        "ownerReferences": [{"uid": "1"}],
    }
    return [
        service,
        job(),
        builders.model("own", namespace="demo"),
        builders.model(),
        builders.runtime(),
        builders.manifest(kinds.NAMESPACE, "demo"),
        secret(),
    ]


def identity(raw: Manifest) -> tuple[str, str]:
    return raw["kind"], raw["metadata"]["name"]


def values(text: str) -> list[Manifest]:
    parsed = yaml_text.parse(text)
    assert parsed.problems == ()
    return [each.value for each in parsed.documents]


def test_what_belongs_to_one_cluster_is_left_out() -> None:
    found = exported(everything()[0])
    assert found["metadata"] == {"name": "chat", "namespace": "demo"}
    assert "status" not in found
    assert found["spec"]["engine"] == {"minReplicas": 1}


def test_documents_stand_in_the_order_in_which_they_can_be_applied() -> None:
    found = [each["kind"] for each in values(yaml_of(everything()))]
    assert found == [
        "Namespace",
        "Secret",
        "ClusterBaseModel",
        "BaseModel",
        "ClusterServingRuntime",
        "InferenceService",
        "BenchmarkJob",
    ]


def test_values_of_secrets_are_never_exported() -> None:
    files = base(everything()) | overlay(everything(), "prod", "prod")
    for text in (yaml_of(everything()), *files.values()):
        assert "aGZfeA==" not in text
    assert "The values are left out" in yaml_of([secret()])


@given(st.permutations(everything()))
def test_the_order_of_what_is_exported_changes_no_byte(objects: list[Manifest]) -> None:
    assert yaml_of(objects) == yaml_of(everything())
    packed = archive(base(objects) | overlay(objects, "prod", "prod", "-x"))
    assert packed == archive(base(everything()) | overlay(everything(), "prod", "prod", "-x"))


def test_a_zip_comes_back_as_the_objects_it_was_made_of() -> None:
    packed = archive(base(everything()) | overlay(everything(), "prod", "prod"))
    found = sorted(values(text_of("all.zip", packed)), key=identity)
    assert found == sorted(values(yaml_of(everything())), key=identity)


def kustomized(tmp_path: Path, files: dict[str, str], folder: str) -> list[Manifest]:
    """What kubectl makes of the files."""
    if shutil.which("kubectl") is None:
        pytest.skip("kubectl is not installed")
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    command = ["kubectl", "kustomize", str(tmp_path / folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return values(done.stdout)


def named(objects: list[Manifest], kind: str) -> Manifest:
    return next(each for each in objects if each["kind"] == kind)


def test_kustomize_makes_of_a_base_what_was_exported(tmp_path: Path) -> None:
    found = kustomized(tmp_path, base(everything()), "base")
    assert sorted(found, key=identity) == sorted(values(yaml_of(everything())), key=identity)


def test_kustomize_makes_of_an_overlay_the_same_elsewhere(tmp_path: Path) -> None:
    files = base(everything()) | overlay(everything(), "prod", "prod", "-canary")
    found = kustomized(tmp_path, files, "overlays/prod")
    service, load = named(found, "InferenceService"), named(found, "BenchmarkJob")
    assert service["metadata"] == {"name": "chat-canary", "namespace": "prod"}
    assert service["spec"]["model"]["name"] == "own-canary"
    assert load["spec"]["endpoint"]["inferenceService"] == {
        "name": "chat-canary",
        "namespace": "prod",
    }
    assert named(found, "Namespace")["metadata"]["name"] == "prod"
    assert named(found, "ClusterBaseModel")["metadata"] == {"name": "qwen3-8b"}


def test_references_to_what_is_not_exported_stay() -> None:
    text = overlay([job()], "prod", "prod", "-x")["overlays/prod/kustomization.yaml"]
    (patch,) = values(text)[0]["patches"]
    changed = {each["path"] for each in json.loads(patch["patch"])}
    assert changed == {"/metadata/name", "/metadata/namespace"}
    assert commands.apply_folder("overlays/prod").endswith("-k overlays/prod")


def zipped(*entries: tuple[str, bytes], **options: Any) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, **options) as opened:
        for name, data in entries:
            opened.writestr(name, data)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04 and no more", "cannot be read"),
        (zipped(), "has no YAML file"),
        (zipped(("a.txt", b"x"), ("kustomization.yaml", b"a: 1")), "has no YAML file"),
        (zipped(("a.yaml", b"\xff")), "a.yaml is not UTF-8"),
        (b"\xff\xfe", "is not UTF-8"),
        (b"x" * (LARGEST + 1), "larger than 10 MB"),
        (zipped(("a.yaml", b" " * LARGEST), ("b.yaml", b"  ")), "larger than 10 MB"),
    ],
    ids=["broken", "empty", "others only", "bytes in it", "bytes", "large", "bomb"],
)
def test_a_file_that_cannot_be_taken_is_refused_with_the_reason(data: bytes, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        text_of("the.file", data)
    assert said in refused.value.message
    assert refused.value.hint


def test_files_of_a_zip_become_documents_whatever_they_end_in() -> None:
    data = zipped(("b.yml", b"b: 2"), ("x/a.yaml", b"a: 1"), ("__MACOSX/a.yaml", b"\0"))
    assert values(text_of("x.zip", data)) == [{"b": 2}, {"a": 1}]


def test_a_single_file_is_taken_as_it_is() -> None:
    assert text_of("a.yaml", b"\xef\xbb\xbf# mine\na: 1") == "# mine\na: 1"
