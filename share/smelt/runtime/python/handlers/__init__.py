"""One module for each tool, named as the tool: a place for edits.

Regenerating keeps a file that was edited."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable, Iterator, Mapping

from smelt_runtime.config import TOOL_NAME
from smelt_runtime.runtime import Handler


def load(names: Iterable[str]) -> dict[str, Handler]:
    """The handlers that there are. A tool without a module has none; a module
    that can not be imported ends the server with its own error message."""
    found = {name: _find(name) for name in names}
    return {name: handler for name, handler in found.items() if handler}


def _find(name: str) -> Handler | None:
    if not TOOL_NAME.match(name):
        raise ValueError("a tool name that is not [a-z][a-z0-9_]*")
    module = f"{__name__}.{name}"
    try:
        handler: Handler = importlib.import_module(module).handle
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        print(f"handlers/{name}.py is gone: the tool has no edits", file=sys.stderr)
        return None
    return handler


class Lazy(Mapping[str, Handler]):
    """The same handlers, each imported with the first call of its tool."""

    def __init__(self, names: Iterable[str]) -> None:
        self._found: dict[str, Handler | None] = {}
        self._names = frozenset(names)

    def __getitem__(self, name: str) -> Handler:
        if name not in self._names:
            raise KeyError(name)
        if name not in self._found:
            self._found[name] = _find(name)
        handler = self._found[name]
        if handler is None:
            raise KeyError(name)
        return handler

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
