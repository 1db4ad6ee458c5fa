"""How a state looks: the same glyph, word and colour in tables, titles and lists."""

from typing import Literal

import streamlit as st

from ome_backend.resources.health import Health, Level
from pages.components.text import plain

Colour = Literal["red", "orange", "green", "gray"]

_COLOURS: dict[Level, Colour] = {
    Level.BROKEN: "red",
    Level.WAITING: "orange",
    Level.UNKNOWN: "gray",
    Level.OFF: "gray",
    Level.GOOD: "green",
}
_GLYPHS = {
    Level.BROKEN: "✕",
    Level.WAITING: "◔",
    Level.UNKNOWN: "?",
    Level.OFF: "○",
    Level.GOOD: "✓",
}
_ICONS = {
    Level.BROKEN: ":material/cancel:",
    Level.WAITING: ":material/schedule:",
    Level.UNKNOWN: ":material/help:",
    Level.OFF: ":material/block:",
    Level.GOOD: ":material/check_circle:",
}


def colour(level: Level) -> Colour:
    return _COLOURS[level]


def icon(level: Level) -> str:
    return _ICONS[level]


def cell(health: Health) -> str:
    """The state as a table cell shows it."""
    return f"{_GLYPHS[health.level]} {health.word}"


def badge(health: Health) -> None:
    """The state beside a title; the sentence shows on hover."""
    st.badge(
        health.word,
        icon=icon(health.level),
        color=colour(health.level),
        help=plain(health.sentence),
    )
