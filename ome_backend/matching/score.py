"""How OME weighs the formats of a runtime for a model. Source: pkg/runtimeselector/scorer.go."""

import math

from ome_backend.matching import version
from ome_backend.resources.model import Model
from ome_backend.resources.runtime import Runtime
from ome_backend.resources.supported_format import SupportedFormat, Traits, Versioned

_FORMAT_WEIGHT = 10
_FRAMEWORK_WEIGHT = 5
_PRIORITY = 1


def format_score(model: Traits, entry: SupportedFormat, priority: int) -> int:
    """The score of one format; 0 where format or framework do not fit.

    Looser than matching: architecture, quantization, pipeline and a version on one side only do not
    count. A weight of 0 means OME's own: 10 for the format, 5 for the framework.
    """
    wanted = entry.traits
    if wanted.format is not None and not _fits(model.format, wanted.format):
        return 0
    if (wanted.framework is None) != (model.framework is None):
        return 0
    if wanted.framework is not None and not _fits(model.framework, wanted.framework):
        return 0
    weight = _weight(wanted.format, _FORMAT_WEIGHT) + _weight(wanted.framework, _FRAMEWORK_WEIGHT)
    return weight * priority


def runtime_score(model: Model, runtime: Runtime) -> int:
    """The best score over the formats that do not refuse auto-selection, at least 0.

    A format that leaves autoSelect out counts here, although OME will not select it by that alone.
    """
    traits = model.traits
    scores = (
        format_score(traits, entry, own_priority(entry))
        for entry in runtime.formats
        if entry.auto_select is not False
    )
    return max(0, max(scores, default=0))


def own_priority(entry: SupportedFormat) -> int:
    """The priority of a format; 1 when it has none."""
    return _PRIORITY if entry.priority is None else entry.priority


def applicable_format(model: Model, runtime: Runtime, *, named: bool) -> int | None:
    """The index of the format whose acceleratorConfig applies; None where none does.

    The highest score without priority, the first of equals. Only formats with autoSelect count
    unless the service `named` the runtime. Source: selector.go, GetSupportedModelFormat.
    """
    best, index = 0, None
    for position, entry in enumerate(runtime.formats):
        if not named and entry.auto_select is not True:
            continue
        score = format_score(model.traits, entry, _PRIORITY)
        if score > best:
            best, index = score, position
    return index


def precedence(
    score: int, distance: float, cluster_scoped: bool, name: str
) -> tuple[int, float, bool, str]:
    """The sort key of OME's order, best first: higher score, tighter size range, scope, name.

    OME cuts the difference of distances to a whole number of parameters, so rounding errors of
    `7.11B` and the like are ties. Source: CompareRuntimes.
    """
    gap = round(distance) if math.isfinite(distance) else math.inf
    return -score, gap, cluster_scoped, name


def _fits(has: Versioned | None, wants: Versioned) -> bool:
    if has is None or has.name != wants.name:
        return False
    if has.version is None or wants.version is None:
        return True
    return version.satisfies(wants.version, has.version, wants.operator)


def _weight(part: Versioned | None, default: int) -> int:
    return 0 if part is None else part.weight or default
