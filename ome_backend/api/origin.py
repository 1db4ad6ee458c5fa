"""Who may open a socket: the console's own pages, and programs, under a name the console is known by."""

from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

from starlette.datastructures import Headers


def admitted(headers: Headers, hosts: Collection[str]) -> bool:
    """Whether a handshake comes from the origin it goes to, or from no page, and to one of `hosts`.

    `hosts` reads as Streamlit's `server.allowedHosts`: names without ports, `*.example.com` for all
    names below one, `*` or nothing at all for any.
    """
    host, origin = headers.get("host", ""), headers.get("origin")
    same_origin = origin is None or _split(origin).netloc == host
    return same_origin and (not hosts or _named(host, hosts))


def _named(host: str, hosts: Collection[str]) -> bool:
    name = (_split(f"//{host}").hostname or "").rstrip(".")
    return bool(name) and any(_covers(each.strip().lower().rstrip("."), name) for each in hosts)


def _covers(pattern: str, name: str) -> bool:
    return pattern in ("*", name) or (pattern.startswith("*.") and name.endswith(pattern[1:]))


def _split(address: str) -> SplitResult:
    """The parts of an address; none of what is no address."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", "", "", "")
