"""Command-line arguments as OME changes them for an accelerator class (isvc/utils/merging.go).

A list may be one string over several lines, joined by backslashes; it stays what it is.
"""

import re
from collections.abc import Iterator, Sequence

Arguments = Sequence[str]


def merged(base: Arguments, override: Arguments) -> list[str]:
    """The base with flags of the same name replaced and new ones appended. Source: MergeArgs."""
    if not override or not base:
        return list(base or override)
    flags = dict(_grouped(_flat(base))) | dict(_grouped(_flat(override)))
    found = [word for words in flags.values() for word in words]
    return [" \\\n".join(found)] if _multiline(base) else found


def with_number(args: Arguments, flag: str, value: int) -> list[str] | None:
    """The arguments with `flag` set to `value`; None where they do not have it.

    Source: OverrideArgParam.
    """
    if not args or not _multiline(args):
        return in_list(args, flag, value)
    pattern = re.compile(re.escape(flag) + r"(?:=|[\t\n\f\r ]+)[0-9]+")
    changed, count = pattern.subn(f"{flag}={value}", args[0])
    return [changed, *args[1:]] if count else None


def in_list(args: Arguments, flag: str, value: int) -> list[str] | None:
    """The same where every argument is an element of its own, as in a command.

    Source: OverrideCommandParam, overrideKeyValueInSlice.
    """
    for index, arg in enumerate(args):
        if arg == flag and index + 1 < len(args):
            return [*args[: index + 1], str(value), *args[index + 2 :]]
        if arg.startswith(f"{flag}="):
            return [*args[:index], f"{flag}={value}", *args[index + 1 :]]
    return None


def _multiline(args: Arguments) -> bool:
    return bool(args) and _broken(args[0])


def _broken(arg: str) -> bool:
    return "\n" in arg or "\\" in arg


def _flat(args: Arguments) -> list[str]:
    lines = [line for arg in args for line in (arg.split("\n") if _broken(arg) else [arg])]
    bare = (line.strip().rstrip("\\").strip() if _broken(line) else line.strip() for line in lines)
    return [line for line in bare if line]


def _grouped(args: Arguments) -> Iterator[tuple[str, list[str]]]:
    """Each flag with its value, which may be the next argument."""
    index = 0
    while index < len(args):
        arg = args[index]
        following = args[index + 1 : index + 2]
        takes = "=" not in arg and bool(following) and not following[0].startswith("-")
        yield _key(arg), [arg, *following] if takes else [arg]
        index += 2 if takes else 1


def _key(arg: str) -> str:
    if not arg.startswith("-"):
        return arg
    return arg.partition("=")[0] if "=" in arg else arg.split()[0]
