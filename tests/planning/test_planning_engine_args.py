"""Engine arguments as people write them."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from ome_backend.planning.engine_args import EngineArgs, component_args, engine_args, runtime_args
from ome_backend.resources.evidence import Evidence
from ome_backend.resources.runtime import Runtime

CATALOG = Path(__file__).resolve().parents[2].parent / "shared" / "ome" / "catalog" / "runtimes"


def container(
    *args: str, command: tuple[str, ...] = ("vllm", "serve"), **env: str
) -> dict[str, Any]:
    variables = [{"name": name, "value": value} for name, value in env.items()]
    return {"name": "ome-container", "command": list(command), "args": list(args), "env": variables}


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        pytest.param(("--tensor-parallel-size", "4"), {"tensor": 4}, id="vLLM, two words"),
        pytest.param(("--tensor-parallel-size=4",), {"tensor": 4}, id="vLLM, one word"),
        pytest.param(("--tensor_parallel_size", "4"), {"tensor": 4}, id="underscores"),
        pytest.param(("-tp", "4", "-pp=2"), {"tensor": 4, "pipeline": 2}, id="vLLM, short"),
        pytest.param(("--tp", "8", "--dp", "2"), {"tensor": 8, "data": 2}, id="SGLang, short"),
        pytest.param(("--tp-size", "8", "--ep-size", "8"), {"tensor": 8, "expert": 8}, id="SGLang"),
        pytest.param(("--mem-frac", "0.88"), {"memory_fraction": 0.88}, id="cut off"),
        pytest.param(("--mem-fraction-static=.8",), {"memory_fraction": 0.8}, id="SGLang fraction"),
        pytest.param(
            ("--gpu-memory-utilization", "0.95"), {"memory_fraction": 0.95}, id="vLLM fraction"
        ),
        pytest.param(("--max-model-len", "131072"), {"context": 131072}, id="vLLM context"),
        pytest.param(("--max-model-len", "32k"), {"context": 32000}, id="thousands"),
        pytest.param(("--max-model-len", "32K"), {"context": 32768}, id="1024s"),
        pytest.param(("--max-model-len=-1",), {"context": None}, id="the engine chooses"),
        pytest.param(("--context-length", "8192"), {"context": 8192}, id="SGLang context"),
        pytest.param(("--max-num-seqs", "128"), {"max_sequences": 128}, id="vLLM sequences"),
        pytest.param(
            ("--max-running-requests", "64"), {"max_sequences": 64}, id="SGLang sequences"
        ),
        pytest.param(("--kv-cache-dtype=fp8",), {"kv_dtype": "fp8"}, id="cache type"),
        pytest.param(
            ("-q", "awq", "--dtype", "half"), {"quantization": "awq", "dtype": "half"}, id="types"
        ),
        pytest.param(
            ("--enable-expert-parallel",), {"expert_parallel": True}, id="expert parallel"
        ),
        pytest.param(("--enable-dp-attention",), {"dp_attention": True}, id="DP attention"),
        pytest.param(("--enforce-eager",), {"eager": True}, id="eager"),
        pytest.param(("--tp", "2", "--tp", "4"), {"tensor": 4}, id="the last one wins"),
        pytest.param(("--model", "x", "--max-log-len", "0", "--max-n", "3"), {}, id="others"),
        pytest.param(("$(MODEL_PATH)", "--tp=$(N)"), {"tensor": 1}, id="a value that is not there"),
    ],
)
def test_spellings(args: tuple[str, ...], expected: dict[str, Any]) -> None:
    found = engine_args(container(*args))
    assert {name: getattr(found, name) for name in expected} == expected
    if not expected:
        assert found == EngineArgs(engine="vLLM")


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("vllm serve /m --tensor-parallel-size 4 --max-model-len=8192", id="plain"),
        pytest.param(
            "exec vllm serve /m \\\n  --tensor-parallel-size 4 \\\n --max-model-len 8192",
            id="lines",
        ),
        pytest.param(
            "set -e; ls --all && vllm serve --tp $TP --max-model-len ${LEN:-8192}", id="variables"
        ),
        pytest.param("vllm serve --tp '4' --max-model-len \"8192\"; sleep infinity", id="quotes"),
        pytest.param("vllm serve --tp ${TP} --max-model-len 8192 # --tp 9", id="comment"),
        pytest.param("vllm serve --tp $(TP) --max-model-len 8192 --chat 'don", id="open quote"),
    ],
)
@pytest.mark.parametrize("shell", [("sh", "-c"), ("/bin/bash", "-lc")])
def test_a_shell_is_asked_to_run_it(script: str, shell: tuple[str, str]) -> None:
    found = engine_args(container(script, command=shell, TP="4"))
    assert (found.tensor, found.context, found.engine) == (4, 8192, "")


def test_kubernetes_fills_in_variables() -> None:
    found = engine_args(
        container("--tp-size", "$(TP)", "--context-length=$(LEN)", TP="2", LEN="4096")
    )
    assert (found.tensor, found.context) == (2, 4096)


def test_a_variable_without_a_value_is_told() -> None:
    found = engine_args(container("--tp", "$(SECRET)"))
    assert found.unread == ("tensor=$(SECRET)",)


def test_ome_tells_several_nodes_how_many_gpus_they_are() -> None:
    runner = {
        **container(
            "--tp-size", "$(PARALLELISM_SIZE)", command=("python3", "-m", "sglang.launch_server")
        ),
        "resources": {"limits": {"nvidia.com/gpu": 8}},
    }
    found = component_args({"leader": {"runner": runner}, "worker": {"size": 1, "runner": runner}})
    assert (found.engine, found.tensor, found.gpus) == ("SGLang", 16, 16)


def test_gpus_of_a_replica() -> None:
    assert EngineArgs(tensor=4, pipeline=2, data=2).gpus == 16
    assert EngineArgs(tensor=8, data=8, dp_attention=True).gpus == 8


def test_what_is_given_is_declared_and_the_rest_is_assumed() -> None:
    found = engine_args(container("--tp", "4"))
    assert found.input("tensor") == ("tensor", 4, Evidence.DECLARED)
    assert found.input("pipeline") == ("pipeline", 1, Evidence.COMPUTED)


def test_the_catalogue_asks_for_as_many_gpus_as_its_engines_use() -> None:
    if not CATALOG.exists():
        pytest.skip("the OME catalogue is not here")
    runtimes = [
        Runtime(yaml.safe_load(path.read_text())) for path in sorted(CATALOG.glob("*.yaml"))
    ]
    told = [(each.gpus, runtime_args(each)) for each in runtimes if each.topology == "single node"]
    checked = [(gpus, args) for gpus, args in told if "tensor" in args.given and gpus]
    assert len(checked) > 80
    differing = [(gpus, args.gpus) for gpus, args in checked if gpus != args.gpus]
    assert differing == []
    assert all(not args.unread for _, args in checked)
