"""OME's whole catalogue on the cluster under test, and the console in front of it."""

import pytest
from streamlit.testing.v1 import AppTest

from ome_backend.backend import Backend
from ome_backend.errors import FieldProblem
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest, dig
from ome_backend.schema import yaml_text
from ome_backend.schema.crds import crd
from ome_backend.schema.document_check import problems
from pages.components.places import PLACES
from tests.cluster.catalogue import Catalogue
from tests.cluster.conftest import Open

pytestmark = pytest.mark.cluster

LISTS = (
    ("models", kinds.MODEL_KINDS),
    ("runtimes", kinds.RUNTIME_KINDS),
    ("services", (kinds.INFERENCE_SERVICE,)),
)


def said(page: AppTest) -> str:
    """What a person reads in texts, notes and failures."""
    parts = (page.title, page.markdown, page.caption, page.info, page.success, page.warning)
    return "\n".join(str(each.value) for part in (*parts, page.error, page.code) for each in part)


def address(path: str, installed: Catalogue) -> dict[str, str]:
    """An object of the catalogue for the pages that show one."""
    names = {
        "model": installed.name("qwen1-5-7b-chat"),
        "runtime": min(installed.names(kinds.CLUSTER_SERVING_RUNTIME)),
        "service": f"{installed.namespace}/{min(installed.names(kinds.INFERENCE_SERVICE))}",
    }
    return {"name": names[path]} if path in names else {}


@pytest.mark.parametrize("path", [place.path for place in PLACES])
def test_every_page_opens_on_the_catalogue(path: str, console: Open, installed: Catalogue) -> None:
    page = console(path, **address(path, installed))
    assert [each.message for each in page.exception] == []
    assert [each.value for each in page.error] == []
    assert page.title or page.info  # an object that the catalogue lacks is said to be missing


@pytest.mark.parametrize(("path", "listed"), LISTS, ids=[path for path, _ in LISTS])
def test_a_list_shows_all_of_the_catalogue(
    path: str, listed: tuple[Kind, ...], console: Open, installed: Catalogue
) -> None:
    page = console(path, **{f"{path}_search": installed.suffix})
    shown = list(page.dataframe[0].value["Name"])
    assert len(shown) == len(set(shown))
    assert set(shown) == installed.names(*listed)


def test_the_console_finds_wrong_what_the_server_refuses(installed: Catalogue) -> None:
    assert installed.refused, "one sample is written for an earlier version of OME"
    for (kind, manifest), refusal in installed.refused:
        said_by_server = {each.path for each in refusal.problems}
        assert said_by_server
        assert said_by_server <= {each.path for each in checked(kind, manifest)}


def test_the_console_finds_nothing_wrong_with_what_the_server_takes(installed: Catalogue) -> None:
    for kind, manifest in installed.objects:
        assert checked(kind, manifest) == (), manifest["metadata"]["name"]


def checked(kind: Kind, manifest: Manifest) -> tuple[FieldProblem, ...]:
    """What the console's own check says about an object."""
    (document,) = yaml_text.parse(yaml_text.dump(manifest)).documents
    return problems(document, crd(kind.name))


def test_every_model_has_a_verdict_for_every_runtime(
    backend: Backend, installed: Catalogue
) -> None:
    runtimes = installed.names(kinds.CLUSTER_SERVING_RUNTIME)
    for name in installed.names(kinds.CLUSTER_BASE_MODEL):
        view = backend.models.get(Key("", name))
        assert view is not None
        assert runtimes <= {each.runtime.key.name for each in view.ranking.verdicts}
        assert all(each.compatible or each.reasons for each in view.ranking.verdicts)
        assert view.ranking.selected or view.ranking.error


@pytest.mark.parametrize(
    "name", ["qwen1-5-7b-chat", "qwen3-8b", "gpt-oss-20b"], ids=["of a size", "bare", "no size"]
)
def test_a_model_page_shows_the_verdicts(
    name: str, backend: Backend, console: Open, installed: Catalogue
) -> None:
    name = installed.name(name)
    view = backend.models.get(Key("", name))
    assert view is not None
    page = console("model", name=name, model_tab="Runtimes")
    refused = len(view.ranking.verdicts) - view.eligible
    if not view.model.format_name:
        assert "format is not known" in said(page)
        return
    assert f"Not eligible ({refused})" in [each.label for each in page.expander]
    assert said(page).count("score ") >= view.eligible
    assert "OME would choose" in said(page)


def test_a_service_without_controllers_is_in_trouble_and_its_page_says_why(
    backend: Backend, console: Open, installed: Catalogue
) -> None:
    views = [each for each in backend.serving.all() if each.key.namespace == installed.namespace]
    assert {each.key.name for each in views} == installed.names(kinds.INFERENCE_SERVICE)
    assert [str(each.key) for each in views if not each.health.troubled] == []
    page = console("service", name=str(views[0].key))
    assert views[0].health.sentence in said(page)


def test_services_are_linked_to_the_models_of_the_catalogue(
    backend: Backend, installed: Catalogue
) -> None:
    models = installed.names(kinds.CLUSTER_BASE_MODEL)
    linked = 0
    for kind, manifest in installed.objects:
        if kind == kinds.INFERENCE_SERVICE and dig(manifest, "spec", "model", "name") in models:
            view = backend.serving.get(Key(installed.namespace, manifest["metadata"]["name"]))
            assert view is not None
            assert view.seen.model is not None
            linked += 1
    assert linked > 20
