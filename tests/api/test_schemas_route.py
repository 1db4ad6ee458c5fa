"""The schemas the editor completes from."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
import urllib3

from ome_backend.api.schemas import schema_routes
from ome_backend.errors import Unreachable
from ome_backend.schema.schemas import BUNDLED, Schemas
from tests.support.serving import served

Get = Callable[..., urllib3.BaseHTTPResponse]


@dataclass
class Cluster:
    """Answers with the schemas it has just now."""

    schemas: Schemas | None = field(default=BUNDLED)

    def now(self) -> Schemas:
        if self.schemas is None:
            raise Unreachable("The API server does not answer.")
        return self.schemas


@pytest.fixture
def cluster() -> Cluster:
    return Cluster()


@pytest.fixture
def get(cluster: Cluster) -> Iterator[Get]:
    """Ask the routes under a name of theirs."""
    with served(schema_routes("/schemas", cluster.now, ("console.example",))) as address:

        def ask(path: str, **headers: str) -> urllib3.BaseHTTPResponse:
            sent = {"Host": "console.example"} | headers
            return urllib3.request("GET", f"{address}{path}", headers=sent, timeout=5.0)

        yield ask


def test_a_kind_is_told_with_the_fields_every_object_has(get: Get) -> None:
    schema = get("/schemas/InferenceService").json()
    assert "engine" in schema["properties"]["spec"]["properties"]
    assert schema["properties"]["metadata"]["properties"]["labels"]["type"] == "object"
    assert {"apiVersion", "kind", "metadata"} <= set(schema["required"])


def test_all_kinds_are_listed_with_their_versions(get: Get) -> None:
    kinds = get("/schemas").json()["kinds"]
    assert {"kind": "BaseModel", "apiVersion": "ome.io/v1beta1"} in kinds
    assert {"kind": "Secret", "apiVersion": "v1"} in kinds


def test_a_kind_without_a_schema_is_not_found(get: Get) -> None:
    assert get("/schemas/Deployment").status == 404


def test_an_unchanged_schema_is_not_sent_again(get: Get) -> None:
    tag = get("/schemas/BaseModel").headers["etag"]
    again = get("/schemas/BaseModel", **{"If-None-Match": f'"other", W/{tag}'})
    assert (again.status, again.data) == (304, b"")


def test_a_schema_of_a_newer_ome_is_sent(get: Get, cluster: Cluster) -> None:
    tag = get("/schemas/BaseModel").headers["etag"]
    newer = [each for each in BUNDLED if each.kind.name != "BaseModel"]
    cluster.schemas = Schemas(tuple(newer), "cluster")
    again = get("/schemas/BaseModel", **{"If-None-Match": tag})
    assert again.status == 404


def test_a_large_schema_is_compressed(get: Get) -> None:
    answer = get("/schemas/InferenceService", **{"Accept-Encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cache-control"] == "private, no-cache"


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Host": "evil.example"}],
    ids=["another origin", "a rebound name"],
)
def test_only_the_consoles_own_pages_are_answered(headers: dict[str, str], get: Get) -> None:
    assert get("/schemas/BaseModel", **headers).status == 403


def test_without_a_cluster_the_failure_is_told(get: Get, cluster: Cluster) -> None:
    cluster.schemas = None
    answer = get("/schemas/BaseModel")
    assert answer.status == 503
    assert answer.json() == {"message": "The API server does not answer."}
