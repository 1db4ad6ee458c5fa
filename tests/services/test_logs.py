"""Logs of several pods at once: merged, followed over restarts, bounded, and ended when nobody looks."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from ome_backend.errors import Forbidden, NotFound, Unreachable
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.sandbox.server import Sandbox
from ome_backend.services.logs import LEASE, MOST_LINES, Logs, Source, Tail, Wanted
from tests.services.conftest import Connect
from tests.support import builders
from tests.support.waiting import eventually

ONE, TWO = Key("demo", "one"), Key("demo", "two")
BOTH = Wanted(tuple(Source(pod, "main") for pod in (ONE, TWO)))


@pytest.fixture(autouse=True)
def pods(sandbox: Sandbox) -> None:
    for key in (ONE, TWO):
        raw = builders.manifest(kinds.POD, key.name, key.namespace)
        raw["spec"] = {"containers": [{"name": "main", "image": "engine:1"}]}
        sandbox.objects.create(kinds.POD, raw)


@pytest.fixture
def logs(connect: Connect) -> Logs:
    return connect().logs


def say(sandbox: Sandbox, pod: Key, *lines: str) -> None:
    for line in lines:
        sandbox.logs.append(pod.namespace, pod.name, "main", line)


def texts(tail: Tail) -> list[str]:
    return [line.text for line in tail.read().lines]


def test_two_pods_are_merged_by_time_and_followed(logs: Logs, sandbox: Sandbox) -> None:
    for pod, line in ((ONE, "a"), (TWO, "b"), (ONE, "c")):
        say(sandbox, pod, line)
    tail = logs.follow("me", BOTH)
    eventually(lambda: texts(tail) == ["a", "b", "c"])
    say(sandbox, TWO, "d")
    eventually(lambda: texts(tail) == ["a", "b", "c", "d"])
    assert [line.pod for line in tail.read().lines] == ["one", "two", "one", "two"]


def test_the_same_wish_keeps_the_tail_and_another_begins_anew(logs: Logs, sandbox: Sandbox) -> None:
    tail = logs.follow("me", BOTH)
    assert logs.follow("me", BOTH) is tail
    other = logs.follow("me", replace(BOTH, tail=5))
    assert other is not tail
    assert tail.closed
    assert logs.open() == 1


def test_a_container_that_starts_anew_is_followed_on_without_a_line_twice(
    logs: Logs, sandbox: Sandbox
) -> None:
    say(sandbox, ONE, "first run")
    tail = logs.follow("me", Wanted((Source(ONE, "main"),)))
    eventually(lambda: texts(tail) == ["first run"])
    sandbox.logs.restart("demo", "one", "main")
    say(sandbox, ONE, "second run")
    eventually(lambda: texts(tail) == ["first run", "second run"])


def test_a_pod_that_is_gone_leaves_its_lines(logs: Logs, sandbox: Sandbox) -> None:
    say(sandbox, ONE, "cause of crash")
    tail = logs.follow("me", BOTH)
    eventually(lambda: texts(tail) == ["cause of crash"])
    assert logs.follow("me", Wanted(BOTH.sources[1:])) is tail
    eventually(lambda: threads() == 1)
    say(sandbox, TWO, "goes on")
    eventually(lambda: texts(tail) == ["cause of crash", "goes on"])


class Scripted:
    """A client whose streams bring these lines, one list a stream, and then break or end."""

    def __init__(self, *streams: list[str | Exception]) -> None:
        self.streams = list(streams)
        self.asked: list[str] = []

    def follow_logs(self, _: Key, *, since: str, **__: Any) -> "Scripted.Stream":
        self.asked.append(since)
        return Scripted.Stream(self.streams.pop(0) if self.streams else [])

    class Stream:
        def __init__(self, lines: list[str | Exception]) -> None:
            self._lines = lines

        def __enter__(self) -> "Scripted.Stream":
            return self

        def __exit__(self, *_: object) -> None:
            """Nothing is held."""

        def close(self) -> None:
            """Nothing is held."""

        def __iter__(self) -> Iterator[str]:
            for each in self._lines:
                if isinstance(each, Exception):
                    raise each
                yield each


def at(second: int, text: str) -> str:
    return f"2026-01-01T00:00:{second:02}Z {text}"


@pytest.mark.parametrize("broken", [Unreachable("cut"), ValueError("odd")], ids=repr)
def test_a_stream_that_breaks_is_gone_on_with_no_line_twice_and_none_lost(
    broken: Exception,
) -> None:
    client: Any = Scripted(
        [at(1, "a"), at(2, "b"), broken],
        [at(1, "a"), at(2, "b"), at(2, "b2"), at(2, "b"), at(3, "c")],
        [at(3, "c"), at(3, "c"), at(4, "a")],
    )
    logs = Logs(client)
    tail = logs.follow("me", Wanted((Source(ONE, "main"),)))
    eventually(lambda: len(client.asked) > 3)
    assert texts(tail) == ["a", "b", "b2", "b", "c", "c", "a"]
    assert client.asked[:3] == ["", "2026-01-01T00:00:02Z", "2026-01-01T00:00:03Z"]
    logs.close()


def test_a_long_log_is_read_from_the_moment_on(logs: Logs, sandbox: Sandbox) -> None:
    for key in (ONE, TWO):
        say(sandbox, key, *(f"line {number}" for number in range(3_000)))
    stamp = logs.read(Wanted((Source(ONE, "main"),), tail=3_000)).lines[10].stamp
    found = logs.read(BOTH, since=stamp).lines
    assert found[0].stamp == stamp
    assert {line.pod for line in found} == {"one", "two"}


def test_the_run_before_is_read_but_not_followed(logs: Logs, sandbox: Sandbox) -> None:
    say(sandbox, ONE, "what went wrong")
    sandbox.logs.restart("demo", "one", "main")
    say(sandbox, ONE, "trying again")
    found = logs.read(BOTH, previous=True)
    assert [line.text for line in found.lines] == ["what went wrong"]
    assert found.silent is not None
    assert "previous terminated container" in found.silent[Source(TWO, "main")].reason


def test_a_moment_in_an_address_is_read_from_there(logs: Logs, sandbox: Sandbox) -> None:
    say(sandbox, ONE, "before", "then", "after")
    stamp = logs.read(BOTH).lines[1].stamp
    assert [line.text for line in logs.read(BOTH, since=stamp).lines] == ["then", "after"]


def test_a_flood_is_bounded_and_says_what_fell_away(logs: Logs, sandbox: Sandbox) -> None:
    tail = logs.follow("me", Wanted((Source(ONE, "main"),), tail=10))
    eventually(lambda: threads() > 0)
    say(sandbox, ONE, "begin")
    eventually(lambda: texts(tail) == ["begin"])
    portion = 2_000  # the sandbox itself keeps no more than a few thousand
    for first in range(0, 3 * MOST_LINES, portion):
        say(sandbox, ONE, *(f"line {first + each}" for each in range(portion)))
        last = f"line {first + portion - 1}"
        eventually(partial(ends_with, tail, last), timeout=30)
    seen = tail.read()
    assert len(seen.lines) == MOST_LINES
    assert seen.dropped == 3 * MOST_LINES + 1 - MOST_LINES


def test_long_lines_are_bounded_in_bytes(logs: Logs, sandbox: Sandbox) -> None:
    tail = logs.follow("me", Wanted((Source(ONE, "main"),)))
    say(sandbox, ONE, *("x" * 1_000_000 for _ in range(12)))
    eventually(lambda: tail.read().arrived == 12, timeout=30)
    assert len(tail.read().lines) == 8


def test_nobody_looks_and_it_ends_by_itself(connect: Connect) -> None:
    now = [0.0]
    logs = Logs(connect().client, clock=lambda: now[0])
    tail = logs.follow("me", BOTH)
    now[0] = LEASE - 1
    tail.read()
    now[0] = LEASE + 1
    logs.drop_idle()
    assert logs.open() == 1
    now[0] = 2 * LEASE + 1
    logs.drop_idle()
    assert (logs.open(), tail.closed) == (0, True)
    eventually(lambda: threads() == 0)
    logs.close()


def test_closing_ends_every_thread_at_once(connect: Connect) -> None:
    logs = Logs(connect().client)
    logs.follow("me", BOTH)
    eventually(lambda: threads() == 2)
    began = time.monotonic()
    logs.close()
    eventually(lambda: threads() == 0)
    assert time.monotonic() - began < LEASE


def test_what_may_not_be_read_is_said_of_its_source(logs: Logs, sandbox: Sandbox) -> None:
    sandbox.deny = {("get", "pods/log")}
    tail = logs.follow("me", Wanted((Source(ONE, "main"), Source(Key("demo", "gone"), "main"))))
    silent = eventually(lambda: (found := tail.read().silent) and len(found) == 2 and found)
    assert {type(each) for each in silent.values()} <= {Forbidden, NotFound}


def ends_with(tail: Tail, text: str) -> bool:
    return texts(tail)[-1] == text


def threads() -> int:
    """How many containers' logs are being followed now."""
    return sum(each.name.startswith("log ") and each.is_alive() for each in threading.enumerate())
