"""A terminal in which a person works on a sandbox with `kubectl` and the console's own command line."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from ome_backend.sandbox.server import Sandbox

ROOT = Path(__file__).resolve().parents[2]

Run = Callable[[str], str]


def terminal(sandbox: Sandbox, folder: Path) -> Run:
    """Runs a line in `folder` and returns what it prints; fails where the line does."""
    config = folder / "terminal-kubeconfig"
    config.write_text(sandbox.kubectl_config())
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("OME_")}
    environment = inherited | {
        "KUBECONFIG": str(config),
        "HOME": str(folder),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }

    def run(line: str) -> str:
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", line],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{line}\n{done.stderr}"
        return done.stdout

    return run
