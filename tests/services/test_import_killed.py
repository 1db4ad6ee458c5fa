"""The Hub dies in the middle of an import, at every step of it: nothing half made stays, and one can go on."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import pytest

from ome_backend.backend import Backend
from ome_backend.errors import HubError, HubUnreachable
from ome_backend.hub.hub import Hub
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.sandbox.server import Sandbox
from ome_backend.services import hub_checkpoint
from ome_backend.services.candidate import Source
from ome_backend.services.importing import Choices, secret_manifest, texts
from ome_backend.services.proposal import Plan, Result
from tests.services.conftest import Connect
from tests.support import builders
from tests.support.hubs import reachable
from tests.support.local_hub import LocalHub, catalogue, faults, people
from tests.support.local_hub.faults import Fault
from tests.support.waiting import eventually

SECRET = Key("ome", "hf-import")
OPEN = "Qwen/Qwen3-8B"
STEPS = ("/api/whoami-v2", f"/api/models/{catalogue.GATED}/auth-check", f"{OPEN}/auth-check")
WAYS: dict[str, Callable[[str], Fault]] = {
    "broken": lambda path: faults.broken(path=path),
    "too busy": lambda path: faults.busy(40, path=path),
    "cut off": lambda path: faults.cut(path=path),
    "silent": lambda path: faults.slow(60, path=path),
    "dripping": lambda path: faults.dripping(0.05, path=path),
}

T = TypeVar("T")


@pytest.fixture
def served() -> Iterator[LocalHub]:
    with reachable() as hub:
        yield hub


@pytest.fixture
def backend(connect: Connect, sandbox: Sandbox) -> Backend:
    sandbox.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "ome"))
    return connect()


@pytest.fixture
def plan(backend: Backend) -> Plan:
    """A gated model and an open one with the same new Secret."""
    secret = secret_manifest(SECRET)
    secret["stringData"]["token"] = people.READER
    wanted = [
        Choices(Source(repo), name, path=f"/mnt/models/{name}", secret=SECRET.name)
        for repo, name in ((catalogue.GATED, "llama"), (OPEN, "qwen"))
    ]
    return backend.editing.propose(texts(wanted, [secret]), creating=True)


def carried_out(
    backend: Backend, plan: Plan, served: LocalHub, timeout: float = 10
) -> tuple[Result, ...]:
    hub = Hub(served.url, timeout=timeout).using(people.READER)
    return backend.imports.write(plan, hub, new_token=True)


def written(sandbox: Sandbox) -> set[str]:
    both = (kinds.SECRET, kinds.CLUSTER_BASE_MODEL)
    return {each["metadata"]["name"] for kind in both for each in sandbox.objects.list(kind)}


def killed_during(served: LocalHub, path: str, act: Callable[[], T]) -> "Future[T]":
    """What comes of an act when the Hub dies while it owes the answer to a question."""
    served.faults.append(faults.slow(60, path))
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(act)
        eventually(lambda: any(path in asked for asked in served.paths()))
        served.down()
    served.faults.clear()
    return found


@pytest.mark.parametrize("step", STEPS)
def test_a_hub_that_dies_at_a_step_of_the_token_check_leaves_nothing(
    backend: Backend, plan: Plan, served: LocalHub, sandbox: Sandbox, step: str
) -> None:
    found = killed_during(served, step, lambda: carried_out(backend, plan, served))
    assert isinstance(found.exception(), HubUnreachable)
    assert written(sandbox) == set()
    served.up()
    assert all(each.written for each in carried_out(backend, plan, served))
    assert written(sandbox) == {SECRET.name, "llama", "qwen"}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("step", STEPS)
def test_whatever_goes_wrong_at_a_step_leaves_nothing(
    backend: Backend, plan: Plan, served: LocalHub, sandbox: Sandbox, step: str, way: str
) -> None:
    served.faults.append(WAYS[way](step))
    with pytest.raises(HubError) as caught:
        carried_out(backend, plan, served, timeout=0.5)
    assert people.READER not in f"{caught.value!r} {vars(caught.value)}"
    assert written(sandbox) == set()
    served.faults.clear()
    assert all(each.written for each in carried_out(backend, plan, served))


def test_once_the_token_was_tried_the_hub_is_not_needed(
    backend: Backend, plan: Plan, served: LocalHub, sandbox: Sandbox
) -> None:
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(lambda: carried_out(backend, plan, served))
        eventually(lambda: sandbox.objects.get(kinds.SECRET, SECRET) is not None)
        served.down()
    assert all(each.written for each in found.result())
    assert written(sandbox) == {SECRET.name, "llama", "qwen"}


@pytest.mark.parametrize("path", ["/api/models", "/resolve/"])
def test_a_hub_that_dies_while_a_model_is_looked_at_is_no_property_of_the_model(
    served: LocalHub, path: str
) -> None:
    hub = Hub(served.url)
    found = killed_during(
        served, path, lambda: hub_checkpoint.read(hub, hub.repository(catalogue.CUSTOM_CODE))
    )
    assert isinstance(found.exception(), HubUnreachable)
    served.up()
    assert hub_checkpoint.read(hub, hub.repository(catalogue.CUSTOM_CODE)).config
