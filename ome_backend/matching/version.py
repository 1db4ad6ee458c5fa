"""Versions of formats and frameworks, compared the way OME compares them."""

from dataclasses import dataclass
from functools import lru_cache

EQUAL = "Equal"
GREATER_THAN = "GreaterThan"
GREATER_THAN_OR_EQUAL = "GreaterThanOrEqual"

_LONGEST_UINT64 = 20


@dataclass(frozen=True, slots=True)
class Version:
    """A parsed version. `precision` counts the dotted parts given, `prefix` is `v` or empty."""

    major: int
    minor: int
    patch: int
    pre: tuple[str, ...] = ()
    build: tuple[str, ...] = ()
    dev: tuple[str, ...] = ()
    prefix: str = ""
    precision: int = 3

    @property
    def unofficial(self) -> bool:
        """Whether it is a pre-release, build or development version; it equals only itself."""
        return bool(self.pre or self.build or self.dev)

    @property
    def order(
        self,
    ) -> tuple[tuple[int, int, int], tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
        """What versions are sorted by."""
        return (self.major, self.minor, self.patch), self.pre, self.build, self.dev


@lru_cache(maxsize=4096)
def parse(text: str) -> Version | None:
    """The version `text` means; None where OME refuses it. Source: pkg/modelver/util.go, Parse.

    A dash or plus counts in the third part only, so `1.2-rc1` is refused and `1.2.0-rc1` is not.
    """
    parts = text.split(".", 2)
    prefix = "v" if parts[0].startswith("v") else ""
    patch, build = _cut(parts[2] if len(parts) > 2 else "0", "+")
    patch, pre = _cut(patch, "-")
    patch, dev = _cut(patch, ".")
    numbers = [parts[0].removeprefix("v"), parts[1] if len(parts) > 1 else "0", patch]
    if not all(map(_numeric, numbers)) or "" in (*build, *pre, *dev):
        return None
    major, minor, third = map(int, numbers)
    return Version(major, minor, third, pre, build, dev, prefix, len(parts))


def compare(left: Version, right: Version) -> int:
    """-1, 0 or 1. Prefix and precision do not count: `1`, `1.0` and `v1.0.0` are equal."""
    a, b = left.order, right.order
    return (a > b) - (a < b)


@lru_cache(maxsize=4096)
def satisfies(runtime: str, model: str, operator: str) -> bool:
    """Whether a model of version `model` suits a runtime that asks for version `runtime`.

    Mind the direction: with GreaterThan it is the runtime's version that must be greater. An empty
    operator means Equal. Source: pkg/runtimeselector/matcher.go, compareModelFormatVersions.
    """
    wanted, given = parse(runtime), parse(model)
    if wanted is None or given is None:
        return False
    order = compare(wanted, given)
    if exact(wanted, given, operator):
        return order == 0
    if (wanted.precision, wanted.prefix) != (given.precision, given.prefix):
        return False
    if operator == GREATER_THAN:
        return order == 1
    return order >= 0 if operator == GREATER_THAN_OR_EQUAL else order == 0


def exact(wanted: Version, given: Version, operator: str) -> bool:
    """Whether only the same version will do, whatever way it is written."""
    return wanted.unofficial or given.unofficial or operator in ("", EQUAL)


def asked(runtime: str, model: str, operator: str) -> str:
    """What a runtime asks of the version of a model it refuses, in words."""
    wanted, given = parse(runtime), parse(model)
    if wanted is None:
        return f"{runtime}, which OME cannot read as a version"
    if given is None:
        return f"{runtime} and OME cannot read the model's as a version"
    if exact(wanted, given, operator):
        return runtime
    if operator == GREATER_THAN:
        return f"older than {runtime}, written alike"
    return f"{runtime} or older, written alike" if operator == GREATER_THAN_OR_EQUAL else runtime


def _cut(text: str, mark: str) -> tuple[str, tuple[str, ...]]:
    """What stands before the first `mark`, and the dotted pieces after it."""
    head, found, tail = text.partition(mark)
    return head, tuple(tail.split(".")) if found else ()


def _numeric(text: str) -> bool:
    """Decimal digits without a leading zero, below 2^64."""
    if not (text.isascii() and text.isdigit()) or (text[0] == "0" and text != "0"):
        return False
    return len(text) <= _LONGEST_UINT64 and int(text) < 2**64
