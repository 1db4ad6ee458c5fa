"""`describe-config`: what OME's agent makes of a model's config.json."""

import json
from argparse import ArgumentParser, Namespace
from typing import Any, BinaryIO, Final

from ome_backend import facts
from ome_backend.cli import checkpoint, lines, output
from ome_backend.cli.checkpoint import INDEX, PIPELINE, SENTENCES
from ome_backend.errors import Invalid
from ome_backend.facts import Failure, ModelFacts

EXAMPLE: Final = "describe-config models/qwen3-8b/config.json"
_WRAPPED: Final = "config"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "config",
        nargs="?",
        metavar="CONFIG|DIR",
        help=f"a config.json (or a {PIPELINE} of a diffusion pipeline), the directory it is in, or - "
        f"for standard input; {INDEX} and {SENTENCES} beside it are read as well",
    )
    parser.add_argument(
        "--batch",
        action="store_true",
        help="answer JSON Lines on standard input: each the config itself, its text as a JSON "
        'string, or {"config": ..., "index": ...} with the weights\' index',
    )


def run(args: Namespace, stdin: BinaryIO) -> int:
    """0, 1 where OME cannot read a config, 2 where a file or a line is not JSON."""
    if args.batch == (args.config is not None):
        raise Invalid("Name a config.json, or give --batch and lines on standard input.", hint="")
    if args.batch:
        return _batch(stdin)
    found = checkpoint.read(args.config, stdin).described()
    output.document(_to_json(found))
    return 1 if isinstance(found, Failure) else 0


def _batch(stdin: BinaryIO) -> int:
    complete = True

    def answer(line: str) -> dict[str, Any]:
        nonlocal complete
        config, index = _question(line)
        found = facts.describe(config, index_text=index)
        complete = complete and isinstance(found, ModelFacts)
        return _to_json(found)

    return lines.answered(stdin, answer) or (0 if complete else 1)


def _question(line: str) -> tuple[str, str | None]:
    """The texts of config and index."""
    given = lines.value(line, lenient=True)
    if isinstance(given, dict) and _WRAPPED in given and set(given) <= {_WRAPPED, "index"}:
        index = given.get("index")
        return _text(given[_WRAPPED]), None if index is None else _text(index)
    # As it stands: what its numbers are, and what Python writes in their place, is OME's to judge.
    return (line, None) if isinstance(given, dict) else (_text(given), None)


def _text(given: Any) -> str:
    if isinstance(given, str):
        return given
    if isinstance(given, dict):
        return json.dumps(given)
    raise Invalid("expected a config.json: an object, or its text as a string")


def _to_json(found: ModelFacts | Failure) -> dict[str, Any]:
    """The facts, and what the agent would write into an empty spec; or OME's error."""
    if isinstance(found, Failure):
        return {"error": found.text, "panics": found.crash}
    described: dict[str, Any] = output.plain(found)
    return {**described, "spec": facts.derived_spec(found, {})}
