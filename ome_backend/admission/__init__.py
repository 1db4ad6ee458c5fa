"""OME's admission webhooks as rules over what is known: what they fill in, refuse and let pass, in their words."""

from ome_backend.admission.known import Known
from ome_backend.admission.refusal import Refused
from ome_backend.admission.service_rules import tells_choice
from ome_backend.admission.webhooks import (
    Admitted,
    Operation,
    Verdict,
    foresee,
    objections,
    review,
    warnings,
)

__all__ = [
    "Admitted",
    "Known",
    "Operation",
    "Refused",
    "Verdict",
    "foresee",
    "objections",
    "review",
    "tells_choice",
    "warnings",
]
