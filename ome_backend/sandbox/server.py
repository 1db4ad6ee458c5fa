"""The sandbox as a whole: the API server on a loopback port, and the simulation behind it."""

import logging
import secrets
import threading
from collections import Counter
from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import yaml

from ome_backend import admission
from ome_backend.errors import AlreadyExists
from ome_backend.resources.kind import Kind
from ome_backend.resources.kinds import CUSTOM_RESOURCE_DEFINITION, NAMESPACE, OME_KINDS
from ome_backend.resources.manifest import Manifest
from ome_backend.sandbox import lifecycle, log_requests, simulation
from ome_backend.sandbox.access import USER, Deny
from ome_backend.sandbox.api import Api
from ome_backend.sandbox.faults import Fault, When
from ome_backend.sandbox.objects import HISTORY, Objects
from ome_backend.sandbox.pod_logs import PodLogs
from ome_backend.sandbox.registry import Registry
from ome_backend.sandbox.serving import HOST, Serving
from ome_backend.sandbox.status import StatusError
from ome_backend.schema import crds

_NAMESPACES = ("default", "kube-system", "kube-public", "kube-node-lease")
_TURN = 0.25
_NAME = "ome-sandbox"
_log = logging.getLogger(__name__)


class Sandbox:
    """A cluster in this process, with OME's kinds and webhooks and simulated controllers.

    `file` None keeps everything in memory; `port` 0 takes a free one; `speed` is that of simulated
    time. `deny` forbids (verb, plural) pairs, `without` names plurals that are not installed.
    `webhooks` False leaves a bare API server; `history` is how many changes a watch can go back.
    """

    def __init__(
        self,
        file: Path | None = None,
        *,
        port: int = 0,
        simulate: bool = True,
        seed: bool = True,
        speed: float = 1.0,
        deny: Deny = (),
        without: Collection[str] = (),
        webhooks: bool = True,
        history: int = HISTORY,
    ) -> None:
        self.objects = Objects(file, history=history)
        self.logs = PodLogs()
        self.token = secrets.token_urlsafe(24)
        self._port, self._simulate, self._seed, self._speed = port, simulate, seed, speed
        self._turns = threading.Lock()
        self._stopping = threading.Event()
        self._serving: Serving | None = None
        self._simulating: threading.Thread | None = None
        review = self._review if webhooks else _as_it_is
        self._api = Api(self.objects, self.logs, Registry(without), review, self.token)
        self._api.rules.deny = deny
        self.objects.subscribe(lambda _type, kind, _raw: self._api.bell.ring(kind.resource))
        self.logs.subscribe(lambda ns, pod: self._api.bell.ring(log_requests.log_topic(ns, pod)))

    @property
    def url(self) -> str:
        """The address of the API server; its port is known once it has been started."""
        return f"http://{HOST}:{self._port}"

    @property
    def requests(self) -> Counter[tuple[str, str]]:
        """How many requests there were, by (verb, plural); a subresource stands as `pods/log`."""
        return self._api.requests

    @property
    def deny(self) -> Deny:
        """What is forbidden; may be set at any time."""
        return self._api.rules.deny

    @deny.setter
    def deny(self, deny: Deny) -> None:
        self._api.rules.deny = deny

    def fail_with(
        self,
        status: int,
        *,
        times: int | None = 1,
        when: When = lambda _verb, _plural: True,
        retry_after: int | None = None,
        delay: float = 0.0,
    ) -> None:
        """Makes the next requests that `when(verb, plural)` chooses fail; `times` None until `heal`.

        Status 0 only delays the usual answer by `delay` seconds.
        """
        self._api.faults.order(Fault(status, times, when, retry_after, delay))

    def heal(self) -> None:
        """Cancels what `fail_with` ordered."""
        self._api.faults.heal()

    def kubectl_config(self) -> str:
        """A kubeconfig that also works for `kubectl`, which sends no token over plain HTTP."""
        return self._kubeconfig(f"{self.url}/{self.token}")

    def kubeconfig(self) -> str:
        """A kubeconfig for this sandbox, as YAML text."""
        return self._kubeconfig(self.url)

    def _kubeconfig(self, address: str) -> str:
        context = {"cluster": _NAME, "user": USER, "namespace": "default"}
        return yaml.safe_dump(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "clusters": [{"name": _NAME, "cluster": {"server": address}}],
                "users": [{"name": USER, "user": {"token": self.token}}],
                "contexts": [{"name": _NAME, "context": context}],
                "current-context": _NAME,
            },
            sort_keys=False,
        )

    def start(self) -> None:
        """Serves and simulates; a sandbox that runs already goes on."""
        if self._serving is not None:
            return
        self.objects.open()
        self._fill()
        self._stopping.clear()
        self._api.bell.open()
        self._serving = Serving(self._api, self._port)
        self._port = self._serving.port
        if self._simulate:
            self._simulating = threading.Thread(
                target=self._run, name="sandbox-simulation", daemon=True
            )
            self._simulating.start()

    def stop(self) -> None:
        """Ends open watches and gives port and file free; a sandbox that does not run stays so."""
        if self._serving is None:
            return
        self._stopping.set()
        self._api.bell.close()
        self._serving.stop()
        self._serving = None
        if self._simulating is not None:
            self._simulating.join()
            self._simulating = None
        self.objects.close()

    def reset(self) -> None:
        """Starts over as on the first day: everything is deleted and the seed is sown again."""
        with self._turns:
            self.objects.clear()
            self.logs.clear()
            self._api.pages.clear()
            self._fill()

    def _fill(self) -> None:
        with self.objects.batch():
            self._found()

    def _found(self) -> None:
        for kind in OME_KINDS:
            definition = crds.crd(kind.name)
            if definition is not None and kind.plural in self._api.registry.plurals:
                self._ensure(CUSTOM_RESOURCE_DEFINITION, _installed(definition))
        if self._seed and not self.objects.list(NAMESPACE):
            simulation.seed(self.objects, self.logs, datetime.now(UTC))
        for name in _NAMESPACES:
            self._ensure(NAMESPACE, {"metadata": {"name": name}})

    def _ensure(self, kind: Kind, manifest: Manifest) -> None:
        with suppress(AlreadyExists):
            self.objects.create(kind, manifest)

    def _run(self) -> None:
        running = simulation.Simulation(self.objects, self.logs, self._speed)
        while not self._stopping.wait(_TURN):
            with self._turns:
                try:
                    running.step(datetime.now(UTC))
                except Exception:  # noqa: BLE001
                    # One odd object must not stop the cluster for all the others.
                    _log.exception("a turn of the simulated controllers failed")
        running.stop()

    def _review(
        self, operation: str, kind: Kind, new: Manifest, old: Manifest | None
    ) -> tuple[Manifest, tuple[str, ...]]:
        try:
            admitted = admission.review(
                "CREATE" if operation == "CREATE" else "UPDATE", kind, new, old, self.objects
            )
        except admission.Refused as exc:
            raise StatusError(exc.code, _REASONS.get(exc.code, ""), exc.sentence) from exc
        return admitted.object, admitted.warnings


_REASONS = {400: "BadRequest", 403: "Forbidden", 409: "Conflict", 422: "Invalid"}


def _as_it_is(
    _operation: str, _kind: Kind, new: Manifest, _old: Manifest | None
) -> tuple[Manifest, tuple[str, ...]]:
    return new, ()


def _installed(definition: crds.Crd) -> Manifest:
    """The CustomResourceDefinition with the status of one that is served."""
    manifest = crds.custom_resource_definition(definition)
    now = lifecycle.timestamp()
    conditions = [
        {"type": word, "status": "True", "reason": reason, "lastTransitionTime": now}
        for word, reason in (
            ("NamesAccepted", "NoConflicts"),
            ("Established", "InitialNamesAccepted"),
        )
    ]
    status = {
        "conditions": conditions,
        "acceptedNames": manifest["spec"]["names"],
        "storedVersions": [definition.kind.version],
    }
    return manifest | {"status": status}
