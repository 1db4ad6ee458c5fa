"""Running the command line in this process."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ome_backend.cli.main import main

DATA = Path(__file__).resolve().parents[1] / "data" / "cli"


@dataclass(frozen=True)
class Done:
    """What one run answered."""

    code: int
    out: str
    err: str

    @property
    def results(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.out)["results"]
        return found

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Done]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs among the examples; `given` is standard input: text as it is, anything else as JSON."""
    monkeypatch.chdir(DATA)

    def call(*argv: str, given: Any = "") -> Done:
        text = given if isinstance(given, str) else json.dumps(given)
        code = main(argv, io.BytesIO(text.encode()))
        return Done(code, *capsys.readouterr())

    return call
