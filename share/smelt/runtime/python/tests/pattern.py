"""Makes a text that a regular expression matches: its first alternatives, as few
repetitions as it wants and `extra` more where there may be more."""

from __future__ import annotations

import re

CHARACTERS = "a1A0_-. /@:#+,"


class Unmade(Exception):
    """No value was found; the text says why."""


def example(pattern: str, least: int, most: int) -> str:
    for extra in (0, 1, 3, least, most):
        text = _Maker(pattern, extra).make() if extra <= 10_000 else ""
        if least <= len(text) <= most and re.search(pattern, text):
            return text
    raise Unmade("no text of this pattern was found")


class _Maker:
    def __init__(self, pattern: str, extra: int) -> None:
        self._pattern = pattern
        self._extra = extra
        self._at = 0

    def make(self) -> str:
        try:
            text = self._choice()
        except (IndexError, ValueError, re.error):
            raise Unmade("the pattern is not understood") from None
        if self._at < len(self._pattern):
            raise Unmade("the pattern is not understood")
        return text

    def _next(self) -> str:
        self._at += 1
        return self._pattern[self._at - 1]

    def _skip(self, text: str) -> bool:
        if not self._pattern.startswith(text, self._at):
            return False
        self._at += len(text)
        return True

    def _choice(self) -> str:
        first = self._sequence()
        while self._skip("|"):
            self._sequence()
        return first

    def _sequence(self) -> str:
        text = ""
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            atom = self._atom()
            text += atom * self._count()
        return text

    def _atom(self) -> str:
        start = self._at
        char = self._next()
        if char in "^$":
            return ""
        if char == ".":
            return "a"
        if char == "(":
            if self._skip("?") and not self._skip(":"):
                raise Unmade("the pattern looks around")
            text = self._choice()
            if not self._skip(")"):
                raise ValueError
            return text
        if char == "[":
            self._skip("^")
            self._skip("]")
            while self._next() != "]":
                if self._pattern[self._at - 1] == "\\":
                    self._next()
            return self._fitting(start)
        if char == "\\":
            char = self._next()
            if char in "bB":
                return ""
            return self._fitting(start) if char.isalnum() else char
        if char in "*+?{":
            raise ValueError
        return char

    def _fitting(self, start: int) -> str:
        """One character for the class or escape that starts there."""
        expression = self._pattern[start : self._at]
        for char in CHARACTERS + expression:
            if re.fullmatch(expression, char):
                return char
        raise Unmade("no character of the pattern was found")

    def _count(self) -> int:
        low, high = 1, 1
        if self._skip("*"):
            low, high = 0, self._extra
        elif self._skip("+"):
            low, high = 1, 1 + self._extra
        elif self._skip("?"):
            low, high = 0, 1
        elif bounds := re.compile(r"\{(\d+)(,?)(\d*)\}").match(self._pattern, self._at):
            self._at = bounds.end()
            low = int(bounds[1])
            high = int(bounds[3]) if bounds[3] else low + self._extra if bounds[2] else low
        if low != high or low != 1:
            self._skip("?")
        if low > 10_000:
            raise Unmade("the pattern wants a long text")
        return min(high, low + self._extra)
