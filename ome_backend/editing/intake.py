"""Files that were exported, taken in again: YAML, or a zip of YAML files, as one text."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final

from ome_backend.errors import Invalid
from ome_backend.schema.yaml_text import LARGEST

MOST_FILES: Final = 5_000
_ENDINGS: Final = (".yaml", ".yml", ".json")
_KUSTOMIZATIONS: Final = ("kustomization.yaml", "kustomization.yml")
_PACKED: Final = b"PK\x03\x04"
_EMPTY: Final = b"PK\x05\x06"


def text_of(name: str, data: bytes) -> str:
    """The documents of a file, whatever it is called. Raises Invalid where it is neither YAML nor a zip of it.

    Of a zip every YAML file counts but kustomizations; their overlays hold nothing else.
    """
    if data.startswith((_PACKED, _EMPTY)):
        return _unpacked(name, data)
    if len(data) > LARGEST:
        raise _too_large(name)
    return _decoded(name, data)


def _unpacked(name: str, data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            parts = list(_texts(name, opened))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as exc:
        raise Invalid(
            f"The archive {name} cannot be read.",
            reason=str(exc),
            hint="It must be a zip without a password.",
        ) from exc
    if not parts:
        raise Invalid(f"The archive {name} has no YAML file.", hint="Add files that end in .yaml.")
    return "---\n".join(part if part.endswith("\n") else f"{part}\n" for part in parts)


def _texts(name: str, opened: zipfile.ZipFile) -> Iterator[str]:
    """Read piece by piece: what an archive says of its own size may be a lie."""
    entries = [each for each in opened.infolist() if _counts(each)]
    if len(entries) > MOST_FILES:
        raise Invalid(f"The archive {name} has more than {MOST_FILES:,} files.", hint="Split it.")
    left = LARGEST
    for entry in sorted(entries, key=lambda each: each.filename):
        with opened.open(entry) as file:
            data = file.read(left + 1)
        left -= len(data)
        if left < 0:
            raise _too_large(name)
        yield _decoded(entry.filename, data)


def _counts(entry: zipfile.ZipInfo) -> bool:
    file = entry.filename.rsplit("/", 1)[-1]
    hidden = file.startswith(".") or entry.filename.startswith("__MACOSX/")
    return file.endswith(_ENDINGS) and file not in _KUSTOMIZATIONS and not hidden


def _decoded(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as exc:
        raise Invalid(
            f"The file {name} is not UTF-8 text.", reason=str(exc), hint="Save it as UTF-8."
        ) from exc


def _too_large(name: str) -> Invalid:
    size = LARGEST // 1_000_000
    return Invalid(f"What {name} holds is larger than {size} MB.", hint="Take fewer objects.")
