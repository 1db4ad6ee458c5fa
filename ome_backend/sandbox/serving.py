"""Running an ASGI application on a loopback port, in a thread of its own."""

import socket
import threading
import time

import uvicorn
from starlette.types import ASGIApp

from ome_backend.errors import BadSettings

HOST = "127.0.0.1"
_STEP = 0.005


class Serving:
    """A running server. `port` is the one it got; 0 as the wish takes any that is free."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        listening = _listen(port)
        self.port = int(listening.getsockname()[1])
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                lifespan="off",
                ws="none",
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=1,
            )
        )
        self._thread = threading.Thread(
            target=self._server.run, args=([listening],), name="sandbox-api", daemon=True
        )
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            time.sleep(_STEP)

    def stop(self) -> None:
        """Ends the server; answers under way are given a second."""
        self._server.should_exit = True
        self._thread.join()


def _listen(port: int) -> socket.socket:
    # asyncio switches Nagle's delays off only for sockets that name their protocol.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()
    except OSError as exc:
        listening.close()
        raise BadSettings(
            f"The sandbox cannot listen on port {port}.",
            reason=str(exc),
            hint="Another program may use it; let the sandbox choose a free one.",
        ) from exc
    return listening
