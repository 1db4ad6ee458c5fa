"""How OME reads and compares versions."""

import pytest

from ome_backend.matching import version


@pytest.mark.parametrize(
    ("text", "readable"),
    [
        pytest.param("1", True, id="one part"),
        pytest.param("v1.2", True, id="a small v before it"),
        pytest.param("1.2.3-rc1", True, id="pre-release in the third part"),
        pytest.param("1.2.3.4", True, id="a fourth part is a development version"),
        pytest.param("", False, id="empty"),
        pytest.param("V1.0", False, id="a capital V"),
        pytest.param("1.2-rc1", False, id="pre-release in the second part"),
        pytest.param("1.", False, id="a part missing"),
        pytest.param("01.2.3", False, id="a leading zero"),
        pytest.param("1.2.3+", False, id="an empty build"),
        pytest.param("18446744073709551616", False, id="more than 64 bits"),
        pytest.param("9" * 5000, False, id="absurdly long"),
        pytest.param("١.٢", False, id="other digits than ours"),
    ],
)
def test_only_versions_that_ome_reads_are_read(text: str, readable: bool) -> None:
    assert (version.parse(text) is not None) is readable


@pytest.mark.parametrize(
    ("runtime", "model", "operator", "fits"),
    [
        pytest.param("1.0.0", "1.0.0", "Equal", True, id="equal"),
        pytest.param("v1", "1.0.0", "", True, id="equal although written differently"),
        pytest.param("1.0.0", "1.0.1", "", False, id="not equal"),
        pytest.param("2.0.0", "1.0.0", "GreaterThan", True, id="the runtime is newer"),
        pytest.param("1.0.0", "2.0.0", "GreaterThan", False, id="the model is newer"),
        pytest.param("1.0.0", "1.0.0", "GreaterThan", False, id="same is not greater"),
        pytest.param("1.0.0", "1.0.0", "GreaterThanOrEqual", True, id="same is greater or equal"),
        pytest.param("2.0", "1.0.0", "GreaterThan", False, id="different precision"),
        pytest.param("v2.0", "1.0", "GreaterThan", False, id="different prefix"),
        pytest.param("2.0.0", "1.0.0.dev0", "GreaterThan", False, id="the model is unofficial"),
        pytest.param("2.0.0+cu12", "1.0.0", "GreaterThan", False, id="the runtime is unofficial"),
        pytest.param("1.0.0", "1.0.0", "LessThan", True, id="an unknown operator means equal"),
        pytest.param("latest", "latest", "", False, id="what cannot be read never fits"),
    ],
)
def test_operators_hold_from_the_runtimes_side(
    runtime: str, model: str, operator: str, fits: bool
) -> None:
    assert version.satisfies(runtime, model, operator) is fits


@pytest.mark.parametrize(
    ("runtime", "model", "operator", "words"),
    [
        ("1.0.0", "2.0.0", "", "1.0.0"),
        ("1.0.0", "2.0.0", "GreaterThanOrEqual", "1.0.0 or older, written alike"),
        ("1.0.0", "1.0.0", "GreaterThan", "older than 1.0.0, written alike"),
        ("4.0.0", "3.0.0.dev0", "GreaterThan", "4.0.0"),
        ("1.0.0", "2.0.0", "LessThan", "1.0.0"),
        ("new", "1.0.0", "", "new, which OME cannot read as a version"),
        ("1.0.0", "new", "", "1.0.0 and OME cannot read the model's as a version"),
    ],
)
def test_a_refused_version_is_explained(
    runtime: str, model: str, operator: str, words: str
) -> None:
    assert not version.satisfies(runtime, model, operator)
    assert version.asked(runtime, model, operator) == words
