"""What makes a simulated model agent fetch a model once more, as OME's own would."""

import pytest

from ome_backend.resources import kinds
from ome_backend.resources.agent_entry import config_map_entry
from ome_backend.resources.kind import Key
from ome_backend.sandbox.controllers.agent import AGENT, AGENT_LABEL
from tests.sandbox.simulated import Simulated

NODE, GUARDED = "gpu-h200-1", "hf-token-guard"


@pytest.fixture
def cluster() -> Simulated:
    """The company, its agents having looked at their nodes."""
    simulated = Simulated()
    simulated.live(2)
    return simulated


def agent(cluster: Simulated) -> str:
    pods = cluster.objects.list(kinds.POD, "ome", {AGENT_LABEL: AGENT})
    (found,) = [each["metadata"]["name"] for each in pods if each["spec"]["nodeName"] == NODE]
    return str(found)


def states(cluster: Simulated) -> dict[str, str]:
    """The entries of the node, by what its agent says of them."""
    data = cluster.objects.get(kinds.CONFIG_MAP, Key("ome", NODE)) or {}
    return {name: cluster.reported(NODE, name)["status"] for name in data["data"]}


def failed(cluster: Simulated) -> Key:
    """The model whose token is missing."""
    for kind in kinds.MODEL_KINDS:
        for each in cluster.objects.list(kind):
            if each["spec"]["storage"].get("key") == GUARDED:
                return Key(each["metadata"].get("namespace", ""), each["metadata"]["name"])
    raise AssertionError(f"no model asks for {GUARDED}")


def ready(cluster: Simulated) -> Key:
    """A model from the Hub that the node has."""
    for each in cluster.objects.list(kinds.CLUSTER_BASE_MODEL):
        key = Key("", each["metadata"]["name"])
        from_hub = each["spec"]["storage"]["storageUri"].startswith("hf://")
        if from_hub and states(cluster).get(config_map_entry(key)) == "Ready":
            return key
    raise AssertionError(f"no model is ready on {NODE}")


def test_a_deleted_agent_comes_back_and_takes_up_every_model_again(cluster: Simulated) -> None:
    before, first = states(cluster), agent(cluster)
    cluster.objects.remove(kinds.POD, Key("ome", first))
    cluster.live(6)
    assert agent(cluster) != first
    assert "Updating" in states(cluster).values()
    cluster.live(20)
    assert states(cluster) == before


def test_a_failed_download_stays_failed_until_the_agent_starts_again(cluster: Simulated) -> None:
    model = failed(cluster)
    entry = config_map_entry(model)
    secret = {"metadata": {"name": GUARDED, "namespace": model.namespace or "ome"}}
    cluster.objects.create(kinds.SECRET, secret)
    cluster.live(10)
    assert states(cluster)[entry] == "Failed"
    cluster.objects.remove(kinds.POD, Key("ome", agent(cluster)))
    cluster.live(400, every=5)
    assert states(cluster)[entry] == "Ready"


@pytest.mark.parametrize(
    ("policy", "seconds", "state"),
    [("ReuseIfExists", 12, "Ready"), ("AlwaysDownload", 12, "Updating")],
)
def test_another_download_policy_fetches_a_model_again(
    cluster: Simulated, policy: str, seconds: float, state: str
) -> None:
    key = ready(cluster)
    other = "AlwaysDownload" if policy == "ReuseIfExists" else "ReuseIfExists"
    _set_policy(cluster, key, other)
    cluster.live(900, every=5)
    assert states(cluster)[config_map_entry(key)] == "Ready"
    _set_policy(cluster, key, policy)
    cluster.live(1)
    assert states(cluster)[config_map_entry(key)] == "Updating"
    cluster.live(seconds)
    assert states(cluster)[config_map_entry(key)] == state


def test_no_other_change_of_a_model_fetches_it_again(cluster: Simulated) -> None:
    before = states(cluster)
    cluster.objects.change(
        kinds.CLUSTER_BASE_MODEL, ready(cluster), lambda raw: raw["spec"].update(vendor="else")
    )
    cluster.live(3)
    assert states(cluster) == before


def _set_policy(cluster: Simulated, key: Key, policy: str) -> None:
    cluster.objects.change(
        kinds.CLUSTER_BASE_MODEL,
        key,
        lambda raw: raw["spec"]["storage"].update(downloadPolicy=policy),
    )


def test_an_agent_tells_the_commit_that_it_fetched(cluster: Simulated) -> None:
    told = {
        name: cluster.reported(NODE, name).get("config", {}).get("artifact", {}).get("sha")
        for name, state in states(cluster).items()
        if state == "Ready"
    }
    commits = [sha for sha in told.values() if sha]
    assert commits
    assert all(len(sha) == 40 and int(sha, 16) for sha in commits)
