"""A checkpoint's files as OME's agent reads them: the configuration and what lies beside it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from ome_backend import facts
from ome_backend.cli import reading
from ome_backend.errors import Invalid
from ome_backend.facts import Failure, ModelFacts

CONFIG: Final = "config.json"
PIPELINE: Final = "model_index.json"
INDEX: Final = "model.safetensors.index.json"
SENTENCES: Final = "config_sentence_transformers.json"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The texts; None for what is not there. Without a `pipeline`, `config` is a config.json."""

    name: str
    config: str
    index: str | None = None
    sentences: str | None = None
    pipeline: bool = False

    def described(self) -> ModelFacts | Failure:
        """What OME makes of it."""
        if self.pipeline:
            return facts.describe_pipeline(self.config)
        return facts.describe(self.config, index_text=self.index, sentence_text=self.sentences)


def read(name: str, stdin: BinaryIO) -> Checkpoint:
    """A configuration by its name or its directory's, `-` for standard input.

    In a directory a pipeline's description comes first, as to OME. Raises Invalid for what is not
    there or not JSON, with the line.
    """
    if name == reading.STDIN:
        return Checkpoint(name, _json(name, stdin.read()))
    path = Path(name)
    if path.is_dir():
        path /= PIPELINE if (path / PIPELINE).is_file() else CONFIG
    config = _json(str(path), reading.contents(path))
    pipeline = path.name == PIPELINE
    return Checkpoint(str(path), config, _beside(path, INDEX), _beside(path, SENTENCES), pipeline)


def _beside(path: Path, name: str) -> str | None:
    found = path.with_name(name)
    return _json(str(found), reading.contents(found)) if found.is_file() else None


def _json(name: str, content: bytes) -> str:
    """Text that is JSON but for Python's special numbers, which OME reads as well."""
    text = reading.decoded(name, content)
    try:
        json.loads(text)
    except json.JSONDecodeError as exc:
        raise Invalid(f"{name}:{exc.lineno}: {exc.msg}", hint="") from exc
    except (ValueError, RecursionError) as exc:
        raise Invalid(f"{name}:1: {exc}", hint="") from exc
    return text
