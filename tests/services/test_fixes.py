"""What the console proposes for the company's services in trouble makes them ready, word for word."""

import pytest

from ome_backend.backend import Backend
from ome_backend.resources.health import Level
from ome_backend.resources.kind import Key
from ome_backend.sandbox.server import Sandbox
from ome_backend.services.detectors.finding import DoctorFinding, Severity
from tests.services.conftest import Connect
from tests.support import kubectl
from tests.support.waiting import eventually

TROUBLES = {
    Key("team-chat", "llama-405b"): "gpus-taken",
    Key("team-search", "reranker"): "runtime-unusable",
    Key("team-vision", "image-captions"): "out-of-gpu-memory",
    Key("team-vision", "product-vision"): "image-not-pulled",
}
COMPANY = {"seed": True, "simulate": True, "speed": 60.0}

pytestmark = pytest.mark.parametrize("sandbox", [COMPANY], indirect=True, ids=["company"])


def broken(backend: Backend, service: Key) -> tuple[DoctorFinding, ...]:
    view = backend.serving.get(service)
    found = backend.doctor.about(view.service.ref) if view is not None else ()
    return tuple(each for each in found if each.severity is Severity.BROKEN)


def good(backend: Backend, service: Key) -> bool:
    view = backend.serving.get(service)
    return view is not None and view.health.level is Level.GOOD


def test_every_service_in_trouble_is_explained_with_a_fix(
    connect: Connect, sandbox: Sandbox
) -> None:
    backend = connect()
    views = [view for view in backend.serving.all().rows if view.health.level is not Level.GOOD]
    assert {view.key for view in views} == set(TROUBLES)
    for view in views:
        assert view.health.sentence.endswith(".")
        assert view.diagnosis.cause.fix.endswith(".")
        assert [each.code for each in broken(backend, view.key)] == [TROUBLES[view.key]]


@pytest.mark.parametrize("service", TROUBLES, ids=str)
def test_the_proposed_command_makes_the_service_ready(
    service: Key, connect: Connect, sandbox: Sandbox
) -> None:
    backend = connect()
    (finding,) = broken(backend, service)
    kubectl.run(finding.command, backend.client)
    eventually(lambda: good(backend, service), timeout=30)
    eventually(lambda: not broken(backend, service))


@pytest.mark.parametrize("service", TROUBLES, ids=str)
def test_the_proposed_patch_says_the_same_as_the_command(
    service: Key, connect: Connect, sandbox: Sandbox
) -> None:
    (finding,) = broken(connect(), service)
    if finding.patch is None:
        assert finding.command.startswith("kubectl delete")
    else:
        assert "--type=json" in finding.command
        for operation in finding.patch:
            assert f'"{operation["path"]}"' in finding.command
