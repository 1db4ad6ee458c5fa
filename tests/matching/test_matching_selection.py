"""Which runtime OME takes of several, and what it says when it takes none."""

from hypothesis import given
from hypothesis import strategies as st

from ome_backend.matching import score
from ome_backend.matching.selection import NO_FORMAT, match, validate
from ome_backend.matching.verdict import Ranking
from ome_backend.resources.runtime import Runtime
from tests.matching.examples import entry, model, runtime, service, size_range


def names(ranking: Ranking) -> list[str]:
    return [str(verdict.runtime.key) for verdict in ranking.verdicts]


def test_runtimes_come_in_omes_order() -> None:
    runtimes = [
        runtime("rejected", disabled=True),
        runtime("unselected", entry(autoSelect=False)),
        runtime("b-tight", modelSizeRange=size_range("7B", "9B")),
        runtime("a-wide", modelSizeRange=size_range("1B", "90B")),
        runtime("a-open"),
        runtime("z-high", entry(priority=2)),
        runtime("own", namespace="demo"),
        runtime("foreign", namespace="other"),
    ]
    ranking = match(model(), runtimes, namespace="demo")
    expected = ["demo/own", "z-high", "a-open", "b-tight", "a-wide", "unselected", "rejected"]
    assert names(ranking) == expected
    assert [verdict.rank for verdict in ranking.verdicts] == [1, 2, 3, 4, 5, None, None]
    assert ranking.selected is ranking.verdicts[0]
    assert ranking.error == ""


def test_names_decide_between_equals() -> None:
    ranking = match(model(), [runtime("b"), runtime("c"), runtime("a")], namespace="demo")
    assert names(ranking) == ["a", "b", "c"]


def test_rounding_errors_of_sizes_are_ties() -> None:
    sized = model(modelParameterSize="7.11B")
    ranges = {"a": ("1.1B", "10.2B"), "b": ("1.3B", "10.4B"), "c": ("2.7B", "11.8B")}
    runtimes = [runtime(name, modelSizeRange=size_range(*ends)) for name, ends in ranges.items()]
    assert names(match(sized, runtimes, namespace="demo")) == ["a", "b", "c"]


def test_a_model_without_format_is_refused_at_once() -> None:
    for empty in (None, {"name": ""}):
        nameless = runtime("rt", entry(modelFormat={"name": ""}))
        ranking = match(model(modelFormat=empty), [nameless], namespace="demo")
        assert (ranking.selected, ranking.error) == (None, NO_FORMAT)
        (verdict,) = ranking.verdicts
        assert (verdict.compatible, verdict.auto_selectable) == (True, False)


def test_nothing_found_is_told_with_the_reasons_in_order() -> None:
    runtimes = [
        runtime("b", disabled=True),
        runtime("a", namespace="demo", modelSizeRange=size_range("1B", "2B")),
        runtime("unselected", entry(autoSelect=False)),
    ]
    assert match(model(), runtimes, namespace="demo").error == (
        "no runtime found to support model safetensors with format safetensors in namespace demo."
        " Checked 3 runtimes (1 namespace-scoped, 2 cluster-scoped). Excluded runtimes:"
        " a (model size 8B is outside supported range [1B, 2B]); b (runtime is disabled)"
    )


def test_no_runtime_at_all_is_told_shortly() -> None:
    ranking = match(model(), [runtime("x", namespace="other")], namespace="demo")
    assert ranking.verdicts == ()
    assert ranking.error == (
        "no runtime found to support model safetensors with format safetensors in namespace demo"
    )


def test_a_runtime_that_crashes_ome_keeps_it_from_selecting_any() -> None:
    good, bad = runtime("good"), runtime("bad", modelSizeRange={"min": "1B"})
    ranking = match(model(), [good, bad], namespace="demo")
    assert ranking.selected is None
    assert ranking.error.startswith("OME's controller crashes on runtime bad: modelSizeRange has")
    assert (names(ranking), ranking.verdicts[0].rank) == (["good", "bad"], 1)


def test_a_named_runtime_needs_no_auto_select() -> None:
    found = validate(
        model(), "rt", [runtime("rt", entry(autoSelect=False))], None, namespace="demo"
    )
    assert found.accepted
    assert found.verdict is not None
    assert not found.verdict.auto_selectable


def test_a_named_runtime_is_looked_for_in_the_namespace_first() -> None:
    runtimes = [runtime("rt"), runtime("rt", namespace="demo", disabled=True)]
    found = validate(model(), "rt", runtimes, None, namespace="demo")
    assert found.error == "namespace-scoped runtime rt is disabled"
    assert validate(model(), "rt", runtimes, None, namespace="else").accepted


def test_a_named_runtime_is_refused_in_omes_words() -> None:
    small = runtime("rt", modelSizeRange=size_range("1B", "2B"))
    asking = service(acceleratorSelector={"acceleratorClass": "h100"})
    errors = [
        validate(model(), "none", [small], None, namespace="demo").error,
        validate(model(), "rt", [small], None, namespace="demo").error,
        validate(model(), "rt", [small], asking, namespace="demo").error,
        validate(model(modelFormat=None), "none", [small], None, namespace="demo").error,
        validate(model(), "rt", [runtime(disabled=True)], None, namespace="demo").error,
    ]
    assert errors == [
        "runtime none not found in namespace demo or at cluster scope",
        "runtime rt does not support model safetensors:"
        " model size 8B is outside supported range [1B, 2B]",
        "runtime rt does not support model : runtime does not support the required accelerator"
        " class",
        NO_FORMAT,
        "cluster-scoped runtime rt is disabled",
    ]


def test_a_named_runtime_that_crashes_ome_is_refused() -> None:
    bad = runtime("rt", modelSizeRange={"max": "9B"})
    found = validate(model(), "rt", [bad], None, namespace="demo")
    assert found.error.startswith(
        "OME's controller crashes on runtime rt: modelSizeRange has no min"
    )


sizes = st.sampled_from(["1B", "7B", "7.11B", "8B", "8030261248", "13B", "inf", "NaN", "", "7b"])
keys = st.tuples(st.integers(0, 3), st.floats(), st.booleans(), st.sampled_from("abc"))


@st.composite
def runtime_sets(draw: st.DrawFn) -> list[Runtime]:
    """Runtimes with distinct names per scope, many of them equally good."""
    places = st.tuples(st.sampled_from("abcdef"), st.sampled_from(["", "demo", "other"]))
    found = []
    for name, namespace in draw(st.lists(places, unique=True)):
        spec = {}
        if draw(st.booleans()):
            spec["modelSizeRange"] = size_range(draw(sizes), draw(sizes))
        made = entry(
            priority=draw(st.integers(1, 2)), autoSelect=draw(st.sampled_from([True, False]))
        )
        found.append(runtime(name, made, namespace=namespace, **spec))
    return found


@given(st.data(), runtime_sets(), sizes)
def test_the_order_does_not_depend_on_the_order_given(
    data: st.DataObject, runtimes: list[Runtime], written: str
) -> None:
    sized = model(modelParameterSize=written)
    shuffled = data.draw(st.permutations(runtimes))
    first, second = (match(sized, found, namespace="demo") for found in (runtimes, shuffled))
    assert first == second
    visible = [one for one in runtimes if one.key.namespace in ("", "demo")]
    assert len(first.verdicts) == len(visible)


@given(keys, keys)
def test_the_order_is_total_and_antisymmetric(
    left: tuple[int, float, bool, str], right: tuple[int, float, bool, str]
) -> None:
    a, b = score.precedence(*left), score.precedence(*right)
    assert (a < b) + (b < a) + (a == b) == 1


@given(st.lists(keys, min_size=3, max_size=3))
def test_the_order_is_transitive(three: list[tuple[int, float, bool, str]]) -> None:
    a, b, c = (score.precedence(*one) for one in three)
    assert not (a <= b and b <= c) or a <= c


@given(runtime_sets(), sizes)
def test_a_runtime_more_does_not_turn_two_others_around(
    runtimes: list[Runtime], written: str
) -> None:
    sized = model(modelParameterSize=written)
    everything = names(match(sized, runtimes, namespace="demo"))
    fewer = match(sized, runtimes[1:], namespace="demo")
    assert names(fewer) == [name for name in everything if name in set(names(fewer))]
