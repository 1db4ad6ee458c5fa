"""Templates from everywhere, what the cluster makes of them, and what became of what was made."""

from pathlib import Path
from typing import Any

import pytest

from ome_backend.backend import Backend
from ome_backend.config import Settings
from ome_backend.editing.ordering import rank
from ome_backend.editing.templates import Template
from ome_backend.errors import Forbidden, Invalid
from ome_backend.remote import Remote
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, dig, key_of
from ome_backend.sandbox.server import Sandbox
from ome_backend.schema import yaml_text
from ome_backend.services.drift import Descendant, descendants
from ome_backend.services.templates import OURS, Templates, manifests, ours
from tests.services.conftest import Connect
from tests.support import builders
from tests.support.waiting import eventually

TEAMS = """\
template: {name}
title: Of a team
purpose: A namespace as the team likes it.
use: access
parameters:
  - {{name: name, type: namespace, default: team}}
---
apiVersion: v1
kind: Namespace
metadata:
  name: ${{name}}
  labels: {{made: "by {who}"}}
"""


def values(template: Template, **changed: str) -> dict[str, str]:
    return {name: held or "hf_x" for name, held in template.defaults().items()} | changed


def objects(template: Template, **changed: str) -> list[Manifest]:
    made = manifests(template, values(template, **changed))
    return [each.value for each in yaml_text.parse(made).documents]


def ordered() -> list[Template]:
    """Ours in the order in which what they make refers to one another."""
    return sorted(ours(), key=lambda each: max(map(rank, each.kinds)))


def test_the_cluster_takes_everything_our_templates_make(
    connect: Connect, sandbox: Sandbox
) -> None:
    backend = connect()
    backend.deploy.create_namespace("ome")
    for template in ordered():
        text = manifests(template, values(template))
        plan = backend.editing.propose(text)
        assert plan.ready, (template.name, [each.error for each in plan.proposals])
        assert [each.warnings for each in plan.proposals if _about_fields(each)] == []
        assert all(each.error is None for each in backend.editing.write(plan))


def _about_fields(proposal: Any) -> bool:
    return any("unknown field" in each.message for each in proposal.warnings)


@pytest.fixture
def backend(connect: Connect) -> Backend:
    return connect()


def config_map(sandbox: Sandbox, name: str, **data: str) -> None:
    made = builders.manifest(kinds.CONFIG_MAP, name, "ome", data=data)
    made["metadata"]["labels"] = {"ome.io/console-templates": "true"}
    sandbox.objects.create(kinds.CONFIG_MAP, made)


def test_a_teams_own_come_from_a_folder_and_from_config_maps(
    connect: Connect, sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "ome"))
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "a.yaml").write_text(TEAMS.format(name="in-folder", who="a file"))
    (folder / "b.yaml").write_text(TEAMS.format(name="in-both", who="a file"))
    named = {"c.yaml": TEAMS.format(name="in-both", who="a map"), "note.txt": "hello"}
    config_map(sandbox, "own", **named)
    library = connect(templates_dir=str(folder)).templates.all()
    assert library.failures == ()
    found = {each.name: each.origin for each in library.templates if each.origin != OURS}
    assert found == {
        "in-folder": "the file a.yaml",
        "in-both": "the config map ome/own, c.yaml",
    }


def test_what_cannot_be_read_is_said_and_hides_nothing_else(
    connect: Connect, sandbox: Sandbox, tmp_path: Path
) -> None:
    (tmp_path / "bad.yaml").write_text("kind: [")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff\xfe")
    (tmp_path / "good.yaml").write_text(TEAMS.format(name="good", who="a file"))
    sandbox.deny = {("list", "configmaps")}
    library = connect(templates_dir=str(tmp_path)).templates.all()
    assert library.named("good") is not None
    assert library.named("chat-service") is not None
    said = [f"{each.message} {each.reason}" for each in library.failures]
    assert any("bad.yaml" in each for each in said)
    assert any("bytes.yaml cannot be read" in each for each in said)
    assert any("configmaps" in each for each in said)


def test_a_folder_that_is_not_there_is_said(connect: Connect) -> None:
    library = connect(templates_dir="/no/such/folder").templates.all()
    assert any("no folder /no/such/folder" in each.message for each in library.failures)


def test_sources_are_read_again_after_a_while_only(backend: Backend, sandbox: Sandbox) -> None:
    now = [0.0]
    held = Templates(backend.client, Settings(), clock=lambda: now[0])
    held.all()
    sandbox.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "ome"))
    config_map(sandbox, "own", **{"a.yaml": TEAMS.format(name="new", who="a map")})
    assert held.all().named("new") is None
    now[0] = 31.0
    assert held.all().named("new") is not None
    held.forget()
    assert held.all().named("new") is not None


def test_an_address_is_read_through_the_one_wrapper(backend: Backend) -> None:
    held = Templates(backend.client, Settings(), Remote(("templates.example.com",)))
    with pytest.raises(Forbidden):
        held.fetch("https://elsewhere.example.com/a.yaml")


def template(name: str) -> Template:
    return next(each for each in ours() if each.name == name)


def seen(backend: Backend, name: str, count: int) -> tuple[Descendant, ...]:
    """What was made from a template, once the watch has brought it."""

    def ask() -> tuple[Descendant, ...]:
        found = descendants(template(name), backend.cache, backend.schemas)
        return found if len(found) == count else ()

    return eventually(ask)


def create(sandbox: Sandbox, *made: Manifest) -> None:
    for each in made:
        sandbox.objects.create(kinds.BY_NAME[each["kind"]], each)


def test_what_was_made_and_left_alone_has_not_drifted(backend: Backend, sandbox: Sandbox) -> None:
    create(sandbox, *objects(template("sglang-runtime"), gpus="4"))
    (found,) = seen(backend, "sglang-runtime", 1)
    assert (found.ref.key, found.current) == (Key("", "sglang-qwen3"), True)
    assert (found.drifted, found.added, found.unknown) == ((), (), "")


def test_changed_fields_and_added_ones_are_told_apart(backend: Backend, sandbox: Sandbox) -> None:
    (made,) = objects(template("hub-chat-model"))
    made["spec"]["modelParameterSize"] = "9B"
    made["spec"]["vendor"] = "somebody"
    del made["spec"]["modelCapabilities"]
    create(sandbox, made)
    (found,) = seen(backend, "hub-chat-model", 1)
    changed = [(each.path, each.before, each.after) for each in found.drifted]
    assert changed[0] == ("spec.modelParameterSize", "8B", "9B")
    assert [each[0] for each in changed] == ["spec.modelParameterSize", "spec.modelCapabilities"]
    assert [each.path for each in found.added] == ["spec.vendor"]


def test_a_clone_is_compared_with_what_it_is_a_clone_of(backend: Backend, sandbox: Sandbox) -> None:
    (made,) = objects(template("hub-chat-model"))
    made["metadata"]["name"] = "another"
    create(sandbox, made)
    (found,) = seen(backend, "hub-chat-model", 1)
    assert (found.ref.key.name, found.drifted) == ("another", ())


def test_an_earlier_version_of_the_template_is_said(backend: Backend, sandbox: Sandbox) -> None:
    (made,) = objects(template("hub-chat-model"))
    made["metadata"]["annotations"]["ome-console/template"] = "hub-chat-model@000000000000"
    create(sandbox, made)
    (found,) = seen(backend, "hub-chat-model", 1)
    assert not found.current


def test_values_the_template_no_longer_takes_are_said(backend: Backend, sandbox: Sandbox) -> None:
    (made,) = objects(template("sglang-runtime"))
    made["metadata"]["annotations"]["ome-console/template-parameters"] = '{"gpus": "many"}'
    create(sandbox, made)
    (found,) = seen(backend, "sglang-runtime", 1)
    assert "gpus: It must be a whole number." in found.unknown


def test_secret_values_are_in_no_annotation() -> None:
    for made in objects(template("hub-gated-model"), token="hf_secret"):
        assert "hf_secret" not in str(dig(made, "metadata"))
    assert key_of(made).name == "llama-3-1-8b-instruct"


def test_wrong_values_make_nothing() -> None:
    with pytest.raises(Invalid):
        manifests(template("chat-service"), {})
