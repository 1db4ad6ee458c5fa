"""How KEDA scales a component (reconcilers/keda/keda_reconciler.go).

The component's own kedaConfig, enableKeda and the configuration of OME are not read.
"""

from typing import Any, Final

from ome_backend.resources.manifest import Manifest, mapping, text

_PREFIX: Final = "autoscaling.keda.sh/"
_SERVER: Final = "http://prometheus-operated.monitoring.svc.cluster.local:9090"
_QUERY: Final = """sum(
            avg_over_time(vllm:avg_generation_throughput_toks_per_s{{ome_io_inferenceservice="{0}"}}[5m]) < bool 10
        )
        *
        sum(
            rate(vllm:request_success_total{{ome_io_inferenceservice="{0}"}}[1m]) > bool 0.50
        )"""


def triggers(metadata: Manifest, spec: Manifest) -> list[Manifest]:
    """The triggers of the component whose `metadata` this is, from the `spec` of its service.

    Source: getScaledObjectTriggers.
    """
    config = mapping(spec, "kedaConfig")
    trigger = {"type": "prometheus", "metadata": _trigger_metadata(metadata, spec, config)}
    reference = config.get("authenticationRef")
    if isinstance(reference, dict):
        kind = text(reference, "kind") or "TriggerAuthentication"
        trigger["authenticationRef"] = {"name": text(reference, "name"), "kind": kind}
    return [trigger]


def fewest(component: Manifest) -> int:
    """The replicas KEDA keeps: it never scales to zero. Source: calculateMinReplicas."""
    wanted = component.get("minReplicas")
    return wanted if isinstance(wanted, int) and wanted > 0 else 1


def most(component: Manifest) -> int:
    """The replicas KEDA goes up to. Source: calculateMaxReplicas."""
    wanted = component.get("maxReplicas")
    return max(wanted if isinstance(wanted, int) else 0, fewest(component))


def _trigger_metadata(metadata: Manifest, spec: Manifest, config: Manifest) -> dict[str, str]:
    annotations = mapping(metadata, "annotations")

    def said(annotation: str, field: str, default: str) -> str:
        own = annotations.get(_PREFIX + annotation)
        return str(own) if own is not None else text(config, field) or default

    found = {
        "serverAddress": said("prometheus.serverAddress", "promServerAddress", _SERVER),
        "metricName": text(spec, "predictor", "scaleMetric") or "tps",
        "query": _query(text(metadata, "name"), annotations, text(config, "customPromQuery")),
        "threshold": said("threshold", "scalingThreshold", "10"),
        "operator": said("operator", "scalingOperator", "LessThanOrEqual"),
    }
    modes = text(config, "authModes") if config.get("authenticationRef") is not None else ""
    return found | ({"authModes": modes} if modes else {})


def _query(component: str, annotations: Manifest, custom: str) -> str:
    own: Any = annotations.get(_PREFIX + "prometheus.query")
    if own is not None:
        return str(own)
    return _formatted(custom, component) if custom else _QUERY.format(component)


def _formatted(query: str, component: str) -> str:
    """Go's Sprintf with the component as its only argument."""
    parts = query.split("%%")
    before, found, after = "%%".join(parts).partition("%s")
    if not found:
        return query.replace("%%", "%") + f"%!(EXTRA string={component})"
    again = after.replace("%s", "%!s(MISSING)")
    return (before + component + again).replace("%%", "%")
