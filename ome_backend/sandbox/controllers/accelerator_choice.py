"""Which accelerator class OME runs a component on (pkg/acceleratorclassselector)."""

from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, dig, items, mapping, text
from ome_backend.resources.quantity import quantity
from ome_backend.sandbox.lookup import Lookup

_GIB = 1 << 30


def choose(
    service: Manifest, runtime: Manifest, component: str, objects: Lookup
) -> Manifest | str | None:
    """The class, None when the service asks for none, or OME's error text."""
    listed = items(runtime, "spec", "acceleratorRequirements", "acceleratorClasses")
    if not listed:
        return None
    override = mapping(service, "spec", component, "acceleratorOverride")
    selector = mapping(service, "spec", "acceleratorSelector")
    name = text(override, "acceleratorClass") or text(selector, "acceleratorClass")
    if name:
        found = objects.get(kinds.ACCELERATOR_CLASS, Key("", name))
        return found or f"accelerator class {name} not found at cluster scope"
    policy = text(override, "policy") or text(selector, "policy")
    if not policy:
        return None
    return _best(policy, _candidates(listed, mapping(selector, "constraints"), objects))


def _candidates(listed: list[str], constraints: Manifest, objects: Lookup) -> list[Manifest]:
    found = [objects.get(kinds.ACCELERATOR_CLASS, Key("", name)) for name in dict.fromkeys(listed)]
    # One class that does not exist makes OME use none at all.
    known = [each for each in found if each is not None]
    if len(known) < len(found):
        return []
    return [each for each in known if _eligible(each, constraints)]


def _eligible(found: Manifest, constraints: Manifest) -> bool:
    memory = _memory(found)
    features = {str(each).lower() for each in items(found, "spec", "capabilities", "features")}
    families = items(constraints, "architectureFamilies")
    return (
        text(found, "metadata", "name") not in items(constraints, "excludedClasses")
        and memory >= (constraints.get("minMemory") or 0)
        and memory <= (constraints.get("maxMemory") or float("inf"))
        and features >= {str(each).lower() for each in items(constraints, "requiredFeatures")}
        and (not families or text(found, "spec", "family") in families)
    )


def _best(policy: str, candidates: list[Manifest]) -> Manifest | None:
    if policy == "Cheapest":
        priced = [each for each in candidates if dig(each, "spec", "cost") is not None]
        return min(priced, key=_price, default=None)
    if policy == "MostCapable":
        return max(candidates, key=_memory, default=None)
    if policy == "BestFit":
        return min(candidates, key=_memory, default=None)
    return candidates[0] if candidates else None


def _price(found: Manifest) -> float:
    cost = mapping(found, "spec", "cost")
    price = quantity(cost.get("spotPerHour", cost.get("perHour")))
    return float("inf") if price is None else float(price)


def _memory(found: Manifest) -> int:
    return int(quantity(dig(found, "spec", "capabilities", "memoryGB")) or 0) // _GIB
