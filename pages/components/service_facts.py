"""A service in facts, what its GPUs cost now, and the way to its plan."""

from collections.abc import Iterator

from ome_backend.planning.amount import Amount
from ome_backend.resources.evidence import Evidence
from ome_backend.services.serving import ServiceView
from pages.components import places
from pages.components.amounts import words
from pages.components.definition import Code, Fact
from pages.components.planner_form import address
from pages.components.session import backend


def service_facts(view: ServiceView) -> list[Fact]:
    """What it is made of, with how well each of it is known."""
    low, high = view.replicas
    return [
        ("Namespace", Code(view.key.namespace), Evidence.DECLARED),
        (
            "Model",
            view.seen.model.ref if view.seen.model is not None else Code(view.service.model_name),
            Evidence.DECLARED,
        ),
        (
            "Runtime",
            backend().runtimes.ref(view.key.namespace, view.runtime)
            or "OME has not chosen one yet",
            _runtime_evidence(view),
        ),
        ("Chosen by", "name" if view.service.runtime_name else "OME", Evidence.DECLARED),
        ("Address", Code(view.status.url), Evidence.REPORTED),
        ("Replicas", f"{low} to {high}", Evidence.DECLARED),
        ("GPUs held", str(view.gpus), Evidence.OBSERVED),
        ("Pods", f"{view.pods_ready} of {len(view.seen.pods)} ready", Evidence.OBSERVED),
        *_cost(view),
    ]


def _runtime_evidence(view: ServiceView) -> Evidence:
    if view.service.runtime_name:
        return Evidence.DECLARED
    return Evidence.OBSERVED if view.runtime else Evidence.UNAVAILABLE


def _cost(view: ServiceView) -> Iterator[Fact]:
    """None while it holds no GPUs."""
    if not view.gpus:
        return
    bill = backend().planner.running_cost(view)
    for name, amount in (("Cost now", bill.per_hour), ("Cost of a month", bill.per_month)):
        said = words(amount) if isinstance(amount, Amount) else f"unknown. {amount.why}"
        yield name, said, amount.evidence


def plan_link(view: ServiceView) -> None:
    """To the Planner with the service's choices; none while its model is not known."""
    planned = backend().planner.of_service(view)
    if planned is not None:
        places.link(
            places.PLANNER,
            "Does it fit, and for how many requests? Open it in the Planner",
            None,
            icon=":material/calculate:",
            **address(planned.wish),
        )
