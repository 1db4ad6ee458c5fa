"""What goes over the wire with every request, and what comes back."""

import gc
import gzip
import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from ome_backend.config import Settings
from ome_backend.errors import Invalid, ReadOnly, Unreachable
from ome_backend.kube.body import decode
from ome_backend.kube.client import Client
from ome_backend.resources.kind import Key
from ome_backend.resources.kinds import INFERENCE_SERVICE, POD
from tests.kube.conftest import Serve
from tests.support.scripted import Asked, Reply
from tests.support.waiting import eventually

Build = Callable[..., Client]
KEY = Key("demo", "llama")
SERVICE = {"metadata": {"namespace": "demo", "name": "llama", "managedFields": [{}]}}
PATH = "/apis/ome.io/v1beta1/namespaces/demo/inferenceservices"

WARNINGS = {
    "none": ((), ()),
    "one": (('299 - "unknown field \\"spec.a\\""',), ('unknown field "spec.a"',)),
    "several in one header": (('299 - "a, b", 299 - "c"',), ("a, b", "c")),
    "several headers": (('299 - "a"', '299 host "b"'), ("a", "b")),
    "beyond ASCII": (("299 - \"größer\"".encode().decode("latin-1"),), ("größer",)),
}  # fmt: skip


@pytest.mark.parametrize("name", WARNINGS)
def test_the_servers_warnings_come_with_the_object(
    name: str, serve: Serve, client_of: Build
) -> None:
    headers, expected = WARNINGS[name]
    server = serve(lambda asked: Reply(201, SERVICE, tuple(("Warning", one) for one in headers)))
    written = client_of(server.kubeconfig).create(INFERENCE_SERVICE, SERVICE)
    assert written.warnings == expected


WRITES: dict[str, tuple[Callable[[Client], object], str, str, str, dict[str, str]]] = {
    "create": (
        lambda client: client.create(INFERENCE_SERVICE, SERVICE),
        "POST", PATH, "application/json", {},
    ),
    "merge patch": (
        lambda client: client.merge_patch(INFERENCE_SERVICE, KEY, {"spec": {}}, dry_run=True),
        "PATCH", f"{PATH}/llama", "application/merge-patch+json", {"dryRun": "All"},
    ),
    "json patch of a subresource": (
        lambda client: client.json_patch(INFERENCE_SERVICE, KEY, [], subresource="status"),
        "PATCH", f"{PATH}/llama/status", "application/json-patch+json", {},
    ),
    "apply": (
        lambda client: client.apply(INFERENCE_SERVICE, SERVICE, force=True),
        "PATCH", f"{PATH}/llama", "application/apply-patch+yaml", {"force": "true"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRITES)
def test_a_write_is_strict_and_names_its_manager(name: str, serve: Serve, client_of: Build) -> None:
    act, method, path, content_type, query = WRITES[name]
    server = serve(lambda asked: Reply(200, SERVICE))
    act(client_of(server.kubeconfig))
    (asked,) = server.asked
    always = {"fieldManager": "ome-console", "fieldValidation": "Strict"}
    assert (asked.method, asked.path, asked.query) == (method, path, always | query)
    assert asked.headers["content-type"] == content_type
    assert asked.headers["authorization"] == "Bearer a-token"


def test_an_applied_object_leaves_its_managers_behind(serve: Serve, client_of: Build) -> None:
    server = serve(lambda asked: Reply(200, SERVICE))
    client_of(server.kubeconfig).apply(INFERENCE_SERVICE, SERVICE)
    assert json.loads(server.asked[0].body) == {"metadata": {"namespace": "demo", "name": "llama"}}


@pytest.mark.parametrize("name", WRITES)
def test_a_read_only_console_only_rehearses(name: str, serve: Serve, client_of: Build) -> None:
    act = WRITES[name][0]
    server = serve(lambda asked: Reply(200, SERVICE))
    client = client_of(server.kubeconfig, Settings(read_only=True))
    if name == "merge patch":  # a dry run
        act(client)
        assert server.count(dryRun="All") == 1
        return
    with pytest.raises(ReadOnly, match="service demo/llama is switched off"):
        act(client)
    assert server.asked == []


def test_a_read_only_console_deletes_nothing(serve: Serve, client_of: Build) -> None:
    server = serve(lambda asked: Reply(200, {}))
    client = client_of(server.kubeconfig, Settings(read_only=True))
    with pytest.raises(ReadOnly):
        client.delete(INFERENCE_SERVICE, KEY)
    client.delete(INFERENCE_SERVICE, KEY, dry_run=True)
    assert [json.loads(asked.body)["dryRun"] for asked in server.asked] == [["All"]]


def test_a_delete_states_which_object_it_means(serve: Serve, client_of: Build) -> None:
    server = serve(lambda asked: Reply(200, {}))
    client_of(server.kubeconfig).delete(INFERENCE_SERVICE, KEY, uid="u", resource_version="7")
    conditions = json.loads(server.asked[0].body)["preconditions"]
    assert conditions == {"uid": "u", "resourceVersion": "7"}


def test_a_list_may_come_compressed(serve: Serve, client_of: Build) -> None:
    body = gzip.compress(json.dumps({"items": [SERVICE]}).encode())
    server = serve(lambda asked: Reply(200, body, (("Content-Encoding", "gzip"),)))
    page = client_of(server.kubeconfig).list(INFERENCE_SERVICE)
    assert page.items[0]["metadata"]["name"] == "llama"
    assert server.asked[0].headers["accept-encoding"] == "gzip"


def test_items_of_a_list_know_their_kind(serve: Serve, client_of: Build) -> None:
    server = serve(lambda asked: Reply(200, {"items": [{"metadata": {"name": "a"}}]}))
    (item,) = client_of(server.kubeconfig).list(POD).items
    assert (item["apiVersion"], item["kind"]) == ("v1", "Pod")


def hanging_up_on_the_second() -> Callable[[Asked], Reply]:
    replies = iter([Reply(200, {"gitVersion": "v1"}), Reply(hang_up=True)])
    return lambda asked: next(replies, Reply(200, {"gitVersion": "v1"}))


def test_a_read_over_a_connection_closed_while_idle_is_repeated(
    serve: Serve, client_of: Build
) -> None:
    server = serve(hanging_up_on_the_second())
    client = client_of(server.kubeconfig)
    assert [client.version(), client.version()] == ["v1", "v1"]
    assert len(server.asked) == 3


def test_a_write_is_never_repeated(serve: Serve, client_of: Build) -> None:
    server = serve(hanging_up_on_the_second())
    client = client_of(server.kubeconfig)
    client.version()
    with pytest.raises(Unreachable, match=r"connection to .* broke"):
        client.create(INFERENCE_SERVICE, SERVICE)
    assert len(server.asked) == 2


def test_many_threads_share_a_client(serve: Serve, client_of: Build) -> None:
    server = serve(lambda asked: Reply(200, SERVICE))
    client = client_of(server.kubeconfig)
    with ThreadPoolExecutor(16) as threads:
        found = list(threads.map(lambda _: client.get(INFERENCE_SERVICE, KEY), range(200)))
    assert found == [SERVICE] * 200


@pytest.mark.parametrize("size", [10, 100_000])
def test_the_garbage_collector_runs_again_after_a_parse(size: int) -> None:
    body = json.dumps({"items": ["x" * 10] * size}).encode()
    with ThreadPoolExecutor(4) as threads:
        assert all(len(one["items"]) == size for one in threads.map(decode, [body] * 4))
    assert gc.isenabled()


def log_of(lines: int) -> Callable[[Asked], Reply]:
    return lambda asked: Reply(chunks=[b"line %d\n" % number for number in range(lines)])


def test_a_log_is_its_last_lines(serve: Serve, client_of: Build) -> None:
    server = serve(log_of(50))
    pod = client_of(server.kubeconfig)
    assert pod.logs(KEY, container="engine", tail=2, previous=True) == ["line 48", "line 49"]
    wanted = {"container": "engine", "previous": "true", "tailLines": "2"}
    assert server.asked[0].query == wanted


def test_a_log_is_bounded_without_being_asked(serve: Serve, client_of: Build) -> None:
    server = serve(log_of(10_050))
    lines = client_of(server.kubeconfig).logs(KEY)
    assert len(lines) == 10_000
    assert lines[-1] == "line 10049"


def test_a_log_that_is_not_there_says_why(serve: Serve, client_of: Build) -> None:
    text = 'container "engine" in pod "llama" is waiting to start: ContainerCreating'
    body: dict[str, Any] = {"code": 400, "reason": "BadRequest", "message": text}
    server = serve(lambda asked: Reply(400, body))
    with pytest.raises(Invalid, match="Reading the log of pod demo/llama") as caught:
        client_of(server.kubeconfig).follow_logs(KEY)
    assert caught.value.reason == text


def test_closing_a_followed_log_ends_it_at_once(serve: Serve, client_of: Build) -> None:
    done = threading.Event()

    def endless() -> Iterator[bytes]:
        yield b"first\nsec"
        yield b"ond\n"
        done.wait(10)

    server = serve(lambda asked: Reply(chunks=endless()))
    lines = client_of(server.kubeconfig).follow_logs(KEY)
    seen: list[str] = []
    reader = threading.Thread(target=lambda: deque(map(seen.append, lines)))
    reader.start()
    eventually(lambda: len(seen) == 2)
    lines.close()
    reader.join(1.0)
    assert not reader.is_alive()
    assert seen == ["first", "second"]
    done.set()
