"""A program that runs a start command up to where it would serve, and prints Streamlit's options then.

Arguments: the options' names, joined by commas, then the command's module and its arguments.
"""

import json
import runpy
import sys
from typing import Any

import uvicorn
from streamlit import config


async def _print_options(server: uvicorn.Server, *_: Any, **__: Any) -> None:
    values = {name: config.get_option(name) for name in names.split(",")}
    sys.stdout.write(f"{json.dumps(values)}\n")
    server.should_exit = True


_, names, module, *arguments = sys.argv
uvicorn.Server.startup = _print_options  # type: ignore[method-assign,assignment]
sys.argv = [module, *arguments]
runpy.run_module(module, run_name="__main__")
