"""The editor's script: where it lies, under which name it is served, and the few lines that load it."""

import hashlib
from pathlib import Path

FOLDER = Path(__file__).parent
FILE = FOLDER / "editor.js"
NAME = f"editor.{hashlib.sha256(FILE.read_bytes()).hexdigest()[:16]}.js"
ROUTE = f"api/v1/assets/{NAME}"

_LOADER = """
export default function (component) {{
  const {{ parentElement }} = component
  const own = (parentElement.loading ??= {{ gone: false }})
  own.newest = component
  own.script ??= import(new URL("{route}", document.baseURI)).then(
    (script) => script.{function},
    () => {{
      if (own.gone) return null
      parentElement.append("The editor could not be loaded. Reload the page, or choose another editor below.")
      return null
    }},
  )
  own.script.then((draw) => {{
    if (draw && !own.gone && own.newest === component) own.end = draw(component)
  }})
  return () => {{
    own.gone = true
    delete parentElement.loading
    own.end?.()
  }}
}}
"""


def loader(function: str) -> str:
    """The script of a component that lets a function of the bundle draw it.

    The bundle is loaded once per tab; only these lines go over each page's socket.
    """
    return _LOADER.format(route=ROUTE, function=function)
