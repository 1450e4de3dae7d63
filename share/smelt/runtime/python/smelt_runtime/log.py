"""One JSON line on stderr a call. No argument, no answer, no secret."""

from __future__ import annotations

import datetime
import json
import sys
from typing import Any


class Log:
    def __init__(self, level: str) -> None:
        self._level = level

    def info(self, event: str, **values: Any) -> None:
        if self._level != "off":
            _write("info", event, values)

    def debug(self, event: str, **values: Any) -> None:
        if self._level == "debug":
            _write("debug", event, values)

    def error(self, event: str, **values: Any) -> None:
        _write("error", event, values)


def now() -> str:
    """RFC 3339, in UTC, with milliseconds."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _write(level: str, event: str, values: dict[str, Any]) -> None:
    line = {"time": now(), "level": level, "event": event} | values
    kept = {key: value for key, value in line.items() if value is not None}
    print(json.dumps(kept), file=sys.stderr, flush=True)
