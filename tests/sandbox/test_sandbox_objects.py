"""The store that the API server and the simulated controllers share."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from ome_backend.errors import AlreadyExists, BadSettings, Conflict, Expired
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.kinds import CONFIG_MAP, INFERENCE_SERVICE, NAMESPACE, POD
from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.objects import Objects
from tests.support.cluster import manifest, service

KEY = Key("ns", "a")


@pytest.fixture
def objects() -> Objects:
    return Objects()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "sandbox.sqlite"


@pytest.fixture
def stored(file: Path) -> Iterator[Objects]:
    """A store with a file and one service in it."""
    objects = Objects(file)
    _add(objects)
    yield objects
    objects.close()


def _add(objects: Objects, **metadata: object) -> Manifest:
    return objects.create(INFERENCE_SERVICE, service("a", namespace="ns", **metadata))


def _scale(raw: Manifest) -> None:
    raw["spec"]["replicas"] = raw["spec"].get("replicas", 0) + 1


def _dependent(objects: Objects, name: str, *owners: Manifest) -> None:
    references = [{"uid": owner["metadata"]["uid"]} for owner in owners]
    body = manifest(CONFIG_MAP, name, namespace="ns", ownerReferences=references)
    objects.create(CONFIG_MAP, body)


def test_a_new_object_has_identity_version_and_age(objects: Objects) -> None:
    metadata = _add(objects)["metadata"]
    assert metadata["generation"] == 1
    assert metadata["uid"]
    assert metadata["creationTimestamp"].endswith("Z")
    assert metadata["resourceVersion"] == str(objects.revision)


def test_a_name_is_taken_once(objects: Objects) -> None:
    _add(objects)
    with pytest.raises(AlreadyExists, match=r'inferenceservices\.ome\.io "a" already exists'):
        _add(objects)


def test_what_is_returned_can_be_changed_without_harm(objects: Objects) -> None:
    _add(objects)["spec"]["model"] = "spoilt"
    objects.list(INFERENCE_SERVICE)[0]["spec"]["model"] = "spoilt"
    found = objects.get(INFERENCE_SERVICE, KEY)
    assert found is not None
    assert found["spec"]["model"] == {"name": "m"}


def test_a_list_can_be_narrowed(objects: Objects) -> None:
    _add(objects, labels={"x": "y", "z": "z"})
    objects.create(INFERENCE_SERVICE, service("b", namespace="other"))
    assert len(objects.list(INFERENCE_SERVICE)) == 2
    assert len(objects.list(INFERENCE_SERVICE, "other")) == 1
    assert len(objects.list(INFERENCE_SERVICE, labels={"x": "y"})) == 1
    assert objects.list(INFERENCE_SERVICE, "ns", {"x": "other"}) == []


def test_a_change_of_the_spec_is_a_new_generation(objects: Objects) -> None:
    _add(objects)
    changed = objects.change(INFERENCE_SERVICE, KEY, _scale)
    assert changed is not None
    assert changed["metadata"]["generation"] == 2


def test_a_change_of_the_status_is_no_new_generation(objects: Objects) -> None:
    _add(objects)
    changed = objects.change(
        INFERENCE_SERVICE, KEY, lambda raw: raw.update(status={"url": "x"}), status=True
    )
    assert changed is not None
    assert changed["metadata"]["generation"] == 1


def test_a_change_that_changes_nothing_is_not_written(objects: Objects) -> None:
    before = _add(objects)
    assert objects.change(INFERENCE_SERVICE, KEY, lambda _raw: None) == before
    assert objects.revision == int(before["metadata"]["resourceVersion"])


def test_what_is_not_there_cannot_be_changed(objects: Objects) -> None:
    assert objects.change(INFERENCE_SERVICE, KEY, _scale) is None


def test_a_write_based_on_an_older_state_is_a_conflict(objects: Objects) -> None:
    before = _add(objects)
    objects.change(INFERENCE_SERVICE, KEY, _scale)
    with pytest.raises(Conflict):
        objects.swap(INFERENCE_SERVICE, before, int(before["metadata"]["resourceVersion"]))


def test_writers_do_not_lose_each_others_changes(objects: Objects) -> None:
    _add(objects)

    def work() -> None:
        for _ in range(50):
            objects.change(INFERENCE_SERVICE, KEY, _scale)

    writers = [Thread(target=work) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    found = objects.get(INFERENCE_SERVICE, KEY)
    assert found is not None
    assert found["spec"]["replicas"] == 200


def test_a_removed_object_is_gone_and_may_be_removed_again(objects: Objects) -> None:
    _add(objects)
    objects.remove(INFERENCE_SERVICE, KEY)
    objects.remove(INFERENCE_SERVICE, KEY)
    assert objects.get(INFERENCE_SERVICE, KEY) is None


def test_the_last_finalizer_ends_a_removed_object(objects: Objects) -> None:
    _add(objects, finalizers=["x", "y"])
    objects.remove(INFERENCE_SERVICE, KEY)
    held = objects.change(
        INFERENCE_SERVICE, KEY, lambda raw: raw["metadata"].update(finalizers=["y"])
    )
    assert held is not None
    assert held["metadata"]["deletionTimestamp"]
    assert objects.get(INFERENCE_SERVICE, KEY) == held
    objects.change(INFERENCE_SERVICE, KEY, lambda raw: raw["metadata"].pop("finalizers"))
    assert objects.get(INFERENCE_SERVICE, KEY) is None


def test_removing_twice_keeps_the_first_deletion_time(objects: Objects) -> None:
    _add(objects, finalizers=["x"])
    objects.remove(INFERENCE_SERVICE, KEY)
    revision = objects.revision
    objects.remove(INFERENCE_SERVICE, KEY)
    assert objects.revision == revision


def test_dependents_go_with_their_last_owner(objects: Objects) -> None:
    first = _add(objects)
    second = objects.create(INFERENCE_SERVICE, service("b", namespace="ns"))
    _dependent(objects, "of-first", first)
    _dependent(objects, "of-both", first, second)
    objects.remove(INFERENCE_SERVICE, KEY)
    assert [raw["metadata"]["name"] for raw in objects.list(CONFIG_MAP)] == ["of-both"]
    assert len(objects.list(CONFIG_MAP)[0]["metadata"]["ownerReferences"]) == 1
    objects.remove(INFERENCE_SERVICE, Key("ns", "b"))
    assert objects.list(CONFIG_MAP) == []


def test_dependents_of_dependents_go_as_well(objects: Objects) -> None:
    owner = _add(objects)
    _dependent(objects, "middle", owner)
    middle = objects.list(CONFIG_MAP)[0]
    _dependent(objects, "last", middle)
    objects.remove(INFERENCE_SERVICE, KEY)
    assert objects.list(CONFIG_MAP) == []


def test_disowned_dependents_stay(objects: Objects) -> None:
    owner = _add(objects)
    _dependent(objects, "orphan", owner)
    objects.disown(owner["metadata"]["uid"])
    objects.remove(INFERENCE_SERVICE, KEY)
    assert "ownerReferences" not in objects.list(CONFIG_MAP)[0]["metadata"]


def test_a_namespace_waits_for_the_last_of_its_content(objects: Objects) -> None:
    objects.create(NAMESPACE, manifest(NAMESPACE, "ns"))
    objects.create(POD, manifest(POD, "p", namespace="ns"))
    _add(objects, finalizers=["x"])
    objects.remove(NAMESPACE, Key("", "ns"))
    terminating = objects.get(NAMESPACE, Key("", "ns"))
    assert terminating is not None
    assert terminating["status"]["phase"] == "Terminating"
    assert objects.list(POD) == []
    objects.change(INFERENCE_SERVICE, KEY, lambda raw: raw["metadata"].pop("finalizers"))
    assert objects.get(NAMESPACE, Key("", "ns")) is None


def test_subscribers_hear_every_change_in_order(objects: Objects) -> None:
    heard: list[tuple[str, Kind, str]] = []
    stop = objects.subscribe(
        lambda word, kind, raw: heard.append((word, kind, raw["metadata"]["name"]))
    )
    _add(objects)
    objects.change(INFERENCE_SERVICE, KEY, _scale)
    objects.remove(INFERENCE_SERVICE, KEY)
    stop()
    _add(objects)
    words = [word for word, kind, name in heard if (kind, name) == (INFERENCE_SERVICE, "a")]
    assert words == ["ADDED", "MODIFIED", "DELETED"]


def test_the_history_has_an_end() -> None:
    objects = Objects(history=10)
    start = objects.revision
    _add(objects)
    for _ in range(30):
        objects.change(INFERENCE_SERVICE, KEY, _scale)
    with pytest.raises(Expired, match="too old resource version"):
        objects.changes(INFERENCE_SERVICE, start)
    now, changes = objects.changes(INFERENCE_SERVICE, objects.revision - 5)
    assert [change.now.revision for change in changes] == list(range(now - 4, now + 1))


def test_everything_can_be_cleared(objects: Objects) -> None:
    objects.create(NAMESPACE, manifest(NAMESPACE, "ns"))
    _add(objects, finalizers=["x"])
    objects.clear()
    assert objects.list(INFERENCE_SERVICE) + objects.list(NAMESPACE) == []


def test_nothing_is_lost_between_starts(stored: Objects, file: Path) -> None:
    stored.change(INFERENCE_SERVICE, KEY, _scale)
    before, revision = stored.get(INFERENCE_SERVICE, KEY), stored.revision
    stored.close()
    again = Objects(file)
    assert (again.get(INFERENCE_SERVICE, KEY), again.revision) == (before, revision)
    again.close()


def test_what_was_deleted_stays_deleted(stored: Objects, file: Path) -> None:
    stored.remove(INFERENCE_SERVICE, KEY)
    stored.close()
    again = Objects(file)
    assert again.list(INFERENCE_SERVICE) == []
    again.close()


def test_owners_are_still_known_after_a_start(stored: Objects, file: Path) -> None:
    owner = stored.get(INFERENCE_SERVICE, KEY)
    assert owner is not None
    _dependent(stored, "c", owner)
    stored.close()
    again = Objects(file)
    again.remove(INFERENCE_SERVICE, KEY)
    assert again.list(CONFIG_MAP) == []
    again.close()


def test_a_batch_left_by_an_error_is_not_written(stored: Objects, file: Path) -> None:
    def fail_halfway() -> None:
        with stored.batch():
            stored.create(CONFIG_MAP, manifest(CONFIG_MAP, "c", namespace="ns"))
            _add(stored)

    with pytest.raises(AlreadyExists):
        fail_halfway()
    stored.close()
    again = Objects(file)
    assert again.list(CONFIG_MAP) == []
    again.close()


def test_a_closed_store_opens_again(stored: Objects) -> None:
    stored.close()
    stored.open()
    assert len(stored.list(INFERENCE_SERVICE)) == 1
    objects = stored.change(INFERENCE_SERVICE, KEY, _scale)
    assert objects is not None


def test_a_watch_from_before_the_start_is_expired(stored: Objects, file: Path) -> None:
    revision = stored.revision
    stored.change(INFERENCE_SERVICE, KEY, _scale)
    stored.close()
    again = Objects(file)
    with pytest.raises(Expired):
        again.changes(INFERENCE_SERVICE, revision)
    again.close()


@pytest.mark.usefixtures("stored")
def test_a_file_in_use_is_refused_with_its_name(file: Path) -> None:
    with pytest.raises(BadSettings, match=r"sandbox\.sqlite") as refused:
        Objects(file)
    assert "OME_SANDBOX_FILE" in refused.value.hint


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "notes.txt"
    other.write_text("not a database at all, just some text\n" * 50)
    with pytest.raises(BadSettings, match="cannot be used"):
        Objects(other)
    assert other.read_text().startswith("not a database")
