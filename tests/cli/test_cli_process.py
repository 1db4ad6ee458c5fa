"""The real process: how it starts, answers while its input is open, and ends."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.support import builders

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "ome_backend")
QUESTION = json.dumps({"objects": [builders.model(), builders.runtime()]}).encode() + b"\n"


def process(*argv: str, **more: Any) -> "subprocess.Popen[bytes]":
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen((*COMMAND, *argv), cwd=ROOT, **{**pipes, **more})


def test_each_line_is_answered_before_the_next_is_asked() -> None:
    with process("match", "--batch") as running:
        assert running.stdin is not None
        assert running.stdout is not None
        for _ in range(3):
            running.stdin.write(QUESTION)
            running.stdin.flush()
            assert json.loads(running.stdout.readline())["results"][0]["selected"]
        running.stdin.close()
        assert running.wait(30) == 0


def test_a_reader_that_goes_away_is_no_error() -> None:
    with process("match", "--batch") as running:
        assert running.stdout is not None
        running.stdout.close()
        _, complaints = running.communicate(QUESTION * 2000, timeout=60)
    assert complaints == b""
    assert running.returncode == 0


def test_exit_codes_reach_the_shell() -> None:
    broken = str(ROOT / "tests" / "data" / "cli" / "broken.yaml")
    codes = []
    for argv in (("--help",), ("validate", "-f", broken), ("match", "-f", "/nowhere")):
        with process(*argv) as running:
            running.communicate(timeout=30)
            codes.append(running.returncode)
    assert codes == [0, 1, 2]


def test_a_poor_locale_does_not_end_the_output() -> None:
    plain = {**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    argv = ("plan", "--parameters", "8B", "--gpu-memory", "80Gi")
    with process(*argv, env=plain) as running:
        out, complaints = running.communicate(timeout=30)
    assert (running.returncode, complaints) == (0, b"")
    assert b"\\xd7" in out


def test_a_batch_loads_neither_yaml_nor_the_cluster_client() -> None:
    script = (
        "import io, sys; from ome_backend.cli.main import main;"
        "main(['match', '--batch'], io.BytesIO());"
        "print([name for name in ('yaml', 'kubernetes', 'starlette') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True, timeout=30
    )
    assert done.stdout == b"[]\n"
