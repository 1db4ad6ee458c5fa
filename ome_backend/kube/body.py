"""What an answer carries: JSON, decoded fast, and the server's warnings."""

import gc
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson

LARGE_BODY = 256 * 1024  # from here on the cyclic garbage collector costs more than the parse

_WARNING = re.compile(r'\b\d{3} \S+ "((?:[^"\\]|\\.)*)"')
_collector = threading.Lock()
_parsing = 0


def decode(body: bytes) -> Any:
    """JSON decoded, with the cyclic garbage collector at rest while a large body is parsed."""
    if len(body) < LARGE_BODY:
        return orjson.loads(body)
    with _collector_paused():
        return orjson.loads(body)


def parse_warnings(headers: list[str]) -> tuple[str, ...]:
    """The texts of `Warning` headers (RFC 7234, 5.5); one header may carry several."""
    found = (match for header in headers for match in _WARNING.findall(header))
    return tuple(_utf8(re.sub(r"\\(.)", r"\1", match)) for match in found)


def _utf8(text: str) -> str:
    """The API server sends UTF-8 where HTTP says Latin-1."""
    return text.encode("latin-1", "replace").decode("utf-8", "replace")


@contextmanager
def _collector_paused() -> Iterator[None]:
    global _parsing
    with _collector:
        _parsing += 1
        gc.disable()
    try:
        yield
    finally:
        with _collector:
            _parsing -= 1
            if not _parsing:
                gc.enable()
