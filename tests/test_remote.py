"""Texts from outside: only what was allowed is asked, and whatever comes back is bounded and judged."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ome_backend import remote
from ome_backend.errors import Forbidden, Invalid, NotFound, OmeError, TimedOut, Unreachable
from ome_backend.remote import LARGEST, Remote
from tests.support.secure_host import HOST, PLAIN, Answer, Host, answer, self_signed, trusting

TEXT = "template: x  # grüße\n"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return self_signed(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def host(certificate: Path) -> Iterator[Host]:
    made = Host(certificate)
    yield made
    made.close()


@pytest.fixture
def reader(host: Host, certificate: Path) -> Remote:
    return trusting(host, certificate)


def refused(reader: Remote, url: str, kind: type[OmeError]) -> str:
    """What a person reads of the refusal."""
    with pytest.raises(kind) as caught:
        reader.read(url)
    assert caught.value.hint
    return f"{caught.value.message} {caught.value.reason} {caught.value.hint}"


def test_a_text_is_read_as_it_is(host: Host, reader: Remote) -> None:
    host.answers["/a.yaml?x=1"] = answer("200 OK", PLAIN, body=TEXT.encode())
    assert reader.read(f" {host.url('/a.yaml?x=1')} ") == TEXT
    assert "cookie" not in host.asked[0].lower()
    assert "authorization" not in host.asked[0].lower()


def test_pieces_and_a_byte_order_mark_are_put_together(host: Host, reader: Remote) -> None:
    head = f"HTTP/1.1 200 OK\r\n{PLAIN}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    host.answers["/"] = head + b"6\r\n\xef\xbb\xbfone\r\n3\r\ntwo\r\n0\r\n\r\n"
    assert reader.read(host.url("/")) == "onetwo"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (f"http://{HOST}/a", "https://"),
        ("file:///etc/passwd", "https://"),
        ("https:///a", "https://"),
        (f"https://{HOST}/a b\r\nX: y", "https://"),
        (f"https://{HOST}:x/", "no address"),
        ("https://[::1", "no address"),
        (f"https://me:secret@{HOST}/a", "credentials"),
    ],
)
def test_an_address_that_is_none_is_not_asked(url: str, said: str, reader: Remote) -> None:
    assert said in refused(reader, url, Invalid)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example.com/a",
        f"https://{HOST}/a",
        f"https://{HOST}:22/a",
        f"https://x.{HOST}/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://2130706433/",
    ],
)
def test_hosts_that_are_not_allowed_are_not_asked(url: str, reader: Remote) -> None:
    assert "OME_TEMPLATE_HOSTS" in refused(reader, url, Forbidden)


def test_a_name_of_an_inner_address_is_not_asked(reader: Remote) -> None:
    assert "10.0.0.7" in refused(reader, "https://other.example.com/a", Forbidden)


def test_one_inner_address_among_others_is_enough_to_refuse(host: Host, reader: Remote) -> None:
    mixed = Remote(reader.hosts, lambda *_: ["127.0.0.1", "169.254.169.254"], reader.permit)
    assert "169.254.169.254" in refused(mixed, host.url("/"), Forbidden)
    assert host.asked == []


def test_a_name_is_resolved_once_for_a_connection(host: Host, reader: Remote) -> None:
    host.answers["/"] = answer("200 OK", PLAIN, body=b"x")
    told = iter([["127.0.0.1"], ["10.0.0.7"]])
    rebinding = Remote(reader.hosts, lambda *_: next(told), reader.permit, reader.trust)
    assert rebinding.read(host.url("/")) == "x"


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temp", "308 Perm"])
def test_a_redirect_on_the_same_host_is_followed(status: str, host: Host, reader: Remote) -> None:
    host.answers["/old/a"] = answer(status, "Location: ../new")
    host.answers["/new"] = answer("200 OK", PLAIN, body=b"x")
    assert reader.read(host.url("/old/a")) == "x"


@pytest.mark.parametrize(
    ("location", "kind"),
    [
        ("https://other.example.com/a", Forbidden),
        ("https://169.254.169.254/latest/meta-data", Forbidden),
        ("//localhost/a", Forbidden),
        (f"http://{HOST}/a", Invalid),
        ("file:///etc/passwd", Invalid),
    ],
)
def test_a_redirect_leads_nowhere_that_is_not_allowed(
    location: str, kind: type[OmeError], host: Host, reader: Remote
) -> None:
    host.answers["/"] = answer("302 Found", f"Location: {location}")
    refused(reader, host.url("/"), kind)


def test_redirects_in_a_circle_end(host: Host, reader: Remote) -> None:
    host.answers["/"] = answer("302 Found", "Location: /")
    assert "again and again" in refused(reader, host.url("/"), Invalid)
    assert len(host.asked) == remote.MOST_REDIRECTS + 1


def endless(connection: ssl.SSLSocket, _: str) -> None:
    connection.sendall(f"HTTP/1.1 200 OK\r\n{PLAIN}\r\n\r\n".encode())
    for _number in range(100):
        connection.sendall(b"x" * 100_000)


def test_more_than_is_allowed_is_not_read(host: Host, reader: Remote) -> None:
    host.answers["/said"] = answer("200 OK", PLAIN, body=b"x" * (LARGEST + 1))
    host.answers["/unsaid"] = endless
    host.answers["/just"] = answer("200 OK", PLAIN, body=b"x" * LARGEST)
    for path in ("/said", "/unsaid"):
        assert "larger than 1 MB" in refused(reader, host.url(path), Invalid)
    assert len(reader.read(host.url("/just"))) == LARGEST


def drip(head: bytes, drop: bytes, closed: threading.Event) -> Answer:
    """Sends something again and again, always before a time limit for silence would pass."""

    def send(connection: ssl.SSLSocket, _: str) -> None:
        connection.sendall(head)
        while not closed.wait(0.02):
            connection.sendall(drop)

    return send


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        (f"HTTP/1.1 200 OK\r\n{PLAIN}\r\n\r\n".encode(), b"x"),
        (f"HTTP/1.1 200 OK\r\n{PLAIN}\r\nContent-Length: 99999\r\n\r\n".encode(), b"x"),
        (b"", b""),
    ],
    ids=["headers", "a body without end", "a body with an end", "nothing"],
)
def test_whoever_is_slow_is_left_in_time(
    head: bytes, drop: bytes, host: Host, reader: Remote
) -> None:
    host.answers["/"] = drip(head, drop, host.closed)
    began = time.monotonic()
    with pytest.raises((TimedOut, Unreachable)):
        reader.read(host.url("/"))
    assert time.monotonic() - began < 3 * reader.seconds


def test_a_handshake_that_never_comes_is_left_in_time(certificate: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        reader = Remote((f"{HOST}:{port}",), lambda *_: ["127.0.0.1"], lambda _: True, seconds=0.3)
        assert "in time" in refused(reader, f"https://{HOST}:{port}/", TimedOut)


@pytest.mark.parametrize(
    ("said", "kind", "words"),
    [
        (answer("404 Not Found", PLAIN), NotFound, "private"),
        (answer("403 Forbidden", PLAIN), Unreachable, "403 Forbidden"),
        (answer("500 Broken", PLAIN), Unreachable, "500 Broken"),
        (answer("200 OK", "Content-Type: text/html", body=b"<p>"), Invalid, "raw file"),
        (answer("200 OK", "Content-Type: image/png", body=b"x"), Invalid, "image/png"),
        (answer("200 OK", PLAIN, "Content-Encoding: gzip", body=b"x"), Invalid, "compressed"),
        (answer("200 OK", PLAIN, body=b"\xff\xfe\x00"), Invalid, "not UTF-8"),
        (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nx",
            Unreachable,
            "",
        ),
        (b"this is not HTTP\r\n\r\n", Unreachable, "not HTTP"),
    ],
    ids=["absent", "forbidden", "broken", "page", "picture", "packed", "bytes", "cut", "noise"],
)
def test_what_is_no_text_is_said_to_be_none(
    said: bytes, kind: type[OmeError], words: str, host: Host, reader: Remote
) -> None:
    host.answers["/"] = said
    assert words in refused(reader, host.url("/"), kind)


def test_a_certificate_that_nobody_vouches_for_is_refused(host: Host, reader: Remote) -> None:
    trusting_others = Remote(reader.hosts, reader.resolve, reader.permit)
    assert "certificate" in refused(trusting_others, host.url("/"), Unreachable)


def test_a_name_that_does_not_exist_is_said(reader: Remote) -> None:
    def unknown(name: str, port: int) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    nowhere = Remote(reader.hosts, unknown)
    assert "not known" in refused(nowhere, "https://other.example.com/", Unreachable)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("140.82.121.3", True),
        ("2606:50c0:8000::154", True),
        *(
            (address, False)
            for address in (
                *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
                *("100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "198.18.0.1"),
                *("::1", "::", "fe80::1%eth0", "fd00::1", "ff02::1", "::ffff:10.0.0.1"),
                *("64:ff9b::a00:1", "2002:a00:1::", "2001:0:a00:1::f5ff:fffe"),
            )
        ),
    ],
)
def test_what_belongs_to_the_internet(address: str, expected: bool) -> None:
    assert remote.public(address) is expected


@pytest.mark.parametrize(
    ("page", "raw"),
    [
        (
            "https://github.com/o/r/blob/main/a/b.yaml#L3",
            "https://raw.githubusercontent.com/o/r/main/a/b.yaml",
        ),
        ("https://gist.github.com/me/12ab", "https://gist.githubusercontent.com/me/12ab/raw"),
        ("https://gitlab.com/g/p/-/blob/main/a.yaml", "https://gitlab.com/g/p/-/raw/main/a.yaml"),
        ("https://bitbucket.org/o/r/src/main/a.yaml", "https://bitbucket.org/o/r/raw/main/a.yaml"),
        ("https://example.com/o/r/blob/main/a", "https://example.com/o/r/blob/main/a"),
        ("https://github.com/o/r", "https://github.com/o/r"),
        ("https://[::1", "https://[::1"),
    ],
)
def test_a_page_about_a_file_leads_to_the_file(page: str, raw: str) -> None:
    assert remote.raw_address(page) == raw
