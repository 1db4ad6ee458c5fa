"""Changing a YAML text where it must change: comments, order and everything else stay as they were."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import SingleQuotedScalarString

from ome_backend.resources.manifest import Manifest
from ome_backend.schema.yaml_dump import dump


def edit(text: str, change: Callable[[Manifest], Manifest]) -> str:
    """The text after `change` of its one document; a text without a document begins a new one.

    `text` must be YAML that `yaml_text.parse` takes without a problem.
    """
    editor = YAML()
    editor.preserve_quotes = True
    editor.width = 4096
    held = editor.load(text)
    if not held:
        return dump(change({}))
    out = StringIO()
    editor.dump(_quoted(change(held)), out)
    return out.getvalue()


def _quoted(value: Any) -> Any:
    """Strings that Kubernetes, which reads YAML 1.1, would take for something else are put in quotes."""
    if isinstance(value, dict):
        for name in value:
            value[name] = _quoted(value[name])
    elif isinstance(value, list):
        for index, item in enumerate(value):
            value[index] = _quoted(item)
    elif type(value) is str and not isinstance(yaml.safe_load(value or "''"), str):
        return SingleQuotedScalarString(value)
    return value
