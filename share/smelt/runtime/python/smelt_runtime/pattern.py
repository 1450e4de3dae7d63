"""Patterns of schemas, in ECMAScript's dialect, against texts that anybody wrote.

A pattern may take time exponential in the text. The timer of this process ends
a search that does not come to an end: the search itself looks for signals, every
few thousand steps. So a text that is long is only searched with a pattern whose
steps are short."""

from __future__ import annotations

import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from types import FrameType

SECONDS = 0.4
LONG = 50_000

_ATOM = r"(?:\[(?:\\.|[^\]\\])+\]|\\[dDwWsS]|\\[^A-Za-z0-9]|[^\\()\[\]{}*+?|^$])"
# One repetition without an upper bound, from the beginning to the end.
_SIMPLE = re.compile(rf"\^{_ATOM}(?:[*+]|\{{\d*,?\d*\}})?(?:{_ATOM}(?:\?|\{{\d(?:,\d)?\}})?)*\$\Z")


class TimeUp(Exception):
    """The time for checking is over."""


class _Timer:
    running = False
    up = False


_timer = _Timer()


def _ring(_: int, __: FrameType | None) -> None:
    if _timer.running:
        _timer.up = True
        raise TimeUp


@contextmanager
def time_limit(seconds: float = SECONDS) -> Iterator[None]:
    """Raises TimeUp in the block once the time is over, and at each later search
    in it. Only the main thread has a timer."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGALRM, _ring)
    _timer.running, _timer.up = True, False
    left = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        _timer.running = False
        signal.setitimer(signal.ITIMER_REAL, *left)
        signal.signal(signal.SIGALRM, before)


def found(text: str, value: str) -> bool:
    """Whether the pattern is found. One that is none in this language is found
    everywhere: it must not make every call fail. Raises TimeUp."""
    compiled = compile_pattern(text)
    if compiled is None:
        return True
    if _timer.up or (len(value) > LONG and not _SIMPLE.match(text)):
        raise TimeUp
    return compiled.search(value) is not None


@lru_cache(maxsize=1024)
def compile_pattern(text: str) -> re.Pattern[str] | None:
    translated = re.sub(r"\(\?<(?![=!])", "(?P<", text)
    translated = re.sub(r"(?<!\\)((?:\\\\)*)\$(?=\)|\||\Z)", r"\1\\Z", translated)
    try:
        return re.compile(translated, re.ASCII)
    except (re.error, RecursionError, OverflowError):
        return None
