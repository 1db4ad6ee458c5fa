"""One request as the handlers see it, its options, and its answer."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson

from ome_backend.errors import FieldProblem
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.registry import Resource, Target
from ome_backend.sandbox.status import StatusError, bad_request, invalid

_VALIDATION = ("", "Ignore", "Strict", "Warn")


@dataclass(frozen=True, slots=True)
class Call:
    """A request for a resource. Header names are in lower case."""

    verb: str
    target: Target
    params: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    user: str

    @property
    def resource(self) -> Resource:
        """The resource type."""
        return self.target.resource

    @property
    def kind(self) -> Kind:
        """The kind."""
        return self.target.resource.kind

    @property
    def key(self) -> Key:
        """The object, when the path names one."""
        return Key(self.target.namespace, self.target.name)

    @property
    def media_type(self) -> str:
        """The format of the body, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def flag(self, name: str) -> bool:
        """A boolean parameter as the API server reads it: present is true, but for 0 and false."""
        return name in self.params and self.params[name].lower() not in ("0", "false")

    def number(self, name: str) -> int | None:
        """A whole number of zero or more, or None when absent. Raises StatusError 400."""
        value = self.params.get(name, "")
        if value and not (value.isascii() and value.isdigit()):
            raise bad_request(f'strconv.ParseInt: parsing "{value}": invalid syntax')
        return int(value) if value else None


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """How a write is to be made; `manager` is the field manager that gets the credit."""

    dry_run: bool
    validation: str
    manager: str
    force: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: an encoded JSON body, and a text per `Warning` header."""

    body: bytes
    code: int = 200
    warnings: tuple[str, ...] = ()


def answer(manifest: Manifest, code: int = 200, warnings: tuple[str, ...] = ()) -> Answer:
    """An object as the answer."""
    return Answer(orjson.dumps(manifest), code, warnings)


def write_options(call: Call, word: str) -> WriteOptions:
    """The options of a write; `word` is CreateOptions, UpdateOptions or PatchOptions."""
    validation = call.params.get("fieldValidation", "")
    manager = call.params.get("fieldManager", "")
    if validation not in _VALIDATION:
        raise _unsupported(word, "fieldValidation", f'"{validation}"', _VALIDATION)
    if len(manager) > 128:
        problem = FieldProblem("fieldManager", "Too long: may not be more than 128 bytes")
        raise invalid(f"{word}.meta.k8s.io", "", [problem])
    agent = call.headers.get("user-agent", "").partition("/")[0]
    return WriteOptions(
        dry_run(call, word), validation or "Warn", manager or agent or "unknown", call.flag("force")
    )


def dry_run(call: Call, word: str, value: str | None = None) -> bool:
    """Whether nothing is to be stored. Raises StatusError 422 for a value other than `All`."""
    chosen = call.params.get("dryRun", "") if value is None else value
    if chosen not in ("", "All"):
        raise _unsupported(word, "dryRun", f'["{chosen}"]', ("All",))
    return chosen == "All"


def _unsupported(word: str, name: str, value: str, supported: tuple[str, ...]) -> StatusError:
    listed = ", ".join(f'"{item}"' for item in supported)
    message = f"Unsupported value: {value}: supported values: {listed}"
    return invalid(f"{word}.meta.k8s.io", "", [FieldProblem(name, message)])
