"""Import runtimes: from the address of a file, to the cluster or a namespace, compared and checked before."""

from ome_backend.resources.kinds import ACCELERATOR_CLASS, MODEL_KINDS, NAMESPACE, RUNTIME_KINDS
from pages.components import places, runtime_import
from pages.components.live import live
from pages.components.title import title

places.link(places.RUNTIMES, "Runtimes", icon=":material/arrow_back:")
title("Import runtimes")
runtime_import.ask()


@live(*RUNTIME_KINDS, *MODEL_KINDS, ACCELERATOR_CLASS, NAMESPACE, key="runtime_import")
def what_is_there() -> None:
    fetched = runtime_import.fetched()
    if fetched is None:
        return
    taken = runtime_import.chosen(fetched)
    runtime_import.preview(taken)
    runtime_import.write(taken, fetched.url)


what_is_there()
