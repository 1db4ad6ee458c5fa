"""What the Hub tells: searches and their pages, repositories, revisions, files, accounts and access."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from ome_backend.errors import (
    HubDisabled,
    HubFileNotFound,
    HubGated,
    HubNotFound,
    HubRevisionNotFound,
    HubUnauthorised,
    HubUnreadable,
)
from ome_backend.hub.answers import About, Query, Ref
from ome_backend.hub.hub import Hub
from tests.support.local_hub import LocalHub, catalogue, people
from tests.support.local_hub.stored import StoredFile

SMALL = "Qwen/Qwen3-0.6B"


def everything(hub: Hub, query: Query) -> list[About]:
    """All pages of a search."""
    page = hub.search(query)
    found = list(page.listings)
    while page.cursor:
        page = hub.search(replace(query, cursor=page.cursor))
        found += page.listings
    return found


def test_pages_follow_each_other_without_gap_or_repetition(served: LocalHub) -> None:
    found = [each.id for each in everything(Hub(served.url), Query(limit=7))]
    public = {each.id for each in served.repositories.values() if not each.private}
    assert len(found) == len(set(found))
    assert set(found) == public
    assert served.paths() == ["/api/models"] * -(-len(public) // 7)


def test_the_last_page_has_no_cursor(served: LocalHub) -> None:
    page = Hub(served.url).search(Query(author="openai", limit=3))
    assert len(page.listings) == 3
    assert page.cursor == ""


@pytest.mark.parametrize(
    ("query", "holds"),
    [
        (Query(text="llama 8b"), lambda it: "llama" in it.id.lower() and "8b" in it.id.lower()),
        (Query(author="google"), lambda it: it.author == "google"),
        (Query(task="text-to-image"), lambda it: it.task == "text-to-image"),
        (Query(library="diffusers"), lambda it: it.library == "diffusers"),
        (Query(licence="mit"), lambda it: it.licence == "mit"),
        (Query(tags=("gguf", "llama")), lambda it: it.formats == ("gguf",)),
        (Query(gated=True), lambda it: it.gated in ("auto", "manual")),
        (Query(gated=False), lambda it: it.gated == ""),
        (
            Query(licence="mit", tags=("custom_code",)),
            lambda it: it.custom_code and it.licence == "mit",
        ),
    ],
    ids=["text", "author", "task", "library", "licence", "tags", "gated", "open", "together"],
)
def test_a_search_finds_what_it_asks_for_and_nothing_else(
    served: LocalHub, query: Query, holds: Callable[[About], bool]
) -> None:
    found = everything(Hub(served.url), query)
    expected = {it.id for it in everything(Hub(served.url), Query(limit=100)) if holds(it)}
    assert {it.id for it in found} == expected
    assert 0 < len(found) < 50


@pytest.mark.parametrize("sort", ["downloads", "likes", "modified", "created"])
def test_a_search_is_ordered_from_the_most_on(served: LocalHub, sort: str) -> None:
    found = Hub(served.url).search(Query(sort=sort, limit=30)).listings  # type: ignore[arg-type]
    values = [getattr(each, sort) for each in found]
    assert values == sorted(values, reverse=True)
    assert len(set(values)) > 5


def test_a_listing_says_parameters_formats_gate_licence_and_architecture(served: LocalHub) -> None:
    (found,) = Hub(served.url).search(Query(text="Llama-3.1-8B")).listings
    assert (found.parameters, found.parameter_count) == ({"BF16": 8_000_000_000}, 8_000_000_000)
    assert (found.formats, found.gated, found.licence) == (("safetensors",), "manual", "llama3.1")
    assert found.config["architectures"] == ["LlamaForCausalLM"]
    assert (found.storage or 0) > 16_000_000_000


def test_a_search_without_a_hit_is_an_empty_page(served: LocalHub) -> None:
    assert Hub(served.url).search(Query(text="nothing like this")).listings == ()


def test_a_repository_says_its_files_with_sizes_and_where_they_are_kept(served: LocalHub) -> None:
    found = Hub(served.url).repository("Qwen/Qwen3-8B")
    stored = served.repositories["Qwen/Qwen3-8B"]
    assert found.size == sum(each.length for each in stored.files)
    config, weights = found.file("config.json"), found.file("model-00001-of-00004.safetensors")
    assert config is not None
    assert weights is not None
    assert (config.lfs, weights.lfs, len(weights.sha256)) == (False, True, 64)
    assert found.sha == stored.commits[0].id


def test_a_repository_can_be_read_at_a_tag_a_branch_and_a_commit(served: LocalHub) -> None:
    hub, stored = Hub(served.url), served.repositories[SMALL]
    first = stored.commits[-1].id
    assert {hub.repository(SMALL, each).sha for each in ("v1.0", first, first[:8])} == {first}
    assert [each.path for each in hub.repository(SMALL, "v1.0").files] == ["README.md"]
    assert hub.repository(SMALL, "refs/pr/1").sha == stored.commits[1].id
    with pytest.raises(HubRevisionNotFound):
        hub.repository(SMALL, "v9")


def test_a_renamed_repository_says_where_it_went(served: LocalHub) -> None:
    old, new = next(iter(catalogue.MOVED.items()))
    hub = Hub(served.url, token=people.READER)
    assert hub.repository(old).moved_to == new
    assert hub.repository(new).moved_to == ""
    assert hub.config(old) == hub.config(new)
    assert hub.may_read(old).allowed


def test_what_the_scanners_object_to_is_named(served: LocalHub) -> None:
    assert Hub(served.url).repository(catalogue.UNSAFE).unsafe_files == ("pytorch_model.bin",)
    assert Hub(served.url).repository(SMALL).unsafe_files == ()


def test_a_repository_of_thousands_of_files_is_read_whole(served: LocalHub) -> None:
    assert len(Hub(served.url).repository(catalogue.MANY_FILES).files) > 2300


def test_revisions_are_branches_tags_and_the_newest_commits(served: LocalHub) -> None:
    stored = served.repositories[catalogue.MANY_COMMITS]
    found = Hub(served.url).revisions(catalogue.MANY_COMMITS)
    assert [each.id for each in found.commits] == [each.id for each in stored.commits[:20]]
    assert found.commits[0].created == stored.commits[0].date
    assert Ref("main", stored.commits[0].id) in found.branches
    assert [each.name for each in found.tags] == ["v1.0", "v1.1"]


def test_a_config_is_read_with_the_commit_it_is_from(served: LocalHub) -> None:
    hub = Hub(served.url)
    assert hub.config("deepseek-ai/DeepSeek-V3")["model_type"] == "deepseek_v3"
    assert hub.file(SMALL, "config.json").commit == served.repositories[SMALL].commits[0].id
    with pytest.raises(HubFileNotFound):
        hub.config(SMALL, "v1.0")
    with pytest.raises(HubUnreadable):
        hub.config(catalogue.BROKEN_CONFIG)


def test_a_large_file_is_read_where_the_hub_leads_to_without_the_token(served: LocalHub) -> None:
    stored = catalogue.repository(catalogue.Made("acme/tiny", "gpt2", 0.000001))
    served.repositories["acme/tiny"] = stored
    file = Hub(served.url, token=people.READER).file("acme/tiny", "model.safetensors")
    assert "__metadata__" in file.text
    assert file.commit == stored.commits[0].id
    first, second = served.asked
    assert "authorization" in first.headers
    assert "authorization" not in second.headers


def test_a_card_comes_without_its_front_matter(served: LocalHub) -> None:
    card = Hub(served.url).card(SMALL)
    assert card.startswith("# Qwen3-0.6B")
    assert "\n---\n" in card


def test_a_repository_without_a_card_has_an_empty_one(served: LocalHub) -> None:
    stored = served.repositories[SMALL]
    served.repositories[SMALL] = replace(stored, files=stored.files[:0])
    assert Hub(served.url).card(SMALL) == ""


def test_whoami_says_whose_the_token_is_and_what_it_may(served: LocalHub) -> None:
    reader = Hub(served.url, token=people.READER).whoami()
    assert (reader.name, reader.role, reader.organisations) == ("reader", "read", ("acme",))
    assert Hub(served.url, token=people.NARROW).whoami().reads_gated is False
    for token in ("", people.EXPIRED, "hf_nobody"):
        with pytest.raises(HubUnauthorised):
            Hub(served.url, token=token).whoami()


@pytest.mark.parametrize(
    ("token", "repo", "kind"),
    [
        (people.READER, catalogue.GATED, None),
        (people.READER, catalogue.PRIVATE, None),
        ("", SMALL, None),
        ("", catalogue.GATED, HubGated),
        (people.STRANGER, catalogue.GATED, HubGated),
        (people.WAITING, catalogue.GATED, HubGated),
        (people.EXPIRED, SMALL, HubUnauthorised),
        (people.STRANGER, catalogue.PRIVATE, HubNotFound),
        ("", "acme/never-was", HubNotFound),
    ],
)
def test_access_is_told_before_anything_is_downloaded(
    served: LocalHub, token: str, repo: str, kind: type | None
) -> None:
    access = Hub(served.url, token=token).may_read(repo)
    assert access.allowed is (kind is None)
    assert kind is None or type(access.refusal) is kind


def test_a_gated_repository_shows_its_facts_but_not_its_files(served: LocalHub) -> None:
    hub = Hub(served.url, token=people.WAITING)
    assert hub.repository(catalogue.GATED).gated == "manual"
    with pytest.raises(HubGated) as raised:
        hub.config(catalogue.GATED)
    assert raised.value.pending
    assert hub.using(people.READER).config(catalogue.GATED)["model_type"] == "llama"


def test_a_disabled_repository_says_so(served: LocalHub) -> None:
    with pytest.raises(HubDisabled):
        Hub(served.url).repository(catalogue.DISABLED)


@pytest.mark.parametrize(
    ("front", "licence"),
    [
        ("license: apache-2.0\ntags:\n- qwen3", "apache-2.0"),
        ("license: other\nlicense_name: acme-research", "acme-research"),
        ("license: other", "other"),
        ("license:\n- mit\n- apache-2.0", "mit, apache-2.0"),
        ("tags: [a]", ""),
        ("license: [", ""),
        ("- a list", ""),
    ],
)
def test_a_licence_is_read_from_the_card_at_a_revision(
    served: LocalHub, front: str, licence: str
) -> None:
    hub, before = Hub(served.url), served.repositories[SMALL]
    old = before.versions["v1.0"]
    files = tuple(each for each in before.files if each.path != "README.md")
    card = StoredFile("README.md", f"---\n{front}\n---\n# It\n\n---\n".encode())
    served.repositories[SMALL] = replace(before, files=(*files, card))
    assert hub.licence(SMALL) == licence
    assert hub.licence(SMALL, old) == "apache-2.0"


def test_without_a_card_there_is_no_licence(served: LocalHub) -> None:
    served.repositories[SMALL] = replace(served.repositories[SMALL], files=())
    assert Hub(served.url).licence(SMALL) == ""
