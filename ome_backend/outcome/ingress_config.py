"""How OME makes services reachable: its configuration, and what annotations of a service change."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from ome_backend.resources.manifest import Manifest, text

_PREFIX: Final = "ome.io/ingress-"


@dataclass(frozen=True, slots=True)
class IngressConfig:
    """The key `ingress` of the ConfigMap inferenceservice-config; the defaults are what OME ships with."""

    domain: str = "svc.cluster.local"
    domain_template: str = "{{ .Name }}.{{ .Namespace }}.{{ .IngressDomain }}"
    additional_domains: tuple[str, ...] = ()
    url_scheme: str = "http"
    path_template: str = ""
    class_name: str | None = "istio"
    gateway: str = ""
    gateway_api: bool = False
    without_virtual_host: bool = False
    without_ingress: bool = True


def configured(config: Manifest | None) -> IngressConfig:
    """What a ConfigMap says; what OME ships with where it cannot be seen or read."""
    try:
        found = json.loads(text(config or {}, "data", "ingress"))
    except json.JSONDecodeError:
        return IngressConfig()
    return _complete(of(found)) if isinstance(found, dict) else IngressConfig()


def _complete(config: IngressConfig) -> IngressConfig:
    """OME has defaults of its own for what no host name can do without."""
    shipped = IngressConfig()
    return replace(
        config,
        domain=config.domain or shipped.domain,
        domain_template=config.domain_template or shipped.domain_template,
        url_scheme=config.url_scheme or shipped.url_scheme,
    )


def of(found: Mapping[str, Any]) -> IngressConfig:
    """The configuration that JSON spells out; what it leaves out is empty, as in Go."""
    return IngressConfig(
        domain=found.get("ingressDomain") or "",
        domain_template=found.get("domainTemplate") or "",
        additional_domains=tuple(found.get("additionalIngressDomains") or ()),
        url_scheme=found.get("urlScheme") or "",
        path_template=found.get("pathTemplate") or "",
        class_name=found.get("ingressClassName"),
        gateway=found.get("omeIngressGateway") or "",
        gateway_api=found.get("enableGatewayAPI") is True,
        without_virtual_host=found.get("disableIstioVirtualHost") is True,
        without_ingress=found.get("disableIngressCreation") is True,
    )


def resolved(base: IngressConfig, annotations: Mapping[str, Any]) -> IngressConfig:
    """The configuration of one service. Source: ResolveIngressConfig."""
    said = {
        name.removeprefix(_PREFIX): str(value)
        for name, value in annotations.items()
        if name.startswith(_PREFIX)
    }
    changes: dict[str, Any] = {
        field: said[name] for name, field in _TEXTS.items() if said.get(name)
    }
    changes |= {field: said[name] == "true" for name, field in _FLAGS.items() if name in said}
    if "path-template" in said:
        changes["path_template"] = said["path-template"]
    if said.get("additional-domains"):
        domains = said["additional-domains"].split(",")
        changes["additional_domains"] = tuple(each.strip() for each in domains)
    return replace(base, **changes)


_TEXTS: Final = {
    "domain-template": "domain_template",
    "domain": "domain",
    "url-scheme": "url_scheme",
}
_FLAGS: Final = {
    "disable-istio-virtualhost": "without_virtual_host",
    "disable-creation": "without_ingress",
}
