"""How one model on one node is doing: what its agent says, and what it does not say."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ome_backend.downloads.cell import Line, Sight
from ome_backend.downloads.track import Track
from ome_backend.downloads.words import lasting, size, speed
from ome_backend.facts import storage_uri
from ome_backend.resources.download import Download
from ome_backend.resources.health import Health, Level

SILENT = timedelta(minutes=5)  # ten times as long as an agent leaves between two reports
STUCK = timedelta(minutes=5)  # reports go on, and not one byte more has come
PHASE = timedelta(minutes=30)  # scanning and finalizing tell no bytes, and large models take long
STRAGGLER = 1 / 3  # of the usual pace of the same model on other nodes
SIBLINGS = 2  # other nodes at least, from which a usual pace can be told

_DOWNLOADING = "downloading"


@dataclass(frozen=True, slots=True)
class Situation:
    """All that bears on one cell. `usual` is the pace of the same model on other nodes."""

    uri: str
    sight: Sight
    track: Track | None
    pace: float | None
    eta: timedelta | None
    usual: float | None
    line: Line | None
    meant: bool
    now: datetime


def judged(seen: Situation) -> Health:
    """The state in a word, and a sentence that stands alone."""
    if seen.track is None:
        return _not_begun(seen)
    download = seen.track.download
    if not seen.sight.exists:
        sentence = f"The node {seen.sight.name} is gone; OME ignores its report."
        return Health(Level.UNKNOWN, "Node gone", sentence)
    match download.state:
        case "Ready":
            return _ready(seen)
        case "Failed":
            return Health(
                Level.BROKEN,
                "Failed",
                f"Its download failed on {seen.sight.name}; the agent's log says why.",
            )
        case "Updating":
            return _arriving(seen, download, seen.track)
        case "Deleted":
            return Health(Level.OFF, "Deleted", f"It was deleted from {seen.sight.name}.")
        case "Unreadable":
            said = f"What the agent of {seen.sight.name} wrote of it cannot be read."
            return Health(Level.UNKNOWN, "Unreadable", said)
    said = f"The agent of {seen.sight.name} says {download.state}, which OME does not know."
    return Health(Level.UNKNOWN, download.state[:24], said)


def silence(track: Track, now: datetime) -> timedelta:
    """For how long the agent has said nothing new; never negative.

    By the console's clock once a report came while it watched. Before that there is only the time in
    the report, by a clock that may be another.
    """
    said = track.download.updated_at
    since = track.changed_at if track.live or said is None else said
    return max(timedelta(), now - since)


def _ready(seen: Situation) -> Health:
    if seen.meant:
        return Health(Level.GOOD, "Ready", f"It is ready on {seen.sight.name}.")
    sentence = (
        f"It is ready on {seen.sight.name}, although its node selector does not name that node."
    )
    return Health(Level.GOOD, "Ready", sentence)


def _not_begun(seen: Situation) -> Health:
    name, sight = seen.sight.name, seen.sight
    if not sight.ready:
        return Health(
            Level.BROKEN, "Node not ready", f"{name} is not ready, so nothing arrives there."
        )
    if sight.agents_seen and sight.agent is None:
        return Health(
            Level.BROKEN, "No agent", f"No model agent runs on {name}, so nothing arrives there."
        )
    if sight.reports is None:
        return Health(Level.UNKNOWN, "Not known", f"What the agent of {name} reports is not known.")
    if not sight.reports:
        return Health(
            Level.WAITING,
            "Never reported",
            f"The model agent of {name} has never reported, or its config map lost the label that OME reads.",
        )
    return Health(Level.WAITING, "Not begun", f"The model agent of {name} has not taken it up yet.")


def _arriving(seen: Situation, download: Download, track: Track) -> Health:
    name = seen.sight.name
    handling = storage_uri.downloadable(seen.uri)
    if not handling.ready:
        return Health(Level.BROKEN, "Never ready", handling.reason)
    if seen.sight.agents_seen and seen.sight.agent is None:
        sentence = f"Its download to {name} has stopped: no model agent runs there."
        return Health(Level.BROKEN, "No agent", sentence)
    if not download.phase:
        return _without_progress(seen, track)
    quiet, still = silence(track, seen.now), track.changed_at - track.advanced_at
    if quiet >= SILENT:
        return Health(
            Level.BROKEN,
            "Silent",
            f"The agent of {name} has reported nothing for {lasting(quiet)}; it writes every 30 seconds.",
        )
    if still >= (STUCK if download.phase == _DOWNLOADING else PHASE):
        done = (
            "no byte more has arrived" if download.phase == _DOWNLOADING else "it goes no further"
        )
        return Health(
            Level.BROKEN,
            "Stuck",
            f"Its download to {name} is stuck: for {lasting(still)} {done}{_at(download)}.",
        )
    behind = _behind(seen, download)
    if behind:
        return Health(Level.WAITING, "Slow", behind)
    return _on_its_way(seen, download)


def _without_progress(seen: Situation, track: Track) -> Health:
    """Only what comes from the Hub has progress, and that only once it began."""
    name = seen.sight.name
    if storage_uri.scheme(seen.uri) != "hf":
        sentence = f"It is being fetched to {name}; OME tells progress of hf:// models only."
        return Health(Level.WAITING, "Fetching", sentence)
    watched = seen.now - track.changed_at
    line = _in_line(seen.line)
    if watched >= PHASE and not (seen.line and seen.line.ahead):
        sentence = f"The agent of {name} has told no progress for {lasting(watched)}."
        return Health(Level.BROKEN, "Stuck", sentence)
    return Health(Level.WAITING, "Waiting", f"Its download to {name} has not begun{line}.")


def _in_line(line: Line | None) -> str:
    if line is None or not line.ahead:
        return ""
    others = "1 other" if line.ahead == 1 else f"{line.ahead} others"
    return f"; probably {others} before it, a guess from their age"


def _on_its_way(seen: Situation, download: Download) -> Health:
    name = seen.sight.name
    if download.phase == _DOWNLOADING and download.share is not None:
        pace = f" at {speed(seen.pace)}" if seen.pace else ""
        said = (
            f"{download.share:.0%} of {size(download.total_bytes)} is on {name}{pace}{_left(seen)}."
        )
        return Health(Level.WAITING, f"{download.share:.0%}", said)
    word = download.phase.capitalize()[:24]
    doing = {"scanning": "looks what there is to fetch", "finalizing": "checks what has arrived"}
    said = doing.get(download.phase, f"is in its phase {download.phase}")
    return Health(Level.WAITING, word, f"The agent of {name} {said}.")


def _left(seen: Situation) -> str:
    return f"; about {lasting(seen.eta)} left" if seen.eta is not None else ""


def _at(download: Download) -> str:
    return f", at {download.share:.0%}" if download.share is not None else ""


def _behind(seen: Situation, download: Download) -> str:
    """That it is a straggler, as a sentence; empty where it is none."""
    if seen.pace is None or seen.usual is None or download.phase != _DOWNLOADING:
        return ""
    if seen.pace >= seen.usual * STRAGGLER:
        return ""
    said = f"It comes to {seen.sight.name} at {speed(seen.pace)}"
    return f"{said}, where other nodes get {speed(seen.usual)}{_left(seen)}."
