"""From `streamlit run app.py` with the sandbox in memory until there is a page, and what open tabs cost."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import get_native_id

from benchmarks.measure import Figure, Report, figure, measure, since
from benchmarks.visitor import visiting
from tests.support.console import running

SANDBOX = {"OME_CLUSTER": "sandbox", "OME_SANDBOX_FILE": ":memory:"}
STARTS = 5
TABS = 20
WATCHED = 10.0  # seconds over which the processor's time is taken
TICKS = os.sysconf("SC_CLK_TCK")


def run() -> Iterator[Report]:
    """Reports once."""
    starts = [_start() for _ in range(STARTS)]
    healthy, page = zip(*starts, strict=True)
    yield Report(
        "Start, with the seeded sandbox",
        measure("python -c 'import streamlit'", _bare, times=STARTS),
        (
            figure("start to healthy", healthy, target=4000),
            figure("start to the first page's script finished", page),
            *_tabs(),
        ),
    )


def _bare() -> None:
    subprocess.run([sys.executable, "-c", "import streamlit"], check=True)


def _start() -> tuple[float, float]:
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "log", SANDBOX) as console:
        healthy = since(started)
        with visiting(console, "overview"):
            return healthy, since(started)


def _tabs() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "log", SANDBOX) as console:
        with visiting(console, "services"):
            alone = _processor_time()
        with ExitStack() as open_tabs:
            for _ in range(TABS):
                open_tabs.enter_context(visiting(console, "services"))
            crowded = _processor_time()
    tab = max(0.0, crowded - alone) / TABS
    yield Figure("processor, nobody there", alone, "ms/s", remark="the simulated cluster lives on")
    yield Figure(f"processor, each of {TABS} idle sessions", tab, "ms/s")


def _processor_time() -> float:
    """Milliseconds of processor time that the console takes per second."""
    before = _ticks()
    time.sleep(WATCHED)
    return (_ticks() - before) * 1000 / TICKS / WATCHED


def _ticks() -> int:
    """Of the one process that this thread has started (Linux, `proc(5)`)."""
    children = Path(f"/proc/self/task/{get_native_id()}/children").read_text(encoding="ascii")
    process = children.split()[-1]
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
