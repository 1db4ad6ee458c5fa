"""Lists: order, selectors and pages, as on any API server."""

import pytest

from ome_backend.resources.kinds import EVENT, INFERENCE_SERVICE, NAMESPACE, POD
from tests.support.cluster import ClusterUnderTest, Response, manifest, service

pytestmark = pytest.mark.cluster


def _fill(cluster: ClusterUnderTest) -> None:
    labels = {"a": {"tier": "x", "n": "1"}, "b": {"tier": "y", "n": "2"}, "c": {}}
    for name in ("c", "a", "b"):
        body = service(name, labels=labels[name])
        assert cluster.request("POST", cluster.path(INFERENCE_SERVICE), body).status == 201


def _list(cluster: ClusterUnderTest, **params: str) -> Response:
    return cluster.request("GET", cluster.path(INFERENCE_SERVICE), params=params)


def _names(response: Response) -> list[str]:
    assert response.status == 200, response.body
    return [item["metadata"]["name"] for item in response.body["items"]]


def test_a_list_is_sorted_and_knows_its_revision(cluster: ClusterUnderTest) -> None:
    _fill(cluster)
    listed = _list(cluster)
    assert _names(listed) == ["a", "b", "c"]
    assert listed.body["kind"] == "InferenceServiceList"
    assert int(listed.body["metadata"]["resourceVersion"]) > 0
    assert listed.body["items"][0]["kind"] == "InferenceService"


def test_items_of_built_in_kinds_come_without_their_kind(cluster: ClusterUnderTest) -> None:
    listed = cluster.request("GET", NAMESPACE.path())
    assert listed.body["kind"] == "NamespaceList"
    assert not any("kind" in item or "apiVersion" in item for item in listed.body["items"])


def test_a_list_over_all_namespaces_has_everything(cluster: ClusterUnderTest) -> None:
    _fill(cluster)
    fields = {"fieldSelector": f"metadata.namespace={cluster.namespace}"}
    listed = cluster.request("GET", INFERENCE_SERVICE.path(), params=fields)
    assert _names(listed) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("selector", "names"),
    [
        pytest.param("tier=x", "a", id="equal"),
        pytest.param("tier==x", "a", id="double equal"),
        pytest.param("tier!=x", "bc", id="not equal, or absent"),
        pytest.param("tier in (x, y)", "ab", id="in"),
        pytest.param("tier notin (x)", "bc", id="not in, or absent"),
        pytest.param("tier", "ab", id="present"),
        pytest.param("!tier", "c", id="absent"),
        pytest.param("tier,n=2", "b", id="both"),
        pytest.param("tier in (x,y),n!=1", "b", id="set and unequal"),
        pytest.param("tier=z", "", id="nothing"),
    ],
)
def test_labels_select(cluster: ClusterUnderTest, selector: str, names: str) -> None:
    _fill(cluster)
    assert _names(_list(cluster, labelSelector=selector)) == list(names)


@pytest.mark.parametrize(
    ("selector", "names"),
    [
        pytest.param("metadata.name=b", "b", id="name"),
        pytest.param("metadata.name!=b", "ac", id="other names"),
        pytest.param("metadata.name=b,metadata.namespace=elsewhere", "", id="another namespace"),
    ],
)
def test_fields_select(cluster: ClusterUnderTest, selector: str, names: str) -> None:
    _fill(cluster)
    assert _names(_list(cluster, fieldSelector=selector)) == list(names)


def test_a_field_that_cannot_select_is_refused(cluster: ClusterUnderTest) -> None:
    refused = _list(cluster, fieldSelector="spec.model.name=m")
    assert (refused.status, refused.body["reason"]) == (400, "BadRequest")
    assert "field label not supported: spec.model.name" in refused.message


def test_a_selector_that_cannot_be_read_is_refused(cluster: ClusterUnderTest) -> None:
    refused = _list(cluster, labelSelector="a in (")
    assert (refused.status, refused.body["reason"]) == (400, "BadRequest")
    assert "unable to parse requirement" in refused.message


def test_events_are_selected_by_what_they_are_about(cluster: ClusterUnderTest) -> None:
    for name in ("a", "b"):
        about = {"kind": "InferenceService", "name": name, "namespace": cluster.namespace}
        body = manifest(EVENT, f"about-{name}") | {"involvedObject": about, "reason": "Told"}
        assert cluster.request("POST", cluster.path(EVENT), body).status == 201
    fields = "involvedObject.kind=InferenceService,involvedObject.name=b"
    listed = cluster.request("GET", cluster.path(EVENT), params={"fieldSelector": fields})
    assert _names(listed) == ["about-b"]


def test_pods_are_selected_by_phase(cluster: ClusterUnderTest) -> None:
    fields = {"fieldSelector": "status.phase!=Running,spec.nodeName=nowhere"}
    assert _names(cluster.request("GET", cluster.path(POD), params=fields)) == []


def test_pages_add_up_to_the_list(cluster: ClusterUnderTest) -> None:
    _fill(cluster)
    first = _list(cluster, limit="2")
    assert _names(first) == ["a", "b"]
    assert first.body["metadata"]["remainingItemCount"] == 1
    second = _list(cluster, limit="2", **{"continue": first.body["metadata"]["continue"]})
    assert _names(second) == ["c"]
    assert not second.body["metadata"].get("continue")


def test_later_pages_show_the_state_of_the_first(cluster: ClusterUnderTest) -> None:
    _fill(cluster)
    first = _list(cluster, limit="1")
    cluster.request("DELETE", cluster.path(INFERENCE_SERVICE, "c"))
    cluster.request("POST", cluster.path(INFERENCE_SERVICE), service("d"))
    rest = _list(cluster, **{"continue": first.body["metadata"]["continue"]})
    assert _names(rest) == ["b", "c"]
    assert rest.body["metadata"]["resourceVersion"] == first.body["metadata"]["resourceVersion"]


def test_pages_keep_to_the_selector(cluster: ClusterUnderTest) -> None:
    _fill(cluster)
    first = _list(cluster, limit="1", labelSelector="tier")
    cont = {"continue": first.body["metadata"]["continue"]}
    assert _names(_list(cluster, limit="1", labelSelector="tier", **cont)) == ["b"]


def test_a_made_up_continue_token_is_refused(cluster: ClusterUnderTest) -> None:
    refused = _list(cluster, limit="1", **{"continue": "nonsense"})
    assert refused.status == 400
    assert "continue key is not valid" in refused.message


def test_any_revision_will_do_for_a_read_at_zero(cluster: ClusterUnderTest) -> None:
    _fill(cluster)
    assert _names(_list(cluster, resourceVersion="0")) == ["a", "b", "c"]


def test_a_revision_of_the_future_is_not_there_yet(cluster: ClusterUnderTest) -> None:
    ahead = _list(cluster, resourceVersion=str(2**60))
    assert (ahead.status, ahead.body["reason"]) == (504, "Timeout")
    assert "Too large resource version" in ahead.message


def test_a_selection_is_deleted_at_once(cluster: ClusterUnderTest) -> None:
    _fill(cluster)
    chosen = {"labelSelector": "tier"}
    deleted = cluster.request("DELETE", cluster.path(INFERENCE_SERVICE), params=chosen)
    assert deleted.status == 200
    assert _names(_list(cluster)) == ["c"]


def test_kubectl_gets_a_table(cluster: ClusterUnderTest) -> None:
    _fill(cluster)
    accept = {"Accept": "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"}
    table = cluster.request("GET", cluster.path(INFERENCE_SERVICE), headers=accept).body
    titles = [column["name"] for column in table["columnDefinitions"]]
    assert table["kind"] == "Table"
    assert {"Name", "Ready", "BaseModel", "Age"} <= set(titles)
    assert [row["cells"][titles.index("BaseModel")] for row in table["rows"]] == ["m"] * 3


@pytest.mark.parametrize(
    ("params", "status", "words"),
    [
        ({"limit": "x"}, 400, 'strconv.ParseInt: parsing "x": invalid syntax'),
        ({"timeoutSeconds": "x"}, 400, 'strconv.ParseInt: parsing "x": invalid syntax'),
        (
            {"resourceVersionMatch": "Exact"},
            422,
            "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless "
            "resourceVersion is provided",
        ),
        (
            {"resourceVersionMatch": "Nearly", "resourceVersion": "1"},
            422,
            'Unsupported value: "Nearly": supported values: "Exact", "NotOlderThan", ""',
        ),
        (
            {"resourceVersionMatch": "Exact", "resourceVersion": "0"},
            422,
            'resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
        ),
        ({"sendInitialEvents": "true"}, 422, "sendInitialEvents is forbidden for list"),
        (
            {"sendInitialEvents": "true", "watch": "true"},
            422,
            "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
        ),
    ],
)
def test_options_that_make_no_sense_are_refused(
    cluster: ClusterUnderTest, params: dict[str, str], status: int, words: str
) -> None:
    refused = cluster.request("GET", cluster.path(INFERENCE_SERVICE), params=params)
    assert refused.status == status
    assert words in refused.message
