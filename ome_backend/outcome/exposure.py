"""How clients reach a service: Kubernetes Services, an Ingress or an HTTPRoute."""

from collections.abc import Iterable
from typing import Final

from ome_backend.facts.failure import Failure
from ome_backend.outcome import component_metadata, host_names, predictor
from ome_backend.outcome.decision import Decision
from ome_backend.outcome.deployment_mode import entrypoint
from ome_backend.outcome.ingress_config import IngressConfig
from ome_backend.resources import object_names
from ome_backend.resources.manifest import Manifest, items, key_of, mapping, text

EXTERNAL: Final = "external-service"
DEFAULT_PORT: Final = 8080
_SERVICE_TYPES: Final = ("LoadBalancer", "NodePort", "ClusterIP")
_LOCAL: Final = ("networking.knative.dev/visibility", "cluster-local")


def internal(decision: Decision, component: str, spec: Manifest) -> Manifest:
    """The Service of a component whose PodSpec is `spec`; that of groups selects every head there is.

    Source: reconcilers/service, reconcilers/multinode.
    """
    name = component_metadata.service_name(decision, component)
    heads = decision.modes[component].grouped
    labels = component_metadata.labels(decision, component)
    annotations = component_metadata.annotations(decision, component)
    quiet = component_metadata.of_service(annotations)
    metadata = component_metadata.of_object(
        decision, name, labels if heads else labels | {"app": name}, quiet
    )
    selector = {"ray.io/node-type": "head"} if heads else {"app": name}
    found = {"selector": selector, "ports": _ports(spec), "type": _service_type(annotations)}
    return _service(metadata, found | _balancer(annotations))


def external(decision: Decision, port: int) -> Manifest:
    """The Service clients use where OME makes no Ingress. Source: reconcilers/external_service."""
    name = text(decision.service, "metadata", "name")
    annotations = mapping(decision.service, "metadata", "annotations")
    labels = {"component": EXTERNAL, "ome.io/inferenceservice": name}
    selector = _entry_selector(decision.service) | {"ome.io/inferenceservice": name}
    ports = [{"name": "http", "port": port, "protocol": "TCP", "targetPort": port}]
    found = {"selector": selector, "ports": ports, "type": _service_type(annotations)}
    metadata = component_metadata.of_object(decision, name, labels)
    return _service(metadata, found | _balancer(annotations))


def kept_inside(service: Manifest) -> bool:
    """The service asks for no Service of its own, which OME then misses at every reconcile."""
    name, value = _LOCAL
    return mapping(service, "metadata", "labels").get(name) == value


def target_port(service: Manifest, services: Iterable[Manifest]) -> int | Failure:
    """The first port of the Service clients end up at. Source: GetTargetServicePort."""
    key = key_of(service)
    part = entrypoint(mapping(service, "spec"))
    name = object_names.shortened(object_names.component(key.name, part))
    found = next((each for each in services if key_of(each) == (key.namespace, name)), None)
    if found is None:
        return Failure(f'services "{name}" not found')
    ports = (each.get("port") for each in items(found, "spec", "ports"))
    return next((port for port in ports if isinstance(port, int)), DEFAULT_PORT)


def ingress(decision: Decision, config: IngressConfig) -> Manifest | Failure:
    """The Ingress: the service's own host, then one per component where there are several.

    Source: builders/ingress_builder.go.
    """
    key = key_of(decision.service)
    rules = []
    for host_of, target in _routes(decision):
        host = host_names.domain(host_of, mapping(decision.service, "metadata"), config)
        if isinstance(host, Failure):
            return host
        rules.append(_rule(host, object_names.component(key.name, target)))
    spec: Manifest = {"rules": rules}
    spec |= {"ingressClassName": config.class_name} if config.class_name is not None else {}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": _like_service(decision),
        "spec": spec,
    }


def route(decision: Decision, config: IngressConfig) -> Manifest | Failure:
    """The HTTPRoute through a Gateway. Source: builders/httproute_builder.go."""
    key = key_of(decision.service)
    host = host_names.domain(key.name, mapping(decision.service, "metadata"), config)
    if isinstance(host, Failure):
        return host
    namespace, _, gateway = config.gateway.partition("/")
    parent = {"group": "gateway.networking.k8s.io", "kind": "Gateway"}
    backend = {"kind": "Service", "name": key.name, "namespace": key.namespace}
    headers = [
        {"name": "OMe-Isvc-Name", "value": key.name},
        {"name": "OME-Isvc-Namespace", "value": key.namespace},
    ]
    rule = {
        "backendRefs": [backend | {"port": DEFAULT_PORT}],
        "filters": [{"type": "RequestHeaderModifier", "requestHeaderModifier": {"set": headers}}],
        "matches": [{"path": {"type": "RegularExpression", "value": "^/.*$"}}],
        "timeouts": {"request": "60s"},
    }
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": _like_service(decision),
        "spec": {
            "hostnames": [host],
            "parentRefs": [parent | {"name": gateway, "namespace": namespace}],
            "rules": [rule],
        },
    }


def _entry_selector(service: Manifest) -> dict[str, str]:
    """With an old predictor every pod of the service is selected."""
    entry = entrypoint(mapping(service, "spec"))
    return {} if entry == "engine" and predictor.used(service) else {"component": entry}


def _routes(decision: Decision) -> list[tuple[str, str]]:
    """Pairs of whose host and which component answers there."""
    name = key_of(decision.service).name
    entry = entrypoint(mapping(decision.service, "spec"))
    found = [(name, entry)]
    if len(decision.components) > 1:
        order = [part for part in ("router", "engine", "decoder") if part in decision.components]
        found += [(object_names.component(name, part), part) for part in order]
    return found


def _rule(host: str, target: str) -> Manifest:
    backend = {"service": {"name": target, "port": {"number": DEFAULT_PORT}}}
    path = {"path": "/", "pathType": "Prefix", "backend": backend}
    return {"host": host, "http": {"paths": [path]}}


def _like_service(decision: Decision) -> Manifest:
    name = text(decision.service, "metadata", "name")
    metadata = component_metadata.of_object(decision, name, {})
    del metadata["labels"]
    return metadata | {"annotations": mapping(decision.service, "metadata", "annotations")}


def _ports(spec: Manifest) -> list[Manifest]:
    """The ports of the first container, whichever it is."""
    first: Manifest = next(iter(items(spec, "containers")), {})
    declared = items(first, "ports") or [
        {"name": text(first, "name"), "containerPort": DEFAULT_PORT}
    ]
    return [_port(each) for each in declared]


def _port(declared: Manifest) -> Manifest:
    number = declared.get("containerPort")
    protocol = text(declared, "protocol") or "TCP"
    name = {"name": declared["name"]} if declared.get("name") else {}
    return name | {"port": number, "protocol": protocol, "targetPort": number}


def _service_type(annotations: Manifest) -> str:
    wanted = annotations.get("ome.io/service-type")
    return wanted if wanted in _SERVICE_TYPES else "ClusterIP"


def _balancer(annotations: Manifest) -> Manifest:
    address = annotations.get("ome.io/load-balancer-ip")
    balanced = _service_type(annotations) == "LoadBalancer" and address
    return {"loadBalancerIP": address} if balanced else {}


def _service(metadata: Manifest, spec: Manifest) -> Manifest:
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}
