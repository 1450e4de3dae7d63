"""The definitions of catalogue.json, one a line. Of a line only the ends are
read at start, what a search wants to know: an API of ten thousand operations has
a hundred megabytes of schemas, of which a session needs a few."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

MIDDLE = ',"inputSchema":'
TAIL = ',"annotations":'


class Definition(dict[str, Any]):
    """A line's object; what is not at its ends is read when it is asked for."""

    def __init__(self, line: str) -> None:
        """Raises ValueError for a line that is no object."""
        super().__init__(_ends(line) or _whole(line))
        self._line = line

    def __missing__(self, key: str) -> Any:
        line, self._line = self._line, ""
        if line:
            self.update(_whole(line))
        if key not in self:
            raise KeyError(key)
        return self[key]

    def get(self, key: str, default: Any = None) -> Any:
        try:
            return self[key]
        except KeyError:
            return default


def read(path: Path) -> list[str]:
    """The lines; raises OSError or ValueError."""
    head, *lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    if head != '{"tools":[' or not lines or lines.pop() != "]}":
        raise ValueError("one definition a line is wanted")
    return [line.removesuffix(",") for line in lines]


def _ends(line: str) -> dict[str, Any]:
    """All members but the schemas, or nothing where the line is another one. A
    quotation mark inside a string is escaped, so what is found is a key; a key
    further inside leaves braces over."""
    middle, tail = line.find(MIDDLE), line.rfind(TAIL)
    try:
        head = json.loads(line[:middle] + "}") if 0 < middle < tail else {}
        return head | json.loads("{" + line[tail + 1 :]) if head else {}
    except ValueError:
        return {}


def _whole(line: str) -> dict[str, Any]:
    value = json.loads(line)
    if not isinstance(value, dict):
        raise json.JSONDecodeError("an object is wanted", line[:40], 0)
    return value
