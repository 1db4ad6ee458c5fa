"""What is shown and written of an object is what a person wrote, and no secret value."""

from ome_backend.editing.cleaning import clean, cloned
from ome_backend.editing.masking import CHANGED, HIDDEN, masked
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest

LIVE: Manifest = {
    "apiVersion": "ome.io/v1beta1",
    "kind": "InferenceService",
    "metadata": {
        "name": "chat",
        "namespace": "demo",
        "uid": "u",
        "resourceVersion": "7",
        "generation": 2,
        "creationTimestamp": "2026-03-01T00:00:00Z",
        "managedFields": [{"manager": "x"}],
        "finalizers": ["f"],
        "ownerReferences": [{"uid": "o"}],
        "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "{}"},
        "labels": {"team": "chat"},
    },
    "spec": {"novel": {"kept": True}},
    "status": {"url": "x"},
}


def test_what_the_server_added_goes_and_everything_else_stays() -> None:
    assert clean(LIVE) == {
        "apiVersion": "ome.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {
            "name": "chat",
            "namespace": "demo",
            "finalizers": ["f"],
            "ownerReferences": [{"uid": "o"}],
            "labels": {"team": "chat"},
        },
        "spec": {"novel": {"kept": True}},
    }


def test_the_original_is_not_changed() -> None:
    clean(LIVE)["spec"]["novel"]["kept"] = False
    assert LIVE["spec"]["novel"]["kept"] is True


def test_annotations_of_people_stay() -> None:
    notes = {"a": "b", "kubectl.kubernetes.io/last-applied-configuration": "{}"}
    assert clean({"metadata": {"annotations": notes}})["metadata"] == {"annotations": {"a": "b"}}


def test_a_clone_has_another_name_and_neither_owner_nor_finalizer() -> None:
    copy = cloned(LIVE, Key("prod", "talk"))
    assert copy["metadata"] == {"name": "talk", "namespace": "prod", "labels": {"team": "chat"}}


def test_a_clone_of_the_cluster_has_no_namespace() -> None:
    assert "namespace" not in cloned(LIVE, Key("", "talk"))["metadata"]


def test_a_secret_shows_no_value_and_that_one_changed() -> None:
    held = {"apiVersion": "v1", "kind": "Secret", "data": {"token": "YQ==", "user": "Yg=="}}
    new = held | {"data": {"token": "Yw==", "user": "Yg=="}, "stringData": {"more": "hf_x"}}
    assert masked(held)["data"] == {"token": HIDDEN, "user": HIDDEN}
    assert masked(new, held)["data"] == {"token": CHANGED, "user": HIDDEN}
    assert "hf_x" not in str(masked(new, held))


def test_other_kinds_are_shown_as_they_are() -> None:
    settings = {"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "b"}}
    assert masked(settings) is settings
