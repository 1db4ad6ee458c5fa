"""The arguments OME starts a benchmark with (pkg/controller/v1beta1/benchmark/utils)."""

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlsplit

from ome_backend.admission import known as lookup
from ome_backend.admission.known import Known
from ome_backend.facts import storage_uri
from ome_backend.facts.failure import Failure
from ome_backend.facts.storage_schemes import SCHEMES, Components
from ome_backend.resources import kinds
from ome_backend.resources.kind import Key
from ome_backend.resources.manifest import Manifest, items, mapping, text

Arguments = list[str]
_API_KEY: Final = "sample-key"
_MODEL_NAME: Final = "vllm-model"


def endpoint(spec: Manifest, known: Known) -> dict[str, str] | Failure:
    """The arguments that say what to measure, of `spec.endpoint`.

    Source: BuildInferenceServiceArgs.
    """
    direct = spec.get("endpoint")
    if isinstance(direct, dict):
        return {
            "--api-backend": text(direct, "apiFormat"),
            "--api-model-name": text(direct, "modelName"),
            "--api-base": text(direct, "url"),
        }
    reference = spec.get("inferenceService")
    if isinstance(reference, dict):
        return _of_service(reference, known)
    return Failure("invalid EndpointSpec: both Endpoint and InferenceService are nil")


def service(reference: Manifest | None, known: Known) -> Manifest | Failure:
    """The service that a benchmark names. Source: GetInferenceService."""
    if reference is None:
        return Failure("inferenceservice reference is nil")
    key = Key(text(reference, "namespace"), text(reference, "name"))
    found = known.get(kinds.INFERENCE_SERVICE, key)
    if found is not None:
        return found
    missing = f'inferenceservices.ome.io "{key.name}" not found'
    return Failure(f"failed to get InferenceService {key.namespace}/{key.name}: {missing}")


def storage(spec: Manifest | None) -> Arguments | Failure:
    """The arguments that say where results go, of `spec.outputLocation`. Source: BuildStorageArgs."""
    if spec is None:
        return Failure("storageSpec cannot be nil")
    uri = spec.get("storageUri")
    if not isinstance(uri, str):
        return Failure("storageUri cannot be nil")
    scheme = storage_uri.scheme(uri)
    if not scheme:
        return Failure(f"invalid storage URI: unknown storage type for URI: {uri}")
    if scheme not in _BUILDERS:
        return Failure(f"unsupported storage type: {SCHEMES[scheme].type}")
    found = storage_uri.parse_as(scheme, uri)
    if isinstance(found, Failure):
        return Failure(f"invalid {SCHEMES[scheme].title} storage URI: {found.text}")
    return _BUILDERS[scheme](found.components, mapping(spec, "parameters"))


def with_model(container: Manifest, name: str, model: Manifest | None) -> Manifest:
    """The benchmark's container with the model mounted, whose spec `model` is.

    Source: UpdateVolumeMounts.
    """
    if not name or model is None:
        return container
    path = text(model, "storage", "path")
    mount = {"name": name, "mountPath": path, "readOnly": True}
    env = items(container, "env")
    if not any(text(each, "name") == "MODEL_PATH" for each in env):
        env = [*env, {"name": "MODEL_PATH", "value": path}]
    return container | {"volumeMounts": [*items(container, "volumeMounts"), mount], "env": env}


def _of_service(reference: Manifest, known: Known) -> dict[str, str] | Failure:
    found = service(reference, known)
    if isinstance(found, Failure):
        return found
    whose = f"InferenceService {text(reference, 'namespace')}/{text(reference, 'name')}"
    name = text(found, "spec", "predictor", "model", "baseModel") or text(
        found, "spec", "model", "name"
    )
    if not name:
        return Failure(f"{whose} has no Model defined")
    path = _model_path(name, text(found, "metadata", "namespace"), known)
    if isinstance(path, Failure):
        return path
    url = urlsplit(text(found, "status", "url"))
    if not url.netloc:
        return Failure(f"{whose} has no URL.Host in status")
    return {
        "--api-key": _API_KEY,
        "--api-model-name": _MODEL_NAME,
        "--model-tokenizer": path,
        "--api-backend": _protocol(found) or "openai",
        "--api-base": f"{url.scheme or 'http'}://{url.netloc}",
    }


def _model_path(name: str, namespace: str, known: Known) -> str | Failure:
    model = lookup.model(known, namespace, name)
    if model is None:
        return Failure(
            f"failed to get BaseModel {name}: No BaseModel or ClusterBaseModel with the name: {name}"
        )
    path = text(model[0], "spec", "storage", "path")
    return path or Failure(f"BaseModel {name} has missing Storage or Path information")


def _protocol(found: Manifest) -> str:
    own = text(found, "spec", "predictor", "model", "protocolVersion")
    env = items(found, "spec", "engine", "runner", "env")
    said = (text(each, "value") for each in env if text(each, "name") == "PROTOCOL_VERSION")
    return own or next(said, "")


def _given(parameters: Mapping[str, str], flags: Mapping[str, str]) -> Arguments:
    pairs = ((flag, parameters[name]) for name, flag in flags.items() if name in parameters)
    return [word for pair in pairs for word in pair]


def _oci(parts: Components, parameters: Mapping[str, str]) -> Arguments:
    place = ["--namespace", parts["namespace"], "--storage-bucket", parts["bucket"]]
    flags = ("auth", "config_file", "profile", "security_token", "region")
    given = _given(parameters, {name: f"--{name.replace('_', '-')}" for name in flags})
    return ["--upload-results", *place, "--storage-prefix", parts["prefix"], *given]


def _pvc(parts: Components, parameters: Mapping[str, str]) -> Arguments:
    return ["--experiment-base-dir", f"/{parts['sub_path']}"]


def _s3(parts: Components, parameters: Mapping[str, str]) -> Arguments:
    flags = ("aws_access_key_id", "aws_secret_access_key", "aws_profile")
    region = parameters.get("aws_region", parts["region"])
    return [
        *_bucket("aws", parts["bucket"], parts["prefix"]),
        *_given(parameters, _storage_flags(flags)),
        *(["--storage-aws-region", region] if region else []),
    ]


def _azure(parts: Components, parameters: Mapping[str, str]) -> Arguments:
    flags = ("azure_account_key", "azure_connection_string", "azure_sas_token")
    account = parameters.get("azure_account_name", parts["account_name"])
    return [
        *_bucket("azure", parts["container_name"], parts["blob_path"]),
        *["--storage-azure-account-name", account],
        *_given(parameters, _storage_flags(flags)),
    ]


def _gcs(parts: Components, parameters: Mapping[str, str]) -> Arguments:
    flags = _storage_flags(("gcp_project_id", "gcp_credentials_path"))
    return [*_bucket("gcp", parts["bucket"], parts["object"]), *_given(parameters, flags)]


def _github(parts: Components, parameters: Mapping[str, str]) -> Arguments:
    repository = ["--github-owner", parts["owner"], "--github-repo", parts["repository"]]
    tag = ["--github-tag", parts["tag"]] if parts["tag"] != "latest" else []
    given = _given(parameters, {"github_token": "--github-token"})
    return ["--upload-results", "--storage-provider", "github", *repository, *tag, *given]


def _bucket(provider: str, bucket: str, prefix: str) -> Arguments:
    place = ["--upload-results", "--storage-provider", provider, "--storage-bucket", bucket]
    return [*place, *(["--storage-prefix", prefix] if prefix else [])]


def _storage_flags(names: tuple[str, ...]) -> dict[str, str]:
    return {name: f"--storage-{name.replace('_', '-')}" for name in names}


_BUILDERS: Final[Mapping[str, Callable[[Components, Mapping[str, str]], Arguments]]] = {
    "oci": _oci,
    "pvc": _pvc,
    "s3": _s3,
    "az": _azure,
    "gs": _gcs,
    "github": _github,
}
