"""A Hub of models over its HTTP API, through `huggingface_hub`. No Kubernetes and no OME in here.

The front door is `Hub` (`ome_backend.hub.hub`); `open_hub(settings)` makes the console's own. `repo` is
an id such as `Qwen/Qwen3-8B`.

    hub = Hub(endpoint, token="", timeout=10.0, ca_file="", offline=False)
    hub.using(token)                                -> Hub         the same, asking with this token
    hub.search(Query(text="llama", task=...))       -> Page        .listings, .cursor of the next page or ""
    hub.repository(repo, revision="main")           -> Repository  .sha .files .parameters .moved_to ...
    hub.revisions(repo, revision="main")            -> Revisions   .branches .tags .commits (newest 20)
    hub.file(repo, path, revision="main", limit=n)  -> File        .text .commit
    hub.config(repo, revision="main")               -> dict        the parsed config.json
    hub.card(repo, revision="main")                 -> str         README.md without front matter, "" if none
    hub.licence(repo, revision="main")              -> str         the licence its README names, "" if none
    hub.whoami()                                    -> Account     whose the token is and what it may
    hub.may_read(repo)                              -> Access      .allowed, .refusal (the error that says why)

Everything returned is a frozen dataclass of `ome_backend.hub.answers`. A Hub may be shared by threads.

What a caller may rely on:

- One question is one request (`revisions` two) and what it redirects to, tried once: the client's own
  retries, up to five with 23 seconds of waiting or as long as `Retry-After` says, are not used.
- It ends after `timeout` seconds in all, whatever the Hub, the network or the resolver does.
- Every failure is a `HubError` of `ome_backend.errors`: HubOffline, HubUnreachable (HubTimedOut and
  HubUntrusted are kinds of it), HubRateLimited, HubUnauthorised, HubGated (`pending` when the request
  for access waits), HubDisabled, HubNotFound (HubRevisionNotFound and HubFileNotFound are kinds of it),
  HubTooLarge, HubUnreadable, HubFailed. What was asked wrongly, such as an id that cannot be one, is Invalid.
- The token is in no repr, text, log or exception; failures carry no cause, because the client's
  exceptions hold the request. No token, cache or file of this machine is read or written.
"""
