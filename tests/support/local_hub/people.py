"""Who may ask the local Hub: tokens, and what each may read."""

from dataclasses import dataclass
from typing import Any

READER = "hf_LocalReaderMayReadEveryGatedModel"
STRANGER = "hf_LocalStrangerIsOnNoList"
WAITING = "hf_LocalWaitingForTheAuthors"
REJECTED = "hf_LocalRejectedByTheAuthors"
NARROW = "hf_LocalNarrowMayNotReadGated"
EXPIRED = "hf_LocalExpiredSinceYesterday"


@dataclass(frozen=True)
class Person:
    """The owner of a token; `standing` is what gated repositories think of it."""

    name: str
    standing: str
    role: str = "read"
    organisations: tuple[str, ...] = ()
    expired: bool = False

    def said(self) -> dict[str, Any]:
        """What whoami-v2 answers."""
        token: dict[str, Any] = {"displayName": f"{self.name}-token", "role": self.role}
        if self.role == "fineGrained":
            token["fineGrained"] = {"canReadGatedRepos": False, "global": [], "scoped": []}
        return {
            "type": "user",
            "id": f"id-{self.name}",
            "name": self.name,
            "fullname": self.name.title(),
            "orgs": [{"type": "org", "name": name} for name in self.organisations],
            "auth": {"type": "access_token", "accessToken": token},
        }


PEOPLE = {
    READER: Person("reader", "granted", organisations=("acme",)),
    STRANGER: Person("stranger", "unknown"),
    WAITING: Person("waiting", "pending"),
    REJECTED: Person("rejected", "rejected"),
    NARROW: Person("narrow", "narrow", role="fineGrained"),
    EXPIRED: Person("expired", "granted", expired=True),
}
