"""An object of every kind is made by its form, field by field, and changed by one of its fields."""

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from ome_backend.backend import Backend
from ome_backend.editing.cleaning import clean
from ome_backend.editing.differences import differences
from ome_backend.editing.placing import placed
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key, Kind, Ref
from ome_backend.resources.manifest import Manifest, dig
from ome_backend.schema.yaml_edit import edit
from ome_backend.services.proposal import Plan
from tests.cluster.conftest import Open
from tests.support.cluster import ClusterUnderTest, manifest
from tests.support.samples import CHANGES, SPECS
from tests.support.waiting import eventually
from tests.support.writing import write_button

pytestmark = pytest.mark.cluster

Field = tuple[str, str, Any]  # what kind of field, its key on the page, what is put into it
STORAGE = "new_spec.storage.storageUri"
OUTPUT = "new_spec.outputLocation.storageUri"
ENDPOINT = "new_spec.endpoint.endpoint"
MODEL: tuple[Field, ...] = (
    ("selectbox", f"{STORAGE}_kind", "hf"),
    ("text_input", f"{STORAGE}_model_id", "org/phi"),
    ("button", f"{STORAGE}_directory", None),
)
RUNTIME: tuple[Field, ...] = (
    ("text_input", "new_spec.engineConfig.runner.image", "example.com/engine:1"),
    ("text_area", "new_spec.engineConfig.runner.args", "--tp-size\n8"),
)
FILLED: dict[Kind, tuple[Field, ...]] = {
    kinds.BASE_MODEL: MODEL,
    kinds.CLUSTER_BASE_MODEL: MODEL,
    kinds.SERVING_RUNTIME: RUNTIME,
    kinds.CLUSTER_SERVING_RUNTIME: RUNTIME,
    kinds.INFERENCE_SERVICE: (
        ("selectbox", "new_spec.model", "{base}"),
        ("number_input", "new_spec.engine.maxReplicas", 3),
    ),
    kinds.ACCELERATOR_CLASS: (
        ("text_input", "new_spec.capabilities.memoryGB", "80"),
        ("text_input", "new_spec.vendor", "nvidia"),
    ),
    kinds.BENCHMARK_JOB: (
        ("segmented_control", "new_spec.endpoint_choice", "endpoint"),
        ("text_input", f"{ENDPOINT}.url", "http://example.com"),
        ("selectbox", f"{ENDPOINT}.apiFormat", "openai"),
        ("text_input", f"{ENDPOINT}.modelName", "phi"),
        ("selectbox", f"{OUTPUT}_kind", "pvc"),
        ("text_input", f"{OUTPUT}_pvc_name", "results"),
        ("text_input", f"{OUTPUT}_sub_path", "here"),
    ),
    kinds.FINE_TUNED_WEIGHT: (
        ("text_input", "new_spec.modelType", "LoRA"),
        ("selectbox", "new_spec.baseModelRef", "{base}"),
        *MODEL[:2],
    ),
    kinds.SECRET: (("text_input", "new_stringData.token", "hf_abc"),),
    kinds.NAMESPACE: (),
}
ANNOTATED = (("metadata", "annotations", "team"), "chat")


@pytest.fixture
def base(cluster: ClusterUnderTest, backend: Backend) -> Iterator[str]:
    """A model to refer to, that the console knows, and the namespace too; as a form names it."""
    key = Key(cluster.namespace, cluster.unique("base"))
    made = manifest(
        kinds.BASE_MODEL, key.name, spec=SPECS[kinds.BASE_MODEL], namespace=key.namespace
    )
    backend.client.create(kinds.BASE_MODEL, made)
    known = backend.cache.snapshot
    eventually(lambda: key in known(kinds.BASE_MODEL).objects, timeout=30)
    eventually(lambda: Key("", key.namespace) in known(kinds.NAMESPACE).objects, timeout=30)
    yield f"{key.namespace}/{key.name}"
    backend.client.delete(kinds.BASE_MODEL, key)


@pytest.fixture
def made(cluster: ClusterUnderTest, backend: Backend) -> Iterator[list[Ref]]:
    """What a test makes; it is removed after it."""
    refs: list[Ref] = []
    yield refs
    for ref in refs:
        backend.client.delete(ref.kind, ref.key)


def widget(page: AppTest, what: str, key: str) -> Any:
    """A text for which the cluster's objects have suggestions is chosen or typed in a selectbox."""
    kinds_of = ("text_input", "selectbox") if what == "text_input" else (what,)
    found = (each for one in kinds_of for each in getattr(page, one) if each.key == key)
    return next(found)


def fill(page: AppTest, fields: tuple[Field, ...], base: str) -> None:
    """Put something into each field, one run of the page after the other."""
    for what, key, value in fields:
        field = widget(page, what, key)
        if what == "button":
            field.click().run()
        else:
            field.set_value(base if value == "{base}" else value).run()
        assert not page.exception


def stored(backend: Backend, ref: Ref) -> Manifest:
    held = backend.client.get(ref.kind, ref.key)
    assert held is not None
    return held


def changed(backend: Backend, held: Manifest, ref: Ref, path: tuple[str, ...], value: Any) -> Plan:
    """What a form makes of the text of an object when one of its fields is filled in."""
    text = edit(backend.editing.text_of(held), lambda it: placed(it, path, value))
    return backend.editing.propose(text, {ref: held})


@pytest.mark.parametrize("kind", FILLED, ids=lambda kind: kind.name)
def test_made_by_form_then_changed_in_one_field(
    kind: Kind,
    console: Open,
    backend: Backend,
    cluster: ClusterUnderTest,
    base: str,
    made: list[Ref],
) -> None:
    ref = Ref(kind, Key(cluster.namespace if kind.namespaced else "", cluster.unique("form")))
    made.append(ref)
    page = console("new", kind=kind.name)
    if kind.namespaced:
        page.selectbox(key="new_metadata.namespace").set_value(cluster.namespace).run()
    fill(page, (("text_input", "new_metadata.name", ref.key.name), *FILLED[kind]), base)
    write_button(page, "new").click().run()
    assert not page.exception
    assert not page.error, [each.value for each in page.error]
    held = stored(backend, ref)

    path, value = CHANGES[kind][0] if kind in CHANGES else ANNOTATED
    plan = changed(backend, held, ref, path, value)
    (proposal,) = plan.proposals
    (difference,) = proposal.differences
    assert ".".join(path).startswith(difference.path)
    (result,) = backend.editing.write(plan)
    assert result.error is None
    after = stored(backend, ref)
    assert dig(after, *path) == value
    assert [each.path for each in differences(clean(held), clean(after))] == [difference.path]
