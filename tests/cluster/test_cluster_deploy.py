"""Deploying on the cluster under test: what the console composes, the server takes as it is."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from ome_backend.backend import Backend
from ome_backend.errors import AlreadyExists, Invalid, NotFound, OmeError
from ome_backend.kube.client import Client
from ome_backend.kube.snapshot import Change
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest, dig, key_of
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime
from ome_backend.schema.yaml_text import dump
from ome_backend.services.draft import Choices, chosen, with_choices
from tests.cluster.conftest import Open
from tests.support import builders
from tests.support.cluster import ClusterUnderTest
from tests.support.waiting import eventually

pytestmark = pytest.mark.cluster


@dataclass(frozen=True)
class World:
    """A model and a runtime, cluster-wide and in the namespace, and an accelerator class."""

    cluster: ClusterUnderTest
    model: Model
    own_model: Model
    runtime: Runtime
    own_runtime: Runtime
    accelerator: str

    def choices(self, runtime: Runtime | None = None) -> Choices:
        return chosen(self.model, runtime, self.cluster.namespace, self.cluster.unique("chat"))


@pytest.fixture
def world(cluster: ClusterUnderTest, backend: Backend, client: Client) -> Iterator[World]:
    """Objects under names of their own, seen by the console; they are removed after the test."""
    name, namespace = cluster.unique("qwen3"), cluster.namespace
    accelerator = builders.manifest(kinds.ACCELERATOR_CLASS, name, spec=ACCELERATOR)
    made = (
        (kinds.CLUSTER_BASE_MODEL, builders.model(name)),
        (kinds.BASE_MODEL, builders.model(f"own-{name}", namespace=namespace)),
        (
            kinds.CLUSTER_SERVING_RUNTIME,
            builders.runtime(name, decoderConfig=ENGINE, routerConfig=ENGINE),
        ),
        (kinds.SERVING_RUNTIME, builders.runtime(f"own-{name}", namespace=namespace)),
        (kinds.ACCELERATOR_CLASS, accelerator),
    )
    stored = [client.apply(kind, sendable(each)).object for kind, each in made]
    for kind, each in made:
        eventually(lambda: key_of(each) in backend.cache.snapshot(kind).objects)  # noqa: B023
    yield World(
        cluster,
        Model(stored[0]),
        Model(stored[1], kinds.BASE_MODEL),
        Runtime(stored[2], kinds.CLUSTER_SERVING_RUNTIME),
        Runtime(stored[3], kinds.SERVING_RUNTIME),
        name,
    )
    for kind, each in made:
        client.delete(kind, key_of(each))


IDENTITY = ("name", "namespace")
ENGINE = {"runner": {"name": "ome-container", "image": "docker.io/lmsysorg/sglang:v0.5.2"}}
ACCELERATOR = {"discovery": {"nodeSelector": {"gpu": "h100"}}, "capabilities": {"memoryGB": "80Gi"}}


def sendable(manifest: Manifest) -> Manifest:
    """Without what only a server writes."""
    given = {name: each for name, each in manifest["metadata"].items() if name in IDENTITY}
    return {**manifest, "metadata": given}


def left_to_ome(world: World) -> Choices:
    return world.choices()


def named_runtime(world: World) -> Choices:
    return replace(world.choices(world.runtime), decoder=False, router=False)


def own_runtime(world: World) -> Choices:
    return world.choices(world.own_runtime)


def decoder_and_router(world: World) -> Choices:
    found = world.choices(world.runtime)
    assert (found.decoder, found.router) == (True, True)
    return found


def accelerator(world: World) -> Choices:
    return replace(world.choices(), accelerator=world.accelerator)


def own_model(world: World) -> Choices:
    name = world.cluster.unique("chat")
    return chosen(world.own_model, None, world.cluster.namespace, name)


def scaled(world: World) -> Choices:
    return replace(world.choices(), min_replicas=2, max_replicas=5)


CHOICES = (
    left_to_ome,
    named_runtime,
    own_runtime,
    decoder_and_router,
    accelerator,
    own_model,
    scaled,
)


def included(part: object, whole: object) -> bool:
    """Everything in `part` is in `whole`, which may have more: the defaults of the server."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(name in whole and included(part[name], whole[name]) for name in part)
    return part == whole


@pytest.mark.parametrize("choose", CHOICES, ids=[each.__name__ for each in CHOICES])
def test_what_was_chosen_is_accepted_created_and_read_back(
    choose: Callable[[World], Choices], world: World, backend: Backend, client: Client
) -> None:
    manifest = with_choices({}, choose(world))
    checked = backend.deploy.check(dump(manifest))
    assert (checked.problems, checked.error) == ((), None)
    assert checked.stored is not None
    assert client.get(kinds.INFERENCE_SERVICE, checked.key) is None
    made = backend.deploy.create(dump(manifest))
    held = client.get(kinds.INFERENCE_SERVICE, made)
    assert held is not None
    assert held["spec"] == checked.stored["spec"]
    assert included(manifest["spec"], held["spec"])


def field(fields: Iterable[Any], name: str) -> Any:
    """The form's one field for a choice: the end of its key counts how often the editor changed it."""
    (found,) = (each for each in fields if str(each.key).rpartition("_")[0] == name)
    return found


def test_the_page_deploys_a_model_with_one_press(
    world: World, console: Open, client: Client
) -> None:
    page = console("deploy", model=world.model.key.name)
    field(page.selectbox, "deploy_namespace").set_value(world.cluster.namespace).run()
    assert [each.value for each in page.error] == []
    assert any("dry run accepts" in each.value for each in page.success)
    name = field(page.text_input, "deploy_name").value
    page.button(key="deploy_create").click().run()
    assert [each.value for each in page.title] == [name]
    held = client.get(kinds.INFERENCE_SERVICE, Key(world.cluster.namespace, str(name)))
    assert dig(held or {}, "spec", "model", "name") == world.model.key.name
    assert "runtime" not in (held or {})["spec"]


MISSPELT = {
    "spec.engine.minReplica": ("minReplicas:", "minReplica:"),
    "spec.model.names": ("    name:", "    names:"),
    "spec.engines": ("  engine:", "  engines:"),
    "metadata.label": ("metadata:\n", "metadata:\n  label: {app: a}\n"),
}


@pytest.mark.parametrize("path", MISSPELT)
def test_a_misspelt_field_is_refused_at_its_line_as_the_server_would(
    path: str, world: World, backend: Backend, client: Client
) -> None:
    text = dump(with_choices({}, world.choices())).replace(*MISSPELT[path], 1)
    line = text[: text.index(f"{path.rpartition('.')[2]}:")].count("\n") + 1
    checked = backend.deploy.check(text)
    assert (path, line) in {(each.path, each.line) for each in checked.problems}
    assert checked.manifest is not None
    with pytest.raises(Invalid) as refused:
        client.create(kinds.INFERENCE_SERVICE, checked.manifest, dry_run=True)
    assert path in {each.path for each in refused.value.problems}


def test_a_name_that_exists_is_refused(world: World, backend: Backend) -> None:
    text = dump(with_choices({}, world.choices()))
    backend.deploy.create(text)
    assert isinstance(backend.deploy.check(text).error, AlreadyExists)
    with pytest.raises(AlreadyExists):
        backend.deploy.create(text)


def test_a_missing_namespace_is_said_and_can_be_created(
    world: World, backend: Backend, client: Client
) -> None:
    choices = replace(world.choices(), namespace=world.cluster.unique("new"))
    text = dump(with_choices({}, choices))
    checked = backend.deploy.check(text)
    said = [each.message for each in checked.warnings]
    assert f"The namespace {choices.namespace} does not exist." in said
    assert isinstance(checked.error, NotFound)
    assert choices.namespace in checked.error.reason
    backend.deploy.create_namespace(choices.namespace)
    try:
        assert backend.deploy.check(text).accepted
        assert backend.deploy.create(text) == Key(choices.namespace, choices.name)
    finally:
        client.delete(kinds.NAMESPACE, Key("", choices.namespace))


def test_what_happens_on_the_cluster_arrives_in_the_cache(
    world: World, backend: Backend, client: Client
) -> None:
    kind, cache = kinds.INFERENCE_SERVICE, backend.cache
    manifest = with_choices({}, world.choices())
    told: list[Change] = []
    unsubscribe = cache.subscribe(told.append)
    client.create(kind, manifest)
    eventually(lambda: key_of(manifest) in cache.snapshot(kind).objects)
    client.merge_patch(kind, key_of(manifest), {"spec": {"engine": {"maxReplicas": 7}}})
    eventually(lambda: replicas(backend, kind, key_of(manifest)) == 7)
    client.delete(kind, key_of(manifest))
    eventually(lambda: key_of(manifest) not in cache.snapshot(kind).objects)
    unsubscribe()
    own = [change.version for change in told if change.key == key_of(manifest)]
    assert len(own) >= 3
    assert own == sorted(own)


def replicas(backend: Backend, kind: Kind, name: Key) -> object:
    held = backend.cache.snapshot(kind).objects.get(name, {})
    return dig(held, "spec", "engine", "maxReplicas")


def test_what_was_refused_can_be_corrected_and_sent_again(world: World, backend: Backend) -> None:
    good = dump(with_choices({}, world.choices()))
    with pytest.raises(OmeError):
        backend.deploy.create(good.replace("minReplicas: 1", "minReplicas: one"))
    assert backend.deploy.create(good).namespace == world.cluster.namespace
