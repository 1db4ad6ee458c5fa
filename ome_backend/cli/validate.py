"""`validate`: what is wrong with manifests, by file and line."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final

from ome_backend import admission
from ome_backend.cli import arguments, gathering, output
from ome_backend.cli.gathering import Gathered
from ome_backend.cli.objects import Given, Objects, kind_of, placed
from ome_backend.cli.reading import Placed, Remark
from ome_backend.resources import kinds
from ome_backend.resources.kind import Kind
from ome_backend.resources.manifest import key_of, text
from ome_backend.schema import document_check
from ome_backend.schema.crds import crd
from ome_backend.schema.yaml_text import Document
from ome_backend.services.foresight import beside

EXAMPLE: Final = "validate -f manifests/"
_OME: Final = "ome.io/"


def add_arguments(parser: ArgumentParser) -> None:
    arguments.objects(parser)


def run(args: Namespace, stdin: BinaryIO) -> int:
    """0, or 1 where there are problems; warnings are only told."""
    found = gathering.gathered(args, stdin, kinds.OME_KINDS)
    remarks = [*found.problems, *_remarks(found, gathering.namespace(args))]
    for each in _in_order(remarks, found):
        output.line(str(each))
    warnings = sum(each.warning for each in remarks)
    problems = len(remarks) - warnings
    checked = len(found.from_files) or len(found.from_cluster)
    output.complain(f"objects: {checked}, problems: {problems}, warnings: {warnings}")
    return 1 if problems else 0


def _in_order(remarks: Iterable[Remark], found: Gathered) -> list[Remark]:
    """By file as they were read, then by line."""
    files = {one.file: at for at, one in reversed(list(enumerate(found.from_files)))}
    return sorted(remarks, key=lambda each: (files.get(each.file, 0), each.file, each.line or 0))


def _remarks(found: Gathered, namespace: str) -> Iterator[Remark]:
    """Of the objects in files; where no files are given, of those of the cluster."""
    if found.from_files or found.problems:
        for one in found.from_files:
            yield from _of_file(one, found.objects, namespace)
        yield from _repeated(found.from_files, namespace)
    else:
        for given in found.from_cluster:
            yield from _of_cluster(given, found.objects)


def _of_file(one: Placed, known: Objects, namespace: str) -> Iterator[Remark]:
    kind = kind_of(one.document.value)
    if kind in kinds.OME_KINDS:
        yield from _of_kind(one, kind, known, namespace)
    elif kind is None and text(one.document.value, "apiVersion").startswith(_OME):
        yield from _strange(one)


def _strange(one: Placed) -> Iterator[Remark]:
    """OME's group has no such kind; what else is of no use there is said by `gathering`."""
    name, version = (text(one.document.value, part) for part in ("kind", "apiVersion"))
    if name:
        yield one.remark("kind", f'no matches for kind "{name}" in version "{version}"')


def _of_kind(one: Placed, kind: Kind, known: Objects, namespace: str) -> Iterator[Remark]:
    whole = placed(kind, one.document.value, namespace)
    found = document_check.problems(one.document, crd(kind.name))
    verdict = admission.foresee(kind, whole, known)
    objections = beside(verdict.objections, found)
    doubts = beside(verdict.warnings, (*found, *objections))
    yield from (one.remark(each.path, each.message) for each in (*found, *objections))
    yield from (one.remark(each.path, each.message, warning=True) for each in doubts)


def _repeated(objects: Iterable[Placed], namespace: str) -> Iterator[Remark]:
    """The later of two objects with one name wins when both are applied."""
    first: dict[tuple[str, str], Placed] = {}
    for one in objects:
        kind = kind_of(one.document.value)
        key = key_of(placed(kind, one.document.value, namespace)) if kind else None
        if kind is None or key is None or not key.name:
            continue
        earlier = first.setdefault((kind.name, str(key)), one)
        if earlier is not one:
            before = earlier.remark("metadata.name", "").where
            message = f"{kind.word} {key} is given twice, first at {before}"
            yield one.remark("metadata.name", message, warning=True)


def _of_cluster(given: Given, known: Objects) -> Iterator[Remark]:
    """The cluster itself has no lines: its objects are named instead."""
    kind, manifest = given
    where = f"{kind.word} {key_of(manifest)}"
    found = document_check.problems(Document(manifest, 1, {}), crd(kind.name))
    verdict = admission.foresee(kind, manifest, known)
    objections = beside(verdict.objections, found)
    doubts = beside(verdict.warnings, (*found, *objections))
    for each in (*found, *objections):
        yield Remark(where, None, each.path, each.message)
    for each in doubts:
        yield Remark(where, None, each.path, each.message, warning=True)
