"""A token of an import is in no log, text, command, value's repr or exception, whatever becomes of the import."""

import base64
import logging
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from ome_backend.backend import Backend
from ome_backend.errors import OmeError
from ome_backend.hub.hub import Hub
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.sandbox.server import Sandbox
from ome_backend.services.as_commands import trials, writes
from ome_backend.services.candidate import Source
from ome_backend.services.importing import Choices, secret_manifest, texts
from ome_backend.services.proposal import Plan
from tests.services.conftest import Connect
from tests.support import builders
from tests.support.hubs import reachable
from tests.support.local_hub import LocalHub, catalogue, faults, people

SECRET = Key("ome", "hf-import")
WANTED = Choices(Source(catalogue.GATED), "llama", path="/mnt/models/l", secret=SECRET.name)


@dataclass
class Ground:
    """Where an import is carried out, and what was said of it."""

    backend: Backend
    sandbox: Sandbox
    served: LocalHub
    said: list[str] = field(default_factory=list)

    def carry_out(self, token: str, between: Callable[[], None]) -> None:
        """Plan an import, let something happen, write it; whatever comes of it is kept as text."""
        secret = secret_manifest(SECRET)
        self.said.append(texts([WANTED], [secret]))
        secret["stringData"]["token"] = token
        plan = self.backend.editing.propose(texts([WANTED], [secret]), creating=True)
        self.said += shown(plan)
        between()
        try:
            hub = Hub(self.served.url, timeout=0.5).using(token)
            results = self.backend.imports.write(plan, hub, new_token=True)
        except OmeError as failure:
            self.said += failed(failure)
        else:
            self.said += map(repr, results)
            self.said += [each for one in results if one.error for each in failed(one.error)]


def shown(plan: Plan) -> list[str]:
    """Everything of a plan that a page draws, and the plan as a debugger would print it."""
    drawn = [(each.differences, each.problems, each.warnings, each.stored) for each in plan.writes]
    of_secrets = [repr(parts[:3]) for parts in drawn]
    return [repr(plan), *of_secrets, *trials(plan.writes), *writes(plan.writes)]


def failed(failure: BaseException | None) -> list[str]:
    """An exception with its values, what a traceback prints of it, and the same of its causes."""
    said: list[str] = []
    while failure is not None:
        said += [str(failure), repr(failure), repr(vars(failure))]
        said += traceback.format_exception(failure)
        failure = failure.__cause__ or failure.__context__
    return said


def traces(token: str) -> tuple[str, ...]:
    """The token as it is and as a Secret stores it."""
    return token, base64.b64encode(token.encode()).decode().rstrip("=")[:-1]


@pytest.fixture
def ground(
    connect: Connect, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> Iterator[Ground]:
    caplog.set_level(logging.DEBUG)
    sandbox.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "ome"))
    with reachable() as served:
        yield Ground(connect(), sandbox, served)


def fine(ground: Ground) -> None:
    """Nothing stands in the way."""


def no_model(ground: Ground) -> None:
    ground.sandbox.deny = {("create", "clusterbasemodels")}


def nothing_undone(ground: Ground) -> None:
    ground.sandbox.deny = {("create", "clusterbasemodels"), ("delete", "secrets")}


def no_secret(ground: Ground) -> None:
    ground.sandbox.deny = {("create", "secrets")}


def there_already(ground: Ground) -> None:
    ground.sandbox.objects.create(kinds.SECRET, builders.manifest(kinds.SECRET, *SECRET[::-1]))


def hub_down(ground: Ground) -> None:
    ground.served.down()


def hub_silent(ground: Ground) -> None:
    ground.served.faults.append(faults.slow(60))


def hub_broken(ground: Ground) -> None:
    ground.served.faults.append(faults.broken(path="auth-check"))


HAPPENINGS = (
    *(fine, no_model, nothing_undone, no_secret, there_already),
    *(hub_down, hub_silent, hub_broken),
)
TOKENS = (people.READER, people.STRANGER, people.EXPIRED, "hf_NobodysTokenAtAll")


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("happening", HAPPENINGS, ids=lambda each: each.__name__)
def test_the_token_is_nowhere_but_in_the_secret(
    ground: Ground,
    happening: Callable[[Ground], None],
    token: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    ground.carry_out(token, lambda: happening(ground))
    logged = [f"{each.msg!r} {each.args!r} {each.exc_info!r}" for each in caplog.records]
    assert "hf-import" in "".join(ground.said)
    for where in (*ground.said, *logged, caplog.text):
        assert not [trace for trace in traces(token) if trace in where]


def test_the_log_is_not_silent_and_the_secret_has_the_token(
    ground: Ground, caplog: pytest.LogCaptureFixture
) -> None:
    ground.carry_out(people.READER, lambda: None)
    stored = ground.sandbox.objects.get(kinds.SECRET, SECRET)
    assert stored is not None
    assert stored["data"]["token"].startswith(traces(people.READER)[1])
    assert "create secret ome/hf-import done" in caplog.text
    assert "/api/whoami-v2" in caplog.text
