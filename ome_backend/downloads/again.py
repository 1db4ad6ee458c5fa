"""What makes OME fetch a model once more, and what else comes of it.

Source: OME pkg/modelagent (scout.go, gopher.go). An agent that starts takes up every model of its
node; a running one fetches anew only where downloadPolicy became another, for hf:// models. Nothing
else does: not another URI, path or label, not deleting its report, which would only lose the labels
that OME's controller looks for.
"""

from collections.abc import Iterable

from ome_backend.downloads.board import ModelRow, NodeRow
from ome_backend.downloads.words import nodes
from ome_backend.facts import storage_uri
from ome_backend.resources.manifest import Manifest, mapping, text
from ome_backend.resources.model import Model

ALWAYS, REUSE = "AlwaysDownload", "ReuseIfExists"
RESERVED = "models.ome/reserve-model-artifact"
NOTHING_ELSE = (
    "Nothing else makes OME try again: not another storage URI, path or label, and not deleting the "
    "agent's config map, which comes back without the labels that OME looks for."
)


def restart_effects(row: NodeRow) -> tuple[str, ...]:
    """What restarting the agent of a node means, in sentences."""
    there = [each for each in row.cells if each.state == "Ready"]
    coming = [each for each in row.cells if each.arriving]
    effects = [
        f"Its DaemonSet starts a new agent on {row.sight.name}, which takes up every model again."
    ]
    if there:
        models = "1 model that is" if len(there) == 1 else f"{len(there)} models that are"
        effects.append(
            f"{models[0].upper()}{models[1:]} ready there count as updating until checked again; meanwhile "
            "no new pod that needs one of them starts on the node. Running pods go on."
        )
    if coming:
        running = "1 download is" if len(coming) == 1 else f"{len(coming)} downloads are"
        effects.append(f"{running[0].upper()}{running[1:]} interrupted and begun anew.")
    return tuple(effects)


def policy_effects(row: ModelRow) -> tuple[str, ...]:
    """What changing the download policy of a model means; empty where it does nothing."""
    if storage_uri.scheme(row.model.storage_uri) != "hf":
        return ()
    policy = other_policy(row.model)
    effects = [
        f"spec.storage.downloadPolicy becomes {policy}, and it is fetched again on {_all(row)}."
    ]
    if policy == REUSE:
        effects.append(
            "A node that has the same commit already links to it instead of downloading."
        )
    if row.tally.ready:
        effects.append(
            f"On {nodes(row.tally.ready)} where it is ready it counts as updating until it is there again; "
            "meanwhile no new pod of it starts there. Running pods go on."
        )
    effects.append("Who keeps the model in Git has to change it there, too.")
    return tuple(effects)


def other_policy(model: Model) -> str:
    """The policy that it does not have; none counts as AlwaysDownload."""
    return ALWAYS if text(model.raw, "spec", "storage", "downloadPolicy") == REUSE else REUSE


def with_policy(manifest: Manifest, policy: str) -> Manifest:
    """The manifest with that policy. Changes its argument."""
    manifest["spec"]["storage"]["downloadPolicy"] = policy
    return manifest


def is_reserved(model: Model) -> bool:
    """Whether its files stay on the nodes when it is deleted."""
    return mapping(model.raw, "metadata", "labels").get(RESERVED) == "true"


def with_reservation(manifest: Manifest, *, reserved: bool) -> Manifest:
    """The manifest with the label that keeps its files, or without it. Changes its argument."""
    labels = dict(mapping(manifest, "metadata", "labels"))
    labels.pop(RESERVED, None)
    if reserved:
        labels[RESERVED] = "true"
    if labels or "labels" in manifest["metadata"]:
        manifest["metadata"]["labels"] = labels
    return manifest


def _all(row: ModelRow) -> str:
    names: Iterable[str] = [each.node for each in row.cells]
    listed = list(names)
    return ", ".join(listed) if len(listed) <= 4 else nodes(len(listed))
