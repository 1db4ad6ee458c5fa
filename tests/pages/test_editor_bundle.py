"""The vendored script of the editor is what its sources build, and says whose work is in it."""

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from pages.components.editor.bundle import FILE, FOLDER, NAME, ROUTE, loader

MODULES = FOLDER / "node_modules"


def sources_of(folder: Path) -> str:
    """What build.mjs writes into the first line."""
    digest = hashlib.sha256()
    sources = sorted((folder / "src").iterdir(), key=lambda path: path.name)
    for path in (*(folder / each for each in OUTSIDE), *sources):
        digest.update(path.read_bytes())
    return digest.hexdigest()


OUTSIDE = ("build.mjs", "package.json", "package-lock.json")


def test_the_bundle_is_built_from_these_sources() -> None:
    first_line = FILE.read_text().splitlines()[0]
    assert first_line == f"// sources {sources_of(FOLDER)}", "run `make editor`"


def test_every_package_is_pinned_to_one_version() -> None:
    package = json.loads((FOLDER / "package.json").read_text())
    wanted = {**package["dependencies"], **package["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    locked = json.loads((FOLDER / "package-lock.json").read_text())["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert all("resolved" not in each for each in locked.values())


def test_licences_of_all_that_is_bundled_are_beside_it() -> None:
    notice = (FOLDER / "NOTICE").read_text()
    for name in json.loads((FOLDER / "package.json").read_text())["dependencies"]:
        assert re.search(rf"^{re.escape(name)} [\d.]+ \(MIT\)$", notice, re.MULTILINE), name


def test_the_loader_names_the_content_it_loads() -> None:
    assert re.fullmatch(r"editor\.[0-9a-f]{16}\.js", NAME)
    assert ROUTE in loader("drawEditor")


@pytest.mark.skipif(
    shutil.which("node") is None or not MODULES.is_dir(),
    reason="Node.js and the editor's packages are not installed here; `make editor` installs them",
)
def test_building_again_gives_the_same_bytes(tmp_path: Path) -> None:
    copy = tmp_path / "editor"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
    (copy / "node_modules").symlink_to(MODULES)
    (copy / "editor.js").unlink()
    subprocess.run(["node", "build.mjs"], cwd=copy, check=True, timeout=60)
    assert (copy / "editor.js").read_bytes() == FILE.read_bytes()
    assert (copy / "NOTICE").read_text() == (FOLDER / "NOTICE").read_text()
