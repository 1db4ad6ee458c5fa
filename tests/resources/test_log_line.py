"""Lines of a log: when they were written, and how grave they read."""

import pytest

from ome_backend.resources.log_line import log_line, severity


@pytest.mark.parametrize(
    ("stamp", "nanoseconds"),
    [
        ("1970-01-01T00:00:01Z", 1_000_000_000),
        ("1970-01-01T00:00:01.5Z", 1_500_000_000),
        ("1970-01-01T00:00:01.000000001Z", 1_000_000_001),
        ("1970-01-01T02:00:01+02:00", 1_000_000_000),
    ],
)
def test_the_kubelets_stamp_is_a_moment(stamp: str, nanoseconds: int) -> None:
    line = log_line("engine", "main", f"{stamp} hello  there")
    assert (line.at, line.stamp, line.text) == (nanoseconds, stamp, "hello  there")


def test_an_empty_line_and_one_without_a_stamp_are_kept() -> None:
    assert log_line("p", "c", "1970-01-01T00:00:01Z ").text == ""
    assert log_line("p", "c", "1970-01-01T00:00:01Z").text == ""
    bare = log_line("p", "c", "no stamp")
    assert (bare.at, bare.text) == (0, "no stamp")


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("E0304 10:00:00.000001       1 reflector.go:1] failed", "error"),
        ("W0304 10:00:00.000001       1 x.go:1] careful", "warning"),
        ("I0304 10:00:00.000001       1 x.go:1] ERROR is only a word here", "info"),
        ("ERROR 03-04 10:00:00 [core.py:1] EngineCore failed to start.", "error"),
        ("torch.OutOfMemoryError: CUDA out of memory.", "error"),
        ("Traceback (most recent call last):", "error"),
        ("panic: runtime error: invalid memory address", "error"),
        ('{"level":"error","msg":"x"}', "error"),
        ('time="x" level=warning msg="y"', "warning"),
        ("[2026-01-01 10:00:00] WARNING server.py: slow", "warning"),
        ("DEBUG 03-04 10:00:00 x", "debug"),
        ("Decode batch. #running-req: 3, errors: 0", "info"),
    ],
)
def test_a_line_is_as_grave_as_its_program_says(text: str, level: str) -> None:
    assert severity(text) == level
