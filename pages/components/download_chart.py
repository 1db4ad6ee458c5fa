"""How downloads went on while the console watched, as a chart in the colours of the theme."""

from collections.abc import Mapping

import plotly.graph_objects as go
import streamlit as st

from ome_backend.downloads.track import Track

HEIGHT = 240
MOST_LINES = 12


def download_chart(key: str, tracks: Mapping[str, Track]) -> None:
    """One line a track, by its name: what has arrived of the whole, in percent, over time."""
    drawn = {name: each for name, each in tracks.items() if len(_known(each)) > 1}
    if not drawn:
        st.caption(
            ":material/show_chart: The console keeps what agents report while it runs; the chart begins "
            "with the second report of a download, half a minute after the first."
        )
        return
    figure = go.Figure([_line(name, drawn[name]) for name in list(drawn)[:MOST_LINES]])
    figure.update_layout(
        height=HEIGHT,
        margin={"l": 0, "r": 8, "t": 8, "b": 0},
        hovermode="x unified",
        showlegend=len(drawn) > 1,
        legend={"orientation": "h", "y": -0.2},
        yaxis={"title": "Arrived", "ticksuffix": " %", "range": [0, 101], "fixedrange": True},
        xaxis={"title": None, "fixedrange": True},
    )
    st.plotly_chart(
        figure, key=key, config={"displayModeBar": False}, alt=_told(drawn), theme="streamlit"
    )
    if len(drawn) > MOST_LINES:
        st.caption(f"The first {MOST_LINES} of {len(drawn)}; choose one below or in the address.")


def _known(track: Track) -> list[tuple[object, float]]:
    return [
        (each.at, 100 * min(1.0, each.completed_bytes / each.total_bytes))
        for each in track.samples
        if each.total_bytes
    ]


def _line(name: str, track: Track) -> go.Scatter:
    points = _known(track)
    return go.Scatter(
        x=[at for at, _ in points],
        y=[share for _, share in points],
        name=name,
        mode="lines+markers",
        marker={"size": 4},
        hovertemplate="%{y:.1f} %",
    )


def _told(tracks: Mapping[str, Track]) -> str:
    """The chart for those who do not see it."""
    ends = ", ".join(f"{name} at {_known(track)[-1][1]:.0f} %" for name, track in tracks.items())
    return f"What has arrived over time: {ends}"
