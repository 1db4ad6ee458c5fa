"""Which handshakes are let in: as Streamlit's own socket decides."""

import pytest
from starlette.datastructures import Headers
from streamlit import config
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from ome_backend.api.origin import admitted

NAMES = ("localhost", "127.0.0.1", "::1", "*.ome.example", "Console.Example.")
HOSTS = {
    "localhost": True,
    "LOCALHOST:8501": True,
    "localhost.": True,
    "127.0.0.1:8501": True,
    "[::1]:8501": True,
    "a.ome.example": True,
    "ome.example": False,
    "console.example:443": True,
    "evil.example": False,
    "localhost.evil.example": False,
    "[::1": False,
    "": False,
}
ORIGINS = {
    "http://localhost:8501": True,
    "https://localhost:8501": True,
    "http://localhost": False,
    "http://localhost:1": False,
    "http://evil.example": False,
    "http://localhost:8501@evil.example": False,
    "http://[": False,
    "null": False,
    "": False,
}


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_is_let_in_as_streamlit_lets_it_in(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "get_option", lambda _: list(NAMES))
    assert admitted(Headers({"host": host}), NAMES) is HOSTS[host]
    assert is_host_allowed(host) is HOSTS[host]


@pytest.mark.parametrize("names", [(), ("*",)], ids=["none", "star"])
def test_without_names_every_host_is_let_in(names: tuple[str, ...]) -> None:
    assert admitted(Headers({"host": "any.example"}), names)


@pytest.mark.parametrize("origin", ORIGINS)
def test_only_pages_from_where_the_handshake_goes_are_let_in(origin: str) -> None:
    headers = Headers({"host": "localhost:8501", "origin": origin})
    assert admitted(headers, NAMES) is ORIGINS[origin]


def test_programs_send_no_origin_and_are_let_in() -> None:
    assert admitted(Headers({"host": "localhost:8501"}), NAMES)
