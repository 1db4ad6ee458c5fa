"""Why a model is not ready, in one word and one sentence: the same on every page that shows models."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from ome_backend.downloads.cell import Cell
from ome_backend.downloads.words import lasting, nodes
from ome_backend.facts import storage_uri
from ome_backend.resources.health import Health, Level
from ome_backend.resources.model import Model

_NO_NODE = (
    "No node carries what its node selector asks for, so it arrives nowhere; label a node, or "
    "change spec.storage.nodeSelector."
)


def model_health(model: Model, cells: Sequence[Cell], *, unplaced: bool = False) -> Health:
    """How a model is doing on the nodes; OME itself calls it Ready as soon as one node has it.

    `cells` are those of the nodes it belongs on or that speak of it. `unplaced` when it is known
    that it belongs on none.
    """
    if model.disabled:
        return Health(Level.OFF, "Disabled", "It is disabled: OME refuses new services of it.")
    ready = _nodes(model.nodes_ready, cells, "Ready")
    failed = _nodes(model.nodes_failed, cells, "Failed") - ready
    others = [each for each in cells if each.node not in ready | failed and _counts(each)]
    if ready:
        return _ready(len(ready), len(failed), others)
    handling = storage_uri.downloadable(model.storage_uri)
    if not handling.ready:
        return Health(Level.BROKEN, "Never ready", handling.reason)
    if failed:
        sentence = f"Its download failed on {nodes(len(failed))}; the agent's log says why."
        return Health(Level.BROKEN, "Failed", sentence)
    if unplaced:
        return Health(Level.BROKEN, "No node", _NO_NODE)
    return _coming(others)


def _counts(cell: Cell) -> bool:
    """Not where it was deleted, nor where nothing can be known of it."""
    unseen = cell.download is None and cell.health.level is Level.UNKNOWN
    return cell.state != "Deleted" and not unseen


def _nodes(reported: Sequence[str], cells: Sequence[Cell], state: str) -> set[str]:
    """The nodes of a list in the model's status; where it lags behind, the agents' word counts."""
    spoken = {each.node: each.state for each in cells}
    agreed = {node for node in reported if spoken.get(node, "") in ("", state)}
    return agreed | {node for node, said in spoken.items() if said == state}


def _ready(ready: int, failed: int, others: Sequence[Cell]) -> Health:
    total = ready + failed + len(others)
    if ready == total:
        return Health(Level.GOOD, "Ready", f"It is ready on {nodes(ready)}.")
    troubled = [each for each in others if each.health.level is Level.BROKEN]
    arriving = sum(each.arriving for each in others if each not in troubled)
    parts = [f"ready on {ready} of {total} nodes"]
    parts += [f"failed on {failed}"] if failed else []
    parts += [f"arriving on {arriving}"] if arriving else []
    parts += [f"{word.lower()} on {count}" for word, count in _words(troubled).items()]
    left = len(others) - arriving - len(troubled)
    parts += [f"not begun on {left}"] if left else []
    return Health(Level.WAITING, f"Ready on {ready}/{total}", f"It is {', '.join(parts)}.")


def _words(cells: Sequence[Cell]) -> Counter[str]:
    return Counter(each.health.word for each in cells)


def _coming(cells: Sequence[Cell]) -> Health:
    """No node has it, none has given up: the best news there are, or the worst where all is stuck."""
    hopeful = [each for each in cells if each.health.level is not Level.BROKEN]
    arriving = [each for each in hopeful if each.arriving]
    if arriving:
        return Health(Level.WAITING, "Downloading", _arriving(arriving))
    if cells and not hopeful:
        first = cells[0].health
        more = f" So it is on {nodes(len(cells))}." if len(cells) > 1 else ""
        return Health(Level.BROKEN, first.word, f"{first.sentence}{more}")
    if hopeful:
        return Health(Level.WAITING, "Pending", hopeful[0].health.sentence)
    return Health(Level.WAITING, "Pending", "No model agent has reported it yet.")


def _arriving(arriving: Sequence[Cell]) -> str:
    shares = [each.share for each in arriving if each.share is not None]
    if not shares:
        return f"It is being fetched on {nodes(len(arriving))}."
    share, where = sum(shares) / len(shares), nodes(len(arriving))
    return f"{share:.0%} has arrived on {where}{_left([each.eta for each in arriving])}."


def _left(etas: Sequence[timedelta | None]) -> str:
    """Until the first node has it, which is when services can begin."""
    known = [each for each in etas if each is not None]
    return f"; the first is done in about {lasting(min(known))}" if known else ""
