"""How well a value is known: the label every number on a page carries."""

from enum import Enum


class Evidence(Enum):
    """Where a value comes from."""

    DECLARED = "declared"  # somebody wrote it: a spec, a config.json, an engine argument
    REPORTED = "reported"  # a controller or an engine says so: a status, a metric's label
    OBSERVED = "observed"  # seen by the console: nodes, pods, metrics
    COMPUTED = "computed"  # worked out or assumed by the console
    UNAVAILABLE = "unavailable"  # not known, and the reason is
