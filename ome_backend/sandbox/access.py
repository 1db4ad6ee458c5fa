"""Who may do what in the sandbox: one token, one user, and rules that tests can set."""

import hmac
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import orjson

from ome_backend.resources.manifest import Manifest, mapping, text
from ome_backend.sandbox.registry import Target
from ome_backend.sandbox.status import StatusError, bad_request

USER = "sandbox"
GROUPS = ("system:masters", "system:authenticated")
REVIEW_PATHS = {
    "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews": "SelfSubjectAccessReview",
    "/apis/authentication.k8s.io/v1/selfsubjectreviews": "SelfSubjectReview",
}

Deny = Callable[[str, str], bool] | Collection[tuple[str, str]]
"""What is forbidden: pairs of (verb, plural), or a function of the two."""


@dataclass(slots=True)
class Rules:
    """The rule in force; it can be replaced at any time."""

    deny: Deny = ()

    def forbids(self, verb: str, plural: str) -> bool:
        """Whether the rule forbids it. A subresource stands as `pods/log`."""
        return self.deny(verb, plural) if callable(self.deny) else (verb, plural) in self.deny


def unauthorised() -> StatusError:
    """The token is missing or wrong."""
    return StatusError(401, "Unauthorized", "Unauthorized")


def authenticated(headers: Mapping[str, str], token: str) -> bool:
    """Whether the request carries the token."""
    return hmac.compare_digest(
        headers.get("authorization", "").encode(), f"Bearer {token}".encode()
    )


def without_token(path: str, token: str) -> str | None:
    """The path behind a leading token, which counts as authentication; None without one.

    `kubectl` sends no bearer token over plain HTTP, but it does keep the path of the server's address.
    """
    first, _, rest = path.removeprefix("/").partition("/")
    return f"/{rest}" if hmac.compare_digest(first.encode(), token.encode()) else None


def user_of(headers: Mapping[str, str]) -> str:
    """Who asks: the sandbox's user, or whom it impersonates."""
    return headers.get("impersonate-user", "") or USER


def refusal(user: str, verb: str, target: Target) -> StatusError:
    """The answer to what is forbidden."""
    kind = target.resource.kind
    plural = f"{kind.plural}/{target.subresource}" if target.subresource else kind.plural
    named = f'{kind.resource} "{target.name}"' if target.name else kind.resource
    where = f'in the namespace "{target.namespace}"' if target.namespace else "at the cluster scope"
    message = (
        f'{named} is forbidden: User "{user}" cannot {verb} resource "{plural}" in API group '
        f'"{kind.group}" {where}'
    )
    details = {"name": target.name, "group": kind.group, "kind": kind.plural}
    given = {part: value for part, value in details.items() if value}
    return StatusError(403, "Forbidden", message, details=given)


def review(path: str, body: bytes, user: str, rules: Rules) -> Manifest:
    """A self review answered: what the user may do, or who the user is. Raises StatusError 400."""
    try:
        asked = orjson.loads(body)
    except orjson.JSONDecodeError as exc:
        raise bad_request(f"error decoding the review: {exc}") from exc
    if not isinstance(asked, dict):
        raise bad_request("the review is no object")
    kind = REVIEW_PATHS[path]
    api_version = path.removeprefix("/apis/").rpartition("/")[0]
    head = {"kind": kind, "apiVersion": api_version, "metadata": {"creationTimestamp": None}}
    if kind == "SelfSubjectReview":
        who = {"username": user, "groups": list(GROUPS)}
        return head | {"status": {"userInfo": who}}
    return head | {"spec": mapping(asked, "spec"), "status": _verdict(asked, rules)}


def _verdict(asked: Manifest, rules: Rules) -> Manifest:
    wanted = mapping(asked, "spec", "resourceAttributes")
    plural = text(wanted, "resource")
    if subresource := text(wanted, "subresource"):
        plural = f"{plural}/{subresource}"
    if rules.forbids(text(wanted, "verb"), plural):
        return {"allowed": False, "reason": "the sandbox was told to deny it"}
    return {"allowed": True}
