"""The host names and paths OME gives services (reconcilers/ingress/services)."""

import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import unquote

from ome_backend.facts.failure import Failure
from ome_backend.outcome import go_template
from ome_backend.outcome.ingress_config import IngressConfig, resolved
from ome_backend.resources import object_names
from ome_backend.resources.manifest import Manifest, mapping, text
from ome_backend.schema.go_text import quote

_CLUSTER_DOMAIN: Final = "cluster.local"
_LABEL: Final = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_SUBDOMAIN: Final = re.compile(rf"{_LABEL.pattern}(\.{_LABEL.pattern})*")
_SUBDOMAIN_RULE: Final = (
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
    "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for "
    rf"validation is '{_SUBDOMAIN.pattern}')"
)


def domain(name: str, metadata: Manifest, config: IngressConfig) -> str | Failure:
    """The host of `name`, a service or a component of one, whose `metadata` this is.

    Source: GenerateDomainName.
    """
    own = resolved(config, mapping(metadata, "annotations"))
    return _rendered(object_names.shortened(name), metadata, own.domain_template, own.domain)


def internal_domain(name: str, metadata: Manifest, config: IngressConfig) -> str | Failure:
    """The same with the domain of the cluster, whatever annotations say.

    Source: GenerateInternalDomainName.
    """
    return _rendered(name, metadata, config.domain_template, _CLUSTER_DOMAIN)


def additional(domains: Iterable[str], host: str, config: IngressConfig) -> tuple[str, ...]:
    """The host under each further domain, where it ends in one of `domains`.

    Domains that make no valid host are left out. Source: GetAdditionalHosts.
    """
    ending = next((each for each in domains if host.endswith(each)), "")
    own = host.removesuffix(ending) if ending else ""
    hosts = (f"{own}{each}" for each in dict.fromkeys(config.additional_domains) if own)
    return tuple(each for each in hosts if _is_subdomain(each))


def path(name: str, namespace: str, config: IngressConfig) -> str | Failure:
    """The path of a service, empty without a template for it. Source: GenerateUrlPath."""
    if not config.path_template:
        return ""
    values = {"Name": name, "Namespace": namespace}
    made = go_template.render(
        config.path_template, values, name="url-template", type_name="services.PathTemplateValues"
    )
    if made.problem:
        return Failure(_prefixed("error rendering the url template: ", made))
    return _parsed(made.text)


def _rendered(name: str, metadata: Manifest, template: str, ending: str) -> str | Failure:
    values: go_template.Values = {
        "Name": name,
        "Namespace": text(metadata, "namespace"),
        "IngressDomain": ending,
        "Annotations": mapping(metadata, "annotations"),
        "Labels": mapping(metadata, "labels"),
    }
    made = go_template.render(
        template, values, name="domain-template", type_name="services.DomainTemplateValues"
    )
    if made.problem:
        return Failure(_prefixed("error rendering the domain template: ", made))
    problem = _not_qualified(made.text)
    return Failure(f"invalid domain name {quote(made.text)}: {problem}") if problem else made.text


def _prefixed(prefix: str, made: go_template.Rendered) -> str:
    return f"{prefix}{made.problem}" if made.parses else made.problem


def _not_qualified(host: str) -> str:
    """Why a host is no fully qualified domain name, in the API server's words; empty if it is one."""
    if not host:
        return "url: Required value"
    bare = host.removesuffix(".")
    if not _is_subdomain(bare):
        return f"url: Invalid value: {quote(bare)}: {_subdomain_problem(bare)}"
    if "." not in bare:
        rule = "should be a domain with at least two segments separated by dots"
        return f"url: Invalid value: {quote(bare)}: {rule}"
    long = next((each for each in bare.split(".") if len(each) > 63), "")
    rule = "must be no more than 63 characters"
    return f"url: Invalid value: {quote(long)}: {rule}" if long else ""


def _is_subdomain(host: str) -> bool:
    return len(host) <= 253 and bool(_SUBDOMAIN.fullmatch(host))


def _subdomain_problem(host: str) -> str:
    found = ["must be no more than 253 characters"] if len(host) > 253 else []
    return ",".join(found + ([] if _SUBDOMAIN.fullmatch(host) else [_SUBDOMAIN_RULE]))


def _parsed(written: str) -> str | Failure:
    """The path of a request URI, as Go's net/url reads it."""
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", written):
        return Failure(f"invalid url path {quote(written)}: contains either a scheme or a host")
    if not written.startswith("/"):
        parse = f"parse {quote(written)}: invalid URI for request"
        return Failure(f"invalid url {quote(written)}: {parse}")
    bare = written.partition("?")[0]
    wrong = re.search(r"%(?![0-9A-Fa-f]{2}).{0,2}", bare)
    if wrong:
        parse = f"parse {quote(written)}: invalid URL escape {quote(wrong[0])}"
        return Failure(f"invalid url {quote(written)}: {parse}")
    return unquote(bare)
