"""Doctor shows each finding with its fix, filters by address, and never calls the unseen healthy."""

import pytest
from streamlit.testing.v1 import AppTest

from ome_backend.resources import kinds
from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox.server import Sandbox
from tests.pages.conftest import Open
from tests.support import builders


def ill(sandbox: Sandbox, *more: Manifest) -> None:
    """A service without an engine, a runtime that panics, and a model that never arrives."""
    service = builders.inference_service(namespace="demo")
    del service["spec"]["engine"]
    made = (
        *(builders.manifest(kinds.NAMESPACE, name) for name in ("ome", "demo")),
        builders.node(),
        builders.model(),
        builders.model("far", ready=(), storage={"storageUri": "s3://bucket/far"}),
        builders.runtime(modelSizeRange={"max": "9B"}),
        service,
        *more,
    )
    for each in made:
        sandbox.objects.create(kinds.BY_NAME[each["kind"]], each)


def said(page: AppTest) -> str:
    parts = (page.markdown, page.caption, page.info, page.code)
    return "\n".join(str(each.value) for part in parts for each in part)


def test_findings_stand_with_evidence_consequence_fix_and_patch(
    console: Open, sandbox: Sandbox
) -> None:
    ill(sandbox)
    page = console("doctor")
    words = said(page)
    assert not page.exception
    for expected in (
        "It has no spec.engine",
        "spec.engine is not set.",
        "OME makes no pods for it",
        "an empty one takes everything from the runtime",
        "kubectl patch inferenceservices.ome.io chat -n demo --type=json",
    ):
        assert expected in words
    assert "OME's controller panics" in words
    assert "Nothing will ever fetch it" in words


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ({"doctor_severity": "broken", "doctor_kind": "service"}, "It has no spec.engine"),
        ({"doctor_search": "s3 far"}, "Nothing will ever fetch it"),
    ],
    ids=["severity and kind", "search"],
)
def test_the_filters_stand_in_the_address(
    address: dict[str, str], kept: str, console: Open, sandbox: Sandbox
) -> None:
    ill(sandbox)
    page = console("doctor", **address)
    assert kept in said(page)
    assert "panics" not in said(page)
    assert any(each.value.startswith("1 of ") for each in page.caption)


def test_names_of_others_are_shown_letter_by_letter(console: Open, sandbox: Sandbox) -> None:
    evil = builders.runtime(
        "evil", disabled=False, modelSizeRange={"min": "![x](http://x)", "max": "1B"}
    )
    ill(sandbox, evil)
    page = console("doctor")
    assert not any("![x](http://x)" in each.value for each in page.markdown)


def test_without_findings_it_says_what_could_not_be_looked_at(
    console: Open, sandbox: Sandbox
) -> None:
    sandbox.deny = {("list", "namespaces")}
    page = console("doctor")
    assert any("checks that were possible" in each.value for each in page.info)
    assert any("not possible" in each.label for each in page.expander)
    assert "this console may not list namespaces" in said(page)


@pytest.mark.parametrize(
    ("path", "name", "expected"),
    [
        ("service", "demo/chat", "It has no spec.engine"),
        ("model", "far", "Nothing will ever fetch it"),
        ("runtime", "srt-qwen3", "OME's controller panics"),
    ],
)
def test_findings_stand_on_the_pages_of_what_they_concern(
    path: str, name: str, expected: str, console: Open, sandbox: Sandbox
) -> None:
    ill(sandbox)
    assert expected in said(console(path, name=name))


def test_overview_names_the_worst_that_nobody_reports(console: Open, sandbox: Sandbox) -> None:
    ill(sandbox)
    page = console("overview")
    assert "Silently wrong" in [each.value for each in page.subheader]
    assert "OME's controller panics" in said(page)


def test_a_page_without_findings_has_no_block(console: Open, sandbox: Sandbox) -> None:
    ill(sandbox)
    assert "Doctor" not in said(console("model", name="qwen3-8b"))


def test_the_overview_counts_the_findings(console: Open, sandbox: Sandbox) -> None:
    ill(sandbox)
    figures = {each.label: each.value for each in console("overview").metric}
    assert int(figures["Findings"]) == 4
