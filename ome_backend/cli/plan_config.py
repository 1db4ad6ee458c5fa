"""The config.json that a plan is made from."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from ome_backend.cli import checkpoint
from ome_backend.errors import Invalid
from ome_backend.facts import ModelFacts


@dataclass(frozen=True, slots=True)
class Config:
    """The values, and the number of parameters that OME concludes from them (empty if it does not)."""

    values: Mapping[str, Any]
    parameters: str


def config(name: str, stdin: BinaryIO) -> Config:
    """A checkpoint's config.json, with the index of the weights beside it. Raises Invalid."""
    read = checkpoint.read(name, stdin)
    values = json.loads(read.config)
    if not isinstance(values, dict):
        raise Invalid(f"{read.name}:1: a config.json is an object", hint="")
    found = read.described()
    counted = found.parameters if isinstance(found, ModelFacts) else None
    return Config(values, str(counted or ""))
