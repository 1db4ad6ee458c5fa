"""A manifest as YAML that a person likes to read."""

from typing import Any

import yaml

from ome_backend.resources.manifest import Manifest
from ome_backend.schema import yaml_scalar

_FIRST = ("apiVersion", "kind", "metadata", "spec", "status")
_NO_FOLDING = 2**31 - 1


def dump(manifest: Manifest) -> str:
    """Block style, the usual fields first, long texts as `|`; `parse` reads the same value back."""
    ordered = {name: manifest[name] for name in _FIRST if name in manifest}
    return block(ordered | manifest)


def block(value: Any, *, indent_lists: bool = False) -> str:
    """Any value in block style, ending in a line feed; `indent_lists` puts lists deeper than their key."""
    text: str = yaml.dump(
        value,
        Dumper=_IndentingDumper if indent_lists else _Dumper,
        sort_keys=False,
        default_flow_style=False,
        allow_unicode=True,
        width=_NO_FOLDING,
    )
    return text[:-4] if text.endswith("\n...\n") else text  # what PyYAML ends a bare word with


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """PyYAML is configured by subclassing. Parts that an object shares do not become aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


class _IndentingDumper(yaml.SafeDumper):
    """The same in Python, whose emitter can be told where lists stand."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else "'" if _reads_as_something_else(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _reads_as_something_else(text: str) -> bool:
    try:
        return text == "<<" or yaml_scalar.resolve(text) is not text
    except ValueError:
        return True


for _each in (_Dumper, _IndentingDumper):
    _each.add_representer(str, _text)
