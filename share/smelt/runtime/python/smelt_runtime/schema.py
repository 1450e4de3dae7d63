"""Holds arguments against a tool's inputSchema, and answers against its
outputSchema. What that needs (validator.py) is loaded by the first call: a server
starts, and lists its tools, without."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .validator import Validator

MAX_VALUES = 100_000


class Mismatch(Exception):
    """str() names the place and what is wrong there."""


class TooDeep(Exception):
    pass


def check_depth(value: Any, depth: int) -> None:
    """Raises TooDeep past depth levels or MAX_VALUES values."""
    level, count = [value], 0
    for _ in range(depth + 1):
        below: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                below.extend(item.values())
            elif isinstance(item, list):
                below.extend(item)
        count += len(level)
        if count > MAX_VALUES:
            raise TooDeep(f"more than {MAX_VALUES} values")
        if not below:
            return
        level = below
    raise TooDeep(f"nested deeper than {depth} levels")


class Checker:
    def __init__(self, schema: dict[str, Any]) -> None:
        self._schema = schema
        self._validator: Validator | None = None

    def check(self, value: Any) -> None:
        """Raises Mismatch, which says what is wrong and where."""
        if self._validator is None:
            from .validator import Validator

            self._validator = Validator(self._schema)
        self._validator.check(value)
