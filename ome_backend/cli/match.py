"""`match`: which runtimes OME takes, in its order, and why not the others."""

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import Any, BinaryIO, Final

from ome_backend.cli import arguments, output
from ome_backend.cli.answers import CONCERNED, Answer, answers, to_json
from ome_backend.cli.arguments import DEFAULT_NAMESPACE
from ome_backend.cli.objects import Given, Objects, flattened, taken_in
from ome_backend.errors import Invalid
from ome_backend.matching.verdict import Verdict

EXAMPLE: Final = "match -f models/ runtimes/ --namespace demo -o json"
_HEADS: Final = ("RANK", "RUNTIME", "SCORE", "VERDICT", "WHY")


def add_arguments(parser: ArgumentParser) -> None:
    arguments.objects(parser)
    arguments.form(parser)
    parser.add_argument(
        "--batch",
        action="store_true",
        help='answer JSON Lines on standard input, each {"objects": [...], "namespace": "demo"}',
    )
    parser.add_argument(
        "--strict", action="store_true", help="exit with 1 when something gets no runtime"
    )


def run(args: Namespace, stdin: BinaryIO) -> int:
    """0, 1 with `--strict` where something gets no runtime, 2 where a line of a batch is no question."""
    return _batch(args, stdin) if args.batch else _once(args, stdin)


def _once(args: Namespace, stdin: BinaryIO) -> int:
    from ome_backend.cli import gathering  # reads YAML, which takes time that --batch does not have

    objects = gathering.objects(args, stdin, CONCERNED)
    found = answers(objects, gathering.namespace(args))
    _mention(found)
    if args.form == "json":
        output.document(_results(found))
    else:
        _show(found)
    return _code(args, _complete(found))


def _batch(args: Namespace, stdin: BinaryIO) -> int:
    from ome_backend.cli import lines

    if args.files or args.context is not None:
        raise Invalid("--batch reads standard input; it takes neither -f nor --context.", hint="")
    complete = True

    def answer(line: str) -> dict[str, Any]:
        nonlocal complete
        found = _answered(lines.value(line), args.namespace)
        complete = complete and _complete(found)
        return _results(found)

    return lines.answered(stdin, answer) or _code(args, complete)


def _answered(question: Any, fallback: str) -> list[Answer]:
    """The answers to one line. Raises Invalid for what is not a question."""
    given = question.get("objects") if isinstance(question, dict) else None
    if not isinstance(given, list):
        raise Invalid('expected {"objects": [...], "namespace": "..."}')
    within = question.get("namespace") or fallback or DEFAULT_NAMESPACE
    if not isinstance(within, str):
        raise Invalid("namespace must be text")
    found = (
        one for index, manifest in enumerate(given) for one in _objects(manifest, index, within)
    )
    return answers(Objects(found), within)


def _objects(manifest: Any, index: int, within: str) -> Sequence[Given]:
    if not isinstance(manifest, dict):
        raise Invalid(f"objects[{index}] is not an object")
    try:
        taken = [taken_in(one, within) for one in flattened(manifest)]
    except Invalid as exc:
        raise Invalid(f"objects[{index}]: {exc.message}") from exc
    return [one for one in taken if one]


def _results(found: Sequence[Answer]) -> dict[str, Any]:
    return {"results": [to_json(one) for one in found]}


def _complete(found: Sequence[Answer]) -> bool:
    return all(one.selected for one in found)


def _code(args: Namespace, complete: bool) -> int:
    return 1 if args.strict and not complete else 0


def _mention(found: Sequence[Answer]) -> None:
    if not found:
        output.complain("There are neither models nor services among the objects.")
    for one in found:
        if one.assumed and one.service and one.model:
            output.complain(
                f"service {one.service.key} names no model; it is judged for {one.model}, "
                "the only one there is"
            )


def _show(found: Sequence[Answer]) -> None:
    for index, one in enumerate(found):
        if index:
            output.line()
        output.line(f"{_subject(one)}: {_outcome(one)}")
        if one.verdicts:
            output.table(_HEADS, [_row(each) for each in one.verdicts])


def _subject(one: Answer) -> str:
    model = str(one.model) if one.model else "no model"
    return f"{one.service.ref} with {model}" if one.service else model


def _outcome(one: Answer) -> str:
    return str(one.selected.runtime.ref) if one.selected else one.error


def _row(one: Verdict) -> tuple[str, ...]:
    words = "selectable" if one.auto_selectable else "compatible" if one.compatible else "rejected"
    why = "; ".join((*(reason.plain for reason in one.reasons), *one.warnings))
    rank = "-" if one.rank is None else str(one.rank)
    return rank, str(one.runtime.ref), str(one.score), words, why
