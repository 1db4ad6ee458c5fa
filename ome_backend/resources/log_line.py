"""One line of a container's log, as the kubelet stamps it, and how grave it reads."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

Severity = Literal["error", "warning", "info", "debug"]
SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "info", "debug")

_HEAD: Final = 400  # a program names the level of a line at its beginning
_KLOG: Final[dict[str, Severity]] = {"F": "error", "E": "error", "W": "warning", "I": "info"}
_KLOG_LINE: Final = re.compile(r"([FEWI])\d{4} \d\d:\d\d:\d\d")
_WORDS: Final[tuple[tuple[Severity, re.Pattern[str]], ...]] = (
    (
        "error",
        re.compile(
            r"\b(ERROR|CRITICAL|FATAL|[A-Za-z]*(Error|Exception):)|^Traceback |^panic: "
            r'|"level":\s*"(error|fatal|panic)"|\blevel=(error|fatal)\b'
        ),
    ),
    ("warning", re.compile(r'\bWARN(ING)?\b|"level":\s*"warn(ing)?"|\blevel=warn')),
    ("debug", re.compile(r'\b(DEBUG|TRACE)\b|"level":\s*"debug"|\blevel=debug')),
)
_STAMP: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d) ?")


@dataclass(frozen=True, slots=True)
class LogLine:
    """`at` is nanoseconds since 1970 in UTC, `stamp` the same as the kubelet wrote it (RFC 3339)."""

    at: int
    stamp: str
    pod: str
    container: str
    text: str
    severity: Severity


def log_line(pod: str, container: str, raw: str) -> LogLine:
    """A line that was asked for with timestamps; without one it counts as the oldest."""
    found = _STAMP.match(raw)
    text = raw[found.end() :] if found is not None else raw
    stamp = found.group().rstrip() if found is not None else ""
    at = _nanoseconds(found) if found is not None else 0
    return LogLine(at, stamp, pod, container, text, severity(text))


def severity(text: str) -> Severity:
    """How grave a line reads: by klog's first letter, or the word its program puts there."""
    klog = _KLOG_LINE.match(text)
    if klog is not None:
        return _KLOG[klog.group(1)]
    head = text[:_HEAD]
    return next((level for level, words in _WORDS if words.search(head)), "info")


def _nanoseconds(stamp: re.Match[str]) -> int:
    whole, fraction, zone = stamp.groups()
    moment = datetime.fromisoformat(whole + ("+00:00" if zone == "Z" else zone))
    seconds = int(moment.astimezone(UTC).timestamp())
    return seconds * 10**9 + int((fraction or "0").ljust(9, "0"))
