"""Rate and concurrency limits of one server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from .problem import Refused


class Bucket:
    """Token bucket. A caller reserves its token at once and waits for it, so
    callers are served in order; who would wait longer than patience is refused."""

    def __init__(
        self, rate: float, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rate = rate
        self._burst = max(1.0, float(burst))
        self._clock = clock
        self._tokens = self._burst
        self._at = clock()

    def reserve(self, patience: float) -> float:
        """Seconds to wait; raises Refused."""
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        wait = max(0.0, (1.0 - self._tokens) / self._rate)
        if wait > patience:
            raise Refused(f"rate limit: try again in {wait:.0f} s")
        self._tokens -= 1.0
        return wait


class Gate:
    """At most `concurrency` calls at a time, at most `rate` a second."""

    def __init__(self, rate: float, burst: int, concurrency: int) -> None:
        self._bucket = Bucket(rate, burst)
        self._slots = asyncio.Semaphore(concurrency)

    async def enter(self, patience: float) -> None:
        """Raises Refused; who entered must leave()."""
        started = time.monotonic()
        await asyncio.sleep(self._bucket.reserve(patience))
        left = patience - (time.monotonic() - started)
        try:
            async with asyncio.timeout(max(0.0, left)):
                await self._slots.acquire()
        except TimeoutError:
            raise Refused("too many calls at a time: try again later") from None

    def leave(self) -> None:
        self._slots.release()
