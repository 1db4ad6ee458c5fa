"""Imports from the Hub: what is proposed and written, the token's way, and what is undone."""

import base64
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from ome_backend.backend import Backend
from ome_backend.errors import HubGated, HubUnauthorised, HubUnreachable
from ome_backend.hub.answers import About
from ome_backend.hub.hub import Hub
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.sandbox.server import Sandbox
from ome_backend.schema import yaml_text
from ome_backend.services.candidate import Source, proposed_name
from ome_backend.services.import_writing import check_token
from ome_backend.services.importing import Choices, manifest, secret_manifest, texts
from ome_backend.services.proposal import Plan, Result
from tests.services.conftest import Connect
from tests.support import builders
from tests.support.hubs import reachable
from tests.support.local_hub import LocalHub, catalogue, people
from tests.support.waiting import eventually

SECRET = Key("ome", "hf-import")


@pytest.fixture
def served() -> Iterator[LocalHub]:
    with reachable() as hub:
        yield hub


@pytest.fixture
def hub(served: LocalHub) -> Hub:
    return Hub(served.url)


@pytest.fixture
def backend(connect: Connect, sandbox: Sandbox) -> Backend:
    for name in ("ome", "demo"):
        sandbox.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, name))
    return connect()


def choices(repo: str = catalogue.GATED, **changed: Any) -> Choices:
    given: dict[str, Any] = {"path": f"/mnt/models/{repo}", "secret": SECRET.name, "name": "llama"}
    return Choices(Source(repo), **given | changed)


def planned(backend: Backend, token: str, *wanted: Choices) -> Plan:
    """The plan of models and the Secret they share, with the token in what is sent."""
    secret = secret_manifest(SECRET)
    secret["stringData"]["token"] = token
    return backend.editing.propose(texts(wanted, [secret]), creating=True)


def carried_out(backend: Backend, hub: Hub, token: str, *wanted: Choices) -> tuple[Result, ...]:
    plan = planned(backend, token, *wanted)
    return backend.imports.write(plan, hub.using(token), new_token=True)


def names(sandbox: Sandbox, kind: Any) -> set[str]:
    return {each["metadata"]["name"] for each in sandbox.objects.list(kind)}


@pytest.mark.parametrize(
    ("repo", "taken", "name"),
    [
        ("meta-llama/Llama-3.1-8B-Instruct", (), "llama-3-1-8b-instruct"),
        ("Qwen/Qwen3-8B", ("qwen3-8b",), "qwen-qwen3-8b"),
        ("Qwen/Qwen3-8B", ("qwen3-8b", "qwen-qwen3-8b"), "qwen3-8b-2"),
        ("gpt2", ("gpt2",), "gpt2-2"),
        ("a/__x__", (), "x"),
        ("a/" + "b" * 80, (), "b" * 63),
        ("a/" + "." * 8, (), "model"),
    ],
)
def test_names_follow_the_repository_and_avoid_those_taken(
    repo: str, taken: tuple[str, ...], name: str
) -> None:
    assert proposed_name(repo, taken) == name


def test_only_what_ome_does_not_find_out_is_written_and_nothing_empty() -> None:
    made = manifest(Choices(Source("Qwen/Qwen3-8B"), "qwen", path="/mnt/models/q"))
    assert made["spec"] == {
        "storage": {"storageUri": "hf://Qwen/Qwen3-8B", "path": "/mnt/models/q"}
    }
    assert made["metadata"] == {"name": "qwen"}


def test_every_choice_stands_where_ome_reads_it() -> None:
    source = Source("org/model", "refs/pr/1")
    made = manifest(
        Choices(
            *(source, "own", "demo", "/mnt/own", (("pool", "h100"),), "ReuseIfExists"),
            *("hf", "read-token", "org"),
        )
    )
    assert (made["kind"], made["metadata"]["namespace"]) == ("BaseModel", "demo")
    assert made["spec"] == {
        "vendor": "org",
        "storage": {
            "storageUri": "hf://org/model@refs/pr/1",
            "path": "/mnt/own",
            "key": "hf",
            "parameters": {"secretKey": "read-token"},
            "nodeSelector": {"pool": "h100"},
            "downloadPolicy": "ReuseIfExists",
        },
    }


def test_a_proposal_lies_where_other_models_lie_under_a_free_name(
    backend: Backend, sandbox: Sandbox
) -> None:
    storage = {"storageUri": "hf://Qwen/Qwen3-8B", "path": "/raid/models/Qwen/Qwen3-8B"}
    sandbox.objects.create(kinds.CLUSTER_BASE_MODEL, builders.model("qwen3-8b", storage=storage))
    eventually(lambda: len(backend.downloads.models()) == 1)
    found = backend.importing.proposed(About("acme/Qwen3-8B", author="acme"), "v1.0")
    assert (found.name, found.vendor) == ("acme-qwen3-8b", "acme")
    assert found.path == "/raid/models/acme/Qwen3-8B@v1.0"


@pytest.mark.parametrize(
    ("namespace", "changed", "said"),
    [
        ("", {"name": "qwen3-8b"}, "There is a cluster model qwen3-8b already"),
        ("demo", {"name": "qwen3-8b"}, "will get this one instead"),
        ("", {"name": "own"}, "In demo there is a model of the same name"),
        ("", {"source": Source("Qwen/Qwen3-8B")}, "Cluster model qwen3-8b comes from the same"),
        ("", {"path": "/raid/models/qwen3-8b/"}, "they would be mixed"),
    ],
)
def test_collisions_and_shadowing_are_told(
    backend: Backend, sandbox: Sandbox, namespace: str, changed: dict[str, Any], said: str
) -> None:
    sandbox.objects.create(kinds.CLUSTER_BASE_MODEL, builders.model())
    storage = {"storageUri": "hf://a/own", "path": "/raid/own"}
    own = builders.model("own", namespace="demo", storage=storage)
    sandbox.objects.create(kinds.BASE_MODEL, own)
    eventually(lambda: len(backend.downloads.models()) == 2)
    given: dict[str, Any] = {
        "source": Source("a/b"),
        "name": "new",
        "namespace": namespace,
    } | changed
    (found,) = backend.importing.troubles(Choices(**given))
    assert said in found


def test_nodes_are_chosen_by_labels_that_tell_them_apart(
    backend: Backend, sandbox: Sandbox
) -> None:
    for name, pool, disk in (("gpu-1", "h100", "12Ti"), ("gpu-2", "l40s", "180Gi")):
        labels = {"pool": pool, "os": "linux", "kubernetes.io/hostname": name}
        status = {"allocatable": {"ephemeral-storage": disk}}
        made = builders.manifest(kinds.NODE, name, metadata={"labels": labels}, status=status)
        sandbox.objects.create(kinds.NODE, made)
    eventually(lambda: len(backend.cache.snapshot(kinds.NODE).objects) == 2)
    assert backend.importing.labels() == (("pool", "h100"), ("pool", "l40s"))
    (place,) = backend.importing.places(choices(selector=(("pool", "l40s"),)))
    assert (place.node, place.agent, place.free) == ("gpu-2", False, 180 * 2**30)
    assert len(backend.importing.places(choices())) == 2


def test_the_token_lies_where_ome_reads_it(backend: Backend) -> None:
    assert backend.importing.secret_namespace("") == "ome"
    assert backend.importing.secret_namespace("demo") == "demo"


def test_a_secret_without_the_token_is_told(backend: Backend, sandbox: Sandbox) -> None:
    assert "no Secret ome/hf-import" in backend.importing.secret_trouble(choices())
    made = builders.manifest(kinds.SECRET, SECRET.name, "ome", data={"token": "aGY="})
    sandbox.objects.create(kinds.SECRET, made)
    assert backend.importing.secret_trouble(choices()) == ""
    assert "name other" in backend.importing.secret_trouble(choices(secret_key="other"))


def test_a_token_says_whose_it_is_and_what_it_reads(hub: Hub) -> None:
    found = check_token(hub.using(people.NARROW), ["Qwen/Qwen3-8B", catalogue.GATED])
    assert found.account.name == "narrow"
    assert [each.allowed for each in found.access.values()] == [True, False]


def test_a_gated_model_is_imported_with_its_token(
    backend: Backend, hub: Hub, sandbox: Sandbox
) -> None:
    results = carried_out(backend, hub, people.READER, choices())
    assert [each.written is not None for each in results] == [True, True]
    secret = sandbox.objects.get(kinds.SECRET, SECRET)
    assert secret is not None
    assert base64.b64decode(secret["data"]["token"]).decode() == people.READER
    model = sandbox.objects.get(kinds.CLUSTER_BASE_MODEL, Key("", "llama"))
    assert model is not None
    assert model["spec"]["storage"]["key"] == SECRET.name


@pytest.mark.parametrize(
    ("token", "failure"), [("hf_nobody", HubUnauthorised), (people.EXPIRED, HubUnauthorised)]
)
def test_nobodys_token_writes_nothing(
    backend: Backend, hub: Hub, sandbox: Sandbox, token: str, failure: type[Exception]
) -> None:
    with pytest.raises(failure) as caught:
        carried_out(backend, hub, token, choices())
    assert token not in repr(caught.value.__dict__) + str(caught.value)
    assert names(sandbox, kinds.SECRET) | names(sandbox, kinds.CLUSTER_BASE_MODEL) == set()


@pytest.mark.parametrize("token", [people.STRANGER, people.WAITING, people.NARROW])
def test_a_token_that_may_not_read_the_model_leaves_nothing_behind(
    backend: Backend, hub: Hub, sandbox: Sandbox, token: str
) -> None:
    secret, model = carried_out(backend, hub, token, choices())
    assert isinstance(model.error, HubGated)
    assert secret.error is not None
    assert "was not written" in secret.error.message
    assert names(sandbox, kinds.SECRET) | names(sandbox, kinds.CLUSTER_BASE_MODEL) == set()


def test_of_several_models_each_has_its_own_result(
    backend: Backend, hub: Hub, sandbox: Sandbox
) -> None:
    free = choices("Qwen/Qwen3-8B", name="qwen")
    results = carried_out(backend, hub, people.STRANGER, choices(), free)
    assert [each.error is None for each in results] == [True, False, True]
    assert names(sandbox, kinds.CLUSTER_BASE_MODEL) == {"qwen"}
    assert names(sandbox, kinds.SECRET) == {SECRET.name}


def test_the_hub_gone_in_the_middle_leaves_nothing_and_one_can_go_on(
    backend: Backend, hub: Hub, served: LocalHub, sandbox: Sandbox
) -> None:
    plan = planned(backend, people.READER, choices())
    served.down()
    with pytest.raises(HubUnreachable):
        backend.imports.write(plan, hub.using(people.READER), new_token=True)
    assert names(sandbox, kinds.SECRET) | names(sandbox, kinds.CLUSTER_BASE_MODEL) == set()
    served.up()
    results = backend.imports.write(plan, hub.using(people.READER), new_token=True)
    assert all(each.written is not None for each in results)


def test_a_secret_goes_again_when_its_model_is_refused(
    backend: Backend, hub: Hub, sandbox: Sandbox
) -> None:
    plan = planned(backend, people.READER, choices())
    sandbox.deny = {("create", "clusterbasemodels")}
    secret, model = backend.imports.write(plan, hub.using(people.READER), new_token=True)
    assert model.error is not None
    assert secret.error is not None
    assert "was removed again" in secret.error.message
    assert names(sandbox, kinds.SECRET) == set()


def test_a_secret_that_cannot_be_removed_again_is_named(
    backend: Backend, hub: Hub, sandbox: Sandbox
) -> None:
    plan = planned(backend, people.READER, choices())
    sandbox.deny = {("create", "clusterbasemodels"), ("delete", "secrets")}
    secret, _ = backend.imports.write(plan, hub.using(people.READER), new_token=True)
    assert secret.error is not None
    assert (secret.error.message, secret.error.hint) == (
        "The secret ome/hf-import is left over: no model uses it, and it could not be removed.",
        "Delete it by hand.",
    )


def test_without_a_new_token_the_hub_is_not_asked(
    backend: Backend, hub: Hub, served: LocalHub
) -> None:
    text = texts([choices("Qwen/Qwen3-8B", secret="", name="qwen")])
    plan = backend.editing.propose(text, creating=True)
    (result,) = backend.imports.write(plan, hub, new_token=False)
    assert (result.written is not None, served.asked) == (True, [])


def test_the_token_is_in_no_text_log_or_answer(
    backend: Backend, hub: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    text = texts([choices()], [secret_manifest(SECRET)])
    assert yaml_text.parse(text).problems == ()
    plan = planned(backend, people.STRANGER, choices())
    results = backend.imports.write(plan, hub.using(people.STRANGER), new_token=True)
    said = [f"{each.error} {each.error.__dict__}" for each in results if each.error is not None]
    shown = [repr(each.differences) for each in plan.proposals]
    for where in (text, caplog.text, *said, *shown):
        assert people.STRANGER not in where
    assert len(said) == 2
