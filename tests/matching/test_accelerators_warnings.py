"""What the console warns of when OME chooses an accelerator class."""

import pytest

from ome_backend.matching.accelerators import choose
from ome_backend.matching.accelerators_choice import Choice
from tests.matching.accelerator_examples import (
    LARGE,
    SMALL,
    accelerator,
    by_policy,
    runtime,
    service,
)


@pytest.mark.parametrize(
    ("choice", "warning"),
    [
        pytest.param(
            by_policy(
                "BestFit",
                accelerator("b200", computeCapability="10.0"),
                minArchitectureVersion="9.0",
            ),
            "minArchitectureVersion is compared as text: class b200 with 10.0 is refused for 9.0, "
            "though as numbers it is the other way round.",
            id="versions compared as text",
        ),
        pytest.param(
            by_policy(
                "BestFit",
                accelerator("amd", computeCapability="gfx942"),
                minArchitectureVersion="9.0",
            ),
            "minArchitectureVersion is compared as text: class amd with gfx942 passes for 9.0, "
            "though one of them is not a version number.",
            id="something else than a version",
        ),
        pytest.param(
            by_policy("MostCapable", accelerator("bytes", memoryGB=80)),
            "memoryGB: 80 of class bytes means 80 bytes, which counts as 0 GB; write it with a unit, "
            "such as 80Gi.",
            id="a quantity without a suffix",
        ),
        pytest.param(
            by_policy("MostCapable", accelerator("decimal", memoryGB="80G")),
            "memoryGB: 80G of class decimal counts as 74 GB; write it in Gi to mean what it says.",
            id="a decimal quantity",
        ),
        pytest.param(
            by_policy("BestFit", LARGE, preferredPrecisions=["bf16"]),
            "Preferred precision bf16 counts as 0 for every class: OME knows fp32, fp16, int8, fp8, "
            "int4 only.",
            id="bf16",
        ),
        pytest.param(
            by_policy("Cheapest", LARGE, accelerator("tokens", cost={"perMillionTokens": "0.1"})),
            "Prices by the hour are compared, so tokens drops out: it has no such price.",
            id="hourly prices hide the others",
        ),
        pytest.param(
            by_policy("Cheapest", LARGE, accelerator("spot", cost={"spotPerHour": "3"})),
            "The spot price of spot is compared with the on-demand price of large.",
            id="spot against on-demand",
        ),
        pytest.param(
            by_policy("Cheapest", accelerator("a"), accelerator("b")),
            "No class has a price: policy Cheapest chooses none, without an error.",
            id="no prices",
        ),
        pytest.param(
            by_policy("Cheapest", LARGE, minComputePerformanceTFLOPS=9),
            "minComputePerformanceTFLOPS excludes no class; policy Cheapest does not read it.",
            id="performance is no constraint",
        ),
        pytest.param(
            by_policy("Cheapest", LARGE, excludedClasses=["large"]),
            "No class of the runtime meets the constraints: OME runs without one, without an error.",
            id="none is eligible",
        ),
        pytest.param(
            by_policy("MostCapable", *(accelerator(f"c{n}") for n in range(13))),
            "With more than 12 classes OME's choice among equals is not defined.",
            id="many equals",
        ),
        pytest.param(
            by_policy("FirstAvailable", accelerator("none", nodes=0)),
            "No node carries class none at the moment; OME does not look at that when it chooses.",
            id="no nodes",
        ),
        pytest.param(
            choose(
                service({"policy": "Cheapest"}),
                runtime("small", "ghost"),
                "engine",
                {"small": SMALL},
            ),
            "The runtime lists ghost, which does not exist: therefore OME drops all its classes and "
            "runs without one, without an error.",
            id="one missing class drops all",
        ),
        pytest.param(
            choose(
                service({"acceleratorClass": "small"}), runtime("large"), "engine", {"small": SMALL}
            ),
            "Class small is not in the list of runtime rt; OME does not check that here, only when "
            "it matches runtimes.",
            id="a named class the runtime does not list",
        ),
        pytest.param(
            choose(service(annotation="small"), runtime("large"), "engine", {"large": LARGE}),
            "Annotation ome.io/accelerator-class (small) only restricts which runtimes match; it "
            "does not choose the class.",
            id="the annotation",
        ),
        pytest.param(
            choose(service(engine={"constraints": {}}), runtime("large"), "engine", {}),
            "spec.engine.acceleratorOverride.constraints is never read: OME looks only at "
            "spec.acceleratorSelector.constraints.",
            id="constraints of an override",
        ),
        pytest.param(
            choose(service({"policy": "BestFit"}), runtime(), "engine", {}),
            "Runtime rt lists no accelerator classes, so OME chooses none, whatever the service "
            "asks for.",
            id="a runtime without classes",
        ),
        pytest.param(
            choose(
                service({"acceleratorClass": "large", "policy": "Cheapest"}),
                runtime("large"),
                "engine",
                {"large": LARGE},
            ),
            "Policy Cheapest is not used: the service names class large.",
            id="a name beside a policy",
        ),
        pytest.param(
            choose(
                service({"acceleratorClass": "large"}),
                runtime("large", minMemory=80),
                "engine",
                {"large": LARGE},
            ),
            "acceleratorRequirements.minMemory of runtime rt is never read; only its "
            "acceleratorClasses count.",
            id="requirements of the runtime",
        ),
    ],
)
def test_what_nobody_expects_is_warned_of(choice: Choice, warning: str) -> None:
    assert warning in choice.warnings


@pytest.mark.parametrize(
    "choice",
    [
        pytest.param(by_policy("MostCapable", LARGE, SMALL), id="most capable"),
        pytest.param(by_policy("Cheapest", LARGE, SMALL, minMemory=10), id="cheapest"),
        pytest.param(
            by_policy("BestFit", LARGE, SMALL, minArchitectureVersion="8.0"), id="best fit"
        ),
        pytest.param(by_policy("BestFit", LARGE, preferredPrecisions=["FP8"]), id="a precision"),
        pytest.param(choose(service(), runtime("large"), "engine", {}), id="nothing asked"),
    ],
)
def test_what_is_plain_is_not_warned_of(choice: Choice) -> None:
    assert choice.warnings == ()
