"""Values as an API server prints them in its messages: Go's `%q` and `%v`, and JSON."""

import json
from typing import Any


def quote(text: str) -> str:
    """Text in double quotes, escaped."""
    return json.dumps(text, ensure_ascii=False)


def plain(value: Any) -> str:
    """A value without quotes: 3 for 3.0, JSON for what is not a scalar."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    return json.dumps(value)


def value(value: Any) -> str:
    """A value as `field.Error` shows it: text quoted, numbers plain, the rest as JSON."""
    if value is None:
        return '"null"'
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return plain(value)
