"""Objects of a live cluster, read through a kubeconfig's context. Nothing is ever written."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace

from ome_backend.admission.service_defaults import CONFIG
from ome_backend.cli.objects import Given
from ome_backend.config import Settings, read_settings
from ome_backend.errors import Forbidden, NotInstalled
from ome_backend.kube import kubeconfig
from ome_backend.kube.access import connect_kubeconfig
from ome_backend.kube.client import Client
from ome_backend.resources import kinds
from ome_backend.resources.kind import Kind
from ome_backend.resources.manifest import Manifest

_PAGE = 500


def listed(
    context: str, wanted: Sequence[Kind], namespace: str
) -> tuple[list[Given], Mapping[Kind, str]]:
    """The objects of some kinds, and why others could not be seen.

    A `namespace` limits OME's kinds; of config maps only OME's own are read. Raises BadSettings or
    Unauthenticated for the kubeconfig, OmeError when the cluster does not answer.
    """
    settings = replace(read_settings(), read_only=True)
    client = Client(connect_kubeconfig(kubeconfig.default(), context, settings), settings)
    found: list[Given] = []
    unseen = {}
    for kind in wanted:
        try:
            within = _within(kind, namespace, settings)
            found += ((kind, each) for each in _pages(client, kind, within))
        except (Forbidden, NotInstalled) as error:
            unseen[kind] = error.reason or error.message
    return [*found, *_configuration(client, wanted)], unseen


def _within(kind: Kind, namespace: str, settings: Settings) -> str | None:
    """Pods of every namespace hold GPUs; config maps of other namespaces are nobody's business here."""
    if kind == kinds.CONFIG_MAP:
        return settings.ome_namespace
    return namespace or None if kind in kinds.OME_KINDS and kind.namespaced else None


def _pages(client: Client, kind: Kind, namespace: str | None) -> Iterator[Manifest]:
    page = client.list(kind, namespace, limit=_PAGE)
    yield from page.items
    while page.cont:
        page = client.list(kind, namespace, limit=_PAGE, cont=page.cont)
        yield from page.items


def _configuration(client: Client, wanted: Sequence[Kind]) -> Iterator[Given]:
    """OME's own configuration, which decides what services are filled in with; it may be hidden."""
    if kinds.INFERENCE_SERVICE in wanted and kinds.CONFIG_MAP not in wanted:
        with suppress(Forbidden):
            found = client.get(kinds.CONFIG_MAP, CONFIG)
            if found is not None:
                yield kinds.CONFIG_MAP, found
