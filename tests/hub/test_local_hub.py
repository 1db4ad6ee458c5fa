"""The local Hub is one for the real client too, as it is installed: in a process of its own, unpatched."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.local_hub import LocalHub, catalogue, people

_CLIENT = """
import json, sys
from huggingface_hub import HfApi, hf_hub_download
from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError, RevisionNotFoundError
from huggingface_hub.errors import RemoteEntryNotFoundError, HfHubHTTPError
url, reader, stranger, gated, many, small, tiny = sys.argv[1:]
api, known = HfApi(url), HfApi(url, token=reader)

def kind(ask):
    try:
        ask()
    except HfHubHTTPError as exc:
        return type(exc).__name__

small_file = api.get_safetensors_metadata(small)
shards = api.get_safetensors_metadata("Qwen/Qwen3-8B")
print(json.dumps({
    "listed": len(list(api.list_models(limit=500))),
    "searched": [m.id for m in api.list_models(search="gemma-3", sort="likes", gated=True)],
    "full": next(iter(api.list_models(author="microsoft", full=True))).sha,
    "commits": len(api.list_repo_commits(many)),
    "tree": len(list(api.list_repo_tree("acme/many-files"))),
    "refs": [b.name for b in api.list_repo_refs(small).branches],
    "moved": api.model_info("gpt2").id,
    "name": known.whoami()["name"],
    "exists": [api.repo_exists(small), known.repo_exists("a/b"), api.file_exists(small, "nope")],
    "config": json.load(open(hf_hub_download(gated, "config.json", endpoint=url, token=reader)))["model_type"],
    "weights": open(hf_hub_download(tiny, "model.safetensors", endpoint=url), "rb").read()[8:30].decode(),
    "dtypes": sorted(small_file.parameter_count),
    "shards": len(shards.files_metadata),
    "gated": kind(lambda: HfApi(url, token=stranger).auth_check(gated)),
    "nobody": kind(lambda: api.auth_check(gated)),
    "revision": kind(lambda: api.model_info(small, revision="nope")),
    "missing": kind(lambda: known.model_info("acme/never-was")),
    "entry": kind(lambda: hf_hub_download(small, "nope.txt", endpoint=url)),
}))
"""


@pytest.fixture
def told(served: LocalHub, tmp_path: Path) -> dict[str, Any]:
    """What the client made of the local Hub."""
    tiny = catalogue.repository(catalogue.Made("acme/tiny", "gpt2", 0.00001))
    served.repositories["acme/tiny"] = tiny
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "HF_HUB_DISABLE_XET": "1"}
    environment |= {"HF_ENDPOINT": served.url, "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
    given = [people.READER, people.STRANGER, catalogue.GATED, catalogue.MANY_COMMITS]
    command = [sys.executable, "-c", _CLIENT, served.url, *given, "Qwen/Qwen3-0.6B", "acme/tiny"]
    ran = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr
    answer = json.loads(ran.stdout)
    assert isinstance(answer, dict)
    return answer


def test_the_real_client_reads_everything_from_it(served: LocalHub, told: dict[str, Any]) -> None:
    public = [each for each in served.repositories.values() if not each.private]
    assert told == {
        "listed": len(public),
        "searched": ["google/gemma-3-27b-it", "google/gemma-3-4b-it"],
        "full": served.repositories["microsoft/phi-4"].commits[0].id,
        "commits": 120,
        "tree": len(served.repositories["acme/many-files"].files),
        "refs": ["main", "next"],
        "moved": "openai-community/gpt2",
        "name": "reader",
        "exists": [True, False, False],
        "config": "llama",
        "weights": '{"__metadata__": {"for',
        "dtypes": ["U8"],
        "shards": 4,
        "gated": "GatedRepoError",
        "nobody": "GatedRepoError",
        "revision": "RevisionNotFoundError",
        "missing": "RepositoryNotFoundError",
        "entry": "RemoteEntryNotFoundError",
    }


def test_the_catalogue_is_large_and_has_every_trouble() -> None:
    stored = catalogue.catalogue()
    assert len(stored) >= 60
    kinds = {each.config.get("model_type") for each in stored.values()}
    assert len(kinds) > 20
    assert {each.gate for each in stored.values()} == {"", "auto", "manual"}
    assert catalogue.catalogue() == stored
