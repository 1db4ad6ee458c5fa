"""Runtimes in a text from elsewhere: what it holds, object by object, and where what is taken of it is to be."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ome_backend.editing.cleaning import clean
from ome_backend.errors import FieldProblem, Invalid
from ome_backend.resources import kinds
from ome_backend.resources.kind import Kind
from ome_backend.resources.manifest import Manifest, items, key_of, text
from ome_backend.resources.runtime import Runtime
from ome_backend.schema import yaml_nodes, yaml_text
from ome_backend.schema.yaml_changes import same
from ome_backend.schema.yaml_edit import edit
from ome_backend.schema.yaml_text import Document, dump

MOST = 200  # objects of one text
Scope = Literal["written", "cluster", "namespace"]
_KINDS = {kind.name: kind for kind in kinds.RUNTIME_KINDS}


@dataclass(frozen=True)
class Piece:
    """One object of a text, as YAML with the comments inside it. `runtime` is None for anything else."""

    written: str
    manifest: Manifest
    runtime: Runtime | None

    @property
    def title(self) -> str:
        return " ".join(
            (text(self.manifest, "kind") or "object", key_of(self.manifest).name)
        ).strip()

    @property
    def note(self) -> str:
        """What is to be known of what is no runtime of OME's."""
        version = text(self.manifest, "apiVersion")
        if text(self.manifest, "kind") in _KINDS:
            return f"of {version or 'no version'}, not one of OME's"
        return f"of {version}" if version else "without a version"


@dataclass(frozen=True)
class Fetched:
    """What an address holds, in order, and what of it could not be read, by line."""

    url: str
    pieces: tuple[Piece, ...]
    problems: tuple[FieldProblem, ...] = ()

    @property
    def runtimes(self) -> tuple[Piece, ...]:
        return tuple(each for each in self.pieces if each.runtime is not None)

    @property
    def others(self) -> tuple[Piece, ...]:
        return tuple(each for each in self.pieces if each.runtime is None)


def read(written: str, url: str) -> Fetched:
    """The objects of a text; lists of objects are taken apart. Raises Invalid where there are none."""
    parsed = yaml_text.parse(written)
    pieces: list[Piece] = []
    for document, own in zip(parsed.documents, _texts(written, parsed.documents), strict=True):
        pieces += _pieces(document.value, own)
    if not pieces:
        raise Invalid(
            "There is no object at this address.",
            reason=parsed.problems[0].message if parsed.problems else "",
            problems=parsed.problems[:10],
            hint="Give the address of a YAML file with runtimes.",
        )
    if len(pieces) > MOST:
        raise Invalid(f"The text has more than {MOST} objects.", hint="Give a smaller file.")
    return Fetched(url, tuple(pieces), parsed.problems)


def placed(piece: Piece, scope: Scope, namespace: str) -> Piece:
    """The same runtime for the whole cluster, or in a namespace; what is no runtime stays.

    As `written` it goes into `namespace` only where it names none although it needs one.
    """
    if piece.runtime is None:
        return piece
    made = edit(piece.written, lambda manifest: _moved(clean(manifest), scope, namespace))
    manifest = yaml_text.parse(made).documents[0].value
    return Piece(made, manifest, Runtime(manifest, _KINDS[text(manifest, "kind")]))


def homeless(pieces: Iterable[Piece], scope: Scope) -> bool:
    """Whether a namespace has to be chosen for some of them."""
    found = [each.runtime for each in pieces if each.runtime is not None]
    bare = any(each.kind.namespaced and not each.key.namespace for each in found)
    return scope == "namespace" or (scope == "written" and bare)


def manifests(pieces: Sequence[Piece]) -> str:
    """One text of them all."""
    texts = (
        each.written if each.written.endswith("\n") else f"{each.written}\n" for each in pieces
    )
    return "---\n".join(texts)


def _texts(written: str, documents: Sequence[Document]) -> list[str]:
    """Each document's own lines; written anew where they cannot be cut out of the text."""
    plain = written.removeprefix("\ufeff")
    problems = yaml_text.parse(plain).problems
    cut = [] if problems else [plain[each.start : each.end] for each in yaml_nodes.roots(plain)]
    if len(cut) != len(documents):
        return [dump(each.value) for each in documents]
    return [
        own if _says(own, each.value) else dump(each.value)
        for own, each in zip(cut, documents, strict=True)
    ]


def _says(own: str, value: Manifest) -> bool:
    alone = yaml_text.parse(own)
    return not alone.problems and same([each.value for each in alone.documents], [value])


def _pieces(manifest: Manifest, own: str) -> Iterator[Piece]:
    kind, inside = text(manifest, "kind"), items(manifest, "items")
    if not kind.endswith("List") or not inside:
        yield Piece(own, manifest, _runtime(manifest))
        return
    named = {"apiVersion": manifest.get("apiVersion"), "kind": kind.removesuffix("List")}
    for each in (each for each in inside if isinstance(each, dict)):
        whole = clean(each if text(each, "kind") else named | each)
        yield Piece(dump(whole), whole, _runtime(whole))


def _runtime(manifest: Manifest) -> Runtime | None:
    kind: Kind | None = _KINDS.get(text(manifest, "kind"))
    if kind is None or manifest.get("apiVersion") != kind.api_version:
        return None
    return Runtime(manifest, kind)


def _moved(manifest: Manifest, scope: Scope, namespace: str) -> Manifest:
    if scope != "written":
        namespaced = scope == "namespace"
        kind = kinds.SERVING_RUNTIME if namespaced else kinds.CLUSTER_SERVING_RUNTIME
        manifest["kind"] = kind.name
    metadata = manifest["metadata"]
    if not _KINDS[manifest["kind"]].namespaced:
        metadata.pop("namespace", None)
    elif namespace and (scope == "namespace" or not text(metadata, "namespace")):
        metadata["namespace"] = namespace
    return manifest
