"""TAP for the suites of this folder: run(tests) with (name, coroutine function)."""

from __future__ import annotations

import asyncio
import sys
import traceback
from collections.abc import Awaitable, Callable

Test = tuple[str, Callable[[], Awaitable[None]]]


def run(tests: list[Test]) -> None:
    print(f"1..{len(tests)}")
    failed = 0
    for number, (name, test) in enumerate(tests, 1):
        try:
            asyncio.run(test())
        except Exception as error:
            failed += 1
            print(f"not ok {number} - {name}")
            text = str(error) if isinstance(error, Wrong) else traceback.format_exc()
            print("\n".join("# " + line for line in text.splitlines()))
        else:
            print(f"ok {number} - {name}")
        sys.stdout.flush()
    sys.exit(1 if failed else 0)


class Wrong(Exception):
    """A test's own finding."""


def equal(got: object, wanted: object, what: str) -> None:
    if got != wanted:
        raise Wrong(f"{what}\n  got    {got!r}\n  wanted {wanted!r}")


def true(holds: object, what: str) -> None:
    if not holds:
        raise Wrong(what)
