"""What becomes of a model at a storage URI."""

import pytest

from ome_backend.facts import storage_uri
from ome_backend.facts.failure import Failure
from ome_backend.facts.storage_schemes import SCHEMES

HANDLED = {
    "hf://org/model": (True, True),
    "hf://org/model@main": (True, True),
    "hf://@main": (False, False),
    "oci://n/ns/b/bucket/o/path": (True, True),
    "oci://ns@region/bucket/path": (True, True),
    "oci://bucket": (True, True),
    "oci://n/ns/b/bucket": (False, False),
    "local:///models/llama": (False, True),
    "local://": (False, False),
    "vendor://openai/models/gpt-4": (False, True),
    "vendor://anything": (False, True),
    "pvc://claim/path": (False, False),
    "pvc://claim": (False, False),
    "s3://bucket/path": (False, False),
    "az://account/container": (False, False),
    "gs://bucket": (False, False),
    "github://owner/repo": (False, False),
    "HF://org/model": (False, False),
    "https://example.com": (False, False),
    "": (False, False),
}


@pytest.mark.parametrize(("uri", "handled"), HANDLED.items())
def test_an_agent_downloads_only_what_it_can(uri: str, handled: tuple[bool, bool]) -> None:
    found = storage_uri.downloadable(uri)
    assert (found.downloads, found.ready) == handled
    assert found.reason.endswith(".")


def test_every_scheme_says_what_becomes_of_it() -> None:
    reasons = {storage_uri.downloadable(f"{scheme}://a/b/c").reason for scheme in SCHEMES}
    assert len(reasons) == 6  # the four that can never be downloaded share one


def test_an_unreadable_uri_is_refused_in_omes_words() -> None:
    reason = storage_uri.downloadable("hf://@main").reason
    assert "invalid Hugging Face storage URI format: model ID cannot be empty" in reason


def test_an_at_sign_in_an_s3_prefix_ends_the_bucket() -> None:
    found = storage_uri.parse("s3://bucket/a@b/c")
    assert not isinstance(found, Failure)
    assert found.components == {"bucket": "bucket/a", "region": "b", "prefix": "c"}


ALL_SCHEMES = {
    "oci": "oci://n/a/b/c/o/d",
    "pvc": "pvc://claim/d",
    "vendor": "vendor://a/b/c",
    "hf": "hf://a/b",
    "s3": "s3://a/b",
    "az": "az://a.blob.core.windows.net/b/c",
    "gs": "gs://a/b",
    "github": "github://a/b",
    "local": "local:///a",
}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_uri_is_only_what_its_prefix_says(scheme: str) -> None:
    for name, uri in ALL_SCHEMES.items():
        found = storage_uri.parse_as(scheme, uri)
        assert isinstance(found, storage_uri.StorageUri) == (name == scheme)
        if isinstance(found, Failure):
            assert found.text.endswith(f"format: missing {scheme}:// prefix")
