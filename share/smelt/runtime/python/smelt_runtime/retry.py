"""When and after how long a request is sent again.

Sources: RFC 9110 section 10.2.3 (Retry-After, both forms)."""

from __future__ import annotations

import datetime
import random
from email.utils import parsedate_to_datetime

STATUSES = frozenset({429, 502, 503, 504})
NEVER = frozenset({"POST", "PATCH"})


def allowed(method: str, idempotent: bool) -> bool:
    return idempotent and method not in NEVER


def delay(attempt: int, retry_after: str | None, base: float, maximum: float) -> float:
    """Seconds to wait after the attempt-th failure (1, 2 …). What the upstream
    asks for is kept; else exponential with full jitter."""
    asked = parse_retry_after(retry_after)
    if asked is not None:
        return asked
    ceiling = min(maximum, base * 2 ** (attempt - 1))
    return random.uniform(ceiling / 2, ceiling)


def parse_retry_after(text: str | None) -> float | None:
    if not text:
        return None
    text = text.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        when = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    if when.tzinfo is None:
        when = when.replace(tzinfo=datetime.timezone.utc)
    seconds = (when - datetime.datetime.now(datetime.timezone.utc)).total_seconds()
    return max(0.0, seconds)
