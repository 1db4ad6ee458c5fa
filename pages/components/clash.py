"""When others changed the same object: what, who, and how to go on without losing either's work."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import streamlit as st

from ome_backend.editing.ownership import Owner
from ome_backend.resources.moment import age
from ome_backend.services.proposal import Foreign, Proposal
from pages.components.diff import shown
from pages.components.facts_table import facts_table
from pages.components.text import plain


def behind(key: str, proposal: Proposal, rewrite: Callable[[Proposal], None] | None) -> None:
    """What others changed since the object was opened, and the way to join both."""
    st.warning(
        "Nothing of yours is lost. These fields were changed on the cluster since you opened it:",
        icon=":material/call_merge:",
    )
    facts_table(
        [
            {
                "Field": each.difference.path,
                "As you opened it": shown(each.difference.before),
                "Now": shown(each.difference.after),
                "Changed by": ", ".join(map(_owner, each.owners[:1])) or "not recorded",
            }
            for each in proposal.theirs
        ]
    )
    clashes = proposal.merged.clashes if proposal.merged is not None else ()
    if clashes:
        st.markdown("You changed these as well; your value stands in the joined text:")
        facts_table(
            [
                {
                    "Field": each.path,
                    "As you opened it": shown(each.base),
                    "Yours": shown(each.mine),
                    "Theirs": shown(each.theirs),
                }
                for each in clashes
            ]
        )
    if rewrite is not None and st.button("Join both changes", key=f"{key}_join", type="primary"):
        rewrite(proposal)
        st.rerun(scope="fragment")


def taken(key: str, fields: Sequence[Foreign]) -> bool:
    """Fields that another manager declares; True once the person is sure to take them, or there are none."""
    if not fields:
        return True
    managers = sorted({owner.manager for each in fields for owner in each.owners})
    st.warning(
        f"{plain(', '.join(managers))} declares what you change. It may set it back at its next run; "
        "better change it where it is declared.",
        icon=":material/swords:",
    )
    facts_table(
        [
            {
                "Field": each.difference.path,
                "Declared by": ", ".join(map(_owner, each.owners)),
                "Declared": shown(each.difference.before),
                "Yours": shown(each.difference.after),
            }
            for each in fields
        ]
    )
    return st.checkbox(
        plain(
            f"Take {'these fields' if len(fields) > 1 else 'this field'} from {', '.join(managers)}"
        ),
        key=f"{key}_force_{_named(fields)}",
    )


def _named(fields: Sequence[Foreign]) -> str:
    """Whose fields these are: being sure of some says nothing of others."""
    return " ".join(
        f"{each.difference.path}:{','.join(owner.manager for owner in each.owners)}"
        for each in fields
    )


def _owner(owner: Owner) -> str:
    when = f", {age(owner.at, datetime.now(UTC))} ago" if owner.at is not None else ""
    return f"{owner.manager} ({owner.operation.lower()}{when})"
