"""A Hub on this machine that speaks the protocol of the real one, as far as `huggingface_hub` 2.4 does.

    with local_hub() as hub:                      # or: python -m tests.support.local_hub --port 8743
        Hub(hub.url, token=people.READER)
        hub.faults.append(faults.busy(seconds=40, path="/api/models"))
        hub.down(); hub.up()                      # at the same address
        changes.moves(hub, "acme/old", "acme/new")    # commits, licenses, deletes, gates, forgets
    hub.asked                                 # the requests so far

Served: the list with cursor, filters, search, order and expand; a model and its revisions, tree, refs and
commits; whoami-v2 and auth-check; resolve with HEAD, ETag, Range and the redirect of large files to
another host; gates, private, disabled and renamed repositories, with the Hub's error codes.
The catalogue is made by code (`catalogue.py`); weights are zeros behind a real safetensors header.
"""

from tests.support.local_hub.server import LocalHub, local_hub

__all__ = ["LocalHub", "local_hub"]
