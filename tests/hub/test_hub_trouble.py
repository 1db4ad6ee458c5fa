"""Slow, cut and absent Hubs, proxies and certificates: every question ends in time, and the next one may work."""

import ssl
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

from ome_backend.config import read_settings
from ome_backend.errors import (
    HubError,
    HubFailed,
    HubRateLimited,
    HubTimedOut,
    HubUnreachable,
    HubUntrusted,
)
from ome_backend.hub.answers import Query
from ome_backend.hub.hub import Hub, open_hub
from tests.support.local_hub import LocalHub, faults, local_hub, people
from tests.support.local_hub.catalogue import GATED
from tests.support.local_hub.faults import Fault
from tests.support.proxy import Proxy, forwarding

SMALL = "Qwen/Qwen3-0.6B"
LIMIT = 0.5
SLACK = 1.0  # for a busy machine


@contextmanager
def ended_within(seconds: float) -> Iterator[None]:
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < seconds


QUESTIONS: dict[str, Callable[[Hub], object]] = {
    "search": lambda hub: hub.search(Query()),
    "repository": lambda hub: hub.repository(SMALL),
    "revisions": lambda hub: hub.revisions(SMALL),
    "config": lambda hub: hub.config(SMALL),
    "card": lambda hub: hub.card(SMALL),
    "whoami": lambda hub: hub.using(people.READER).whoami(),
    "may_read": lambda hub: hub.may_read(SMALL),
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    "fault", [faults.slow(60), faults.dripping(0.1)], ids=["silent", "dripping"]
)
def test_no_question_takes_longer_than_its_limit(
    served: LocalHub, fault: Fault, question: str
) -> None:
    served.faults.append(fault)
    with ended_within(LIMIT + SLACK), pytest.raises(HubTimedOut):
        QUESTIONS[question](Hub(served.url, timeout=LIMIT))


def test_two_slow_answers_share_one_limit(served: LocalHub) -> None:
    served.faults.append(faults.slow(LIMIT * 0.7))
    with ended_within(LIMIT + SLACK), pytest.raises(HubTimedOut):
        Hub(served.url, timeout=LIMIT).revisions(SMALL)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_wait_the_hub_asks_for_is_told_not_waited(served: LocalHub, question: str) -> None:
    served.faults.append(faults.busy(300))
    with ended_within(SLACK), pytest.raises(HubRateLimited) as raised:
        QUESTIONS[question](Hub(served.url))
    assert raised.value.retry_after == 300
    assert len(served.asked) == 1


@pytest.mark.parametrize("after", [0, 10])
def test_a_cut_answer_is_a_broken_connection_and_the_next_one_works(
    served: LocalHub, after: int
) -> None:
    served.faults.append(faults.cut(after, times=1))
    hub = Hub(served.url)
    with pytest.raises(HubUnreachable, match="broke"):
        hub.config(SMALL)
    assert hub.config(SMALL)["model_type"] == "qwen3"


def test_a_hub_that_went_away_and_came_back_is_used_again(served: LocalHub) -> None:
    hub = Hub(served.url)
    before = hub.repository(SMALL)
    served.down()
    with ended_within(SLACK), pytest.raises(HubUnreachable):
        hub.repository(SMALL)
    served.up()
    assert hub.repository(SMALL) == before


def test_slow_questions_do_not_hold_up_others_for_longer_than_their_limit(served: LocalHub) -> None:
    served.faults.append(faults.slow(60, path="/api/models/"))
    hub = Hub(served.url, timeout=LIMIT)

    def ask(_: int) -> str:
        try:
            return hub.repository(SMALL).id
        except HubError as error:
            return type(error).__name__

    with ended_within(LIMIT * 4 + SLACK), ThreadPoolExecutor(40) as people_at_once:
        assert set(people_at_once.map(ask, range(40))) == {"HubTimedOut"}
    served.faults.clear()
    assert hub.repository(SMALL).id == SMALL


def test_many_people_at_once_each_get_their_own_answer(served: LocalHub) -> None:
    hub = Hub(served.url)
    ids = [each for each, stored in served.repositories.items() if not stored.gate][:20]
    tokens = [people.READER, people.STRANGER, people.WAITING, ""]

    def ask(number: int) -> bool:
        token = tokens[number % 4]
        mine = hub.using(token)
        wanted = ids[number % len(ids)]
        allowed = mine.may_read(GATED).allowed
        return served.repositories[wanted].private or (
            mine.repository(SMALL).id == SMALL and allowed is (token == people.READER)
        )

    with ThreadPoolExecutor(16) as at_once:
        assert all(at_once.map(ask, range(80)))


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure(authority: trustme.CA) -> Iterator[LocalHub]:
    """A local Hub with a certificate of a private authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    with local_hub(tls=context) as hub:
        yield hub


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> str:
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return str(path)


def test_an_unknown_authority_is_not_trusted(secure: LocalHub) -> None:
    with pytest.raises(HubUntrusted, match="not trusted") as raised:
        Hub(secure.url).repository(SMALL)
    assert "OME_HUB_CA_FILE" in raised.value.hint


def test_a_private_authority_is_trusted_when_it_is_named(secure: LocalHub, ca_file: str) -> None:
    settings = read_settings({"HF_ENDPOINT": secure.url + "/", "OME_HUB_CA_FILE": ca_file})
    assert open_hub(settings).repository(SMALL).id == SMALL


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"])
def test_the_usual_variables_name_an_authority_too(
    secure: LocalHub, ca_file: str, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, ca_file)
    assert Hub(secure.url).config(SMALL)["model_type"] == "qwen3"


def test_an_authority_that_is_not_there_is_said_when_the_hub_is_asked(secure: LocalHub) -> None:
    hub = Hub(secure.url, ca_file="/nowhere/ca.pem")
    with pytest.raises(HubUnreachable, match="authorities"):
        hub.repository(SMALL)


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with forwarding() as running:
        yield running


def test_the_proxy_of_the_environment_is_used(
    served: LocalHub, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    assert Hub(served.url).repository(SMALL).id == SMALL
    (asked,) = proxy.asked
    assert asked.startswith(f"GET {served.url}/api/models/{SMALL}/revision/main?")


def test_a_secure_hub_is_reached_through_a_tunnel(
    secure: LocalHub, ca_file: str, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    hub = Hub(secure.url, ca_file=ca_file, token=people.READER)
    assert hub.config(GATED)["model_type"] == "llama"
    assert proxy.asked == [f"CONNECT 127.0.0.1:{secure.port}"]


def test_hosts_that_need_no_proxy_are_asked_directly(
    served: LocalHub, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert Hub(served.url).repository(SMALL).id == SMALL
    assert proxy.asked == []


def test_a_proxy_that_refuses_is_named_as_the_cause(
    secure: LocalHub, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("//", "//ann:pass-phrase@"))
    proxy.refuses = True
    with pytest.raises(HubUnreachable, match="proxy") as raised:
        Hub(secure.url).repository(SMALL)
    assert "HTTPS_PROXY" in raised.value.hint
    assert "pass-phrase" not in raised.value.reason


def test_a_proxy_of_another_kind_is_said_when_the_hub_is_asked(
    served: LocalHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1")
    hub = Hub(served.url)
    with pytest.raises(HubUnreachable, match="proxy"):
        hub.repository(SMALL)


def test_offline_is_a_setting() -> None:
    assert open_hub(read_settings({"HF_HUB_OFFLINE": "1"})).offline
    assert not open_hub(read_settings({"HF_HUB_OFFLINE": "0"})).offline


def test_a_hub_that_is_broken_says_so_at_once(served: LocalHub) -> None:
    served.faults.append(faults.broken(503))
    with ended_within(SLACK), pytest.raises(HubFailed):
        Hub(served.url).search(Query())
