"""Every view and action shows its line, and a real kubectl carries it out."""

import pytest
from streamlit.testing.v1 import AppTest

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import dig
from ome_backend.sandbox.server import Sandbox
from ome_backend.schema.yaml_text import dump
from pages.components.handover import _HANDED, Handover
from tests.pages.conftest import Open
from tests.pages.test_pages import ADDRESSES, company
from tests.support import builders
from tests.support.terminal import Run

EDITOR = "editor"
LISTS = {
    "models": "kubectl get basemodels.ome.io,clusterbasemodels.ome.io -A",
    "runtimes": "kubectl get servingruntimes.ome.io,clusterservingruntimes.ome.io -A",
    "accelerators": "kubectl get acceleratorclasses.ome.io",
    "weights": "kubectl get finetunedweights.ome.io",
    "services": "kubectl get inferenceservices.ome.io -A",
    "benchmarks": "kubectl get benchmarkjobs.ome.io -A",
}
OTHERS = {
    "overview": "python -m ome_backend doctor",
    "doctor": "python -m ome_backend doctor",
    "downloads": "kubectl get configmaps -n ome -l models.ome/basemodel-status=true -o yaml",
    "compatibility": "python -m ome_backend match",
    "cost": "kubectl get acceleratorclasses.ome.io -o yaml",
    "templates": "-l ome.io/console-templates=true",
    "model": "kubectl get events -A --field-selector involvedObject.kind=ClusterBaseModel",
    "runtime": "kubectl get clusterservingruntimes.ome.io srt-qwen3 -o yaml",
    "service": "kubectl get pods -n demo -l ome.io/inferenceservice=chat",
    "accelerator": "kubectl get acceleratorclasses.ome.io h100 -o yaml",
    "weight": "kubectl get finetunedweights.ome.io tuned -o yaml",
    "benchmark": "kubectl get benchmarkjobs.ome.io load -n demo -o yaml",
}
VIEWS = {**LISTS, **OTHERS}


def lines(page: AppTest) -> list[str]:
    """The commands the page shows, block by block."""
    assert not page.exception
    return [
        each.value
        for each in page.code
        if each.language == "bash" and each.value.startswith(("kubectl", "python"))
    ]


@pytest.mark.parametrize(("path", "expected"), VIEWS.items(), ids=list(VIEWS))
def test_every_view_shows_the_lines_that_print_the_same(
    path: str, expected: str, console: Open, sandbox: Sandbox
) -> None:
    company(sandbox)
    shown = "\n".join(lines(console(path, name=ADDRESSES.get(path, ""))))
    assert expected in shown.splitlines() if path in LISTS else expected in shown


@pytest.mark.parametrize("path", VIEWS)
def test_a_real_kubectl_reads_what_the_lines_of_a_view_say(
    path: str, console: Open, sandbox: Sandbox, kubectl: Run
) -> None:
    company(sandbox)
    for block in lines(console(path, name=ADDRESSES.get(path, ""))):
        for line in block.splitlines():
            if line.startswith("kubectl get"):
                kubectl(line)


def test_a_search_and_a_namespace_are_part_of_the_line(console: Open, sandbox: Sandbox) -> None:
    company(sandbox)
    assert "kubectl get clusterservingruntimes.ome.io srt-small" in lines(
        console("runtimes", runtimes_search="small")
    )
    assert "kubectl get inferenceservices.ome.io -n demo" in lines(
        console("services", namespace="demo")
    )


def test_a_plan_is_asked_of_the_command_line(console: Open, sandbox: Sandbox, kubectl: Run) -> None:
    company(sandbox)
    chosen = {"planner_model": "qwen3-8b", "planner_context": "4096", "planner_class": "h100"}
    (line,) = lines(console("planner", **chosen))
    assert "plan --model qwen3-8b --accelerator h100 --max-model-len 4096" in line
    assert "qwen3-8b" in kubectl(line)
    (line,) = lines(console("planner", planner_runtime="srt-qwen3", **chosen))
    assert line.startswith("python -m ome_backend plan --model qwen3-8b --runtime srt-qwen3")
    assert "srt-qwen3" in kubectl(line)


def opened(console: Open, text: str) -> AppTest:
    """The editor with a text in it."""
    page = console(EDITOR)
    page.session_state[_HANDED] = Handover(text, "a test")
    return page.run()


def test_creating_shows_the_dry_run_and_the_write(
    console: Open, sandbox: Sandbox, kubectl: Run
) -> None:
    tried, written = lines(opened(console, dump(builders.model("fresh"))))
    assert tried.startswith(
        "kubectl create --field-manager=ome-console --validate=strict --dry-run=server -o yaml -f -"
    )
    key = Key("", "fresh")
    assert "name: fresh" in kubectl(tried)
    assert sandbox.objects.get(kinds.CLUSTER_BASE_MODEL, key) is None
    kubectl(written)
    assert sandbox.objects.get(kinds.CLUSTER_BASE_MODEL, key) is not None


def test_changing_shows_the_patch_with_the_version_that_was_looked_at(
    console: Open, sandbox: Sandbox, kubectl: Run
) -> None:
    company(sandbox)
    page = opened(console, dump(builders.model(vendor="us")))
    tried, written = lines(page)
    assert written.startswith(
        "kubectl patch clusterbasemodels.ome.io qwen3-8b --type=merge --field-manager=ome-console -p "
    )
    assert '"vendor": "us"' in kubectl(tried) or "vendor: us" in kubectl(tried)
    kubectl(written)
    found = sandbox.objects.get(kinds.CLUSTER_BASE_MODEL, Key("", "qwen3-8b")) or {}
    assert dig(found, "spec", "vendor") == "us"
    with pytest.raises(AssertionError, match="Conflict"):
        kubectl(written)


def test_values_of_a_secret_are_in_no_line(console: Open, sandbox: Sandbox) -> None:
    company(sandbox)
    token = builders.manifest(kinds.SECRET, "token", "demo", stringData={"token": "hf_mine"})
    tried, written = lines(opened(console, dump(token)))
    assert written == "kubectl create --field-manager=ome-console --validate=strict -f token.yaml"
    assert "hf_mine" not in tried
    held = builders.manifest(kinds.SECRET, "held", "demo", data={"token": "eA=="})
    sandbox.objects.create(kinds.SECRET, held)
    _, written = lines(opened(console, dump(held | {"data": {"token": "eQ=="}})))
    assert written.endswith("--patch-file held-patch.yaml")


def test_deploying_shows_the_namespace_and_the_service_as_commands(
    console: Open, sandbox: Sandbox, kubectl: Run
) -> None:
    company(sandbox)
    page = console("deploy", model="qwen3-8b", namespace="new")
    *_, written = lines(page)
    first, rest = written.split("\n", 1)
    assert first == "kubectl create namespace new"
    # kubectl speaks protobuf for this one, which the sandbox does not.
    sandbox.objects.create(kinds.NAMESPACE, builders.manifest(kinds.NAMESPACE, "new"))
    kubectl(rest)
    assert sandbox.objects.list(kinds.INFERENCE_SERVICE, "new")
