"""The kubectl lines: what the shell hands to kubectl is what was meant, and a real kubectl does it."""

import json
import shlex
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ome_backend.editing import commands
from ome_backend.matching.patching import Patch
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Ref
from ome_backend.resources.manifest import Manifest, dig
from ome_backend.sandbox.server import Sandbox
from ome_backend.schema.yaml_text import dump
from tests.support import builders
from tests.support.terminal import Run

WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1)
NAMES = WORDS.filter(lambda word: not word.startswith("-"))
TEXTS = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]))
SERVICE = Ref(kinds.INFERENCE_SERVICE, Key("demo", "chat"))
MODEL = Ref(kinds.CLUSTER_BASE_MODEL, Key("", "qwen3-8b"))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (commands.get(SERVICE), "kubectl get inferenceservices.ome.io chat -n demo -o yaml"),
        (commands.get(MODEL, "json"), "kubectl get clusterbasemodels.ome.io qwen3-8b -o json"),
        (
            commands.listing(kinds.INFERENCE_SERVICE, labels="team=a,tier in (x,y)"),
            "kubectl get inferenceservices.ome.io -A -l 'team=a,tier in (x,y)'",
        ),
        (
            commands.listing(*kinds.MODEL_KINDS, namespace="demo"),
            "kubectl get basemodels.ome.io,clusterbasemodels.ome.io -n demo",
        ),
        (
            commands.listing(kinds.NODE, options=["--show-labels"]),
            "kubectl get nodes --show-labels",
        ),
        (commands.describe(SERVICE), "kubectl describe inferenceservices.ome.io chat -n demo"),
        (
            commands.apply_file("a b.yaml"),
            "kubectl apply --server-side --field-manager=ome-console -f 'a b.yaml'",
        ),
        (
            commands.apply_folder("overlays/prod"),
            "kubectl apply --server-side --field-manager=ome-console -k overlays/prod",
        ),
        (
            commands.dry_run("chat.yaml"),
            "kubectl diff --server-side --field-manager=ome-console -f chat.yaml",
        ),
        (
            commands.label(SERVICE, {"team": "search", "tier": None}),
            "kubectl label inferenceservices.ome.io chat -n demo --overwrite team=search tier-",
        ),
        (
            commands.scale(SERVICE, "engine", 1, 3),
            "kubectl patch inferenceservices.ome.io chat -n demo --type=merge -p "
            '\'{"spec": {"engine": {"minReplicas": 1, "maxReplicas": 3}}}\'',
        ),
        (
            commands.create_file("chat.yaml"),
            "kubectl create --field-manager=ome-console --validate=strict -f chat.yaml",
        ),
        (
            commands.change(MODEL, {"spec": {"disabled": True}}, dry_run=True),
            "kubectl patch clusterbasemodels.ome.io qwen3-8b --type=merge --field-manager=ome-console "
            """--dry-run=server -o yaml -p '{"spec": {"disabled": true}}'""",
        ),
        (
            commands.change_file(MODEL, "a b.yaml"),
            "kubectl patch clusterbasemodels.ome.io qwen3-8b --type=merge --field-manager=ome-console "
            "--patch-file 'a b.yaml'",
        ),
        (
            commands.events(SERVICE),
            "kubectl get events -n demo --field-selector "
            "involvedObject.kind=InferenceService,involvedObject.name=chat",
        ),
        (commands.create_namespace("demo"), "kubectl create namespace demo"),
        (
            commands.delete(SERVICE, uid="1f"),
            "kubectl delete inferenceservices.ome.io chat -n demo"
            '  # the console does it only while its uid is "1f"',
        ),
        (
            commands.logs(
                Key("demo", "chat-0"), container="ome-container", tail=200, previous=True
            ),
            "kubectl logs chat-0 -n demo -c ome-container --tail=200 --previous",
        ),
        (
            commands.logs(Key("demo", "chat-0"), follow=True),
            "kubectl logs chat-0 -n demo --follow",
        ),
        (commands.logs_of("app=x", "ome", tail=-1), "kubectl logs -n ome -l app=x --tail=-1"),
        (
            commands.restart("ome", "deployment/manager"),
            "kubectl rollout restart -n ome deployment/manager",
        ),
    ],
)
def test_each_command_is_written_as_a_person_would(line: str, expected: str) -> None:
    assert line == expected


@given(name=NAMES, namespace=WORDS, value=WORDS, selector=WORDS)
def test_the_shell_hands_over_every_word_as_it_is(
    name: str, namespace: str, value: str, selector: str
) -> None:
    ref = Ref(kinds.INFERENCE_SERVICE, Key(namespace, name))
    named = ["inferenceservices.ome.io", name, "-n", namespace]
    patch: Patch = ({"op": "add", "path": f"/{name}", "value": value},)
    assert shlex.split(commands.get(ref))[2:6] == named
    assert shlex.split(commands.delete(ref, uid=value), comments=True)[2:] == named
    assert json.loads(shlex.split(commands.patch_json(ref, patch))[-1]) == list(patch)
    assert json.loads(shlex.split(commands.patch_merge(ref, {name: value}))[-1]) == {name: value}
    assert shlex.split(commands.label(ref, {name: value}))[-1] == f"{name}={value}"
    assert shlex.split(commands.listing(kinds.POD, labels=selector))[-1] == selector
    assert shlex.split(commands.apply_file(name))[-1] == name


@given(TEXTS)
def test_a_text_within_a_command_reaches_kubectl_letter_by_letter(text: str) -> None:
    given = f"kubectl() {{ cat; }}\n{commands.apply_text(text)}"
    said = subprocess.run(["bash", "-c", given], capture_output=True, check=True).stdout.decode()
    assert said == (text if text.endswith("\n") else f"{text}\n")


@pytest.mark.parametrize("text", ["EOF\n", "a: 1\nEOF\nEOF2", "EOF"])
def test_a_text_that_has_the_end_word_gets_another(text: str) -> None:
    given = f"kubectl() {{ cat; }}\n{commands.apply_text(text)}"
    said = subprocess.run(["bash", "-c", given], capture_output=True, check=True).stdout.decode()
    assert said == (text if text.endswith("\n") else f"{text}\n")


@pytest.fixture
def filled(sandbox: Sandbox) -> Sandbox:
    for each in (
        builders.manifest(kinds.NAMESPACE, "demo"),
        builders.model(),
        builders.runtime(),
        builders.inference_service(),
    ):
        sandbox.objects.create(kinds.BY_NAME[each["kind"]], each)
    return sandbox


def stored(sandbox: Sandbox, ref: Ref) -> Manifest | None:
    return sandbox.objects.get(ref.kind, ref.key)


def test_kubectl_reads_what_the_lines_ask_for(filled: Sandbox, kubectl: Run) -> None:
    assert json.loads(kubectl(commands.get(SERVICE, "json")))["metadata"]["name"] == "chat"
    assert "chat" in kubectl(commands.listing(kinds.INFERENCE_SERVICE))
    assert "qwen3-8b" in kubectl(commands.listing(*kinds.MODEL_KINDS, namespace="demo"))
    assert "chat" not in kubectl(commands.listing(kinds.INFERENCE_SERVICE, labels="none=such"))
    assert "Name:" in kubectl(commands.describe(SERVICE))


def test_kubectl_changes_what_the_lines_say(filled: Sandbox, kubectl: Run) -> None:
    kubectl(commands.label(SERVICE, {"team": "search"}))
    kubectl(commands.scale(SERVICE, "engine", 2, 3))
    kubectl(
        commands.patch_json(
            SERVICE, ({"op": "add", "path": "/metadata/annotations", "value": {"who": "it's me"}},)
        )
    )
    found = stored(filled, SERVICE)
    assert found is not None
    assert dig(found, "metadata", "labels", "team") == "search"
    assert dig(found, "metadata", "annotations", "who") == "it's me"
    assert dig(found, "spec", "engine") == {"minReplicas": 2, "maxReplicas": 3}
    kubectl(commands.delete(SERVICE, uid=found["metadata"]["uid"]))
    assert stored(filled, SERVICE) is None


def test_kubectl_applies_a_text_and_a_file(filled: Sandbox, kubectl: Run, tmp_path: Path) -> None:
    wanted = {
        "apiVersion": "ome.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {"name": "two", "namespace": "demo"},
        "spec": {"model": {"name": "qwen3-8b"}, "engine": {"minReplicas": 1}},
    }
    kubectl(commands.apply_text(dump(wanted)))
    made = Ref(kinds.INFERENCE_SERVICE, Key("demo", "two"))
    assert stored(filled, made) is not None
    (tmp_path / "a file.yaml").write_text(dump(wanted).replace("minReplicas: 1", "minReplicas: 2"))
    kubectl(commands.apply_file("a file.yaml"))
    assert dig(stored(filled, made) or {}, "spec", "engine", "minReplicas") == 2
