"""The only wiring: settings, the cluster behind them, the watch cache, and what a person does with it."""

from dataclasses import dataclass

from ome_backend.config import Settings
from ome_backend.hub.hub import Hub, open_hub
from ome_backend.kube import access
from ome_backend.kube.access import Access
from ome_backend.kube.cache import Cache
from ome_backend.kube.client import Client
from ome_backend.remote import Remote
from ome_backend.sandbox.server import Sandbox
from ome_backend.services.belongings import Belongings
from ome_backend.services.compare import Compare
from ome_backend.services.compatibility import Compatibility
from ome_backend.services.deploy import Deploy
from ome_backend.services.doctor import Doctor
from ome_backend.services.downloads import Downloads
from ome_backend.services.editing import Editing
from ome_backend.services.events import Events
from ome_backend.services.export import Export
from ome_backend.services.history import History
from ome_backend.services.holdings import Holdings
from ome_backend.services.hub_models import HubModels
from ome_backend.services.import_writing import Imports
from ome_backend.services.importing import Importing
from ome_backend.services.logs import Logs
from ome_backend.services.models import Models
from ome_backend.services.monitoring import Monitors
from ome_backend.services.namespaces import Namespaces
from ome_backend.services.nodes import Nodes
from ome_backend.services.overview import Overview
from ome_backend.services.planner import Planner
from ome_backend.services.removal import Removals
from ome_backend.services.retrying import Retries
from ome_backend.services.runtime_import import RuntimeImport
from ome_backend.services.runtimes import Runtimes
from ome_backend.services.schemas import ClusterSchemas
from ome_backend.services.secrets import Secrets
from ome_backend.services.serving import Serving
from ome_backend.services.templates import Templates
from ome_backend.services.upstream import Upstream

MEMORY = ":memory:"


@dataclass(frozen=True)
class Backend:
    """Everything the pages and the API stand on, for one cluster."""

    settings: Settings
    access: Access
    client: Client
    hub: Hub
    hub_models: HubModels
    upstream: Upstream
    importing: Importing
    imports: Imports
    cache: Cache
    models: Models
    downloads: Downloads
    retries: Retries
    runtimes: Runtimes
    runtime_import: RuntimeImport
    serving: Serving
    deploy: Deploy
    overview: Overview
    compatibility: Compatibility
    planner: Planner
    doctor: Doctor
    schemas: ClusterSchemas
    editing: Editing
    removals: Removals
    events: Events
    holdings: Holdings
    namespaces: Namespaces
    nodes: Nodes
    secrets: Secrets
    templates: Templates
    export: Export
    compare: Compare
    history: History
    logs: Logs
    sandbox: Sandbox | None

    def close(self) -> None:
        """Stop watching, and the sandbox if this console started one."""
        self.logs.close()
        self.cache.stop()
        if self.sandbox is not None:
            self.sandbox.stop()


def open_backend(settings: Settings) -> Backend:
    """Connect and start watching; returns at once, the cache fills in the background.

    Raises OmeError when what the settings ask for cannot be used, such as a context that does not exist.
    """
    found = access.connect(settings)
    sandbox = _sandbox(settings) if found is None else None
    if sandbox is not None:
        found = access.connect_kubeconfig(sandbox.kubeconfig(), "", settings, source="sandbox")
    assert found is not None
    client = Client(found, settings)
    cache = Cache(client, settings)
    runtimes = Runtimes(cache)
    belongings = Belongings(cache)
    downloads = Downloads(cache, settings)
    models = Models(cache, runtimes, downloads)
    serving = Serving(cache, runtimes, belongings)
    schemas = ClusterSchemas(client)
    secrets = Secrets(client, cache, settings)
    editing = Editing(client, cache, schemas, settings.ome_namespace)
    overview = Overview(cache, models, serving, belongings)
    history = History(cache)
    importing = Importing(client, cache, downloads, settings)
    hub = open_hub(settings)
    cache.start()
    return Backend(
        settings=settings,
        access=found,
        client=client,
        hub=hub,
        hub_models=HubModels(cache, models, runtimes, overview),
        upstream=Upstream(hub, downloads),
        importing=importing,
        imports=Imports(client, editing, importing),
        cache=cache,
        models=models,
        downloads=downloads,
        retries=Retries(client, cache, downloads),
        runtimes=runtimes,
        runtime_import=RuntimeImport(cache, Remote(settings.template_hosts)),
        serving=serving,
        deploy=Deploy(client, cache, editing),
        overview=overview,
        compatibility=Compatibility(cache, models, runtimes),
        planner=Planner(cache, models, runtimes, overview.nodes),
        doctor=Doctor(cache, settings.ome_namespace, monitors=Monitors(client).now),
        schemas=schemas,
        editing=editing,
        events=Events(cache, belongings),
        holdings=Holdings(cache, overview),
        nodes=Nodes(cache, downloads),
        namespaces=Namespaces(cache, settings),
        secrets=secrets,
        removals=Removals(client, cache, models, serving, secrets, settings),
        templates=Templates(client, settings),
        export=Export(client, cache),
        compare=Compare(client, cache, schemas),
        history=history,
        logs=Logs(client),
        sandbox=sandbox,
    )


def _sandbox(settings: Settings) -> Sandbox:
    kept = None if str(settings.sandbox_file) == MEMORY else settings.sandbox_file.expanduser()
    sandbox = Sandbox(kept, speed=settings.sandbox_speed)
    sandbox.start()
    return sandbox
