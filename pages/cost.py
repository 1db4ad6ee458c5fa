"""Cost: what the GPUs cost that pods hold now, by namespace, service and class, and what stands idle."""

import streamlit as st

from ome_backend.editing.commands import listing
from ome_backend.resources.kinds import ACCELERATOR_CLASS, INFERENCE_SERVICE, NODE, POD
from pages.components import bills, scope
from pages.components.command import as_command
from pages.components.live import live
from pages.components.presence import explain, note
from pages.components.session import backend
from pages.components.title import title

title("Cost")
st.markdown(
    "Pods say who holds GPUs, their nodes of which accelerator class, and the class what one costs. OME names "
    "no currency: amounts are in that of the classes' prices."
)


@live(POD, NODE, ACCELERATOR_CLASS, INFERENCE_SERVICE, key="cost")
def cost() -> None:
    pods, nodes, classes = map(backend().cache.snapshot, (POD, NODE, ACCELERATOR_CLASS))
    if not explain((pods,)):
        return
    note((nodes, classes))
    costs = backend().planner.costing.now(scope.inside)
    if not costs.services and not costs.fleet:
        st.info("No node has GPUs, and no pod holds any.", icon=":material/payments:")
        return
    bills.summary(costs)
    if costs.services:
        bills.by_namespace(costs.namespaces)
        bills.by_service(costs.services)
    else:
        st.info("No pod holds GPUs here.", icon=":material/payments:")
    if costs.fleet:
        bills.by_class(costs.fleet)
    if costs.services:
        bills.per_token(costs)
    bills.formulas(costs)
    as_command(
        listing(POD, namespace=scope.namespace() or None, output="yaml"),
        listing(NODE, output="yaml"),
        listing(ACCELERATOR_CLASS, output="yaml"),
    )


cost()
