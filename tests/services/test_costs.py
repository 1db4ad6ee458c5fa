"""What pods cost by service and namespace, and what stands idle; none is counted twice or for free."""

import pytest

from ome_backend.planning.amount import Amount, Unknown
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.server import Sandbox
from ome_backend.services.costs import Costs
from tests.services.conftest import Connect
from tests.services.test_planner import accelerator, value
from tests.support import builders

CHAT = Key("demo", "chat")


def costs(connect: Connect, sandbox: Sandbox, *made: Manifest, within: str = "") -> Costs:
    """Of two nodes: eight H100s with a price, eight of a class that has none."""
    nodes = (builders.node(gpu="h100"), builders.node("gpu-2", gpu="old"))
    classes = (accelerator(perHour="2.5", spotPerHour="1"), accelerator("old"))
    for manifest in (*nodes, *classes, *made):
        sandbox.objects.create(kinds.BY_NAME[manifest["kind"]], manifest)
    inside = (lambda key: key.namespace == within) if within else (lambda _: True)
    return connect().planner.costing.now(inside)


def test_a_service_costs_what_its_pods_hold(connect: Connect, sandbox: Sandbox) -> None:
    found = costs(connect, sandbox, builders.pod(gpus=4))
    (chat,) = found.services
    assert (chat.key, chat.classes, chat.bill.gpus) == (CHAT, ("h100",), 4)
    assert (value(chat.bill.per_hour), value(chat.bill.per_month)) == (10.0, 7300.0)
    assert value(chat.bill.spot_per_hour) == 4.0


def test_gpus_of_pods_that_do_not_serve_are_told_apart(connect: Connect, sandbox: Sandbox) -> None:
    crashing = builders.pod("chat-engine-1", ready=False, gpus=3)
    (chat,) = costs(connect, sandbox, builders.pod(gpus=1), crashing).services
    assert (chat.bill.gpus, chat.unready.gpus) == (4, 3)
    assert value(chat.unready.per_hour) == 7.5


def test_namespaces_add_up_and_name_what_has_no_price(connect: Connect, sandbox: Sandbox) -> None:
    found = costs(
        connect,
        sandbox,
        builders.pod(gpus=2),
        builders.pod("a", service="old-chat", node="gpu-2", gpus=2),
        builders.pod("b", "lab", service="", gpus=1),
    )
    assert list(found.namespaces) == ["demo", "lab"]
    assert value(found.namespaces["demo"].per_hour) == 5.0
    assert found.namespaces["demo"].unpriced == ("old-chat",)
    assert isinstance(found.namespaces["demo"].spot_per_hour, Unknown)
    assert value(found.namespaces["lab"].per_hour) == 2.5
    assert (found.total.gpus, value(found.total.per_hour)) == (5, 7.5)


def test_one_namespace_is_billed_alone_and_the_fleet_stays_whole(
    connect: Connect, sandbox: Sandbox
) -> None:
    others = builders.pod("b", "lab", service="probe", gpus=1)
    found = costs(connect, sandbox, builders.pod(gpus=2), others, within="lab")
    assert [each.key for each in found.services] == [Key("lab", "probe")]
    assert found.fleet[0].held == 3


def test_idle_gpus_cost_as_much_as_busy_ones(connect: Connect, sandbox: Sandbox) -> None:
    found = costs(connect, sandbox, builders.pod(gpus=6))
    h100, old = found.fleet
    assert (h100.total, h100.held, h100.idle) == (8, 6, 2)
    assert (value(h100.per_hour), value(h100.idle_per_hour)) == (20.0, 5.0)
    assert value(h100.idle_per_month) == 5.0 * 730
    assert (old.idle, isinstance(old.idle_per_hour, Unknown)) == (8, True)
    assert value(found.idle_per_hour) == 5.0


@pytest.mark.parametrize(
    ("rate", "cost"), [(1000.0, 10.0 / 3.6), (None, None), (0.0, None)], ids=str
)
def test_a_million_tokens_cost_something_only_where_tokens_come(
    rate: float | None, cost: float | None, connect: Connect, sandbox: Sandbox
) -> None:
    found = costs(connect, sandbox, builders.pod(gpus=4)).service(CHAT)
    assert found is not None
    told = found.per_million_tokens(rate)
    assert (told.value if isinstance(told, Amount) else None) == (cost and pytest.approx(cost))


def test_a_pod_on_a_node_of_no_class_has_no_price(connect: Connect, sandbox: Sandbox) -> None:
    found = costs(connect, sandbox, builders.node("gpu-3"), builders.pod(node="gpu-3"))
    (chat,) = found.services
    assert (chat.classes, chat.bill.unpriced) == ((), ("chat",))
    assert isinstance(chat.bill.per_hour, Unknown)
