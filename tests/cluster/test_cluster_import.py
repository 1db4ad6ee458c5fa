"""What an import writes on a real API server, what it takes back, and the restart of a model agent."""

import base64
from collections.abc import Iterator
from dataclasses import replace

import pytest

from ome_backend.backend import Backend
from ome_backend.errors import Conflict
from ome_backend.hub.hub import Hub
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Ref
from ome_backend.resources.manifest import Manifest, dig, text
from ome_backend.services.candidate import Source
from ome_backend.services.importing import Choices, secret_manifest, texts
from ome_backend.services.proposal import Plan, Result
from tests.support.cluster import ClusterUnderTest, manifest
from tests.support.hubs import reachable
from tests.support.local_hub import LocalHub, catalogue, people
from tests.support.waiting import eventually

pytestmark = pytest.mark.cluster


@pytest.fixture
def served() -> Iterator[LocalHub]:
    with reachable() as hub:
        yield hub


@pytest.fixture
def wanted(cluster: ClusterUnderTest, backend: Backend) -> Iterator[Choices]:
    """A gated model for the namespace of the test, with a new Secret; both are gone afterwards."""
    name = cluster.unique("llama")
    chosen = Choices(
        Source(catalogue.GATED), name, cluster.namespace, f"/mnt/models/{name}", secret=f"hf-{name}"
    )
    yield chosen
    backend.client.delete(chosen.kind, chosen.ref.key)
    backend.client.delete(kinds.SECRET, secret_key(chosen))


def secret_key(chosen: Choices) -> Key:
    return Key(chosen.namespace, chosen.secret)


def planned(backend: Backend, chosen: Choices) -> Plan:
    secret = secret_manifest(secret_key(chosen))
    secret["stringData"]["token"] = people.READER
    return backend.editing.propose(texts([chosen], [secret]), creating=True)


def carried_out(backend: Backend, plan: Plan, served: LocalHub, token: str) -> tuple[Result, ...]:
    return backend.imports.write(plan, Hub(served.url).using(token), new_token=True)


def stored(backend: Backend, chosen: Choices) -> tuple[Manifest | None, Manifest | None]:
    """The Secret and the model, as far as they are there."""
    held = backend.client.get(kinds.SECRET, secret_key(chosen))
    return held, backend.client.get(chosen.kind, chosen.ref.key)


def test_an_import_writes_the_secret_and_the_model(
    backend: Backend, wanted: Choices, served: LocalHub
) -> None:
    results = carried_out(backend, planned(backend, wanted), served, people.READER)
    assert [each.error for each in results] == [None, None]
    secret, model = stored(backend, wanted)
    token = base64.b64decode(str(dig(secret or {}, "data", "token"))).decode()
    assert token == people.READER
    storage = dig(model or {}, "spec", "storage")
    assert (storage["storageUri"], storage["key"]) == (f"hf://{catalogue.GATED}", wanted.secret)


def test_an_open_cluster_model_needs_no_hub_and_no_secret(
    backend: Backend, cluster: ClusterUnderTest, served: LocalHub
) -> None:
    name = cluster.unique("open")
    chosen = Choices(Source("Qwen/Qwen3-8B", "v1.1"), name, path=f"/mnt/models/{name}")
    plan = backend.editing.propose(texts([chosen]), creating=True)
    try:
        (result,) = backend.imports.write(plan, Hub(served.url), new_token=False)
        made = backend.client.get(kinds.CLUSTER_BASE_MODEL, chosen.ref.key)
    finally:
        backend.client.delete(chosen.kind, chosen.ref.key)
    assert result.error is None
    storage = {"storageUri": "hf://Qwen/Qwen3-8B@v1.1", "path": chosen.path}
    assert dig(made or {}, "spec", "storage") == storage
    assert served.asked == []


def test_the_secret_is_taken_back_when_the_server_refuses_the_model(
    backend: Backend, wanted: Choices, served: LocalHub
) -> None:
    plan = planned(backend, wanted)
    backend.client.create(
        wanted.kind,
        manifest(
            wanted.kind,
            wanted.name,
            spec={"storage": {"storageUri": "hf://somebody/else"}},
            namespace=wanted.namespace,
        ),
    )
    secret, model = carried_out(backend, plan, served, people.READER)
    assert isinstance(model.error, Conflict)
    assert secret.error is not None
    assert "was removed again" in secret.error.message
    held, kept = stored(backend, wanted)
    assert held is None
    assert dig(kept or {}, "spec", "storage", "storageUri") == "hf://somebody/else"


def test_a_token_that_may_not_read_it_writes_nothing(
    backend: Backend, wanted: Choices, served: LocalHub
) -> None:
    results = carried_out(backend, planned(backend, wanted), served, people.STRANGER)
    assert all(each.error is not None for each in results)
    assert stored(backend, wanted) == (None, None)


@pytest.fixture
def agent(cluster: ClusterUnderTest, backend: Backend) -> Iterator[Ref]:
    """The pod of a model agent on a node of the test's own."""
    node, home = cluster.unique("gpu"), Key("", backend.settings.ome_namespace)
    if backend.client.get(kinds.NAMESPACE, home) is None:
        backend.client.create(kinds.NAMESPACE, manifest(kinds.NAMESPACE, home.name))
    backend.client.create(kinds.NODE, manifest(kinds.NODE, node))
    ref = Ref(kinds.POD, Key(home.name, f"agent-{node}"))
    backend.client.create(kinds.POD, agent_pod(ref.key, node))
    eventually(lambda: backend.downloads.agent(node), timeout=30)
    eventually(lambda: backend.downloads.board().node(node), timeout=30)
    yield ref
    path = kinds.POD.path(ref.key.namespace, ref.key.name)
    cluster.request("DELETE", path, {"gracePeriodSeconds": 0})
    backend.client.delete(kinds.NODE, Key("", node))


def agent_pod(key: Key, node: str) -> Manifest:
    labels = {"app.kubernetes.io/component": "ome-model-agent-daemonset"}
    container = {"name": "model-agent", "image": "example.com/agent:1"}
    return manifest(
        kinds.POD,
        key.name,
        spec={"nodeName": node, "containers": [container]},
        namespace=key.namespace,
        labels=labels,
    )


def test_an_agent_is_restarted_by_deleting_that_very_pod(backend: Backend, agent: Ref) -> None:
    node = agent.key.name.removeprefix("agent-")
    plan = backend.retries.restart(node)
    assert plan is not None
    backend.retries.carry_out(plan)
    left = backend.client.get(kinds.POD, agent.key)
    assert left is None or text(left, "metadata", "deletionTimestamp")
    assert backend.downloads.agent(node) is None


def test_an_agent_that_was_replaced_meanwhile_stays(backend: Backend, agent: Ref) -> None:
    plan = backend.retries.restart(agent.key.name.removeprefix("agent-"))
    assert plan is not None
    other = replace(plan, agent=replace(plan.agent, uid="another"))
    with pytest.raises(Conflict):
        backend.retries.carry_out(other)
    left = backend.client.get(kinds.POD, agent.key)
    assert text(left or {}, "metadata", "uid") == plan.agent.uid
    assert not text(left or {}, "metadata", "deletionTimestamp")
