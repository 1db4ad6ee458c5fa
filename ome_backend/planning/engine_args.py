"""What vLLM and SGLang are told: parallel sizes, context, memory fraction, data types."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ome_backend.planning.amount import Input
from ome_backend.planning.arguments import words
from ome_backend.resources import replica
from ome_backend.resources.evidence import Evidence
from ome_backend.resources.manifest import mapping
from ome_backend.resources.optional import optional_mapping
from ome_backend.resources.runtime import Runtime

# What is asked for -> how vLLM and SGLang spell it. Both take `_` for `-` and cut-off names.
_SPELLINGS = {
    "tensor": ("--tensor-parallel-size", "--tp-size", "--tp", "-tp"),
    "pipeline": ("--pipeline-parallel-size", "--pp-size", "--pp", "-pp"),
    "data": ("--data-parallel-size", "--dp-size", "--dp", "-dp"),
    "expert": ("--expert-parallel-size", "--ep-size", "--ep"),
    "context": ("--max-model-len", "--context-length"),
    "memory_fraction": ("--gpu-memory-utilization", "--mem-fraction-static"),
    "max_sequences": ("--max-num-seqs", "--max-running-requests"),
    "prefill_chunk": ("--max-num-batched-tokens", "--chunked-prefill-size"),
    "kv_dtype": ("--kv-cache-dtype",),
    "quantization": ("--quantization", "-q"),
    "dtype": ("--dtype",),
}
_SWITCHES = {
    "expert_parallel": ("--enable-expert-parallel", "--enable-ep-moe"),
    "dp_attention": ("--enable-dp-attention",),
    "eager": ("--enforce-eager", "--disable-cuda-graph"),
}
_ALL = {
    spelling: name
    for known in (_SPELLINGS, _SWITCHES)
    for name, own in known.items()
    for spelling in own
}
_SHORTEST_CUT = (
    6  # `--mem-frac` is enough for --mem-fraction-static; shorter ones could mean anything
)
_COUNT = re.compile(r"(\d+(?:\.\d+)?)([kKmMgG]?)")
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "K": 2**10, "M": 2**20, "G": 2**30}


@dataclass(frozen=True, slots=True)
class EngineArgs:
    """An engine's arguments, defaults where none is given; None means the engine chooses.

    `given` holds the arguments that are there, by our name for them, as written; `unread` those whose value
    stays unknown (a variable without a value, a number that is none).
    """

    engine: str = ""
    tensor: int = 1
    pipeline: int = 1
    data: int = 1
    expert: int = 1
    context: int | None = None
    memory_fraction: float | None = None
    max_sequences: int | None = None
    prefill_chunk: int | None = None
    kv_dtype: str = "auto"
    quantization: str = ""
    dtype: str = "auto"
    expert_parallel: bool = False
    dp_attention: bool = False
    eager: bool = False
    given: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    unread: tuple[str, ...] = ()

    @property
    def gpus(self) -> int:
        """GPUs of one replica; with DP attention the data-parallel ranks share the tensor-parallel GPUs."""
        return self.tensor * self.pipeline * (1 if self.dp_attention else self.data)

    def input(self, name: str) -> Input:
        """One of them as an input of a formula: declared where given, else the engine's default."""
        value = getattr(self, name)
        return Input(name, value, Evidence.DECLARED if name in self.given else Evidence.COMPUTED)


def engine_args(container: Mapping[str, Any], more: Mapping[str, str] | None = None) -> EngineArgs:
    """The arguments of an engine's container; `more` are environment variables that OME adds."""
    line = words(container, more)
    return parse(line, replica.engine_name({"runner": dict(container)}))


def component_args(component: Mapping[str, Any]) -> EngineArgs:
    """The arguments of an engine or decoder section: its main container, the leader's in several nodes.

    OME sets PARALLELISM_SIZE to the GPUs of all its pods (components/engine.go).
    """
    size = str(replica.gpus(component))
    return engine_args(replica.main_container(component), {"PARALLELISM_SIZE": size})


def runtime_args(runtime: Runtime, part: str = "engineConfig") -> EngineArgs:
    """The arguments of a runtime's engine or (`decoderConfig`) decoder."""
    section = optional_mapping(runtime.raw, "spec", part)
    return component_args(mapping(runtime.raw, "spec") if section is None else section)


def parse(line: Sequence[str], engine: str = "") -> EngineArgs:
    """The arguments in a command line already split into words. The last of several wins, as in argparse."""
    given = dict(_pairs(line))
    found: dict[str, Any] = {}
    unread = []
    for name, written in given.items():
        value = _value(name, written)
        if value is None and written not in ("-1", "auto", "None"):
            unread.append(f"{name}={written}")
        elif value is not None:
            found[name] = value
    return EngineArgs(**found, engine=engine, given=MappingProxyType(given), unread=tuple(unread))


def _pairs(line: Sequence[str]) -> Iterator[tuple[str, str]]:
    for at, word in enumerate(line):
        flag, equals, value = word.partition("=")
        name = _name(flag.replace("_", "-"))
        if name is None:
            continue
        following = line[at + 1] if at + 1 < len(line) else ""
        yield name, "true" if name in _SWITCHES else value if equals else following


def _name(flag: str) -> str | None:
    if flag in _ALL or len(flag) < _SHORTEST_CUT or not flag.startswith("--"):
        return _ALL.get(flag)
    meant = {name for spelling, name in _ALL.items() if spelling.startswith(flag)}
    return meant.pop() if len(meant) == 1 else None


def _value(name: str, written: str) -> Any:
    if name in _SWITCHES:
        return True
    if name in ("kv_dtype", "quantization", "dtype"):
        return written if written and not written.startswith(("-", "$")) else None
    if name == "memory_fraction":
        return _fraction(written)
    return _count(written)


def _fraction(written: str) -> float | None:
    try:
        value = float(written)
    except ValueError:
        return None
    return value if 0 < value <= 1 else None


def _count(written: str) -> int | None:
    """A positive whole number; vLLM also takes `32k` (thousands) and `32K` (1024s)."""
    found = _COUNT.fullmatch(written)
    return (int(float(found[1]) * _UNITS[found[2]]) or None) if found else None
