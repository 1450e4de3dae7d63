"""The call log: SMELT_CALL_LOG=FILE gets one JSON line a call (call.schema.json).

No argument, no answer, no secret. A line is one write to a file opened for
appending, so servers may share it; a file that was moved or removed is opened
anew. What can not be written is lost, never a call."""

from __future__ import annotations

import json
import os
from typing import Any

from .log import Log
from .problem import Refused

VARIABLE = "SMELT_CALL_LOG"
FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY


class CallLog:
    def __init__(self, path: str | None, log: Log) -> None:
        self._path = path
        self._log = log
        self._file: int | None = None
        self._torn = self._warned = False

    def check(self) -> None:
        """At start: raises Refused when the file can not be opened."""
        if self._path is not None:
            try:
                self._current(self._path)
            except OSError as fault:
                raise Refused(f"the file that {VARIABLE} names can not be opened: {fault.strerror}") from None

    def add(self, record: dict[str, Any]) -> None:
        if self._path is None:
            return
        line = ("\n" if self._torn else "") + json.dumps(record, separators=(",", ":")) + "\n"
        data = line.encode()
        try:
            self._torn = os.write(self._current(self._path), data) < len(data)
            self._warned = self._torn
        except OSError as fault:
            if not self._warned:
                self._log.error("call-log", text=f"can not be written: {fault.strerror}")
            self._warned = True

    def _current(self, path: str) -> int:
        if self._file is not None:
            held = os.fstat(self._file)
            try:
                there = os.stat(path)
                if (held.st_dev, held.st_ino) == (there.st_dev, there.st_ino):
                    return self._file
            except FileNotFoundError:
                pass
            os.close(self._file)
            self._file = None
        self._file = os.open(path, FLAGS, 0o600)
        return self._file
