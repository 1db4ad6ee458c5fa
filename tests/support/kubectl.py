"""The `kubectl` commands that the console proposes, carried out by its own client as a person would."""

import json
import shlex
from collections.abc import Callable

from ome_backend.kube.client import Client
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind

Words = list[str]


def run(command: str, client: Client) -> None:
    """Carry out `kubectl patch` or `kubectl delete`; any other command fails the test."""
    program, verb, resource, name, *options = shlex.split(command)
    assert program == "kubectl"
    _VERBS[verb](client, _kind(resource), Key(_option(options, "-n"), name), options)


def _kind(resource: str) -> Kind:
    return next(kind for kind in kinds.BY_NAME.values() if resource in (kind.resource, kind.plural))


def _option(options: Words, name: str) -> str:
    return options[options.index(name) + 1] if name in options else ""


def _patch(client: Client, kind: Kind, key: Key, options: Words) -> None:
    change = json.loads(_option(options, "-p"))
    if "--type=json" in options:
        client.json_patch(kind, key, change)
    else:
        assert "--type=merge" in options
        client.merge_patch(kind, key, change)


def _delete(client: Client, kind: Kind, key: Key, _: Words) -> None:
    client.delete(kind, key)


_VERBS: dict[str, Callable[[Client, Kind, Key, Words], None]] = {
    "patch": _patch,
    "delete": _delete,
}
