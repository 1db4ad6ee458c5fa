"""How OME names what it creates for a service, where the service's own name is too long.

Source: OME `pkg/constants/constants.go` (TruncateNameWithMaxLength, LWSName, ModelConfigName).
"""

from ome_backend.resources.agent_entry import truncated

_ROOM = 63


def shortened(name: str) -> str:
    """The name where it fits a DNS label, else its hash and its end, beginning with a letter."""
    if len(name) <= _ROOM:
        return name
    short = truncated(name, _ROOM)
    return "a" + short[1:] if short[0].isdigit() else short


def component(service: str, part: str) -> str:
    """The objects of one part of a service: `engine`, `decoder` or `router`."""
    return f"{service}-{part}"


def leader_worker_set(name: str) -> str:
    """The LeaderWorkerSet of a component: the end of its name."""
    return f"lws-{name[-50:]}"


def model_config(service: str) -> str:
    """The ConfigMap that tells a service's pods of its model."""
    return f"modelconfig-{service[-20:]}"
