"""Sizes, speeds and durations as a person reads them."""

from datetime import timedelta

_UNITS = ("B", "kB", "MB", "GB", "TB", "PB")


def size(number: float) -> str:
    """Bytes in the decimal unit that leaves one to three digits before the point: `16.4 GB`."""
    power = 0
    while number >= 999.5 and power < len(_UNITS) - 1:
        number, power = number / 1000, power + 1
    digits = 0 if power == 0 or number >= 99.95 else 1
    return f"{number:.{digits}f} {_UNITS[power]}"


def speed(rate: float) -> str:
    """Bytes a second: `160 MB/s`."""
    return f"{size(rate)}/s"


def lasting(span: timedelta) -> str:
    """A duration in its two largest units: `45s`, `2m 10s`, `3h 5m`, `2d 4h`."""
    seconds = max(0, round(span.total_seconds()))
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86_400
    if days:
        return _pair(days, "d", hours % 24, "h")
    if hours:
        return _pair(hours, "h", minutes % 60, "m")
    return _pair(minutes, "m", seconds % 60, "s") if minutes else f"{seconds}s"


def nodes(number: int) -> str:
    """`1 node`, `4 nodes`."""
    return f"{number} node{'' if number == 1 else 's'}"


def _pair(large: int, unit: str, small: int, finer: str) -> str:
    return f"{large}{unit} {small}{finer}" if small else f"{large}{unit}"
