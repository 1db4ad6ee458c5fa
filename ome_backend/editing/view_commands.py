"""What a list or an answer of the console shows, as the lines that print the same in a terminal."""

import shlex
from collections.abc import Iterable, Sequence
from itertools import groupby

from ome_backend.editing.commands import listing
from ome_backend.resources.kind import Key, Kind

MOST_NAMED = 100  # more names make no line that one would copy


def listed(
    kinds: Sequence[Kind], keys: Iterable[Key], *, namespace: str, narrowed: bool
) -> tuple[str, ...]:
    """Lines that print a list of objects as a page shows it.

    A `namespace` that is not empty keeps what is of it and what is of none. `kubectl` has no selector
    for the page's own filters: a list that they have `narrowed` is printed by the names that are left,
    MOST_NAMED at most.
    """
    kept = sorted(keys)
    if not narrowed or not 0 < len(kept) <= MOST_NAMED:
        return (listing(*kinds, namespace=namespace or None),)
    return tuple(
        listing(kind, namespace=place, names=[key.name for key in group])
        for place, group in groupby(kept, lambda key: key.namespace)
        for kind in kinds
        if kind.namespaced == bool(place)
    )


def answered(
    command: str, kinds: Iterable[Kind], words: Iterable[str] = (), *, context: str, namespace: str
) -> str:
    """The console's own command line, asked about the same cluster.

    Without a `context` of a kubeconfig the objects are read by `kubectl` and handed over.
    """
    asked = ["python", "-m", "ome_backend", command, *words]
    if namespace:
        asked += ["--namespace", namespace]
    if context:
        return shlex.join([*asked, "--context", context])
    return f"{listing(*kinds, output='yaml')} | {shlex.join([*asked, '-f', '-'])}"
