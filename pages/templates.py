"""Templates: what to start from, by kind and use."""

from pages.components import template_shelf
from pages.components.session import backend
from pages.components.title import title

title("Templates")
library = backend().templates.all()
template_shelf.failures(library)
template_shelf.from_address()
template_shelf.shelf(library)
