"""The editor's script: one address per content, kept for good, compressed for whoever takes that."""

import gzip
from collections.abc import Iterator
from pathlib import Path

import pytest
import urllib3

from ome_backend.api.assets import script_route
from tests.support.serving import served

CONTENT = b"export const answer = 42\n"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a server has one script."""
    file: Path = tmp_path_factory.mktemp("assets") / "editor.js"
    file.write_bytes(CONTENT)
    with served([script_route("/editor.1.js", file)]) as server:
        yield server


def get(address: str, **headers: str) -> urllib3.BaseHTTPResponse:
    return urllib3.request("GET", address, headers=headers, decode_content=False, timeout=5.0)


def test_a_script_is_served_as_one_and_kept_for_good(address: str) -> None:
    answer = get(f"{address}/editor.1.js")
    assert answer.data == CONTENT
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_it_is_compressed_for_whoever_takes_that(address: str) -> None:
    answer = get(f"{address}/editor.1.js", **{"Accept-Encoding": "gzip, br"})
    assert answer.headers["content-encoding"] == "gzip"
    assert gzip.decompress(answer.data) == CONTENT


def test_an_older_address_is_gone(address: str) -> None:
    assert get(f"{address}/editor.0.js").status == 404
