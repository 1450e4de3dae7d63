"""OpenAPI parameter serialisation: style x explode x location.

Everything but unreserved characters is percent-encoded in values; the
delimiters of a style are written as they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from . import exact

UNRESERVED = "-._~"
RESERVED_KEPT = ":/?@!$'()*,;="
NAME_KEPT = "[]"
STRAY = re.compile(r"%(?![0-9A-Fa-f]{2})")

Encoder = Callable[[str], str]
Pairs = list[tuple[str, str]]


def encode(text: str) -> str:
    return quote(text, safe=UNRESERVED)


def encode_reserved(text: str) -> str:
    return quote(text, safe=UNRESERVED + RESERVED_KEPT)


def encode_segment(text: str) -> str:
    """allowReserved in a path: what one segment may hold stays."""
    return quote(text, safe=UNRESERVED + "!$&'()*+,;=:@")


def encode_query(text: str) -> str:
    """A text that is a query already: only what can not stand in one is encoded."""
    return quote(STRAY.sub("%25", text), safe=UNRESERVED + RESERVED_KEPT + "&+%")


def encode_name(text: str) -> str:
    return quote(text, safe=UNRESERVED + NAME_KEPT)


def plain(text: str) -> str:
    return text


def json_text(value: Any) -> str:
    return exact.dump(value)


def scalar(value: Any) -> str:
    """The text of a value inside a parameter."""
    if isinstance(value, str):
        return value
    if isinstance(value, exact.Exact):
        return value.plain()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    return json_text(value)


def present(value: Any) -> Any:
    """value without the members that are null or hold nothing; None when that
    leaves nothing. An empty string is something."""
    if isinstance(value, list):
        value = [kept for item in value if (kept := present(item)) is not None]
    elif isinstance(value, dict):
        value = {k: kept for k, v in value.items() if (kept := present(v)) is not None}
    else:
        return value
    return value or None


def simple(value: Any, explode: bool, enc: Encoder) -> str:
    return _joined(value, explode, ",", enc)


def label(value: Any, explode: bool, enc: Encoder) -> str:
    return "." + _joined(value, explode, "." if explode else ",", enc)


def matrix(name: str, value: Any, explode: bool, enc: Encoder) -> str:
    name = encode_name(name)
    if explode and isinstance(value, list):
        return "".join(f";{name}={enc(scalar(item))}" for item in value)
    if explode and isinstance(value, dict):
        return "".join(f";{enc(k)}={enc(scalar(v))}" for k, v in value.items())
    return f";{name}={_joined(value, False, ',', enc)}"


def pairs(name: str, value: Any, style: str, explode: bool, enc: Encoder) -> Pairs:
    """The name=value pairs of form, spaceDelimited, pipeDelimited and deepObject
    parameters; values are encoded with enc, names are not."""
    if style == "deepObject" and isinstance(value, (dict, list)):
        return [(key, enc(text)) for key, text in _deep(name, value)]
    if isinstance(value, dict):
        if explode:
            return [(key, enc(scalar(item))) for key, item in value.items()]
        return [(name, _joined(value, False, _delimiter(style, enc), enc))]
    if isinstance(value, list):
        if explode:
            return [(name, enc(scalar(item))) for item in value]
        return [(name, _delimiter(style, enc).join(enc(scalar(i)) for i in value))]
    return [(name, enc(scalar(value)))]


def _joined(value: Any, explode: bool, delimiter: str, enc: Encoder) -> str:
    if isinstance(value, list):
        return delimiter.join(enc(scalar(item)) for item in value)
    if isinstance(value, dict):
        if explode:
            items = [f"{enc(k)}={enc(scalar(v))}" for k, v in value.items()]
        else:
            items = [enc(t) for k, v in value.items() for t in (k, scalar(v))]
        return delimiter.join(items)
    return enc(scalar(value))


def _delimiter(style: str, enc: Encoder) -> str:
    """Space and bar may not stand in a URL as they are; a comma may."""
    if style == "spaceDelimited":
        return enc(" ")
    return enc("|") if style == "pipeDelimited" else ","


def _deep(name: str, value: Any) -> Pairs:
    if isinstance(value, dict):
        return [p for k, v in value.items() for p in _deep(f"{name}[{k}]", v)]
    if isinstance(value, list):
        return [p for item in value for p in _deep(name, item)]
    return [(name, scalar(value))]
