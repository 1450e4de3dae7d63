"""One module for each tool, named as the tool: a place for edits.

Regenerating keeps a file that was edited."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable

from smelt_runtime.config import TOOL_NAME
from smelt_runtime.runtime import Handler


def load(names: Iterable[str]) -> dict[str, Handler]:
    """The handlers that there are. A tool without a module has none; a module
    that can not be imported ends the server with its own error message."""
    found: dict[str, Handler] = {}
    for name in names:
        if not TOOL_NAME.match(name):
            raise ValueError("a tool name that is not [a-z][a-z0-9_]*")
        module = f"{__name__}.{name}"
        try:
            found[name] = importlib.import_module(module).handle
        except ModuleNotFoundError as error:
            if error.name != module:
                raise
            print(f"handlers/{name}.py is gone: the tool has no edits", file=sys.stderr)
    return found
