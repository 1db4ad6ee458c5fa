"""`validate`: every problem with its file and line, and only problems give 1."""

import json

from tests.cli.conftest import Run
from tests.support import builders

SERVICE = """\
apiVersion: ome.io/v1beta1
kind: InferenceService
metadata:
  name: {name}
spec:
  model:
    name: qwen3-8b
    kind: ClusterBaseModel
  runtime:
    name: {runtime}
  engine: {{}}
"""


def test_sound_manifests_give_nothing(run: Run) -> None:
    done = run("validate", "-f", "models.yaml", "runtimes.yaml", "classes.yaml")
    assert (done.code, done.out, done.err) == (0, "", "objects: 5, problems: 0, warnings: 0\n")


def test_syntax_schema_and_admission_are_told_by_line(run: Run) -> None:
    text = "a: [\n---\n" + SERVICE.format(name="Chat", runtime="x") + "  status: {}\n"
    done = run("validate", "-f", "-", given=text)
    told = [line.split(": ")[0:2] for line in done.out.splitlines()]
    assert told[0][0].startswith("-:1") or told[0][0].startswith("-:2")
    assert ["-:6", "metadata.name"] in told
    assert ["-:9", "spec.model.name"] in told
    assert ["-:14", "spec.status"] in told
    assert done.code == 1


def test_lines_within_a_list_are_those_of_the_file(run: Run) -> None:
    service = builders.inference_service(modle={})
    listed = {"apiVersion": "v1", "kind": "List", "items": [builders.model(), service]}
    text = json.dumps(listed, indent=1)
    line = next(n for n, each in enumerate(text.splitlines(), 1) if '"modle"' in each)
    done = run("validate", "-f", "-", given=text)
    assert f'-:{line}: spec.modle: unknown field "spec.modle"\n' in done.out


def test_what_ome_gives_up_on_later_is_a_warning(run: Run) -> None:
    text = SERVICE.format(name="chat", runtime="nope")
    done = run("validate", "-f", "models.yaml", "-", given=text)
    assert done.out.startswith("-:10: warning: spec.runtime.name: OME admits this, but ")
    assert done.code == 0


def test_two_objects_of_one_name_are_told(run: Run) -> None:
    done = run("validate", "-f", "models.yaml", "models.yaml")
    said = "cluster model qwen3-8b is given twice, first at models.yaml:4"
    assert done.out == f"models.yaml:4: warning: metadata.name: {said}\n"


def test_kinds_that_ome_does_not_have_are_told_and_others_are_let_be(run: Run) -> None:
    text = "apiVersion: ome.io/v1beta1\nkind: InferenceServices\nmetadata: {name: x}\n"
    other = "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: 'a:b'}\n"
    done = run("validate", "-f", "-", given=text + other)
    message = 'no matches for kind "InferenceServices" in version "ome.io/v1beta1"'
    assert done.out == f"-:2: kind: {message}\n"
