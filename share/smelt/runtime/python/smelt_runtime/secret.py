"""Secrets come from the environment, NAME or a file named by NAME_FILE, and
leave through requests only: whatever was read here is masked in every text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from .problem import Refused

MASK = "***"
MAX_FILE = 65536
SHORTEST_MASKED = 4


def variable(*words: str) -> str:
    """LIBRARY_API_KEY_TOKEN from ("library", "api-key", "TOKEN")."""
    return re.sub(r"[^A-Za-z0-9]", "_", "_".join(words)).upper()


class Secrets:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._seen: set[str] = set()

    def get(self, name: str) -> str | None:
        """None when neither variable is set. A file is read at each call, so a
        rotated secret takes effect without a restart."""
        value = self._environ.get(name)
        if value is None and (path := self._environ.get(name + "_FILE")):
            value = _read(name, path)
        if not value:
            return None
        if any(ord(c) < 32 or ord(c) == 127 for c in value):
            raise Refused(f"{name} holds a control character")
        self.remember(value)
        return value

    def plain(self, name: str) -> str | None:
        """A setting beside the secrets, which is none itself."""
        return self._environ.get(name) or None

    def remember(self, value: str) -> None:
        if len(value) >= SHORTEST_MASKED:
            self._seen.add(value)
            self._seen.add(quote(value, safe=""))

    def mask(self, text: str) -> str:
        for value in sorted(self._seen, key=len, reverse=True):
            text = text.replace(value, MASK)
        return text


def _read(name: str, path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read(MAX_FILE + 1)
    except (OSError, UnicodeDecodeError):
        raise Refused(f"the file that {name}_FILE names can not be read") from None
    if len(text) > MAX_FILE:
        raise Refused(f"the file that {name}_FILE names is too large")
    return text.rstrip("\r\n")
