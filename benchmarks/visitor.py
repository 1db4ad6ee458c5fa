"""A visitor without a browser: the WebSocket through which Streamlit draws a page, and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from benchmarks.population import SERVICES

FINISHED = ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY
LARGEST = SERVICES * 10_000


@contextmanager
def visiting(address: str, path: str) -> Iterator[int]:
    """Open a page and stay; yields the bytes received until its script was finished."""
    url = address.replace("http", "ws", 1) + "/_stcore/stream"
    with connect(url, max_size=LARGEST, proxy=None) as socket:
        yield _page(socket, path)


def _page(socket: ClientConnection, path: str) -> int:
    wanted = BackMsg()
    wanted.rerun_script.page_name = path
    socket.send(wanted.SerializeToString())
    received = 0
    while True:
        message = socket.recv(timeout=60)
        assert isinstance(message, bytes)
        received += len(message)
        told = ForwardMsg.FromString(message)
        if told.WhichOneof("type") == "script_finished" and told.script_finished == FINISHED:
            return received
