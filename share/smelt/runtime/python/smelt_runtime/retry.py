"""When and after how long a request is sent again.

Sources: RFC 9110 sections 9.2.2 (idempotent methods) and 10.2.3 (Retry-After, both
forms), the Idempotency-Key header of the IETF draft of that name."""

from __future__ import annotations

import datetime
import random
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

STATUSES = frozenset({429, 502, 503, 504})
NEVER = frozenset({"POST", "PATCH"})
KEY = "idempotency-key"


def allowed(method: str, idempotent: bool, headers: Mapping[str, str]) -> bool:
    """What the document and HTTP call idempotent; POST and PATCH only with a key
    by which the upstream knows the same request again."""
    if method in NEVER:
        return any(name.lower() == KEY and value for name, value in headers.items())
    return idempotent


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
        when = when.replace(tzinfo=datetime.UTC)
    seconds = (when - datetime.datetime.now(datetime.UTC)).total_seconds()
    return max(0.0, seconds)
