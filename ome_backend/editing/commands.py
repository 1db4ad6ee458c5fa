"""The `kubectl` line that does what a view or an action of the console does, quoted for the shell."""

import json
import shlex
from collections.abc import Iterable, Mapping
from itertools import count

from ome_backend.matching.patching import Patch
from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.kinds import EVENT
from ome_backend.resources.manifest import Manifest

FIELD_MANAGER = "ome-console"

Resource = Kind | str


def get(ref: Ref, output: str = "yaml") -> str:
    """Print one object."""
    return _line("get", *_named(ref), "-o", output)


def listing(
    *resources: Resource,
    namespace: str | None = None,
    labels: str = "",
    fields: str = "",
    names: Iterable[str] = (),
    output: str = "",
    options: Iterable[str] = (),
) -> str:
    """Print a list: of all namespaces when `namespace` is None, of no namespace when it is empty.

    `labels` and `fields` are selectors, `options` further words such as `--show-labels`.
    """
    return _line(
        "get",
        ",".join(map(_resource, resources)),
        *names,
        *_everywhere(resources, namespace),
        *_option("-l", labels),
        *_option("--field-selector", fields),
        *_option("-o", output),
        *options,
    )


def last_applied(ref: Ref) -> str:
    """Print an object as `kubectl apply` last noted it."""
    return _line("apply", "view-last-applied", *_named(ref), "-o", "yaml")


def events(ref: Ref) -> str:
    """Print the events about one object; those about objects of no namespace may be in any."""
    about = f"involvedObject.kind={ref.kind.name},involvedObject.name={ref.key.name}"
    return listing(EVENT, namespace=ref.key.namespace or None, fields=about)


def describe(ref: Ref) -> str:
    """Print one object in words, with the events about it."""
    return _line("describe", *_named(ref))


def apply_file(path: str, *, force: bool = False) -> str:
    """Write the objects of a file as the console does, by server-side apply."""
    return _line("apply", *_serverside(force), "-f", path)


def apply_folder(path: str) -> str:
    """Write what a kustomization makes of its files, by server-side apply."""
    return _line("apply", *_serverside(False), "-k", path)


def apply_text(text: str, *, force: bool = False) -> str:
    """Write the objects of a text that is part of the command itself."""
    return _fed(_line("apply", *_serverside(force), "-f", "-"), text)


def create_text(text: str, *, dry_run: bool = False) -> str:
    """Create the objects of a text as the console does: refused where one exists or has unknown fields."""
    return _fed(_line("create", *_creating(dry_run), "-f", "-"), text)


def create_file(path: str, *, dry_run: bool = False) -> str:
    """Create the objects of a file, in the same way."""
    return _line("create", *_creating(dry_run), "-f", path)


def change(ref: Ref, patch: Manifest, *, dry_run: bool = False) -> str:
    """Merge a patch in as the console does, with what the server would store printed by a dry run."""
    return _line("patch", *_named(ref), *_changing(dry_run), "-p", json.dumps(patch))


def change_file(ref: Ref, path: str, *, dry_run: bool = False) -> str:
    """Merge the patch of a file in, in the same way."""
    return _line("patch", *_named(ref), *_changing(dry_run), "--patch-file", path)


def dry_run(path: str) -> str:
    """Ask the server what a file would change, and change nothing."""
    return _line("diff", *_serverside(False), "-f", path)


def patch_json(ref: Ref, patch: Patch) -> str:
    """Apply a JSON patch (RFC 6902), one operation a line."""
    operations = ",\n ".join(map(json.dumps, patch))
    return _line("patch", *_named(ref), "--type=json", "-p", f"[{operations}]")


def patch_merge(ref: Ref, patch: Manifest) -> str:
    """Merge a patch in; null takes a field away, lists are replaced whole."""
    return _line("patch", *_named(ref), "--type=merge", "-p", json.dumps(patch))


def scale(ref: Ref, component: str, low: int, high: int) -> str:
    """Set how many replicas a part of a service may have; OME's services have no scale subresource."""
    return patch_merge(ref, {"spec": {component: {"minReplicas": low, "maxReplicas": high}}})


def label(ref: Ref, labels: Mapping[str, str | None]) -> str:
    """Set labels, whatever they were; None takes one away."""
    words = [f"{name}-" if value is None else f"{name}={value}" for name, value in labels.items()]
    return _line("label", *_named(ref), "--overwrite", *words)


def create_namespace(name: str) -> str:
    """Make a namespace."""
    return _line("create", "namespace", name)


def delete(ref: Ref, *, uid: str = "") -> str:
    """Delete one object. Its `uid` is noted: the console deletes that very one, `kubectl` any of the name."""
    line = _line("delete", *_named(ref))
    note = f"  # the console does it only while its uid is {json.dumps(uid)}"
    return f"{line}{note}" if uid else line


def logs(
    pod: Key,
    *,
    container: str = "",
    tail: int | None = None,
    previous: bool = False,
    follow: bool = False,
) -> str:
    """Print what a pod has written."""
    return _line(
        "logs", pod.name, "-n", pod.namespace, *_log_options(container, tail, previous, follow)
    )


def logs_of(labels: str, namespace: str, *, tail: int | None = None) -> str:
    """Print what the pods of a selector have written; all of it when `tail` is -1."""
    return _line("logs", "-n", namespace, "-l", labels, *_log_options("", tail, False, False))


def restart(namespace: str, workload: str) -> str:
    """Replace the pods of a workload, such as `deployment/name`."""
    return _line("rollout", "restart", "-n", namespace, workload)


def _line(verb: str, *words: str) -> str:
    return shlex.join(("kubectl", verb, *words))


def _named(ref: Ref) -> tuple[str, ...]:
    return (ref.kind.resource, ref.key.name, *_option("-n", ref.key.namespace))


def _resource(resource: Resource) -> str:
    return resource.resource if isinstance(resource, Kind) else resource


def _everywhere(resources: Iterable[Resource], namespace: str | None) -> tuple[str, ...]:
    if namespace is not None:
        return _option("-n", namespace)
    spread = any(isinstance(each, Kind) and each.namespaced for each in resources)
    return ("-A",) if spread else ()


def _serverside(force: bool) -> tuple[str, ...]:
    words = ("--server-side", f"--field-manager={FIELD_MANAGER}")
    return (*words, "--force-conflicts") if force else words


def _creating(dry_run: bool) -> tuple[str, ...]:
    return (f"--field-manager={FIELD_MANAGER}", "--validate=strict", *_dry(dry_run))


def _changing(dry_run: bool) -> tuple[str, ...]:
    return ("--type=merge", f"--field-manager={FIELD_MANAGER}", *_dry(dry_run))


def _dry(dry_run: bool) -> tuple[str, ...]:
    return ("--dry-run=server", "-o", "yaml") if dry_run else ()


def _fed(line: str, text: str) -> str:
    """The line with a text as its standard input."""
    end = next(word for word in _ends() if word not in text.splitlines())
    closed = text if text.endswith("\n") else f"{text}\n"
    return f"{line} <<'{end}'\n{closed}{end}"


def _log_options(container: str, tail: int | None, previous: bool, follow: bool) -> tuple[str, ...]:
    return (
        *_option("-c", container),
        *((f"--tail={tail}",) if tail is not None else ()),
        *(("--previous",) if previous else ()),
        *(("--follow",) if follow else ()),
    )


def _option(name: str, value: str) -> tuple[str, ...]:
    return (name, value) if value else ()


def _ends() -> Iterable[str]:
    """Words to end a text with, the usual one first."""
    yield "EOF"
    for number in count(2):
        yield f"EOF{number}"
