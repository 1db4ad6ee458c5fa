"""Pace and remaining time: what they are, and that no report whatever makes them absurd."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ome_backend.downloads.pace import FASTEST, LONGEST, pace, remaining
from ome_backend.downloads.track import MOST_SAMPLES, Track
from tests.downloads.reports import (
    ENTRY,
    TOTAL,
    at,
    progress,
    read,
    report,
    steadily,
    told,
    tracked,
)

NUMBERS: st.SearchStrategy[Any] = st.one_of(
    st.integers(-(10**30), 10**30),
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([None, "", "12", True, [], {}, 0, TOTAL]),
)
MOMENTS = st.one_of(
    st.integers(-(10**9), 10**9).map(told),
    st.sampled_from(["", "soon", "0001-01-01T00:00:00+14:00", None, 7]),
)
ENTRIES = st.fixed_dictionaries(
    {"status": st.sampled_from(["Updating", "Updating", "Ready", "Failed", "", None, "Odd"])},
    optional={
        "progress": st.fixed_dictionaries(
            {},
            optional={
                "phase": st.sampled_from(["scanning", "downloading", "finalizing", "unknown", ""]),
                "totalBytes": NUMBERS,
                "completedBytes": NUMBERS,
                "totalFiles": NUMBERS,
                "completedFiles": NUMBERS,
                "speedBytesPerSec": NUMBERS,
                "lastUpdated": MOMENTS,
            },
        )
    },
)
GARBAGE = st.one_of(ENTRIES.map(json.dumps), st.text(max_size=30))
STEPS = st.lists(st.tuples(st.floats(-100, 1000), GARBAGE), min_size=1, max_size=12)


def rated(track: Track, seconds: float) -> tuple[float | None, timedelta | None]:
    rate = pace(track.samples)
    return rate, remaining(track.samples, rate, at(seconds))


def test_a_steady_download_ends_when_its_pace_says() -> None:
    assert rated(steadily(1e8), 120) == (1e8, timedelta(seconds=40))


def test_the_remaining_time_runs_down_between_reports_and_stops_at_nothing() -> None:
    track = steadily(1e8)
    left = [rated(track, 120 + seconds)[1] for seconds in (0, 10, 39, 500)]
    assert left == [timedelta(seconds=each) for each in (40, 30, 1, 0)]


def test_one_report_is_believed_its_own_speed() -> None:
    assert rated(tracked((0, progress(TOTAL // 2))), 0) == (1e8, timedelta(seconds=80))


@pytest.mark.parametrize(
    "fields",
    [
        {"speedBytesPerSec": 0},
        {"speedBytesPerSec": 1e300},
        {"totalBytes": 0},
        {"completedBytes": TOTAL},
        {"completedBytes": TOTAL * 2},
        {"speedBytesPerSec": 1},
    ],
    ids=["no speed", "absurd speed", "no total", "all there", "more than all", "years left"],
)
def test_what_cannot_be_told_is_not_told(fields: dict[str, Any]) -> None:
    assert rated(tracked((0, progress(0, **fields))), 0)[1] is None


def test_a_growing_total_makes_the_end_unknown() -> None:
    grows = progress(2 * 10**9, totalBytes=TOTAL * 2, lastUpdated=told(30))
    assert rated(tracked((0, progress(10**9)), (30, grows)), 30)[1] is None


def test_a_restarted_agent_begins_a_new_attempt() -> None:
    first = [
        (30.0 * each, progress(each * 10**9, lastUpdated=told(30 * each))) for each in range(4)
    ]
    again = (150.0, progress(10**8, lastUpdated=told(150)))
    track = tracked(*first, again)
    assert (track.attempts, len(track.samples)) == (2, 1)
    assert rated(track, 150)[0] == 1e8


def test_an_agents_clock_that_jumps_does_not_count() -> None:
    jumps = progress(3 * 10**9, lastUpdated=told(-7200))
    track = tracked((0, progress(0, lastUpdated=told(0))), (30, jumps))
    assert rated(track, 30)[0] == 1e8


def test_a_clock_that_is_wrong_by_the_same_amount_changes_nothing() -> None:
    late = [
        (30.0 * each, progress(each * 3 * 10**9, lastUpdated=told(30 * each - 9000)))
        for each in range(3)
    ]
    assert rated(tracked(*late), 60)[0] == 1e8


def test_a_long_history_stays_bounded_and_keeps_its_beginning() -> None:
    track = steadily(1e6, reports=MOST_SAMPLES * 5)
    assert len(track.samples) <= MOST_SAMPLES
    assert track.samples[0].completed_bytes == 0
    assert track.samples[-1].completed_bytes == int(1e6 * 30 * (MOST_SAMPLES * 5 - 1))


@settings(deadline=None)
@given(STEPS, st.floats(-1e6, 1e6))
def test_no_report_makes_pace_or_remaining_time_absurd(
    steps: list[tuple[float, str]], later: float
) -> None:
    clock = 0.0
    reports: list[tuple[float, Any]] = []
    for pause, entry in steps:
        clock += pause
        reports.append((clock, entry))
    track = tracked(*reports)
    rate, left = rated(track, clock + later)
    assert rate is None or 0 <= rate <= FASTEST
    assert left is None or timedelta() <= left <= LONGEST
    assert len(track.samples) <= MOST_SAMPLES
    assert all(
        early.at <= late.at for early, late in zip(track.samples, track.samples[1:], strict=False)
    )
    assert track.first_at <= track.changed_at
    assert track.advanced_at <= track.changed_at


def test_an_entry_nested_deeper_than_python_goes_can_be_read() -> None:
    assert read("[" * 100_000).state == "Unreadable"


@settings(deadline=None)
@given(GARBAGE)
def test_any_entry_can_be_read(entry: str) -> None:
    found = read(entry)
    assert found.state
    assert found.share is None or 0 <= found.share <= 1
    assert min(found.total_bytes, found.completed_bytes, found.total_files) >= 0


@pytest.mark.parametrize("entry", ["", "{not json", "[]", "null", "{}", '{"status": 7}'])
def test_an_entry_without_a_state_is_unreadable(entry: str) -> None:
    found = read(entry)
    assert found.state == "Unreadable"


def test_a_report_keeps_its_node_and_entry() -> None:
    assert report({ENTRY: progress()}, "gpu-7")["metadata"]["name"] == "gpu-7"
    assert (read(progress(), "gpu-7").node, read(progress()).entry) == ("gpu-7", ENTRY)
