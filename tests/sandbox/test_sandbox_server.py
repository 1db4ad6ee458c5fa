"""The sandbox as a whole: its hooks, its life, what only it does."""

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import urllib3
import yaml

from ome_backend.errors import BadSettings
from ome_backend.resources.kinds import (
    ACCELERATOR_CLASS,
    BENCHMARK_JOB,
    CONFIG_MAP,
    CUSTOM_RESOURCE_DEFINITION,
    INFERENCE_SERVICE,
    NAMESPACE,
)
from ome_backend.sandbox.server import Sandbox
from tests.support.cluster import ClusterUnderTest, manifest, service
from tests.support.waiting import eventually

SERVICES = INFERENCE_SERVICE.path("default")


@pytest.fixture
def http(sandbox: Sandbox) -> Iterator[ClusterUnderTest]:
    """A client of the sandbox."""
    client = ClusterUnderTest(sandbox.kubeconfig())
    yield client
    client.leave()


def _config_map(name: str) -> dict[str, object]:
    return manifest(CONFIG_MAP, name, namespace="default")


def _simulations() -> int:
    return sum(thread.name == "sandbox-simulation" for thread in threading.enumerate())


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}], ids=["none", "wrong"])
def test_without_the_token_nothing_is_answered(sandbox: Sandbox, header: dict[str, str]) -> None:
    refused = urllib3.request("GET", f"{sandbox.url}{SERVICES}", headers=header, retries=False)
    assert refused.status == 401
    assert refused.json()["reason"] == "Unauthorized"


@pytest.mark.parametrize("path", ["/healthz", "/version"])
def test_health_and_version_are_public(sandbox: Sandbox, path: str) -> None:
    assert urllib3.request("GET", f"{sandbox.url}{path}", retries=False).status == 200


def test_the_version_says_that_this_is_the_sandbox(http: ClusterUnderTest) -> None:
    assert "ome-sandbox" in http.request("GET", "/version").body["gitVersion"]


def test_kubectl_authenticates_by_the_address(sandbox: Sandbox) -> None:
    address = yaml.safe_load(sandbox.kubectl_config())["clusters"][0]["cluster"]["server"]
    assert urllib3.request("GET", f"{address}{SERVICES}", retries=False).status == 200
    held = {"authorization": f"Bearer {sandbox.token}"}
    assert urllib3.request("GET", f"{address}{SERVICES}", headers=held, retries=False).status == 200


@pytest.mark.parametrize("sandbox", [{"deny": {("list", "inferenceservices")}}], indirect=True)
def test_what_is_denied_is_forbidden_in_the_servers_words(http: ClusterUnderTest) -> None:
    refused = http.request("GET", INFERENCE_SERVICE.path())
    assert (refused.status, refused.body["reason"]) == (403, "Forbidden")
    assert refused.message == (
        'inferenceservices.ome.io is forbidden: User "sandbox" cannot list resource '
        '"inferenceservices" in API group "ome.io" at the cluster scope'
    )
    assert http.request("GET", CONFIG_MAP.path("default")).status == 200


def test_a_denial_names_namespace_object_and_user(sandbox: Sandbox, http: ClusterUnderTest) -> None:
    sandbox.deny = lambda verb, _plural: verb == "delete"
    path = CONFIG_MAP.path("default", "c")
    refused = http.request("DELETE", path, headers={"Impersonate-User": "ada"})
    assert refused.message == (
        'configmaps "c" is forbidden: User "ada" cannot delete resource "configmaps" in API '
        'group "" in the namespace "default"'
    )


def test_an_access_review_knows_what_is_denied(sandbox: Sandbox, http: ClusterUnderTest) -> None:
    sandbox.deny = {("create", "pods")}
    path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"

    def allowed(verb: str) -> bool:
        asked = {"resourceAttributes": {"verb": verb, "resource": "pods"}}
        answer: bool = http.request("POST", path, {"spec": asked}).body["status"]["allowed"]
        return answer

    assert (allowed("create"), allowed("get")) == (False, True)


@pytest.mark.parametrize("sandbox", [{"without": ("benchmarkjobs",)}], indirect=True)
def test_a_kind_that_is_not_installed_is_nowhere(http: ClusterUnderTest) -> None:
    missing = http.request("GET", BENCHMARK_JOB.path())
    assert (missing.status, missing.body) == (404, "404 page not found\n")
    served = http.request("GET", "/apis/ome.io/v1beta1").body["resources"]
    assert "benchmarkjobs" not in {entry["name"] for entry in served}
    definition = CUSTOM_RESOURCE_DEFINITION.path(None, BENCHMARK_JOB.resource)
    assert http.request("GET", definition).status == 404


def test_definitions_are_read_only(http: ClusterUnderTest) -> None:
    path = CUSTOM_RESOURCE_DEFINITION.path(None, INFERENCE_SERVICE.resource)
    assert http.request("DELETE", path).status == 405


def test_ordered_failures_come_and_go(sandbox: Sandbox, http: ClusterUnderTest) -> None:
    sandbox.fail_with(429, times=2, retry_after=3)
    refused = http.request("GET", SERVICES)
    assert (refused.status, refused.headers["Retry-After"]) == (429, "3")
    assert refused.body["details"]["retryAfterSeconds"] == 3
    assert [http.request("GET", SERVICES).status for _ in range(2)] == [429, 200]


def test_failures_can_be_ordered_for_some_requests(
    sandbox: Sandbox, http: ClusterUnderTest
) -> None:
    sandbox.fail_with(500, times=None, when=lambda verb, _plural: verb == "list")
    assert http.request("POST", SERVICES, service("a"), params={"dryRun": "All"}).status != 500
    assert [http.request("GET", SERVICES).status for _ in range(3)] == [500] * 3
    sandbox.heal()
    assert http.request("GET", SERVICES).status == 200


def test_an_answer_can_be_delayed(sandbox: Sandbox, http: ClusterUnderTest) -> None:
    sandbox.fail_with(0, delay=0.2)
    started = time.monotonic()
    assert http.request("GET", SERVICES).status == 200
    assert time.monotonic() - started >= 0.2


def test_requests_are_counted_by_verb(sandbox: Sandbox, http: ClusterUnderTest) -> None:
    http.request("GET", SERVICES)
    http.request("GET", SERVICES)
    http.request("GET", f"{SERVICES}/a")
    http.request("PATCH", f"{SERVICES}/a", {})
    next(iter(http.watch(SERVICES, timeoutSeconds="1")), None)
    counted = {verb: n for (verb, plural), n in sandbox.requests.items() if "inf" in plural}
    assert counted == {"list": 2, "get": 1, "patch": 1, "watch": 1}


def test_large_answers_are_compressed_on_request(sandbox: Sandbox, http: ClusterUnderTest) -> None:
    for number in range(40):
        body = _config_map(f"c{number}") | {"data": {"text": "x" * 5_000}}
        sandbox.objects.create(CONFIG_MAP, body)
    headers = {"Authorization": f"Bearer {sandbox.token}", "Accept-Encoding": "gzip"}
    address = f"{sandbox.url}{CONFIG_MAP.path('default')}"
    answer = urllib3.request("GET", address, headers=headers, decode_content=False, retries=False)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(json.loads(gzip.decompress(answer.data))["items"]) == 40
    small = http.request("GET", SERVICES, headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in small.headers


def test_a_client_that_takes_no_json_is_told(http: ClusterUnderTest) -> None:
    refused = http.request("GET", SERVICES, headers={"Accept": "application/xml"})
    assert (refused.status, refused.body["reason"]) == (406, "NotAcceptable")


def test_stopping_ends_open_watches_at_once(sandbox: Sandbox, http: ClusterUnderTest) -> None:
    reader = threading.Thread(target=lambda: list(http.watch(SERVICES, timeoutSeconds="60")))
    reader.start()
    eventually(lambda: sandbox.requests["watch", "inferenceservices"])
    started = time.monotonic()
    sandbox.stop()
    reader.join()
    assert time.monotonic() - started < 1.0


def test_a_stopped_sandbox_starts_again_where_it_was(
    sandbox: Sandbox, http: ClusterUnderTest
) -> None:
    sandbox.objects.create(CONFIG_MAP, _config_map("c"))
    address = sandbox.url
    sandbox.stop()
    sandbox.stop()
    with pytest.raises(urllib3.exceptions.HTTPError):
        http.request("GET", SERVICES)
    sandbox.start()
    sandbox.start()
    assert sandbox.url == address
    assert http.request("GET", CONFIG_MAP.path("default", "c")).status == 200


def test_objects_outlive_the_process(start_sandbox: Callable[..., Sandbox], tmp_path: Path) -> None:
    first = start_sandbox(file=tmp_path / "sandbox.sqlite")
    first.objects.create(CONFIG_MAP, _config_map("c"))
    first.stop()
    second = start_sandbox(file=tmp_path / "sandbox.sqlite")
    http = ClusterUnderTest(second.kubeconfig())
    assert http.request("GET", CONFIG_MAP.path("default", "c")).status == 200
    http.leave()


def test_the_seed_is_sown_on_the_first_start_only(
    start_sandbox: Callable[..., Sandbox], tmp_path: Path
) -> None:
    first = start_sandbox(file=tmp_path / "sandbox.sqlite", seed=True)
    sown = first.objects.list(INFERENCE_SERVICE)
    assert sown
    first.stop()
    second = start_sandbox(file=tmp_path / "sandbox.sqlite", seed=True)
    assert second.objects.list(INFERENCE_SERVICE) == sown


def test_the_simulation_stops_with_the_sandbox(start_sandbox: Callable[..., Sandbox]) -> None:
    sandbox = start_sandbox(simulate=True)
    assert _simulations() == 1
    sandbox.stop()
    assert _simulations() == 0


def test_a_watch_from_before_a_restart_starts_over(
    start_sandbox: Callable[..., Sandbox], tmp_path: Path
) -> None:
    sandbox = start_sandbox(file=tmp_path / "sandbox.sqlite")
    http = ClusterUnderTest(sandbox.kubeconfig())
    revision = http.request("GET", SERVICES).body["metadata"]["resourceVersion"]
    sandbox.objects.create(CONFIG_MAP, _config_map("c"))
    sandbox.stop()
    sandbox.start()
    event = next(http.watch(SERVICES, resourceVersion=revision))
    assert (event["type"], event["object"]["code"]) == ("ERROR", 410)
    http.leave()


def test_a_port_in_use_is_refused_with_its_number(sandbox: Sandbox) -> None:
    port = int(sandbox.url.rpartition(":")[2])
    other = Sandbox(port=port, simulate=False, seed=False)
    with pytest.raises(BadSettings, match=str(port)):
        other.start()


@pytest.mark.parametrize("sandbox", [{"history": 5}], indirect=True)
def test_a_watch_that_is_too_far_behind_is_expired(
    sandbox: Sandbox, http: ClusterUnderTest
) -> None:
    revision = http.request("GET", SERVICES).body["metadata"]["resourceVersion"]
    for number in range(20):
        body = service(f"a{number}", namespace="default")
        sandbox.objects.create(INFERENCE_SERVICE, body)
    event = next(http.watch(SERVICES, resourceVersion=revision))
    assert (event["type"], event["object"]["reason"]) == ("ERROR", "Expired")


def test_pages_of_long_ago_are_expired(sandbox: Sandbox, http: ClusterUnderTest) -> None:
    for name in ("a", "b"):
        sandbox.objects.create(CONFIG_MAP, _config_map(name))
    path = CONFIG_MAP.path("default")
    first = http.request("GET", path, params={"limit": "1"}).body["metadata"]["continue"]
    for number in range(40):
        sandbox.objects.create(CONFIG_MAP, _config_map(f"c{number}"))
        http.request("GET", path, params={"limit": "1"})
    late = http.request("GET", path, params={"limit": "1", "continue": first})
    assert (late.status, late.body["reason"]) == (410, "Expired")


def test_a_reset_forgets_what_was_made(sandbox: Sandbox, http: ClusterUnderTest) -> None:
    sandbox.objects.create(CONFIG_MAP, _config_map("c"))
    sandbox.reset()
    assert http.request("GET", CONFIG_MAP.path("default", "c")).status == 404
    assert http.request("GET", NAMESPACE.path(None, "default")).status == 200


def test_the_default_namespace_stays(http: ClusterUnderTest) -> None:
    refused = http.request("DELETE", NAMESPACE.path(None, "default"))
    assert refused.status == 403
    assert refused.message == 'namespaces "default" is forbidden: this namespace may not be deleted'


def test_a_webhook_refuses_in_its_own_words(http: ClusterUnderTest) -> None:
    refused = http.request("POST", SERVICES, service("a", spec={"engine": {"minReplicas": -1}}))
    assert (refused.status, refused.body["reason"]) == (403, "Forbidden")
    assert refused.message.startswith(
        'admission webhook "inferenceservice.ome-webhook-server.validator" denied the request: '
    )


def test_kinds_without_a_webhook_pass(http: ClusterUnderTest) -> None:
    spec = {"vendor": "nvidia", "discovery": {}, "capabilities": {}}
    body = manifest(ACCELERATOR_CLASS, "gpu", spec=spec)
    assert http.request("POST", ACCELERATOR_CLASS.path(), body).status == 201
