"""The local Hub by hand: `python -m tests.support.local_hub --port 8743`."""

import argparse
import sys
import threading
from contextlib import suppress

from tests.support.local_hub import faults, people
from tests.support.local_hub.server import local_hub

_TOKENS = {
    people.READER: "may read every gated model and acme's private ones",
    people.STRANGER: "is on no list",
    people.WAITING: "waits for the authors",
    people.REJECTED: "was refused by the authors",
    people.NARROW: "is fine-grained and may not read gated models",
    people.EXPIRED: "is expired",
}


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="A Hub on this machine.")
    parser.add_argument("--port", type=int, default=8743)
    parser.add_argument("--slow", type=float, default=0.0, help="seconds before each answer")
    given = parser.parse_args()
    with local_hub(port=given.port) as hub:
        hub.verbose = True
        hub.faults += [faults.slow(given.slow)] if given.slow else []
        lines = [f"{len(hub.repositories)} models: HF_ENDPOINT={hub.url}", *_tokens()]
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


def _tokens() -> list[str]:
    return [f"  {token}  {meaning}" for token, meaning in _TOKENS.items()]


main()
