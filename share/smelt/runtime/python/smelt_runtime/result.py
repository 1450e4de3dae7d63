"""What a call gives back, before the protocol library sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Result:
    """content holds MCP content blocks as plain JSON objects; structured is an
    object when the tool has an outputSchema, None otherwise."""

    content: list[dict[str, Any]] = field(default_factory=list)
    structured: dict[str, Any] | None = None
    is_error: bool = False

    @staticmethod
    def text(text: str, is_error: bool = False) -> Result:
        return Result([{"type": "text", "text": text}], None, is_error)
