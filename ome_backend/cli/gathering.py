"""Everything a command line is about: the objects of `--context` and, on top of them, those of `-f`."""

from argparse import Namespace
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from ome_backend.cli import arguments, output, reading
from ome_backend.cli.objects import Given, Objects, taken_in
from ome_backend.cli.reading import Placed, Remark
from ome_backend.errors import Invalid
from ome_backend.resources.kind import Kind


@dataclass(frozen=True, slots=True)
class Gathered:
    """`objects` are all that is known, `from_files` those that stand in files, `problems` what could
    not be read, `from_cluster` those of `--context`, `unseen` says why a kind of it is not known."""

    objects: Objects
    from_files: tuple[Placed, ...]
    from_cluster: tuple[Given, ...]
    problems: tuple[Remark, ...]
    unseen: Mapping[Kind, str]


def gathered(args: Namespace, stdin: BinaryIO, wanted: Sequence[Kind]) -> Gathered:
    """What `args` name; of a cluster only the `wanted` kinds.

    Raises Invalid when nothing is named or a file is not there, OmeError when the cluster fails.
    """
    if not args.files and args.context is None:
        raise Invalid("Name files with -f, or a cluster with --context.", hint="")
    read = reading.read(args.files, stdin)
    live, unseen = _cluster(args, wanted) if args.context is not None else ((), {})
    problems = list(read.problems)
    on_top = list(_taken(read.objects, namespace(args), problems))
    return Gathered(Objects((*live, *on_top)), read.objects, live, tuple(problems), unseen)


def objects(args: Namespace, stdin: BinaryIO, wanted: Sequence[Kind]) -> Objects:
    """The same for subcommands that need all of it: raises Invalid with every problem."""
    found = gathered(args, stdin, wanted)
    if found.problems:
        raise Invalid("\n".join(map(str, found.problems)), hint="")
    return found.objects


def namespace(args: Namespace) -> str:
    """The namespace of what names none."""
    return args.namespace or arguments.DEFAULT_NAMESPACE


def _taken(placed: Sequence[Placed], within: str, problems: list[Remark]) -> Iterator[Given]:
    for one in placed:
        try:
            given = taken_in(one.document.value, within)
        except Invalid as exc:
            problems.append(one.remark("", exc.message))
            continue
        if given:
            yield given


def _cluster(
    args: Namespace, wanted: Sequence[Kind]
) -> tuple[tuple[Given, ...], Mapping[Kind, str]]:
    from ome_backend.cli import cluster  # the client library is only for those who ask for it

    found, unseen = cluster.listed(args.context, wanted, args.namespace)
    for kind, why in unseen.items():
        output.complain(f"warning: going on without {kind.plural}: {why}")
    return tuple(found), unseen
