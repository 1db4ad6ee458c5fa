"""How many of OME's recorded answers the tests compared, for the end of the test output."""

import re
from collections import Counter
from collections.abc import Iterable

import pytest

_COMPARED = re.compile(r"^([\w-]+): (\d+) answers compared$", re.MULTILINE)
# Tests that take one recorded case each, and which recordings they take it from.
_ONE_BY_ONE = {
    "test_a_webhook_answers_as_the_real_one_did": "oracle-webhook",
    "test_a_rule_decides_as_omes_own_tests_expect": "go-webhook and others of admission",
    "test_the_controllers_answers_are_omes": "go-isvc and others of the controllers",
    "test_a_reconcile_leaves_what_omes_leaves": "oracle-reconcile",
    "test_recorded_cases_come_out_as_on_an_api_server": "oracle-crd",
}


def compared(passed: Iterable[pytest.TestReport]) -> Counter[str]:
    """Answers by recording, from the reports of tests that passed."""
    found: Counter[str] = Counter()
    for report in passed:
        for name, number in _COMPARED.findall(getattr(report, "capstdout", "")):
            found[name] += int(number)
        function = report.nodeid.rpartition("::")[2].partition("[")[0]
        if function in _ONE_BY_ONE:
            found[_ONE_BY_ONE[function]] += 1
    return found


def summary(passed: Iterable[pytest.TestReport]) -> list[str]:
    """Lines for the end of the output; none where no recordings were compared."""
    found = compared(passed)
    if not found:
        return []
    lines = [f"  {name}: {number:,}" for name, number in sorted(found.items())]
    return [f"OME's recorded answers that come out the same here: {found.total():,}", *lines]
