"""Every example in docs/cli.md does what is printed there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ome_backend.cli.main import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "data" / "cli"
TEXT = (ROOT / "docs" / "cli.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```console\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


def in_order(example: str) -> tuple[str, str]:
    """What is typed (`$ `, and `> ` where it goes on), and what is answered."""
    typed: list[str] = []
    answered: list[str] = []
    for line in example.splitlines(keepends=True):
        (typed if line.startswith(("$ ", "> ")) else answered).append(line)
    return "".join(line[2:] for line in typed), "".join(answered)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.partition("\n")[0][2:70])
def test_an_example_answers_what_is_printed(example: str) -> None:
    script, expected = in_order(example)
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }
    done = subprocess.run(
        ["bash", "-c", f"exec 2>&1\n{script}"],
        cwd=DATA,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout == expected


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    assert f"| `{command}` |" in TEXT
    assert any(f"python -m ome_backend {command} " in example for example in EXAMPLES)
