"""The door of the command line: finds the subcommand, and translates failures into words and codes."""

import argparse
import io
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any, BinaryIO, Final

from ome_backend.cli import output
from ome_backend.errors import OmeError

FINE: Final = 0
BAD_USAGE: Final = 2
_INTERRUPTED: Final = 130  # as a shell reports an interrupt
_MODULES: Final = "ome_backend.cli"
COMMANDS: Final = {
    "match": "which runtimes OME takes for models or services, in its order, and why not the others",
    "accelerator": "which accelerator class each component of a service gets, and why",
    "validate": "what is wrong with manifests: syntax, schema and OME's admission rules",
    "plan": "whether a model fits into GPU memory, how well, and what it costs",
    "doctor": "what is silently wrong, with evidence, consequence and fix",
    "describe-config": "what OME's agent makes of a model's config.json, as JSON",
}
_CODES: Final = (
    "Exit codes: 0 fine, 1 findings, 2 bad usage or unreadable input. Data go to standard output, "
    "everything else to standard error."
)


def main(argv: Sequence[str] | None = None, stdin: BinaryIO | None = None) -> int:
    """Run one command line and return its exit code; never raises for what a user or a cluster did.

    `argv` is without the program's name; `stdin` is read instead of standard input.
    """
    _write_anything()
    try:
        code = _run(sys.argv[1:] if argv is None else argv, stdin or sys.stdin.buffer)
        sys.stdout.flush()
    except OmeError as error:
        output.complain(_words(error))
        return BAD_USAGE
    except BrokenPipeError:
        _stop_writing()
        return FINE
    except KeyboardInterrupt:
        return _INTERRUPTED
    return code


def _run(argv: Sequence[str], stdin: BinaryIO) -> int:
    try:
        args = _parser(argv).parse_args(argv)
    except SystemExit as stop:  # argparse has said why
        return stop.code if isinstance(stop.code, int) else BAD_USAGE
    code: int = _module(args.command).run(args, stdin)
    return code


def _parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    """Only the subcommand that is asked for is imported: what the others need takes time."""
    parser = argparse.ArgumentParser(
        prog="python -m ome_backend",
        description="What OME makes of models, runtimes and services, without a cluster or with one.",
        epilog=_CODES,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    wanted = next((word for word in argv if word in COMMANDS), "")
    for name, summary in COMMANDS.items():
        if name == wanted:
            _add(commands, name, summary)
        else:
            commands.add_parser(name, help=summary)
    return parser


def _add(commands: Any, name: str, summary: str) -> None:
    module = _module(name)
    parser = commands.add_parser(
        name,
        help=summary,
        description=f"{summary[0].upper()}{summary[1:]}.",
        epilog=f"example:\n  python -m ome_backend {module.EXAMPLE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(parser)


def _module(name: str) -> Any:
    return import_module(f"{_MODULES}.{name.replace('-', '_')}")


def _words(error: OmeError) -> str:
    return "\n".join(part for part in (error.message, error.reason, error.hint) if part)


def _write_anything() -> None:
    """Neither a poor locale nor half a character in a name ends the output."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _stop_writing() -> None:
    """The reader has gone: without this, Python complains once more when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
