"""What files may look like, and how what cannot be read is named."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.support import builders

MODEL = "apiVersion: ome.io/v1beta1\nkind: ClusterBaseModel\nmetadata:\n  name: {name}\n"


def names(done: object) -> list[str]:
    return [one["model"]["name"] for one in done.results]  # type: ignore[attr-defined]


def test_directories_are_read_recursively_and_by_name(run: Run, tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml", "deep/c.json", ".git/d.yaml", "kustomization.yaml", "e.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        model = builders.model(path.stem.strip("."))
        path.write_text(json.dumps(model))
    (tmp_path / "values.yaml").write_text("replicas: 3\n")
    assert names(run("match", "-f", str(tmp_path), "-o", "json")) == ["a", "b", "c"]


FORMS = {
    "several YAML documents": MODEL.format(name="a") + "---\n" + MODEL.format(name="b"),
    "a list": json.dumps({"kind": "List", "items": [builders.model("a"), builders.model("b")]}),
    "a list of one kind": json.dumps(
        {
            "apiVersion": "ome.io/v1beta1",
            "kind": "ClusterBaseModelList",
            "items": [{"metadata": {"name": "a"}}, {"metadata": {"name": "b"}}],
        }
    ),
    "JSON with tabs": json.dumps(builders.model("a"), indent="\t")
    + json.dumps(builders.model("b")),
    "flow style": "{kind: ClusterBaseModel, metadata: {name: a}}\n---\n{kind: ClusterBaseModel, metadata: {name: b}}",
}


@pytest.mark.parametrize("form", FORMS)
def test_objects_come_in_many_forms(run: Run, form: str) -> None:
    assert names(run("match", "-f", "-", "-o", "json", given=FORMS[form])) == ["a", "b"]


def test_half_a_character_in_json_does_no_harm(run: Run) -> None:
    done = run("match", "-f", "-", given=json.dumps(builders.model("a", displayName="\ud83d")))
    assert done.code == 0


UNREADABLE = {
    "syntax": ("a: 1\nb: [\n", "bad.yaml:"),
    "no kind": ("\n\nmetadata: {name: x}\n", "bad.yaml:3: it names no kind"),
    "a list of nothing": ("- 1\n", "bad.yaml:1: a document must be a mapping"),
    "half of JSON": ('{"kind": "List",\n', "bad.yaml:"),
}


@pytest.mark.parametrize("case", UNREADABLE)
@pytest.mark.parametrize("command", ["match", "accelerator", "plan", "doctor"])
def test_unreadable_input_names_file_and_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str, command: str
) -> None:
    text, said = UNREADABLE[case]
    monkeypatch.chdir(tmp_path)
    Path("bad.yaml").write_text(text)
    done = run(command, "-f", "bad.yaml")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(said)


@pytest.mark.parametrize(
    ("content", "said"),
    [(None, "No such file or directory"), (b"a: 1\nb: \xff\n", "x.yaml:2: this is not UTF-8 text")],
    ids=["absent", "not text"],
)
def test_files_that_are_no_text_are_named(
    run: Run, tmp_path: Path, content: bytes | None, said: str
) -> None:
    path = tmp_path / "x.yaml"
    if content is not None:
        path.write_bytes(content)
    done = run("validate", "-f", str(path))
    assert done.code == 2
    assert said in done.err


@pytest.mark.parametrize(
    "argv",
    [
        (),
        ("nonsense",),
        ("match",),
        ("match", "-f"),
        ("match", "-f", "models.yaml", "-o", "xml"),
        ("plan",),
        ("plan", "--config", "checkpoint", "--gpu-memory", "much"),
        ("plan", "--config", "checkpoint", "--tensor-parallel", "two"),
        ("describe-config",),
        ("describe-config", "checkpoint", "--batch"),
    ],
    ids=lambda argv: " ".join(argv) or "nothing",
)
def test_bad_usage_is_told_and_gives_2(run: Run, argv: tuple[str, ...]) -> None:
    done = run(*argv)
    assert (done.code, done.out) == (2, "")
    assert done.err


@pytest.mark.parametrize(
    "command", ["match", "accelerator", "validate", "plan", "doctor", "describe-config"]
)
def test_help_has_an_example(run: Run, command: str) -> None:
    done = run(command, "--help")
    assert done.code == 0
    assert f"example:\n  python -m ome_backend {command} " in done.out
