"""Streamlit's options as `streamlit run` reads them, for a console that another program serves.

An ASGI server knows nothing of `.streamlit/config.toml` beside app.py, nor of Streamlit's environment
variables: those belong to Streamlit's command line. Both are read here in Streamlit's own way, which
turns texts into numbers and lists. Each source outweighs those before it: Streamlit's defaults,
`.streamlit/config.toml` of the home, of the working directory and beside the script, environment.
"""

from pathlib import Path
from typing import Any

import click
from streamlit import config
from streamlit.web import bootstrap
from streamlit.web.cli import configurator_options


def read_options(script: Path) -> None:
    """Set all options, once, before the application is made; `script` is what Streamlit would run.

    After `streamlit run` there is nothing to do. Ends the process, with a sentence that names the
    variable, when the environment holds a value that makes no sense.
    """
    if config._main_script_path is not None:
        return
    config._main_script_path = str(script)
    try:
        said = _options.make_context("console", []).params
    except click.UsageError as exc:
        raise SystemExit(f"Error: {exc.format_message()}") from exc
    bootstrap.load_config_options(said)


@click.command()
@configurator_options
def _options(**said: Any) -> None:
    """Never called: its parameters are Streamlit's options with their environment variables."""
