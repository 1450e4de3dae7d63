"""Numbers that keep the text they were written as: 1.10, 1e400, 64-bit ids.

JSON readers make the nearest number of a text. Here a number whose text would
not come back is an Exact, a float that knows its text; dump() writes that text
again. The protocol library reads and writes JSON itself and knows nothing of
this, so guard() puts a marked string in the place of such a number in what it
reads, and reveal() turns a marked string into its number in what it wrote. The
mark holds a random word: no client and no upstream can write one."""

from __future__ import annotations

import json
import re
import secrets
import sys
from typing import Any, Self

MARK = f"smelt-number-{secrets.token_hex(16)}:"
LONGEST = 300  # digits of an integer; Python itself refuses 4300

# One that does not end takes the rest of the text with it: nothing is read twice.
_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)'
_NUMBER = r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_CANDIDATE = re.compile(r"[0-9]\.[0-9]|[0-9][eE]|-0|[0-9]{300}")
_TOKEN = re.compile(rf"({_STRING})(\s*:)?|({_NUMBER})|([{{\[])|([}}\]])", re.ASCII | re.DOTALL)
_MARKED = re.compile(f'"{MARK}({_NUMBER})"', re.ASCII)
_PLAIN = re.compile(r"(-?[0-9]+)\.0+\Z", re.ASCII)
_SURROGATE = re.compile("[\ud800-\udfff]")
_made = False


class Exact(float):
    """The nearest finite float, and its text."""

    text: str

    def __new__(cls, text: str) -> Self:
        global _made
        _made = True
        largest = sys.float_info.max
        self = super().__new__(cls, max(-largest, min(largest, float(text))))
        self.text = text
        return self

    def __getnewargs__(self) -> tuple[str]:  # type: ignore[override]
        return (self.text,)

    def __repr__(self) -> str:
        return self.text

    __str__ = __repr__

    def plain(self) -> str:
        """The text inside a parameter: a whole number without a fraction."""
        if self.is_integer() and abs(self) <= 2**53:
            return str(int(self))
        found = _PLAIN.match(self.text)
        return found[1] if found else self.text


def number(text: str) -> float:
    value = float(text)
    return value if repr(value) == text else Exact(text)


def integer(text: str) -> float:
    return int(text) if len(text) < LONGEST and text != "-0" else Exact(text)


def parse(text: str | bytes) -> Any:
    """Raises ValueError and RecursionError."""
    return json.loads(text, parse_float=number, parse_int=integer, parse_constant=_refuse)


def dump(value: Any) -> str:
    """Raises ValueError for what JSON can not write, TypeError for other types."""
    text = json.dumps(mark(value), ensure_ascii=False, separators=(",", ":"))
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", reveal(text))


def guard(line: str) -> str:
    """A JSON-RPC message with marked strings in its params.arguments."""
    if not _CANDIDATE.search(line):
        return line
    pieces: list[str] = []
    depth, end, keys = 0, 0, ["", "", ""]
    for found in _TOKEN.finditer(line):
        string, colon, digits, opened, closed = found.groups()
        if opened:
            depth += 1
        elif closed:
            depth -= 1
        elif colon and 0 < depth < 3:
            keys[depth] = _key(string)
        elif digits and depth > 1 and keys[1:] == ["params", "arguments"] and _altered(digits):
            pieces += [line[end : found.start()], f'"{MARK}{digits}"']
            end = found.end()
    return "".join([*pieces, line[end:]])


def revive(value: Any) -> Any:
    """value with Exacts in the place of marked strings."""
    if isinstance(value, str):
        return Exact(value.removeprefix(MARK)) if value.startswith(MARK) else value
    level = [value]
    while level:
        below: list[Any] = []
        for box in level:
            for key, item in box.items() if isinstance(box, dict) else enumerate(box):
                if isinstance(item, (dict, list)):
                    below.append(item)
                elif isinstance(item, str) and item.startswith(MARK):
                    box[key] = Exact(item.removeprefix(MARK))
        level = below
    return value


def mark(value: Any) -> Any:
    """value with marked strings in the place of Exacts."""
    if not _made:
        return value
    if isinstance(value, Exact):
        return MARK + value.text
    if isinstance(value, dict):
        return {key: mark(item) for key, item in value.items()}
    return [mark(item) for item in value] if isinstance(value, list) else value


def reveal(text: str) -> str:
    return _MARKED.sub(r"\1", text) if MARK in text else text


def _altered(text: str) -> bool:
    made = number(text) if any(c in ".eE" for c in text) else integer(text)
    return isinstance(made, Exact)


def _key(string: str) -> str:
    try:
        return str(json.loads(string))
    except ValueError:
        return ""


def _refuse(word: str) -> None:
    raise ValueError(word)
