"""One model on one node: scanning, downloading, finalizing, ready; or why it never gets there."""

import re
from datetime import datetime
from hashlib import sha256
from typing import Any

from ome_backend.facts import storage_uri
from ome_backend.resources import kinds
from ome_backend.resources.agent_entry import config_map_entry
from ome_backend.resources.kind import Key, Kind
from ome_backend.resources.manifest import Manifest, dig, key_of, mapping, text
from ome_backend.resources.parameter_count import parse
from ome_backend.resources.quantity import quantity
from ome_backend.sandbox.controllers.checkpoints import Checkpoint, checkpoint
from ome_backend.sandbox.controllers.world import World

_SCANNING, _FINALIZING, _REFRESHED = 4.0, 4.0, 5.0
_IN_PLACE = ("local", "vendor")
_NEVER = ("s3", "az", "gs", "github")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_DTYPE, _DTYPE_BYTES = "bfloat16", 2  # OME reads torch_dtype only, quantised or not


def advance(
    world: World,
    node: Manifest,
    kind: Kind,
    model: Manifest,
    entry: Manifest | None,
    beside: dict[str, Manifest],
) -> tuple[Manifest, datetime | None]:
    """The entry of a model in its node's ConfigMap as of now, and when to look again.

    `beside` holds the entries of the models that came to the node earlier: they fill its disk.
    """
    if entry is not None and text(entry, "status") in ("Ready", "Failed"):
        return entry, None
    scheme = storage_uri.scheme(_uri(model))
    name = text(model, "metadata", "name")
    if scheme in _IN_PLACE:
        return _ready(name, model), None
    if scheme in _NEVER:
        return {"name": name, "status": "Updating"}, None
    if not scheme or refusal(world, node, model, beside):
        return {"name": name, "status": "Failed"}, None
    before = mapping(entry or {}, "progress")
    if (entry or {}).get("kept"):  # the files of a model that was ready are only checked
        before = _written(world, "finalizing", _found(model).bytes, _found(model).bytes, 0, 0)
    progress = _progress(world, node, model, before)
    if progress is None:
        return _ready(name, model), None
    due = _due(world, progress)
    return {"name": name, "status": "Updating", "progress": progress}, due


def refusal(world: World, node: Manifest, model: Manifest, beside: dict[str, Manifest]) -> str:
    """Why the download of a model cannot succeed on a node, in the agent's words, or empty."""
    secret = text(model, "spec", "storage", "key")
    # The agent looks for the token of a cluster-wide model in its own namespace.
    namespace = text(model, "metadata", "namespace") or "ome"
    if secret and world.get(kinds.SECRET, Key(namespace, secret)) is None:
        return (
            f"failed to download {_uri(model)}: 401 Unauthorized: access to the repository is "
            f'restricted, secrets "{secret}" not found in namespace {namespace}'
        )
    needed = _found(model).bytes
    if needed > _disk(node) - _used(world, beside):
        path = text(model, "spec", "storage", "path")
        return f"failed to download {_uri(model)}: write {path}: no space left on device"
    return ""


def trouble(world: World, agent: Manifest, entry: str) -> str:
    """Why a model of the agent's node does not get there, for its log; empty when nothing is wrong."""
    node = world.get(kinds.NODE, Key("", text(agent, "spec", "nodeName"))) or {}
    for kind in kinds.MODEL_KINDS:
        for model in world.list(kind):
            if config_map_entry(key_of(model)) == entry:
                if storage_uri.scheme(_uri(model)) in ("", *_NEVER):
                    return f"unknown storage type for URI: {_uri(model)}"
                return refusal(world, node, model, _others(world, node, entry))
    return ""


def _others(world: World, node: Manifest, entry: str) -> dict[str, Manifest]:
    data = mapping(
        world.get(kinds.CONFIG_MAP, Key("ome", text(node, "metadata", "name"))) or {}, "data"
    )
    return {name: {"status": "Ready"} for name in data if name != entry}


def _uri(model: Manifest) -> str:
    return text(model, "spec", "storage", "storageUri")


def _found(model: Manifest) -> Checkpoint:
    """What the agent reads from the checkpoint; what the model declares counts where it is silent."""
    seen = checkpoint(_uri(model).partition("://")[2].partition("@")[0])
    size = seen.size or text(model, "spec", "modelParameterSize")
    return Checkpoint(size=size, quantization=seen.quantization) if not seen.readable else seen


def _disk(node: Manifest) -> float:
    return float(quantity(dig(node, "status", "allocatable", "ephemeral-storage")) or 0)


def _used(world: World, beside: dict[str, Manifest]) -> float:
    total = 0.0
    for kind in kinds.MODEL_KINDS:
        for model in world.list(kind):
            entry = beside.get(config_map_entry(key_of(model)), {})
            if text(entry, "status") in ("Ready", "Updating"):
                total += _found(model).bytes
    return total


def _progress(world: World, node: Manifest, model: Manifest, before: Manifest) -> Manifest | None:
    """The progress as of now; None when the download is complete."""
    total = _found(model).bytes
    files = 8 + total // 5_000_000_000
    if not before:
        return _written(world, "scanning", 0, 0, 0, 0)
    phase, waited = text(before, "phase"), world.elapsed(world.moment(before, "lastUpdated"))
    speed = _speed(text(node, "metadata", "name"), text(model, "metadata", "name"), total)
    if phase == "scanning":
        return (
            before if waited < _SCANNING else _written(world, "downloading", total, 0, files, speed)
        )
    if phase == "finalizing":
        return before if waited < _FINALIZING else None
    done = int(before.get("completedBytes", 0)) + int(waited * speed)
    if done >= total:
        return _written(world, "finalizing", total, total, files, 0)
    return before if waited < _REFRESHED else _written(world, phase, total, done, files, speed)


def _due(world: World, progress: Manifest) -> datetime:
    since = world.moment(progress, "lastUpdated")
    phase = text(progress, "phase")
    if phase != "downloading":
        return world.after(since, _SCANNING if phase == "scanning" else _FINALIZING)
    left = progress["totalBytes"] - progress["completedBytes"]
    return world.after(since, min(_REFRESHED, left / progress["speedBytesPerSec"] + 0.1))


def _speed(node: str, model: str, total: int) -> int:
    """Bytes per second: about 50 s for 8 GB, larger models use more connections; no two nodes alike."""
    usual = 0.16e9 * max(1.0, total / 8e9) ** 0.35
    share = int(sha256(f"{node}/{model}".encode()).hexdigest()[:4], 16) / 0xFFFF
    return int(usual * (0.75 + 0.5 * share))


def _written(
    world: World, phase: str, total: int, done: int, files: int, speed: float
) -> dict[str, Any]:
    return {
        "phase": phase,
        "totalBytes": total,
        "completedBytes": done,
        "totalFiles": files,
        "completedFiles": files * done // total if total else 0,
        "speedBytesPerSec": speed,
        "lastUpdated": world.now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


def _ready(name: str, model: Manifest) -> Manifest:
    config = _config(model)
    return {"name": name, "status": "Ready"} | ({"config": config} if config else {})


def _config(model: Manifest) -> Manifest:
    """What the agent parsed out of config.json; empty when there is none it understands."""
    scheme, _, path = _uri(model).partition("://")
    found = checkpoint(path.partition("@")[0])
    skipped = text(model, "metadata", "annotations", "ome.oracle.com/skip-config-parsing")
    if scheme not in ("hf", "oci") or not found.readable or skipped.lower() == "true":
        return {}
    diffusion = found.framework == "diffusers"
    version = found.framework_version
    config: Manifest = {
        "modelType": found.model_type,
        "modelArchitecture": found.architecture,
        "modelFramework": {"name": found.framework, "version": version},
        "modelFormat": {
            "name": "diffusers" if diffusion else "safetensors",
            "version": version if diffusion else "1.0.0",
        },
        "modelParameterSize": found.size,
        "maxTokens": found.max_tokens,
        "modelCapabilities": list(found.capabilities),
        "quantization": found.quantization,
        "decodedModelConfiguration": _summary(found),
    }
    sha = _commit(path) if scheme == "hf" else ""
    config["artifact"] = {"sha": sha, "parentPath": {}, "childrenPaths": []}
    return {key: value for key, value in config.items() if value not in ("", 0, [])}


def _commit(path: str) -> str:
    """The commit a revision of a repository stands for: itself, or one made up that is always the same."""
    repo, _, revision = path.partition("@")
    if _COMMIT.fullmatch(revision):
        return revision
    return sha256(f"{repo}@{revision or 'main'}".encode()).hexdigest()[:40]


def _summary(found: Checkpoint) -> Manifest:
    """What the agent keeps of a config.json, under its own names: no layers, no heads.

    Source: pkg/modelagent/config_parser.go (extractModelMetadataFromHF).
    """
    return {
        "model_type": found.model_type,
        "architecture": found.architecture,
        "context_length": found.max_tokens,
        "parameter_count": found.size,
        "has_vision": any(each.startswith("IMAGE_") for each in found.capabilities),
        "is_embedding": "EMBEDDING" in found.capabilities,
        "transformers_version": found.transformers_version,
        "torch_dtype": _DTYPE,
        "model_size_bytes": int((parse(found.size) or 0) * _DTYPE_BYTES),
    }
