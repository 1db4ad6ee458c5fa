"""Objects of every kind in the browser: created, changed beside a colleague, and deleted."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from ome_backend.editing.masking import masked
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.manifest import Manifest, dig
from ome_backend.sandbox.server import Sandbox
from ome_backend.schema.yaml_edit import edit
from ome_backend.schema.yaml_text import dump
from tests.e2e.conftest import Visit
from tests.support import builders
from tests.support.cluster import manifest
from tests.support.console import running
from tests.support.samples import CHANGES, SPECS
from tests.support.table import SELECT, click_row, names

pytestmark = pytest.mark.browser

Place = tuple[tuple[str, ...], Any]


@pytest.fixture(scope="module")
def room() -> Iterator[Sandbox]:
    """A sandbox for all tests of this file; each works on objects of its own."""
    made = Sandbox(simulate=False, seed=False, webhooks=False)
    made.start()
    made.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "demo"))
    yield made
    made.stop()


@pytest.fixture(scope="module")
def console(room: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("editing")
    (folder / "kubeconfig").write_text(room.kubeconfig())
    environment = {"OME_CLUSTER": "kubeconfig", "KUBECONFIG": str(folder / "kubeconfig")}
    with running(folder / "console.log", environment) as address:
        yield address


def editor(page: Page) -> Locator:
    """Where the editor takes what is typed."""
    return page.locator(".cm-content").first


def write(page: Page, text: str) -> None:
    """Replace the whole text of the editor."""
    editor(page).click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)


def put(document: Manifest, place: Place) -> Manifest:
    """The object with a value at a path."""
    path, value = place
    inner = document
    for step in path[:-1]:
        inner = inner.setdefault(step, {})
    inner[path[-1]] = value
    return document


def change(room: Sandbox, ref: Ref, place: Place) -> None:
    """What a colleague does meanwhile."""

    def make(held: Manifest) -> None:
        put(held, place)

    room.objects.change(ref.kind, ref.key, make)


def sample(kind: Kind, name: str) -> tuple[Ref, str]:
    """An object of the kind, and its manifest."""
    key = Key("demo" if kind.namespaced else "", name)
    placed = {"namespace": key.namespace} if key.namespace else {}
    return Ref(kind, key), dump(manifest(kind, name, spec=SPECS[kind], **placed))


@pytest.mark.parametrize("kind", SPECS, ids=lambda kind: kind.name)
def test_a_kind_through_its_life(kind: Kind, console: str, visit: Visit, room: Sandbox) -> None:
    ref, text = sample(kind, f"own-{kind.name.lower()}")
    mine, theirs = CHANGES[kind]
    page = visit(f"{console}/editor")
    write(page, text)
    page.get_by_role("button", name=f"Create {ref}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ref.key.name)

    page.get_by_role("button", name="Edit", exact=True).click()
    write(page, edit(text, lambda document: put(document, mine)))
    expect(page.get_by_text(f"Change {ref}: ").first).to_be_visible()
    change(room, ref, theirs)
    expect(page.get_by_text("was changed by somebody else")).to_be_visible()
    expect(page.get_by_text("Nothing of yours is lost")).to_be_visible()
    page.get_by_role("button", name="Join both changes").click()
    page.get_by_role("button", name=f"Change {ref}").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    held = room.objects.get(kind, ref.key) or {}
    assert dig(held, *mine[0]) == mine[1]
    assert dig(held, *theirs[0]) == theirs[1]

    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("button", name=f"Delete {ref}").click()
    expect(page.get_by_text(f"{ref} is deleted")).to_be_visible()
    assert room.objects.get(kind, ref.key) is None


def test_what_is_used_is_deleted_only_after_its_name_was_typed(
    console: str, visit: Visit, room: Sandbox
) -> None:
    room.objects.create(kinds.CLUSTER_BASE_MODEL, builders.model("used"))
    room.objects.create(
        kinds.INFERENCE_SERVICE,
        builders.inference_service("user", model={"name": "used", "kind": "ClusterBaseModel"}),
    )
    page = visit(f"{console}/model?name=used")
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("dialog").get_by_role("link", name="service demo/user")).to_be_visible()
    button = page.get_by_role("button", name="Delete cluster model used")
    expect(button).to_be_disabled()
    field = page.get_by_role("textbox", name="Type used to go on")
    field.fill("used")
    field.press("Enter")
    expect(button).to_be_enabled()


def test_a_copy_goes_to_the_editor_without_what_belongs_to_the_one(
    console: str, visit: Visit, room: Sandbox
) -> None:
    held = builders.model("original", namespace="demo")
    held["metadata"]["finalizers"] = ["example.com/hold"]
    room.objects.create(kinds.BASE_MODEL, held)
    page = visit(f"{console}/model?name=demo/original")
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Clone").click()
    page.get_by_role("button", name="Go on in the editor").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Editor")
    expect(editor(page)).to_contain_text("name: original-copy")
    expect(editor(page)).not_to_contain_text("finalizers")


def test_selected_rows_stay_selected_when_others_arrive_and_change_together(
    console: str, visit: Visit, room: Sandbox
) -> None:
    for name in ("bulk-b", "bulk-c"):
        room.objects.create(kinds.BASE_MODEL, builders.model(name, namespace="demo"))
    page = visit(f"{console}/models?models_search=bulk-")
    expect(names(page)).to_have_text(["bulk-b", "bulk-c"])
    click_row(page, 1, SELECT)
    expect(page.get_by_text("1 selected")).to_be_visible()
    room.objects.create(kinds.BASE_MODEL, builders.model("bulk-a", namespace="demo"))
    expect(names(page)).to_have_text(["bulk-a", "bulk-b", "bulk-c"])
    page.get_by_role("button", name="Disable").click()
    expect(page.get_by_text("Change model demo/bulk-c: 1 field")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Change model demo/bulk-c").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    off = {
        name: dig(room.objects.get(kinds.BASE_MODEL, Key("demo", name)) or {}, "spec", "disabled")
        for name in ("bulk-a", "bulk-b", "bulk-c")
    }
    assert off == {"bulk-a": None, "bulk-b": None, "bulk-c": True}


def test_a_misspelt_field_keeps_the_button_off_and_is_named(console: str, visit: Visit) -> None:
    _, text = sample(kinds.BASE_MODEL, "misspelt")
    page = visit(f"{console}/editor")
    write(page, text.replace("storageUri", "storageUrl"))
    expect(page.get_by_text('unknown field "spec.storage.storageUrl"')).to_be_visible()
    expect(page.get_by_role("button", name="Create model demo/misspelt")).to_have_count(0)


def test_the_second_edit_begins_with_what_is_there_then(
    console: str, visit: Visit, room: Sandbox
) -> None:
    (first, text), (second, _) = (sample(kinds.CLUSTER_BASE_MODEL, name) for name in ("a1", "a2"))
    for ref in (first, second):
        room.objects.create(ref.kind, manifest(ref.kind, ref.key.name, spec=SPECS[ref.kind]))
    page = visit(f"{console}/model?name=a1")
    page.get_by_role("button", name="Edit", exact=True).click()
    write(page, edit(text, lambda document: put(document, (("spec", "vendor"), "mine"))))
    page.get_by_role("button", name=f"Change {first}").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    change(room, first, (("spec", "vendor"), "a-colleague"))

    page.get_by_role("button", name="Edit", exact=True).click()
    expect(editor(page)).to_contain_text("vendor: a-colleague")
    page.keyboard.press("Escape")
    page.goto(f"{console}/models")
    page.goto(f"{console}/model?name=a2")
    page.get_by_role("button", name="Edit", exact=True).click()
    expect(editor(page)).to_contain_text("name: a2")


def test_several_changes_end_with_what_became_of_each(
    console: str, visit: Visit, room: Sandbox
) -> None:
    for name in ("many-a", "many-b"):
        room.objects.create(kinds.BASE_MODEL, builders.model(name, namespace="demo"))
    page = visit(f"{console}/models?models_search=many-")
    expect(names(page)).to_have_text(["many-a", "many-b"])
    for row in (0, 1):
        click_row(page, row, SELECT)
        expect(page.get_by_text(f"{row + 1} selected")).to_be_visible()
    page.get_by_role("button", name="Disable").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Write 2 objects").click()
    expect(dialog.get_by_text("Changed")).to_have_count(2)
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    expect(dialog).to_have_count(0)


def test_a_secret_and_a_namespace_through_their_lives(
    console: str, visit: Visit, room: Sandbox
) -> None:
    room.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "brief"))
    held = builders.manifest(kinds.SECRET, "hub", "demo") | {"data": {"token": "aGZfc2VjcmV0"}}
    room.objects.create(kinds.SECRET, held)
    page = visit(f"{console}/secret?name=demo/hub")
    page.get_by_role("button", name="Edit", exact=True).click()
    expect(editor(page)).to_contain_text("token: (hidden)")
    write(page, dump(put(masked(held), (("metadata", "labels"), {"team": "search"}))))
    page.get_by_role("button", name="Change secret demo/hub").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    kept = room.objects.get(kinds.SECRET, Key("demo", "hub")) or {}
    assert (dig(kept, "data", "token"), dig(kept, "metadata", "labels", "team")) == (
        "aGZfc2VjcmV0",
        "search",
    )

    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Clone").click()
    page.get_by_role("dialog").get_by_role("button", name="Create secret demo/hub-copy").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("hub-copy")
    copy = room.objects.get(kinds.SECRET, Key("demo", "hub-copy")) or {}
    assert dig(copy, "data", "token") == "aGZfc2VjcmV0"
    assert "aGZfc2VjcmV0" not in page.content()

    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("button", name="Delete secret demo/hub-copy").click()
    expect(page.get_by_text("secret demo/hub-copy is deleted")).to_be_visible()

    page = visit(f"{console}/namespace?name=brief")
    page.get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("dialog").get_by_text("So does everything else")).to_be_visible()
    page.get_by_role("button", name="Delete namespace brief").click()
    expect(page.get_by_text("namespace brief is")).to_be_visible()
