"""What OME's agent will find in a repository of the Hub, read before anything is downloaded."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ome_backend import facts
from ome_backend.errors import (
    HubDisabled,
    HubError,
    HubFileNotFound,
    HubGated,
    HubNotFound,
    HubTooLarge,
    HubUnauthorised,
)
from ome_backend.facts import Failure, ModelFacts
from ome_backend.hub.answers import About, Repository
from ome_backend.hub.hub import Hub
from ome_backend.planning.dtypes import bits

CONFIG: Final = "config.json"
PIPELINE: Final = "model_index.json"
_INDEX: Final = "model.safetensors.index.json"
_SENTENCES: Final = "config_sentence_transformers.json"
_LARGEST: Final = 16_000_000  # bytes; the index of a model with 60,000 tensors has about 6 MB
CLOSED: Final = (HubGated, HubUnauthorised, HubDisabled, HubNotFound, HubTooLarge)
_PACKED = frozenset({"U8", "I32"})


@dataclass(frozen=True)
class Contents:
    """The texts of a checkpoint; None for what is not there. With a `pipeline`, `config` is a model_index.json.

    `failure` says why the configuration could not be read where the Hub keeps it from us.
    """

    config: str | None = None
    index: str | None = None
    sentences: str | None = None
    pipeline: bool = False
    failure: HubError | None = None


def read(hub: Hub, repository: Repository) -> Contents:
    """The texts of a repository at its commit.

    Raises HubError where another attempt may help: out of reach, too many requests, or failed.
    """
    there = {file.path for file in repository.files}
    name = PIPELINE if PIPELINE in there else CONFIG
    if name not in there:
        return Contents()

    def text(path: str) -> str | None:
        if path not in there:
            return None
        return hub.file(repository.id, path, repository.sha, _LARGEST).text

    try:
        return Contents(text(name), text(_INDEX), text(_SENTENCES), name == PIPELINE)
    except CLOSED as failure:
        return Contents(failure=failure)


def glance(hub: Hub, about: About) -> Contents:
    """The configuration alone, in one request: enough for a list. Raises as `read` does."""
    pipeline = about.library == "diffusers"
    try:
        name = PIPELINE if pipeline else CONFIG
        return Contents(hub.file(about.id, name, about.sha or "main").text, pipeline=pipeline)
    except HubFileNotFound:
        return Contents()
    except CLOSED as failure:
        return Contents(failure=failure)


def described(contents: Contents, parameters: Mapping[str, int]) -> ModelFacts | Failure | None:
    """What OME will make of it; None where there is no configuration, or it cannot be read.

    `parameters` is the Hub's count by data type: the agent counts the same from the weights' headers.
    """
    if contents.config is None:
        return None
    if contents.pipeline:
        return facts.describe_pipeline(contents.config)
    return facts.describe(
        contents.config,
        index_text=contents.index,
        sentence_text=contents.sentences,
        headers=_headers(parameters),
    )


def parsed(contents: Contents) -> Mapping[str, object]:
    """The configuration as a mapping; empty where it is none."""
    try:
        value = json.loads(contents.config or "{}")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def weight_bytes(parameters: Mapping[str, int]) -> int | None:
    """What safetensors of the Hub's count take on disk; None where packed or unknown types hide that."""
    widths = [bits(name) for name in parameters]
    if not parameters or _PACKED & set(parameters) or None in widths:
        return None
    counts = parameters.values()
    return int(sum(width * count for width, count in zip(widths, counts, strict=True) if width) / 8)


def _headers(parameters: Mapping[str, int]) -> tuple[str, ...]:
    """One header with as many elements. The Hub unpacks quantised weights in its count, the agent does not."""
    if not parameters or _PACKED & set(parameters):
        return ()
    tensors = {name: {"dtype": name, "shape": [count]} for name, count in parameters.items()}
    return (json.dumps(tensors),)
