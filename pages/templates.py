"""Templates: what to start from, by kind and use."""

from ome_backend.editing.commands import listing
from ome_backend.resources.kinds import CONFIG_MAP
from ome_backend.services.templates import LABEL
from pages.components import template_shelf
from pages.components.command import as_command
from pages.components.session import backend
from pages.components.title import title

title("Templates")
library = backend().templates.all()
template_shelf.failures(library)
template_shelf.from_address()
template_shelf.shelf(library)
as_command(
    listing(CONFIG_MAP, namespace=backend().settings.ome_namespace, labels=LABEL, output="yaml"),
    label="A team's own templates as a command",
)
