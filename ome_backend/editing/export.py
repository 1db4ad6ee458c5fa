"""Objects as files that others can apply: clean YAML in the order of dependency, the same bytes each time."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Final

from ome_backend.editing.cleaning import OF_ONE_OBJECT, clean
from ome_backend.editing.masking import masked, secret
from ome_backend.editing.ordering import rank
from ome_backend.resources.manifest import Manifest, key_of, mapping, text
from ome_backend.schema.yaml_text import dump

Files = Mapping[str, str]

WITHOUT_VALUES: Final = (
    "# The values are left out. As it is, the API server refuses it; fill them in first.\n"
)
_FIRST_MOMENT: Final = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can say


def exported(raw: Manifest) -> Manifest:
    """What a person would write: without what belongs to this one cluster, and without secret values."""
    kept = masked(clean(raw))
    metadata = mapping(kept, "metadata")
    mine = {name: value for name, value in metadata.items() if name not in OF_ONE_OBJECT}
    return kept | {"metadata": mine}


def ordered(objects: Iterable[Manifest]) -> list[Manifest]:
    """By dependency, kind, namespace and name."""
    return sorted(objects, key=_place)


def yaml_of(objects: Iterable[Manifest]) -> str:
    """All objects as documents of one text."""
    return "---\n".join(document(each) for each in ordered(objects))


def document(raw: Manifest) -> str:
    """One object as a document."""
    note = WITHOUT_VALUES if secret(raw) else ""
    return note + dump(exported(raw))


def file_name(raw: Manifest) -> str:
    """A name for the object's own file: `kind-name.yaml`, with its namespace where it has one."""
    key = key_of(raw)
    parts = (text(raw, "kind").lower(), key.namespace, key.name)
    return "-".join(part.replace(":", "_") for part in parts if part) + ".yaml"


def archive(files: Files) -> bytes:
    """The files as a zip that depends on nothing but them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as opened:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _FIRST_MOMENT)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            opened.writestr(entry, files[name].encode())
    return packed.getvalue()


def _place(raw: Manifest) -> tuple[int, str, str, str]:
    key = key_of(raw)
    return rank(text(raw, "kind")), text(raw, "kind"), key.namespace, key.name
