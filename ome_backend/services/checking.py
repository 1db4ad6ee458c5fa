"""What is wrong with a text of manifests, known without asking the API server: quick enough for typing."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ome_backend.errors import FieldProblem
from ome_backend.kube.cache import Cache
from ome_backend.resources.kind import Key, Ref
from ome_backend.resources.manifest import Manifest, key_of, text
from ome_backend.schema import document_check, yaml_text
from ome_backend.schema.crds import Crd
from ome_backend.schema.schemas import Schemas
from ome_backend.schema.yaml_text import Document
from ome_backend.services.doubts import doubts
from ome_backend.services.foresight import beside, foresee, located
from ome_backend.services.known import Cached
from ome_backend.services.references import Reference, references

_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_LABEL_RULE = "A namespace is at most 63 lower-case letters, digits and hyphens, none at its ends."


def is_label(name: str) -> bool:
    """Whether Kubernetes takes it for the name of a namespace (RFC 1123)."""
    return _LABEL.fullmatch(name) is not None


@dataclass(frozen=True, slots=True)
class Checked:
    """One document of a text. `problems` stand in the way of writing it, `objections` do once OME's webhooks
    are asked, `warnings` do not; each has its line and column.

    `waits` are objects of the same text that it refers to and that do not exist yet.
    """

    document: Document
    crd: Crd | None
    problems: tuple[FieldProblem, ...] = ()
    objections: tuple[FieldProblem, ...] = ()
    warnings: tuple[FieldProblem, ...] = ()
    waits: tuple[Ref, ...] = ()

    @property
    def manifest(self) -> Manifest:
        return self.document.value

    @property
    def ref(self) -> Ref | None:
        """Which object it is; None for a kind that is not edited here, or without a name."""
        if self.crd is None or not key_of(self.manifest).name:
            return None
        return Ref(self.crd.kind, _key(self.crd, self.manifest))


@dataclass(frozen=True, slots=True)
class Checks:
    """All documents of a text, and what is wrong with the text itself."""

    documents: tuple[Checked, ...]
    problems: tuple[FieldProblem, ...] = ()

    @property
    def all_problems(self) -> tuple[FieldProblem, ...]:
        """What stands in the way, of the text and of every document, by line."""
        own = (each for checked in self.documents for each in checked.problems)
        return _by_line((*self.problems, *own))

    @property
    def all_warnings(self) -> tuple[FieldProblem, ...]:
        """Everything that is worth knowing and stops nothing yet, by line."""
        found = (
            each for checked in self.documents for each in (*checked.objections, *checked.warnings)
        )
        return _by_line(found)


def check(manifests: str, schemas: Schemas, cache: Cache) -> Checks:
    """Syntax, schema, OME's own rules and what is referred to; all problems at once."""
    parsed = yaml_text.parse(manifests)
    placed = [(each, schemas.of(each.value)) for each in parsed.documents]
    together = {
        Ref(crd.kind, _key(crd, each.value)): each.value for each, crd in placed if crd is not None
    }
    known = Cached(cache, together)
    checked = tuple(_checked(each, crd, schemas, known) for each, crd in placed)
    problems = (*parsed.problems, *_repeated(checked))
    lines = manifests.removeprefix("\ufeff").split("\n")
    return Checks(tuple(_placed(each, lines) for each in checked), _columns(problems, lines))


def _checked(document: Document, crd: Crd | None, schemas: Schemas, known: Cached) -> Checked:
    if crd is None:
        return Checked(document, None, _strange(document, schemas))
    found = (*document_check.problems(document, crd), *_named(document), *_scope(document, crd))
    expected = foresee(document, known)
    objections = beside(expected.objections, found)
    missing, waits = _missing(document, known)
    told = beside(missing, (*found, *objections, *expected.warnings))
    own = located(document, doubts(crd.kind, document.value))
    return Checked(document, crd, found, objections, (*told, *own, *expected.warnings), waits)


def _placed(checked: Checked, lines: Sequence[str]) -> Checked:
    """With the columns of all it has to say; most documents have nothing."""
    if not (checked.problems or checked.objections or checked.warnings):
        return checked
    return replace(
        checked,
        problems=_columns(checked.problems, lines),
        objections=_columns(checked.objections, lines),
        warnings=_columns(checked.warnings, lines),
    )


def _columns(found: Iterable[FieldProblem], lines: Sequence[str]) -> tuple[FieldProblem, ...]:
    return tuple(yaml_text.with_column(each, lines) for each in found)


def _strange(document: Document, schemas: Schemas) -> tuple[FieldProblem, ...]:
    """A kind that is misspelt, of another version, or not OME's at all."""
    version, kind = text(document.value, "apiVersion"), text(document.value, "kind")
    if not version or not kind:
        return document_check.problems(document, None)
    message = f'no matches for kind "{kind}" in version "{version}"'
    if known := schemas.named(kind):
        wrong = FieldProblem("apiVersion", f"{message}; here it is {known.kind.api_version}")
    elif kind.endswith("List"):
        message = f"A {kind} is not written as one object: give its items as documents, with --- between them."
        wrong = FieldProblem("kind", message)
    else:
        names = ", ".join(dict.fromkeys(each.kind.name for each in schemas))
        wrong = FieldProblem("kind", f"{message}; edited here are {names}")
    return located(document, [wrong])


def _named(document: Document) -> Iterator[FieldProblem]:
    """A name that the server makes up is another at every attempt: nobody could look at it before."""
    begun = text(document.value, "metadata", "generateName")
    if begun and not key_of(document.value).name:
        message = "The console writes objects by their name: give metadata.name instead."
        yield FieldProblem(
            "metadata.generateName", message, document.line_of("metadata.generateName")
        )


def _scope(document: Document, crd: Crd) -> Iterator[FieldProblem]:
    namespace = text(document.value, "metadata", "namespace")
    line = document.line_of("metadata.namespace")
    if crd.kind.namespaced and not namespace:
        yield FieldProblem("metadata.namespace", "Required value", line)
    elif namespace and not crd.kind.namespaced:
        message = f"A {crd.kind.word} belongs to the whole cluster: it has no namespace."
        yield FieldProblem("metadata.namespace", message, line)
    elif namespace and not is_label(namespace):
        yield FieldProblem("metadata.namespace", _LABEL_RULE, line)


def _missing(document: Document, known: Cached) -> tuple[tuple[FieldProblem, ...], tuple[Ref, ...]]:
    """What is named and does not exist, and what of it the same text makes."""
    missing, waits = [], []
    for each in references(document.value):
        if _exists(each, known):
            continue
        made = next((ref for ref in each.targets if ref in known.beside), None)
        if made is not None:
            waits.append(made)
        elif known.sees(*(ref.kind for ref in each.targets)):
            message = f"The {each.word} {each.name} does not exist."
            missing.append(FieldProblem(each.path, message, document.line_of(each.path)))
    return tuple(missing), tuple(waits)


def _exists(reference: Reference, known: Cached) -> bool:
    return any(ref.key in known.cache.snapshot(ref.kind).objects for ref in reference.targets)


def _repeated(documents: Iterable[Checked]) -> Iterator[FieldProblem]:
    first: dict[Ref, int] = {}
    for each in documents:
        if each.ref is None:
            continue
        if each.ref in first:
            message = f"The {each.ref} is given twice, first on line {first[each.ref]}."
            yield FieldProblem("metadata.name", message, each.document.line)
        first.setdefault(each.ref, each.document.line)


def _key(crd: Crd, manifest: Mapping[str, object]) -> Key:
    key = key_of(manifest)
    return key if crd.kind.namespaced else Key("", key.name)


def _by_line(found: Iterable[FieldProblem]) -> tuple[FieldProblem, ...]:
    return tuple(sorted(found, key=lambda each: each.line or 0))
