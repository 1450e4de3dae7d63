"""What a model can do about an HTTP error, in a few words."""

from __future__ import annotations

ADVICE = {
    400: "change the arguments as it says",
    401: "the server's own credentials were not taken: its operator has to see to that",
    403: "the server's credentials do not allow this: another call will not help",
    404: "nothing is there: check the identifiers among the arguments",
    405: "the upstream does not offer this operation",
    409: "it does not fit what is there now: read that first",
    410: "it is gone for good",
    412: "what is there has changed: read it again first",
    413: "send less at a time",
    415: "the upstream does not take this type of content",
    422: "change the arguments as it says",
    423: "it is locked: try again later",
    429: "too many requests: try again later",
}
FAILED = "the upstream failed: try again later"


def advice(status: int, seconds: float | None) -> str | None:
    """seconds: what the upstream asks to wait for."""
    words = ADVICE.get(status) or (FAILED if status >= 500 else None)
    if words and words.endswith("later") and seconds is not None and seconds < 86400:
        return words.removesuffix("later") + f"in {max(1, round(seconds))} s"
    return words
