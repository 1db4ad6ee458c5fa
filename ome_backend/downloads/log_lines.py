"""What of an agent's log is about one model, and which line says what went wrong."""

import json
import re
from collections.abc import Sequence

from ome_backend.resources.agent_entry import config_map_entry
from ome_backend.resources.manifest import Manifest, text
from ome_backend.resources.model import Model

_BEFORE, _AFTER = r"(?<![a-z0-9.-])", r"(?![a-z0-9-]|\.[a-z0-9])"
_TROUBLE = re.compile(r"\b(error|fail(ed|ure)?|fatal|denied|unauthorized|no space left)\b", re.I)


def about(lines: Sequence[str], model: Model, most: int) -> tuple[str, ...]:
    """The last lines that name the model, its repository or its path; at most `most`.

    An agent writes what it does for all models of its node into one log, and not every line names one.
    """
    names = [model.key.name, config_map_entry(model.key), model.storage_path]
    names.append(model.storage_uri.partition("://")[2].partition("@")[0])
    either = "|".join(re.escape(name) for name in names if name)
    named = re.compile(f"{_BEFORE}(?:{either}){_AFTER}", re.I)
    return tuple([line for line in lines if named.search(line)][-most:])


def trouble(lines: Sequence[str]) -> str:
    """What the last line that tells of trouble says, without its frame; empty where none does."""
    for line in reversed(lines):
        said = _entry(line)
        if text(said, "level") in ("error", "fatal", "panic") or _TROUBLE.search(line):
            parts = (text(said, "msg"), text(said, "error"))
            return ": ".join(part for part in parts if part) or line.strip()
    return ""


def _entry(line: str) -> Manifest:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
