"""Fetching a model again where it failed, and what its agent wrote about it."""

import logging
from dataclasses import dataclass

from ome_backend.downloads.again import restart_effects
from ome_backend.downloads.agent import Agent
from ome_backend.downloads.log_lines import about, trouble
from ome_backend.editing import commands
from ome_backend.errors import NotFound
from ome_backend.kube.cache import Cache
from ome_backend.kube.client import Client
from ome_backend.resources import kinds
from ome_backend.resources.kind import Ref
from ome_backend.resources.manifest import text
from ome_backend.resources.model import Model
from ome_backend.services.arrival import await_arrival
from ome_backend.services.downloads import Downloads

READ_LINES, MOST_LINES = 2_000, 40

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Restart:
    """The agent that would be replaced, and what comes of it."""

    agent: Agent
    effects: tuple[str, ...]

    @property
    def ref(self) -> Ref:
        return Ref(kinds.POD, self.agent.pod)

    @property
    def command(self) -> str:
        return commands.delete(self.ref, uid=self.agent.uid)


@dataclass(frozen=True, slots=True)
class AgentLog:
    """The lines about one model among the last READ_LINES of its node's agent; `trouble` in words."""

    agent: Agent
    lines: tuple[str, ...]
    trouble: str

    @property
    def command(self) -> str:
        return commands.logs(self.agent.pod, tail=READ_LINES)


class Retries:
    """Acts on model agents, and reads their logs."""

    def __init__(self, client: Client, cache: Cache, downloads: Downloads) -> None:
        self._client = client
        self._cache = cache
        self._downloads = downloads

    def restart(self, node: str) -> Restart | None:
        """What restarting the agent of a node would do; None where no agent is seen."""
        agent, row = self._downloads.agent(node), self._downloads.board().node(node)
        if agent is None or row is None:
            return None
        return Restart(agent, restart_effects(row))

    def carry_out(self, restart: Restart) -> None:
        """Delete that very pod; its DaemonSet makes another one.

        Raises Conflict when another pod took its name since, Forbidden without the right to delete it.
        """
        ref, uid = restart.ref, restart.agent.uid
        self._client.delete(ref.kind, ref.key, uid=uid)
        log.info("restart of the model agent on %s done", restart.agent.node)
        await_arrival(
            self._cache,
            ref,
            lambda seen: (
                seen is None
                or text(seen, "metadata", "uid") != uid
                or bool(text(seen, "metadata", "deletionTimestamp"))
            ),
        )

    def log(self, model: Model, node: str) -> AgentLog:
        """What the agent of a node wrote about a model; one request to the API server.

        Raises NotFound without an agent there, Forbidden without the right to read logs.
        """
        agent = self._downloads.agent(node)
        if agent is None:
            raise NotFound(
                f"No model agent is seen on {node}.",
                hint="Its log is gone with it; see why the agent's DaemonSet leaves the node out.",
            )
        lines = about(self._client.logs(agent.pod, tail=READ_LINES), model, MOST_LINES)
        return AgentLog(agent, lines, trouble(lines))
