"""A repository of the Hub as the model it would be once OME's agent has looked into it."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from ome_backend.facts import Failure, ModelFacts, derived_spec, storage_uri
from ome_backend.hub.answers import About
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest
from ome_backend.resources.model import Model

MAIN = "main"
LONGEST = 63
_OTHER = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Source:
    """A repository at a revision, as `storageUri` names it."""

    repo: str
    revision: str = MAIN

    @property
    def uri(self) -> str:
        """`hf://org/name`, with `@revision` where it is another than main."""
        branch = "" if self.revision in ("", MAIN) else f"@{self.revision}"
        return f"hf://{self.repo}{branch}"


def source_of(model: Model) -> Source | None:
    """Where a model of the Hub comes from; None for models from elsewhere."""
    found = storage_uri.parse(model.storage_uri)
    if isinstance(found, Failure) or found.scheme != "hf":
        return None
    return Source(found.components["model_id"], found.components["branch"])


def candidate(about: About, facts: ModelFacts | Failure | None, namespace: str = "") -> Model:
    """The model with what OME's agent writes into it.

    Without facts, architecture and size are those the Hub's listing tells: what is left open stays open.
    """
    spec: Manifest = {"storage": {"storageUri": Source(about.id).uri}}
    if isinstance(facts, ModelFacts):
        spec = derived_spec(facts, spec)
    kind = kinds.BASE_MODEL if namespace else kinds.CLUSTER_BASE_MODEL
    metadata = {"name": proposed_name(about.id, ()), "namespace": namespace}
    return Model(
        {"metadata": {name: each for name, each in metadata.items() if each}, "spec": spec}, kind
    )


def architecture(about: About) -> str:
    """The architecture that the Hub's extract of config.json names; empty where it names none."""
    named = about.config.get("architectures")
    return str(named[0]) if isinstance(named, list) and named else ""


def extract(about: About) -> str:
    """The Hub's extract as the text of a config.json, for what a repository does not let us read."""
    return json.dumps(about.config, default=str)


def proposed_name(repo: str, taken: Iterable[str]) -> str:
    """A name for the object: the repository's own, then with its author's, then with a number.

    As in OME's catalogue: lower case, everything else a hyphen, at most 63 characters, so that the
    name can be a label and a host name.
    """
    author, _, own = repo.rpartition("/")
    held = set(taken)
    names = [_name(own), _name(f"{author}-{own}")]
    names += [f"{_name(own)[: LONGEST - 4].rstrip('-')}-{number}" for number in range(2, 99)]
    return next((name for name in names if name not in held), names[0])


def _name(text: str) -> str:
    return _OTHER.sub("-", text.lower()).strip("-")[:LONGEST].rstrip("-") or "model"


def shadowing(key: Key, names: Iterable[Key]) -> str:
    """What it means that other models of the cluster have the same name; empty where none has.

    OME looks in the service's namespace first, then for a cluster model (isvc/utils/reconciliation.go).
    """
    same = sorted({other.namespace for other in names if other.name == key.name and other != key})
    if key.namespace and "" in same:
        return (
            f"There is a cluster model {key.name} as well: services of {key.namespace} that name it "
            "will get this one instead."
        )
    if not key.namespace and same:
        where = ", ".join(same)
        return f"In {where} there is a model of the same name: services there will get that one, not this."
    return ""
