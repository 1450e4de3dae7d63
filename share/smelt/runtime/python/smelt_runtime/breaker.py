"""Circuit breaker: after failures in a row an upstream is left alone."""

from __future__ import annotations

import time
from collections.abc import Callable


class Breaker:
    """closed -> open after `failures` in a row; after `seconds` one trial may
    pass; its success closes, its failure opens again. One breaker an upstream;
    not thread-safe, the event loop is one thread."""

    def __init__(
        self, failures: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limit = failures
        self._seconds = seconds
        self._clock = clock
        self._failed = 0
        self._opened: float | None = None
        self._trial = False

    def allow(self) -> bool:
        """True: the caller must report success(), failure() or release()."""
        if self._opened is None:
            return True
        if self._trial or self._clock() - self._opened < self._seconds:
            return False
        self._trial = True
        return True

    @property
    def closed(self) -> bool:
        return self._opened is None

    def wait(self) -> float:
        """Seconds until a trial may pass."""
        if self._opened is None:
            return 0.0
        return max(0.0, self._opened + self._seconds - self._clock())

    def success(self) -> None:
        self._failed, self._opened, self._trial = 0, None, False

    def failure(self) -> None:
        self._failed += 1
        if self._trial or self._failed >= self._limit:
            self._opened = self._clock()
        self._trial = False

    def release(self) -> None:
        """The attempt was given up and says nothing about the upstream."""
        self._trial = False
