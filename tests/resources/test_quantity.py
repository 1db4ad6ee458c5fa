"""Quantities are read as Kubernetes reads them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ome_backend.resources.quantity import count, quantity

_SUFFIXES = {
    "n": (10, -9),
    "u": (10, -6),
    "m": (10, -3),
    "": (10, 0),
    "k": (10, 3),
    "M": (10, 6),
    "G": (10, 9),
    "T": (10, 12),
    "P": (10, 15),
    "E": (10, 18),
    "Ki": (2, 10),
    "Mi": (2, 20),
    "Gi": (2, 30),
    "Ti": (2, 40),
    "Pi": (2, 50),
    "Ei": (2, 60),
}


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("2", "2"),
        (2, "2"),
        (0.5, "0.5"),
        ("+2", "2"),
        ("-2", "-2"),
        ("007", "7"),
        ("1.", "1"),
        (".5", "0.5"),
        ("1.5Gi", str(3 * 2**29)),
        ("500m", "0.5"),
        ("250u", "0.00025"),
        ("3n", "3e-9"),
        ("1k", "1000"),
        ("1E", "1e18"),
        ("1e3", "1000"),
        ("1E3", "1000"),
        ("1E-3", "0.001"),
        ("12e+6", "12000000"),
        ("100n", "1e-7"),
        ("0.5n", "1e-9"),
        ("-0.5n", "-1e-9"),
        ("1.0000000001", "1.000000001"),
        ("16Ei", str(2**63 - 1)),
        ("-16Ei", str(1 - 2**63)),
        ("1e999999999999", str(2**63 - 1)),
        ("1e-999999999999", "1e-9"),
        ("0e999999999999", "0"),
    ],
    ids=str,
)
def test_a_quantity_is_the_number_kubernetes_takes_it_for(written: object, number: str) -> None:
    assert quantity(written) == Decimal(number)


@pytest.mark.parametrize(
    "written",
    [
        *("", " ", " 1", "1 ", "1 Gi", "\t1", "1\n", "Gi", ".", "+", "-", "--1", "+-1"),
        *("1i", "1ki", "1K", "1g", "1gi", "1mi", "1GiB", "1Gi1", "1mm", "1Mi2", "1.2.3", "1,5"),
        *("1e", "1e+", "1e1.5", "1ee3", "1e3Gi", "0x10", "inf", "nan", "1_000", "aoeu", "٣"),
        *(None, True, [], {}, float("inf"), float("nan")),
    ],
    ids=repr,
)
def test_anything_else_is_no_quantity(written: object) -> None:
    assert quantity(written) is None


@given(st.integers(-(10**9), 10**9), st.sampled_from(sorted(_SUFFIXES)))
def test_a_suffix_multiplies(number: int, suffix: str) -> None:
    base, power = _SUFFIXES[suffix]
    exact = Decimal(number) * Decimal(base) ** power
    largest = Decimal(2**63 - 1)
    assert quantity(f"{number}{suffix}") == max(-largest, min(largest, exact))


@given(st.integers(-(10**6), 10**6), st.integers(-9, 12), st.sampled_from("eE"))
def test_an_exponent_multiplies(number: int, exponent: int, letter: str) -> None:
    assert quantity(f"{number}{letter}{exponent}") == Decimal(number).scaleb(exponent)


@given(st.text(max_size=12))
def test_no_text_is_too_strange(written: str) -> None:
    found = quantity(written)
    assert found is None or abs(found) < 2**63


@pytest.mark.parametrize(
    ("written", "number"), [("8", 8), (8, 8), ("1.2", 2), ("500m", 1), ("", 0), (None, 0)], ids=str
)
def test_a_part_of_a_thing_counts_as_one(written: object, number: int) -> None:
    assert count(written) == number
