"""A manifest is checked as the cluster would check it, and nothing is written before it is asked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ome_backend.backend import Backend
from ome_backend.errors import AlreadyExists, Invalid, NotFound, ReadOnly, ServerFailed, Unreachable
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.sandbox.server import Sandbox
from ome_backend.services.deploy import Deploy
from ome_backend.services.proposal import Proposal
from tests.services.conftest import Connect
from tests.support import builders
from tests.support.backends import connected
from tests.support.waiting import eventually

TEXT = """\
apiVersion: ome.io/v1beta1
kind: InferenceService
metadata:
  name: chat
  namespace: demo
spec:
  model:
    name: qwen3-8b
    kind: ClusterBaseModel
  engine:
    minReplicas: 1
    maxReplicas: 2
"""
CHAT = Key("demo", "chat")


def furnish(sandbox: Sandbox) -> None:
    """A model that one runtime serves, a namespace, and a model of that namespace's own."""
    sandbox.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "demo"))
    sandbox.objects.create(kinds.CLUSTER_BASE_MODEL, builders.model())
    sandbox.objects.create(kinds.CLUSTER_BASE_MODEL, builders.model("retired", disabled=True))
    sandbox.objects.create(kinds.BASE_MODEL, builders.model("own", namespace="demo"))
    sandbox.objects.create(kinds.CLUSTER_SERVING_RUNTIME, builders.runtime())
    sandbox.objects.create(
        kinds.CLUSTER_SERVING_RUNTIME,
        builders.runtime("small", modelSizeRange={"min": "1B", "max": "2B"}),
    )


@pytest.fixture(scope="module")
def checker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deploy]:
    """For checks alone: they write nothing, so one sandbox is enough for all of them."""
    shared = Sandbox(simulate=False, seed=False)
    shared.start()
    furnish(shared)
    with connected(shared.kubeconfig(), tmp_path_factory.mktemp("checker")) as backend:
        yield backend.deploy
    assert shared.objects.list(kinds.INFERENCE_SERVICE) == []
    shared.stop()


@pytest.fixture
def backend(sandbox: Sandbox, connect: Connect) -> Backend:
    furnish(sandbox)
    return connect()


def changed(*replacements: tuple[str, str]) -> str:
    """The good manifest with some of its text replaced; each old text must be there."""
    text = TEXT
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    return text


def said(checked: Proposal) -> list[tuple[int | None, str]]:
    return [(each.line, each.message) for each in checked.problems]


def warned(checked: Proposal) -> str:
    return "\n".join(f"{each.line} {each.path}: {each.message}" for each in checked.warnings)


def test_a_good_manifest_is_accepted_and_nothing_is_created(
    backend: Backend, sandbox: Sandbox
) -> None:
    checked = backend.deploy.check(TEXT)
    assert (checked.accepted, checked.problems, checked.error) == (True, (), None)
    assert checked.key == CHAT
    assert sandbox.objects.list(kinds.INFERENCE_SERVICE) == []


def test_what_the_server_would_store_is_shown_with_its_defaults(checker: Deploy) -> None:
    stored = checker.check(changed(("    maxReplicas: 2\n", ""))).stored
    assert stored is not None
    assert stored["spec"]["engine"]["maxReplicas"] == 3


def test_the_webhook_says_which_runtime_it_would_choose(checker: Deploy) -> None:
    checked = checker.check(TEXT)
    assert "Runtime srt-qwen3 will be auto-selected for model qwen3-8b" in warned(checked)


PROBLEMS = {
    "a bracket left open": (("model:", "model: ["), 9, "begun on line 7"),
    "a tab": (("    minReplicas", "\tminReplicas"), 11, "indent with spaces"),
    "a key given twice": (("  engine:", "  model: {}\n  engine:"), 10, "model"),
    "a misspelt field": (("minReplicas", "minReplica"), 11, 'unknown field "spec.engine.minRepl'),
    "an unknown part": (("engine:", "deployment:"), 10, 'unknown field "spec.deployment"'),
    "words for a number": (("minReplicas: 1", "minReplicas: many"), 11, "Invalid value"),
    "half a number": (("minReplicas: 1", "minReplicas: 1.5"), 11, "Invalid value"),
    "a list for a mapping": (("model:\n    name", "model:\n    - name"), 9, "expected"),
    "no model name": (("    name: qwen3-8b\n", ""), 7, "Required value"),
    "no namespace": (("  namespace: demo\n", ""), 3, "Required value"),
    "no name": (("  name: chat\n", ""), 3, "Required value"),
    "a name in capitals": (("name: chat", "name: Chat"), 4, "Invalid value"),
    "another kind": (("InferenceService", "Deployment"), 2, "not a Deployment"),
    "an older version": (("v1beta1", "v1alpha1"), 1, "no matches for kind"),
}


@pytest.mark.parametrize("case", PROBLEMS)
def test_a_problem_is_said_at_its_line(case: str, checker: Deploy) -> None:
    replacement, line, words = PROBLEMS[case]
    checked = checker.check(changed(replacement))
    assert any(at == line and words in message for at, message in said(checked)), said(checked)
    assert not checked.accepted


@pytest.mark.parametrize(
    "text",
    ["", "# nothing\n", "just words\n", "- a\n- list\n", f"{TEXT}---\n{TEXT}"],
    ids=["empty", "a comment", "words", "a list", "two documents"],
)
def test_anything_but_one_document_is_refused(text: str, checker: Deploy) -> None:
    checked = checker.check(text)
    assert checked.problems
    assert not checked.accepted
    with pytest.raises(Invalid):
        checker.create(text)


@pytest.mark.parametrize(
    "text",
    [
        "metadata: 3\nspec: [1]\n",
        "kind: InferenceService\nmetadata: {name: 5, namespace: []}\nspec: {model: x, engine: 7}\n",
        "apiVersion: ome.io/v1beta1\nkind: InferenceService\nmetadata: {name: a, namespace: demo}\n"
        "spec: {engine: {minReplicas: null, maxReplicas: true}, model: {name: [a]}}\n",
        "? [a, b]\n: c\n",
    ],
)
def test_nonsense_is_answered_with_problems(text: str, checker: Deploy) -> None:
    assert checker.check(text).problems


REFUSALS = {
    "a model that does not exist": (("qwen3-8b", "qwen4"), 'referenced model "qwen4" not found'),
    "a model that is disabled": (("qwen3-8b", "retired"), "model retired is disabled"),
    "a decoder without an engine": (("  engine:", "  decoder:"), "without engine"),
    "a name that begins with a digit": (("name: chat", "name: 4chat"), "invalid InferenceService"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_refusal_of_the_webhook_is_told_in_its_own_words(case: str, checker: Deploy) -> None:
    replacement, words = REFUSALS[case]
    checked = checker.check(changed(replacement))
    assert not checked.accepted
    assert checked.error is not None
    assert words in checked.error.reason


MARKS = {
    "a model that does not exist": (("qwen3-8b", "qwen4"), [8]),
    "a model that is disabled": (("qwen3-8b", "retired"), [8]),
    "a decoder without an engine": (("  engine:", "  decoder:"), [10]),
    "a name that begins with a digit": (("name: chat", "name: 4chat"), [4]),
}


@pytest.mark.parametrize("case", MARKS)
def test_a_refusal_of_the_webhook_marks_its_field_and_is_told_once(
    case: str, checker: Deploy
) -> None:
    replacement, lines = MARKS[case]
    checked = checker.check(changed(replacement))
    assert checked.error is not None
    assert [each.line for each in checked.problems] == lines
    assert checked.problems[0].message in checked.error.reason
    assert checked.error.problems == ()


def test_what_the_server_does_not_get_to_is_told_beside_its_refusal(checker: Deploy) -> None:
    checked = checker.check(changed(("name: chat", "name: 4chat"), ("qwen3-8b", "qwen4")))
    assert checked.error is not None
    assert "4chat" in checked.error.reason
    assert [each.line for each in checked.error.problems] == [8]
    assert [each.line for each in checked.problems] == [4, 8]


def test_what_ome_will_refuse_is_told_with_the_problems_of_the_schema(checker: Deploy) -> None:
    checked = checker.check(changed(("minReplicas", "minReplica"), ("qwen3-8b", "qwen4")))
    assert [line for line, _ in said(checked)] == [11, 8]
    assert checked.error is None


def test_a_field_has_one_problem(checker: Deploy) -> None:
    assert len(checker.check(changed(("name: chat", "name: Chat"))).problems) == 1
    assert len(checker.check(changed(("    name: qwen3-8b\n", ""))).problems) == 1


def test_the_runtime_that_is_chosen_is_told_once_in_the_servers_words(checker: Deploy) -> None:
    chosen = [each for each in checker.check(TEXT).warnings if "auto-selected" in each.message]
    assert [each.path for each in chosen] == [""]


def test_another_refusal_does_not_hide_what_ome_will_refuse(checker: Deploy) -> None:
    checked = checker.check(
        changed(("namespace: demo", "namespace: nowhere"), ("qwen3-8b", "qwen4"))
    )
    assert isinstance(checked.error, NotFound)
    assert [each.line for each in checked.error.problems] == [8]


def test_objections_are_warnings_where_the_server_takes_the_manifest(tmp_path: Path) -> None:
    bare = Sandbox(simulate=False, seed=False, webhooks=False)
    bare.start()
    furnish(bare)
    with connected(bare.kubeconfig(), tmp_path) as backend:
        checked = backend.deploy.check(changed(("qwen3-8b", "qwen4")))
    bare.stop()
    assert (checked.accepted, checked.problems) == (True, ())
    assert '8 spec.model.name: referenced model "qwen4" not found' in warned(checked)


def test_a_console_that_may_not_see_runtimes_does_not_call_them_missing(
    connect: Connect, sandbox: Sandbox
) -> None:
    furnish(sandbox)
    sandbox.deny = {("list", "clusterservingruntimes")}
    text = changed(("  engine:", "  runtime:\n    name: srt-qwen3\n  engine:"))
    checked = connect().deploy.check(text)
    assert (checked.accepted, warned(checked)) == (True, "")


WARNINGS = {
    "never scales": ((("minReplicas: 1", "minReplicas: 5"),), "12 spec.engine.maxReplicas", "5"),
    "no engine": (
        (("  engine:\n    minReplicas: 1\n    maxReplicas: 2\n", ""),),
        "6 spec",
        "spec.engine",
    ),
    "Knative": ((("minReplicas: 1", "minReplicas: 0"),), "11 spec.engine.minReplicas", "Knative"),
    "a long name": ((("name: chat", f"name: {'c' * 56}"),), "4 metadata.name", "55 characters"),
    "a cluster model called a namespaced one": (
        (("ClusterBaseModel", "BaseModel"),),
        "9 spec.model.kind",
        "ClusterBaseModel",
    ),
    "a namespaced model called a cluster one": (
        (("qwen3-8b", "own"),),
        "9 spec.model.kind",
        "own is a BaseModel",
    ),
    "a namespaced model without its kind": (
        (("qwen3-8b\n    kind: ClusterBaseModel", "own"),),
        "7 spec.model.kind",
        "own is a BaseModel",
    ),
    "a named runtime that does not fit": (
        (("  engine:", "  runtime:\n    name: small\n  engine:"),),
        "11 spec.runtime.name",
        "model size 8B is outside supported range [1B, 2B]",
    ),
    "a named runtime that does not exist": (
        (("  engine:", "  runtime:\n    name: gone\n  engine:"),),
        "11 spec.runtime.name",
        "runtime gone not found",
    ),
    "a disabled model with a named runtime": (
        (("qwen3-8b", "retired"), ("  engine:", "  runtime:\n    name: srt-qwen3\n  engine:")),
        "8 spec.model.name",
        "specified base model retired is disabled",
    ),
    "a missing namespace": (
        (("namespace: demo", "namespace: nowhere"),),
        "5 metadata.namespace",
        "nowhere does not exist",
    ),
}


@pytest.mark.parametrize("case", WARNINGS)
def test_what_the_server_takes_but_nobody_means_is_warned_about(case: str, checker: Deploy) -> None:
    replacements, where, words = WARNINGS[case]
    checked = checker.check(changed(*replacements))
    lines = [line for line in warned(checked).splitlines() if line.startswith(f"{where}:")]
    assert len(lines) == 1, warned(checked)
    assert words in lines[0]


def test_a_good_manifest_has_no_warning_of_the_consoles_own(checker: Deploy) -> None:
    own = [each for each in checker.check(TEXT).warnings if each.path]
    assert own == []


def test_create_returns_once_the_console_sees_the_service(
    backend: Backend, sandbox: Sandbox
) -> None:
    assert backend.deploy.create(TEXT) == CHAT
    assert CHAT in backend.cache.snapshot(kinds.INFERENCE_SERVICE).objects
    assert sandbox.objects.get(kinds.INFERENCE_SERVICE, CHAT) is not None


def test_a_manifest_with_problems_is_not_sent(backend: Backend, sandbox: Sandbox) -> None:
    before = sandbox.requests["create", "inferenceservices"]
    with pytest.raises(Invalid) as refused:
        backend.deploy.create(changed(("minReplicas", "minReplica")))
    assert [each.line for each in refused.value.problems] == [11]
    assert sandbox.requests["create", "inferenceservices"] == before


def test_a_refusal_of_the_webhook_stops_the_creation(backend: Backend, sandbox: Sandbox) -> None:
    with pytest.raises((Invalid, ServerFailed)) as refused:
        backend.deploy.create(changed(("qwen3-8b", "qwen4")))
    assert "not found" in refused.value.reason
    assert sandbox.objects.list(kinds.INFERENCE_SERVICE) == []


def test_a_name_that_is_taken_is_refused_by_the_check_and_by_the_server(backend: Backend) -> None:
    backend.deploy.create(TEXT)
    assert isinstance(backend.deploy.check(TEXT).error, AlreadyExists)
    with pytest.raises(AlreadyExists):
        backend.deploy.create(TEXT)


def test_a_missing_namespace_can_be_created_first(backend: Backend) -> None:
    text = changed(("namespace: demo", "namespace: nowhere"))
    assert isinstance(backend.deploy.check(text).error, NotFound)
    backend.deploy.create_namespace("nowhere")
    assert not backend.deploy.namespace_missing("nowhere")
    assert backend.deploy.create(text) == Key("nowhere", "chat")


def test_read_only_checks_but_does_not_create(connect: Connect, sandbox: Sandbox) -> None:
    furnish(sandbox)
    deploy = connect(read_only=True).deploy
    assert deploy.check(TEXT).accepted
    with pytest.raises(ReadOnly):
        deploy.create(TEXT)
    with pytest.raises(ReadOnly):
        deploy.create_namespace("nowhere")
    assert sandbox.objects.list(kinds.INFERENCE_SERVICE) == []


def test_a_lost_network_raises_and_the_same_text_can_be_sent_later(
    backend: Backend, sandbox: Sandbox
) -> None:
    sandbox.stop()
    assert isinstance(backend.deploy.check(TEXT).error, Unreachable)
    with pytest.raises(Unreachable):
        backend.deploy.create(TEXT)
    sandbox.start()
    assert eventually(lambda: backend.deploy.check(TEXT).accepted)
    assert backend.deploy.create(TEXT) == CHAT


def test_a_console_that_may_not_see_namespaces_does_not_call_them_missing(
    connect: Connect, sandbox: Sandbox
) -> None:
    furnish(sandbox)
    sandbox.deny = {("list", "namespaces")}
    deploy = connect().deploy
    assert not deploy.namespace_missing("demo")
    assert "does not exist" not in warned(deploy.check(TEXT))
