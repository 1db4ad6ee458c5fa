"""Runtimes from an address: what a text holds, where it is to be, and which installed ones it would meet."""

import pytest

from ome_backend.errors import Forbidden, Invalid
from ome_backend.remote import Remote
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.resources.runtime import Runtime
from ome_backend.sandbox.server import Sandbox
from ome_backend.schema.yaml_text import dump
from ome_backend.services.runtime_import import RuntimeImport
from ome_backend.services.runtime_pieces import Fetched, homeless, manifests, placed, read
from tests.services.conftest import Connect
from tests.support import builders

URL = "https://git.example.com/runtime.yaml"
TEXT = """\
apiVersion: ome.io/v1beta1
kind: ClusterServingRuntime
metadata:
  name: engine # theirs
spec:
  supportedModelFormats: []
---
apiVersion: v1
kind: ConfigMap
metadata: {name: extra}
---
apiVersion: serving.kserve.io/v1alpha1
kind: ServingRuntime
metadata: {name: stranger}
"""


def test_runtimes_are_told_from_all_else() -> None:
    found = read(TEXT, URL)
    assert [each.title for each in found.runtimes] == ["ClusterServingRuntime engine"]
    assert [(each.title, each.note) for each in found.others] == [
        ("ConfigMap extra", "of v1"),
        ("ServingRuntime stranger", "of serving.kserve.io/v1alpha1, not one of OME's"),
    ]


def test_one_kind_becomes_the_other_and_comments_stay() -> None:
    (piece,) = read(TEXT, URL).runtimes
    local = placed(piece, "namespace", "demo")
    assert local.runtime is not None
    assert local.runtime.ref.key == Key("demo", "engine")
    assert local.runtime.kind == kinds.SERVING_RUNTIME
    assert "# theirs" in local.written
    back = placed(local, "cluster", "")
    assert back.manifest == piece.manifest


def test_a_namespace_is_given_only_where_one_is_missing() -> None:
    bare = TEXT.replace("ClusterServingRuntime", "ServingRuntime")
    (piece,) = read(bare, URL).runtimes
    assert homeless([piece], "written")
    assert not homeless([piece], "cluster")
    named = placed(piece, "written", "demo")
    assert not homeless([named], "written")
    assert placed(named, "written", "other").manifest == named.manifest


def test_lists_are_taken_apart_and_what_the_server_added_is_left_out() -> None:
    inside = [builders.runtime("a"), builders.runtime("b")]
    found = read(dump({"apiVersion": "v1", "kind": "List", "items": inside}), URL)
    assert [each.title.split()[-1] for each in found.runtimes] == ["a", "b"]
    assert "uid" not in manifests(found.runtimes)


def test_what_can_be_read_is_taken_from_a_broken_text() -> None:
    found = read(TEXT + "---\nkind: [\n", URL)
    assert len(found.runtimes) == 1
    assert found.problems


@pytest.mark.parametrize("written", ["", "just words", "kind: ["])
def test_a_text_without_objects_is_refused(written: str) -> None:
    with pytest.raises(Invalid) as caught:
        read(written, URL)
    assert caught.value.hint


def runtimes(*made: Runtime) -> Fetched:
    return read("---\n".join(dump(each.raw) for each in made), URL)


def test_whom_they_would_meet_is_named(connect: Connect, sandbox: Sandbox) -> None:
    sandbox.objects.create(kinds.CLUSTER_SERVING_RUNTIME, builders.runtime())
    backend = connect()
    other = Runtime(builders.runtime("another"))
    local = Runtime(builders.runtime(namespace="demo"), kinds.SERVING_RUNTIME)
    same = Runtime(builders.runtime())

    def ways(*given: Runtime) -> list[str]:
        return [each.way for each in backend.runtime_import.clashes(given)]

    assert ways(same) == ["replaces"]
    assert ways(local) == ["hides"]
    assert ways(other) == ["tied"]
    assert ways(Runtime(builders.runtime("off", disabled=True))) == []
    assert ways(Runtime(builders.runtime("third", modelSizeRange={"min": "1B", "max": "2B"}))) == []


def test_it_says_which_installed_models_it_serves(connect: Connect, sandbox: Sandbox) -> None:
    sandbox.objects.create(kinds.CLUSTER_BASE_MODEL, builders.model())
    found = connect().runtime_import
    assert [each.key.name for each in found.serves(Runtime(builders.runtime()))] == ["qwen3-8b"]
    small = Runtime(builders.runtime(modelSizeRange={"min": "1B", "max": "2B"}))
    assert found.serves(small) == ()


def test_only_allowed_hosts_are_asked(connect: Connect) -> None:
    held = RuntimeImport(connect().cache, Remote(("git.example.com",)))
    with pytest.raises(Forbidden):
        held.fetch("https://elsewhere.example.com/a.yaml")
