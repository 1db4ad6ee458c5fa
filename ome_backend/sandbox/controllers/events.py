"""Events: written once, counted when they repeat, forgotten after an hour as Kubernetes does."""

from datetime import datetime, timedelta
from hashlib import sha256

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, key_of, text
from ome_backend.sandbox.controllers.world import World

KEPT = timedelta(hours=1)
REPEATED_AFTER = 300.0
OME = "v1beta1Controllers"


def say(
    world: World,
    about: Manifest,
    reason: str,
    message: str,
    *,
    source: str,
    warning: bool = False,
    at: datetime | None = None,
) -> None:
    """Something happened to `about`, now or `at` a moment. The same words again raise the count."""
    stamp = world.stamp(at)
    key = _key(about, reason, message)
    if world.get(kinds.EVENT, key) is None:
        world.create(kinds.EVENT, _event(key, about, reason, message, source, warning, stamp))
        return

    def again(raw: Manifest) -> None:
        raw["count"] = raw.get("count", 1) + 1
        raw["lastTimestamp"] = stamp

    world.change(kinds.EVENT, key, again)


def keep_saying(
    world: World, about: Manifest, reason: str, message: str, *, source: str
) -> datetime:
    """A warning that holds as long as its cause: repeated every five minutes. Returns when next."""
    said = world.get(kinds.EVENT, _key(about, reason, message))
    last = world.moment(said, "lastTimestamp") if said else None
    if last is None or world.elapsed(last) >= REPEATED_AFTER:
        say(world, about, reason, message, source=source, warning=True)
        last = world.now
    return world.after(last, REPEATED_AFTER)


def forget(world: World) -> datetime | None:
    """Deletes events of more than an hour ago; returns when the next one is due."""
    due = None
    for event in world.list(kinds.EVENT):
        ends = world.moment(event, "lastTimestamp") + KEPT
        if ends <= world.now:
            world.remove(kinds.EVENT, key_of(event))
        elif due is None or ends < due:
            due = ends
    return due


def _key(about: Manifest, reason: str, message: str) -> Key:
    identity = f"{text(about, 'metadata', 'uid')}/{reason}/{message}"
    digest = sha256(identity.encode()).hexdigest()[:16]
    namespace = text(about, "metadata", "namespace") or "default"
    return Key(namespace, f"{text(about, 'metadata', 'name')}.{digest}")


def _event(
    key: Key, about: Manifest, reason: str, message: str, source: str, warning: bool, stamp: str
) -> Manifest:
    involved = {
        "apiVersion": text(about, "apiVersion"),
        "kind": text(about, "kind"),
        "name": text(about, "metadata", "name"),
        "uid": text(about, "metadata", "uid"),
    }
    if text(about, "metadata", "namespace"):
        involved["namespace"] = key.namespace
    return {
        "metadata": {"name": key.name, "namespace": key.namespace, "creationTimestamp": stamp},
        "involvedObject": involved,
        "type": "Warning" if warning else "Normal",
        "reason": reason,
        "message": message,
        "source": {"component": source},
        "reportingComponent": source,
        "reportingInstance": "",
        "firstTimestamp": stamp,
        "lastTimestamp": stamp,
        "count": 1,
    }
