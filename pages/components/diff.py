"""What a change would do to an object: its fields, or both texts against each other."""

from collections.abc import Sequence

import streamlit as st

from ome_backend.editing.cleaning import clean
from ome_backend.editing.differences import ABSENT, Difference
from ome_backend.editing.masking import masked
from ome_backend.resources.manifest import Manifest
from ome_backend.schema.yaml_dump import block, dump
from pages.components.facts_table import facts_table
from pages.components.yaml_diff import yaml_diff

FIELDS, BESIDE, UNIFIED = "Fields", "Side by side", "Unified"
LONGEST = 200


def diff(
    key: str,
    before: Manifest,
    after: Manifest,
    found: Sequence[Difference],
    labels: tuple[str, str],
) -> None:
    """Draw it in the view the person prefers; secret values are hidden in all of them."""
    chosen = st.segmented_control(
        "View",
        [FIELDS, BESIDE, UNIFIED],
        default=FIELDS,
        required=True,
        key=f"{key}_view",
        label_visibility="collapsed",
    )
    if chosen == FIELDS:
        fields(found, labels)
        return
    left, right = clean(before) if before else {}, clean(after)
    yaml_diff(
        f"{key}_{'beside' if chosen == BESIDE else 'unified'}",
        dump(masked(left)) if left else "",
        dump(masked(right, left)),
        side_by_side=chosen == BESIDE,
        labels=labels,
    )


def fields(found: Sequence[Difference], labels: tuple[str, str]) -> None:
    """One row a field."""
    before, after = labels
    facts_table(
        [
            {"Field": each.path, before: shown(each.before), after: shown(each.after)}
            for each in found
        ],
        {"Field": st.column_config.TextColumn(width="medium")},
    )


def shown(value: object) -> str:
    """A value in a cell, which has one line; nothing where there is none."""
    if value is ABSENT:
        return ""
    if isinstance(value, list) and not any(isinstance(each, dict | list) for each in value):
        text = ", ".join(map(str, value))
    else:
        text = " ↵ ".join(block(value).strip().splitlines())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
