"""Templates from everywhere: the library, a folder, config maps of OME's namespace, an address."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache as once
from pathlib import Path

from ome_backend.config import Settings
from ome_backend.editing import filling, templates
from ome_backend.editing.templates import Template
from ome_backend.errors import Invalid, NotFound, OmeError
from ome_backend.kube.client import Client
from ome_backend.remote import Remote
from ome_backend.resources.kinds import CONFIG_MAP
from ome_backend.resources.manifest import key_of, mapping

LIBRARY = Path(__file__).parents[1] / "templates"
LABEL = "ome.io/console-templates=true"
FRESH = 30.0  # seconds that a folder's and the config maps' templates are taken for current
OURS = "the library"
MOST_FILES = 500


@dataclass(frozen=True, slots=True)
class Library:
    """The templates there are, by use and title, and what could not be read."""

    templates: tuple[Template, ...]
    failures: tuple[OmeError, ...] = ()

    def named(self, name: str) -> Template | None:
        return next((each for each in self.templates if each.name == name), None)


class Templates:
    """Safe for use from many threads."""

    def __init__(
        self,
        client: Client,
        settings: Settings,
        remote: Remote | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._folder = settings.templates_dir
        self._namespace = settings.ome_namespace
        self._remote = remote or Remote(settings.template_hosts)
        self._clock = clock
        self._reading = threading.Lock()
        self._held: tuple[float, Library] | None = None

    @property
    def hosts(self) -> tuple[str, ...]:
        """Where templates may be read from by their address."""
        return self._remote.hosts

    def all(self) -> Library:
        """Every template; of two with one name a team's own counts. Read anew after a while."""
        with self._reading:
            if self._held is None or self._clock() >= self._held[0] + FRESH:
                self._held = (self._clock(), self._read())
            return self._held[1]

    def forget(self) -> None:
        """Have the next call read everything again."""
        with self._reading:
            self._held = None

    def fetch(self, url: str) -> Template:
        """The template at an address, which is kept nowhere. Raises OmeError where it cannot be had."""
        return templates.read(self._remote.read(url), url.strip())

    def _read(self) -> Library:
        found = {each.name: each for each in ours()}
        failures: list[OmeError] = []
        for source in (self._in_folder, self._in_config_maps):
            try:
                for written, origin in source(failures):
                    _take(written, origin, found, failures)
            except OmeError as failure:
                failures.append(failure)
        return Library(tuple(sorted(found.values(), key=_by_use)), tuple(failures))

    def _in_folder(self, failures: list[OmeError]) -> Iterator[tuple[str, str]]:
        if not self._folder:
            return
        folder = Path(self._folder).expanduser()
        if not folder.is_dir():
            raise NotFound(
                f"There is no folder {folder}, where templates should be.",
                hint="OME_TEMPLATES_DIR names it; in a pod it must be mounted.",
            )
        for path in sorted(folder.glob("*.yaml"))[:MOST_FILES]:
            try:
                yield _text_of(path), f"the file {path.name}"
            except OmeError as failure:
                failures.append(failure)

    def _in_config_maps(self, _: list[OmeError]) -> Iterator[tuple[str, str]]:
        for held in self._client.list(CONFIG_MAP, self._namespace, labels=LABEL).items:
            for name, written in sorted(mapping(held, "data").items()):
                if name.endswith(".yaml") and isinstance(written, str):
                    yield written, f"the config map {key_of(held)}, {name}"


@once
def ours() -> tuple[Template, ...]:
    """The templates that come with the console."""
    return tuple(
        templates.read(path.read_text("utf-8"), OURS) for path in sorted(LIBRARY.glob("*.yaml"))
    )


def manifests(template: Template, values: Mapping[str, str]) -> str:
    """What the template makes of the values, with what leads back to it. Raises Invalid for wrong values."""
    return filling.marked(filling.filled(template, values), template, values)


def _take(written: str, origin: str, found: dict[str, Template], failures: list[OmeError]) -> None:
    try:
        template = templates.read(written, origin)
    except OmeError as failure:
        failures.append(failure)
    else:
        found[template.name] = template


def _text_of(path: Path) -> str:
    try:
        if path.stat().st_size > 4 * templates.LARGEST:
            raise Invalid(f"The file {path.name} is too large for a template.", hint="Shorten it.")
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        hint = "It must be readable for the console, and UTF-8."
        raise Invalid(f"The file {path.name} cannot be read.", reason=str(exc), hint=hint) from exc


def _by_use(template: Template) -> tuple[int, str]:
    return templates.USES.index(template.use), template.title
