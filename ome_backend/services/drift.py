"""Objects that were made from a template, and how they differ from what it would make today."""

from collections.abc import Iterator
from dataclasses import dataclass

from ome_backend.editing.cleaning import clean
from ome_backend.editing.differences import ABSENT, Difference, differences
from ome_backend.editing.filling import filled, origin, unmarked
from ome_backend.editing.templates import Template
from ome_backend.errors import Invalid
from ome_backend.kube.cache import Cache
from ome_backend.resources.defaults import with_defaults
from ome_backend.resources.kind import Ref
from ome_backend.resources.kinds import NAMESPACE, OME_KINDS
from ome_backend.resources.manifest import Manifest, key_of, text
from ome_backend.schema import yaml_text
from ome_backend.services.schemas import ClusterSchemas


@dataclass(frozen=True, slots=True)
class Descendant:
    """One object. `drifted` are fields the template speaks of; `before` is what it would give.

    `added` are fields that only the object has: by hand, by OME or by the API server. `current` says
    whether the template is still the text it was made from; `unknown` why nothing can be compared.
    """

    ref: Ref
    current: bool
    drifted: tuple[Difference, ...] = ()
    added: tuple[Difference, ...] = ()
    unknown: str = ""


def descendants(
    template: Template, cache: Cache, schemas: ClusterSchemas
) -> tuple[Descendant, ...]:
    """Every object whose annotation names the template, by kind and name."""
    known = schemas.now()
    found: list[Descendant] = []
    for kind in (*OME_KINDS, NAMESPACE):
        held = cache.snapshot(kind).objects
        for key in sorted(held):
            made = origin(held[key])
            if made is not None and made[0] == template.name:
                crd = known.of(held[key])
                schema = crd.schema if crd is not None else {}
                ref = Ref(kind, key)
                found.append(_descendant(template, ref, held[key], made[1], made[2], dict(schema)))
    return tuple(found)


def _descendant(
    template: Template,
    ref: Ref,
    live: Manifest,
    version: str,
    values: dict[str, str],
    schema: Manifest,
) -> Descendant:
    current = version == template.version
    secrets = {each.name: "hidden" for each in template.parameters if each.type == "secret"}
    try:
        wanted = _counterpart(filled(template, template.defaults() | values | secrets), ref)
    except Invalid as exc:
        said = "; ".join(f"{each.path}: {each.message}" for each in exc.problems)
        return Descendant(ref, current, unknown=f"{exc.message} {said}")
    if wanted is None:
        return Descendant(ref, current, unknown=f"The template makes no {ref.kind.word} any more.")
    found = _compared(wanted, live, schema)
    drifted = tuple(each for each in found if each.before is not ABSENT)
    return Descendant(ref, current, drifted, tuple(each for each in found if each not in drifted))


def _counterpart(made: str, ref: Ref) -> Manifest | None:
    """The document the object came from: of its name, else the only one of its kind."""
    alike = [
        each.value
        for each in yaml_text.parse(made).documents
        if text(each.value, "kind") == ref.kind.name
    ]
    named = [each for each in alike if key_of(each) == ref.key]
    if named:
        return named[0]
    return alike[0] if len(alike) == 1 else None


def _compared(wanted: Manifest, live: Manifest, schema: Manifest) -> tuple[Difference, ...]:
    """Names aside: a clone is compared in what it is, not in what it is called."""
    left, right = unmarked(with_defaults(wanted)), unmarked(with_defaults(clean(live)))
    return tuple(_of_interest(differences(left, right, schema)))


def _of_interest(found: tuple[Difference, ...]) -> Iterator[Difference]:
    for each in found:
        if each.steps[:2] not in (("metadata", "name"), ("metadata", "namespace")):
            yield each
