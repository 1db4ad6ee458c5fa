"""What engines, routers and OME's own pods write to their logs, as a function of time alone."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256

from ome_backend.resources.manifest import Manifest, items, mapping, text

STEADY_EVERY = 5.0
_GIB = 2**30


def family(pod: Manifest) -> str:
    """Which program the pod runs: sglang, vllm, router, manager or agent."""
    container: Manifest = next(iter(items(pod, "spec", "containers")), {})
    if text(mapping(pod, "metadata", "labels"), "component") == "router":
        return "router"
    if text(mapping(pod, "metadata", "labels"), "component") in ("engine", "decoder"):
        return "vllm" if "vllm" in text(container, "image") else "sglang"
    return "agent" if "agent" in text(container, "name") else "manager"


def loading(pod: Manifest, seconds: float) -> list[tuple[float, str]]:
    """The lines of a start that takes so many seconds, each with its offset."""
    model = text(pod, "metadata", "labels", "base-model-name")
    texts = {
        "sglang": _sglang_start(model),
        "vllm": _vllm_start(model),
        "router": ["Starting router", "Waiting for prefill and decode workers", "Router ready"],
    }.get(family(pod), ["Starting", "Ready"])
    return [(seconds * (each + 1) / len(texts), line) for each, line in enumerate(texts)]


def steady(pod: Manifest, number: int) -> str:
    """The n-th line of a running program; the same for the same pod and number."""
    seed = sha256(f"{text(pod, 'metadata', 'uid')}/{number}".encode()).digest()
    running, queued, usage = seed[0] % 24, seed[1] % 3, seed[2] / 512
    rate = 20.0 * running + seed[3] / 10
    match family(pod):
        case "sglang":
            return (
                f"Decode batch. #running-req: {running}, #token: {running * 812 + seed[4]}, "
                f"token usage: {usage:.2f}, gen throughput (token/s): {rate:.2f}, "
                f"#queue-req: {queued}"
            )
        case "vllm":
            return (
                f"Engine 000: Avg prompt throughput: {rate * 3:.1f} tokens/s, Avg generation "
                f"throughput: {rate:.1f} tokens/s, Running: {running} reqs, Waiting: {queued} reqs, "
                f"GPU KV cache usage: {usage * 100:.1f}%, Prefix cache hit rate: {seed[5] / 4:.1f}%"
            )
        case "router":
            return f"Processed {running + 4} requests, {queued} pending, policy=cache_aware"
        case "agent":
            return f"Node labels and model status are up to date, {seed[0] % 3} tasks queued"
    return f"Reconciled {running + 3} objects, {queued} requeued"


def written(pod: Manifest, at: datetime, line: str) -> str:
    """The line with the prefix its program gives it."""
    time = at.strftime("%Y-%m-%d %H:%M:%S")
    match family(pod):
        case "sglang":
            return f"[{time} TP0] {line}"
        case "vllm":
            return f"INFO {at.strftime('%m-%d %H:%M:%S')} [engine.py] {line}"
        case "router":
            return f"{time} INFO sglang_router: {line}"
    stamp = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return f'{{"level":"info","ts":"{stamp}","msg":"{line}"}}'


def out_of_memory(needed: float, available: float) -> list[str]:
    """The end of a run whose model is larger than its GPUs."""
    capacity, used = available / _GIB, available / _GIB * 0.985
    return [
        f"Loading weights: {needed / _GIB:.2f} GiB per GPU are needed, {capacity:.2f} GiB are there",
        "Traceback (most recent call last):",
        '  File "/opt/engine/worker.py", line 318, in load_model',
        "    weights = torch.empty(shape, dtype=dtype, device=device)",
        "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 1.31 GiB. "
        f"GPU 0 has a total capacity of {capacity:.2f} GiB of which "
        f"{(capacity - used) * 1024:.2f} MiB is free. "
        f"Process has {used:.2f} GiB memory in use.",
    ]


def between(
    pod: Manifest, started: datetime, since: datetime, until: datetime, speed: float, start: float
) -> Iterator[str]:
    """The lines a program that started well writes after `since` and up to `until`, oldest first.

    `start` is how many simulated seconds its start takes.
    """
    for offset, line in loading(pod, start):
        at = started + timedelta(seconds=offset / speed)
        if since < at <= until:
            yield written(pod, at, line)
    every = timedelta(seconds=STEADY_EVERY / speed)
    first = started + timedelta(seconds=start / speed)
    number = max(0, (since - first) // every)
    while (at := first + (number + 1) * every) <= until:
        number += 1
        yield written(pod, at, steady(pod, number))


def _sglang_start(model: str) -> list[str]:
    return [
        f"server_args: model={model}, enable_metrics=True",
        "Init torch distributed begin.",
        "Load weight begin.",
        "Loading safetensors checkpoint shards: 34% completed",
        "Loading safetensors checkpoint shards: 78% completed",
        "Load weight end.",
        "KV Cache is allocated.",
        "Capture cuda graph begin. This can take up to several minutes.",
        "The server is fired up and ready to roll!",
    ]


def _vllm_start(model: str) -> list[str]:
    return [
        f"Initializing a V1 LLM engine with config: model={model}",
        "Starting to load model...",
        "Loading safetensors checkpoint shards: 50% completed",
        "Loading weights took 8.12 seconds",
        "Available KV cache memory: 20.91 GiB",
        "Graph capturing finished in 4 secs",
        "Application startup complete.",
    ]
