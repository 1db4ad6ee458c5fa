"""What OME made for a service beside the pods."""

from collections.abc import Sequence

import streamlit as st

from ome_backend.resources.cluster_service import ClusterService
from ome_backend.resources.deployment import Deployment
from pages.components.facts_table import facts_table


def related(deployments: Sequence[Deployment], addresses: Sequence[ClusterService]) -> None:
    """One row an object."""
    rows = [
        {
            "Kind": "Deployment",
            "Name": each.key.name,
            "State": f"{each.ready} of {each.wanted} replicas ready",
        }
        for each in deployments
    ]
    rows += [
        {"Kind": "Service", "Name": each.key.name, "State": each.address} for each in addresses
    ]
    if rows:
        facts_table(rows)
    else:
        st.info("OME has made nothing for it yet.", icon=":material/help:")
