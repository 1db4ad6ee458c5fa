"""The token goes to the Hub and nowhere else; nothing of this machine is used or left behind."""

import json
import logging
import os
import pickle
import subprocess
import sys
import traceback
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from ome_backend.errors import HubUnauthorised, OmeError
from ome_backend.hub.answers import Query
from ome_backend.hub.hub import Hub
from tests.support.local_hub import LocalHub, faults, local_hub, people
from tests.support.local_hub.catalogue import GATED
from tests.support.local_hub.faults import Fault
from tests.support.scripted import Reply, serving

ROOT = Path(__file__).resolve().parents[2]
SMALL = "Qwen/Qwen3-0.6B"
FAULTS: dict[str, Fault | None] = {
    "none": None,
    "broken": faults.broken(),
    "busy": faults.busy(9),
    "cut": faults.cut(3),
    "silent": faults.slow(60),
}
TOKENS = {
    "stranger": people.STRANGER,
    "waiting": people.WAITING,
    "narrow": people.NARROW,
    "expired": people.EXPIRED,
    "nobody": "hf_NobodysTokenAtAll",
    "two lines": "hf_With\nLineBreak",
    "not latin": "hf_Schlüssel→",
}


def shown(error: BaseException) -> str:
    """What a traceback with the values of the console's own frames would show."""
    frames = traceback.TracebackException.from_exception(error, capture_locals=True)
    own = [each for each in frames.stack if "ome_backend" in each.filename]
    return "\n".join(f"{each.name} {each.locals}" for each in own)


def asked_everything(hub: Hub) -> list[str]:
    """What each question of a gated repository's import showed, refused or answered."""
    questions = (
        lambda: hub.search(Query(author="meta-llama")),
        lambda: hub.repository(GATED),
        lambda: hub.revisions(GATED),
        lambda: hub.config(GATED),
        lambda: hub.card(GATED),
        lambda: hub.whoami(),
        lambda: hub.may_read(GATED),
    )
    return [_told(question) for question in questions]


def _told(question: object) -> str:
    assert callable(question)
    try:
        answer = question()
    except OmeError as error:
        return (
            repr(error.__cause__ or error.__context__)
            + repr(error)
            + repr(vars(error))
            + "".join(traceback.format_exception(error))
        )
    assert is_dataclass(answer) or isinstance(answer, (dict, str))
    return repr(answer)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("token", TOKENS)
def test_a_token_is_in_no_answer_no_error_and_no_log(
    served: LocalHub, token: str, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    found = FAULTS[fault]
    served.faults += [found] if found else []
    hub = Hub(served.url, token=TOKENS[token], timeout=0.15)
    told = [repr(hub), *asked_everything(hub), caplog.text]
    told += [repr(record.args) + repr(record.msg) for record in caplog.records]
    assert not [each for each in told if TOKENS[token][3:7] in each]


def test_the_log_is_not_silent_only_the_token_is(
    served: LocalHub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert Hub(served.url, token=people.READER).config(GATED)
    assert "/resolve/main/config.json" in caplog.text
    assert served.asked[-1].headers["authorization"] == f"Bearer {people.READER}"
    assert people.READER not in caplog.text


def test_a_token_that_the_hub_says_back_is_cut_out() -> None:
    said = f"unknown token {people.READER}"
    reply = Reply(401, {"error": said}, (("X-Error-Message", said),))
    with serving(lambda asked: reply) as server, pytest.raises(OmeError) as raised:
        Hub(server.url, token=people.READER).whoami()
    assert raised.value.reason == "unknown token …"


def test_the_frames_of_an_error_do_not_show_the_token(served: LocalHub) -> None:
    hub = Hub(served.url, token=people.STRANGER)
    with pytest.raises(OmeError) as raised:
        hub.config(GATED)
    everything = shown(raised.value)
    assert "repo" in everything
    assert people.STRANGER not in everything


@pytest.mark.parametrize("token", ["hf_With\nLineBreak", "hf_Schlüssel→", "two words"])
def test_what_cannot_be_a_token_is_refused_without_asking(served: LocalHub, token: str) -> None:
    with pytest.raises(HubUnauthorised, match="cannot be a token") as raised:
        Hub(served.url).using(token).whoami()
    assert served.asked == []
    assert raised.value.reason == ""


def test_blanks_around_a_token_are_nothing(served: LocalHub) -> None:
    assert Hub(served.url).using(f" {people.READER}\n").whoami().name == "reader"


@pytest.mark.parametrize("repo", [GATED, "acme/never-was"])
def test_an_error_has_no_cause_that_holds_the_request(served: LocalHub, repo: str) -> None:
    with pytest.raises(OmeError) as raised:
        Hub(served.url, token=people.STRANGER).config(repo)
    assert (raised.value.__cause__, raised.value.__context__) == (None, None)


def test_a_hub_with_a_token_is_not_to_be_stored() -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Hub(token=people.READER))


def test_a_token_of_one_question_is_not_sent_with_the_next(served: LocalHub) -> None:
    hub = Hub(served.url)
    hub.using(people.READER).config(GATED)
    hub.search(Query())
    assert ["authorization" in each.headers for each in served.asked] == [True, False]


def test_what_the_hub_sets_as_a_cookie_is_not_sent_again() -> None:
    reply = Reply(200, b"{}", (("Set-Cookie", "token=of-somebody; Path=/"),))
    with serving(lambda asked: reply) as server:
        for _ in range(2):
            Hub(server.url).config(SMALL)
    assert ["cookie" in each.headers for each in server.asked] == [False, False]


_ALONE = """
import sys
from ome_backend.hub.hub import Hub
from ome_backend.errors import OmeError
hub = Hub(sys.argv[1])
hub.repository("Qwen/Qwen3-0.6B"), hub.config("Qwen/Qwen3-0.6B"), hub.revisions("Qwen/Qwen3-0.6B")
try:
    hub.using("hf_nobody").whoami()
except OmeError as error:
    print(error.message)
"""


def test_neither_tokens_nor_caches_of_this_machine_are_used(
    served: LocalHub, tmp_path: Path
) -> None:
    cache = tmp_path / ".cache" / "huggingface"
    cache.mkdir(parents=True)
    (cache / "token").write_text("hf_OfThisMachine")
    before = sorted(tmp_path.rglob("*"))
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "HF_TOKEN": "hf_OfTheShell"}
    environment |= {"HF_DEBUG": "1", "CURSOR_AGENT": "1", "AI_AGENT": "x"}
    command = [sys.executable, "-c", _ALONE, served.url]
    ran = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "does not accept the token" in ran.stdout
    assert "OfThe" not in json.dumps([dict(each.headers) for each in served.asked])
    assert "hf_nobody" not in ran.stdout + ran.stderr
    assert sorted(tmp_path.rglob("*")) == before
    assert not [path for path in served.paths() if "harness" in path or "telemetry" in path]


def test_everything_told_of_an_account_is_without_its_token() -> None:
    with local_hub() as hub:
        account = Hub(hub.url, token=people.READER).whoami()
    assert people.READER not in str(
        {each.name: getattr(account, each.name) for each in fields(account)}
    )
