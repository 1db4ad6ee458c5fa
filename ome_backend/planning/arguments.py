"""What a container runs: its command and arguments as one list of words."""

import re
import shlex
from collections.abc import Mapping
from typing import Any

from ome_backend.resources.manifest import items, text
from ome_backend.resources.optional import texts

_SHELLS = ("sh", "bash", "dash", "ash", "zsh")
_KUBERNETES = re.compile(r"\$\(([A-Za-z_][\w.-]*)\)")
_SHELL = re.compile(r"\$(?:\{([A-Za-z_]\w*)(?::?-([^}]*))?\}|([A-Za-z_]\w*))")
_SEPARATORS = ("&&", "||", ";", "|", "&")


def words(container: Mapping[str, Any], more: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The words of a container's command line, with environment variables filled in.

    `$(NAME)` is filled in as Kubernetes does, `$NAME` and `${NAME:-default}` inside `sh -c "..."` as a shell
    does; what the container does not define (values from secrets or the downward API) stays as written.
    `more` are variables that OME adds.
    """
    known = {**environment(container), **(more or {})}
    filled = [
        _kubernetes(word, known)
        for word in (*texts(container, "command"), *texts(container, "args"))
    ]
    script = _script(filled)
    return tuple(filled) if script is None else tuple(_shell_words(script, known))


def environment(container: Mapping[str, Any]) -> dict[str, str]:
    """The variables that have a plain value."""
    found = (entry for entry in items(container, "env") if isinstance(entry, dict))
    return {
        text(entry, "name"): text(entry, "value")
        for entry in found
        if isinstance(entry.get("value"), str)
    }


def _kubernetes(word: str, known: Mapping[str, str]) -> str:
    return _KUBERNETES.sub(lambda found: known.get(found[1], found[0]), word)


def _script(command: list[str]) -> str | None:
    """The text that a shell is asked to run (`sh -c`, `bash -lc`); None where no shell is."""
    if not command or command[0].rpartition("/")[2] not in _SHELLS:
        return None
    flags = (at for at, word in enumerate(command) if re.fullmatch(r"-[a-z]*c", word))
    at = next(flags, None)
    return command[at + 1] if at is not None and at + 1 < len(command) else None


def _shell_words(script: str, known: Mapping[str, str]) -> list[str]:
    filled = _SHELL.sub(lambda found: _value(found, known), script.replace("\\\n", " "))
    try:
        found = shlex.split(filled, comments=True)
    except ValueError:  # a quote that never closes
        found = filled.split()
    return _engine_command(found)


def _value(found: re.Match[str], known: Mapping[str, str]) -> str:
    name, otherwise = found[1] or found[3], found[2]
    return known.get(name) or (otherwise if otherwise is not None else found[0])


def _engine_command(found: list[str]) -> list[str]:
    """The last of several commands that has options: what comes before prepares, what follows waits."""
    commands: list[list[str]] = [[]]
    for word in found:
        ends = word in _SEPARATORS or word.endswith(";")
        if word.rstrip(";") and word not in _SEPARATORS:
            commands[-1].append(word.rstrip(";"))
        if ends:
            commands.append([])
    serving = [each for each in commands if any(word.startswith("--") for word in each)]
    return serving[-1] if serving else found
