"""Makes a value that a JSON Schema takes, the smallest that is easy to find."""

from __future__ import annotations

import re
from typing import Any

from tests.pattern import Unmade, example

DEPTH = 16
LENGTH = 10_000
TEXTS = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "time": "12:00:00Z",
    "email": "a@example.org",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.org/",
    "url": "https://example.org/",
    "uuid": "12345678-1234-4234-8234-123456789abc",
    "hostname": "example.org",
    "byte": "dGVzdA==",
    "duration": "P1D",
}


def sample(schema: Any, root: dict[str, Any], depth: int = 0) -> Any:
    if depth > DEPTH:
        raise Unmade("the schema is too deep")
    if schema is True:
        return "text"
    if schema is False:
        raise Unmade("no value is allowed")
    schema = _flat(schema, root, depth)
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return next((value for value in schema["enum"] if value is not None), None)
    kind = _kind(schema)
    if kind == "object":
        return _object(schema, root, depth)
    if kind == "array":
        return _array(schema, root, depth)
    if kind in ("integer", "number"):
        return _number(schema, kind)
    if kind == "string":
        return _string(schema)
    return True if kind == "boolean" else None


def _flat(schema: dict[str, Any], root: dict[str, Any], depth: int) -> dict[str, Any]:
    """Without $ref, allOf, and with one of anyOf and oneOf."""
    parts = [schema["$ref"]] if "$ref" in schema else []
    parts += schema.get("allOf", [])
    for key in ("anyOf", "oneOf"):
        parts += [part for part in schema.get(key, []) if part != {"type": "null"}][:1]
    flat = {k: v for k, v in schema.items() if k not in ("$ref", "allOf", "anyOf", "oneOf")}
    if parts and depth > DEPTH:
        raise Unmade("references go round in a circle")
    for part in parts:
        part = _resolve(part, root) if isinstance(part, str) else part
        if not isinstance(part, dict):
            continue
        part = _flat(part, root, depth + 1)
        flat = {
            **part,
            **flat,
            "properties": {**part.get("properties", {}), **flat.get("properties", {})},
            "required": [*part.get("required", []), *flat.get("required", [])],
        }
    return flat


def _resolve(reference: str, root: dict[str, Any]) -> Any:
    value: Any = root
    for word in reference.removeprefix("#").split("/")[1:]:
        value = value[word.replace("~1", "/").replace("~0", "~")]
    return value


def _kind(schema: dict[str, Any]) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        return next((str(one) for one in kind if one != "null"), "null")
    if isinstance(kind, str):
        return kind
    if schema.get("properties") or schema.get("required"):
        return "object"
    return "array" if "items" in schema else "string"


def _object(schema: dict[str, Any], root: dict[str, Any], depth: int) -> dict[str, Any]:
    known = schema.get("properties", {})
    names = list(dict.fromkeys(schema.get("required", [])))
    least = schema.get("minProperties", 0)
    names += [name for name in known if name not in names][: max(0, least - len(names))]
    names += [f"name{i}" for i in range(len(names), min(least, LENGTH))]
    rest = schema.get("additionalProperties", True)
    return {name: sample(known.get(name, rest), root, depth + 1) for name in names}


def _array(schema: dict[str, Any], root: dict[str, Any], depth: int) -> list[Any]:
    fixed = schema.get("prefixItems", [])
    count = min(max(schema.get("minItems", 0), len(fixed)), LENGTH)
    items = [*fixed, *[schema.get("items", True)] * (count - len(fixed))]
    values = [sample(item, root, depth + 1) for item in items]
    if not schema.get("uniqueItems") or len(values) < 2:
        return values
    first = values[0]
    choices = schema.get("items", {})
    if isinstance(choices, dict) and len(choices.get("enum", [])) >= count:
        return list(choices["enum"][:count])
    if isinstance(first, bool) or not isinstance(first, (int, str)):
        raise Unmade("values that differ are wanted")
    return [first + i if isinstance(first, int) else f"{first}{i}" for i in range(count)]


def _number(schema: dict[str, Any], kind: str) -> Any:
    low, above = schema.get("minimum", -1e308), schema.get("exclusiveMinimum", -1e308)
    high, below = schema.get("maximum", 1e308), schema.get("exclusiveMaximum", 1e308)
    step = schema.get("multipleOf", 1 if kind == "integer" else None)
    guesses = [1, 0, low, above + 1, high, below - 1, (max(low, above) + min(high, below)) / 2]
    if step:
        guesses += [step, -(-max(low, above) // step) * step, (max(low, above) // step + 1) * step]
    for value in guesses:
        if low <= value <= high and above < value < below and (not step or value % step == 0):
            return int(value) if value == int(value) else value
    raise Unmade("no number was found")


def _string(schema: dict[str, Any]) -> str:
    least, most = min(schema.get("minLength", 0), LENGTH), schema.get("maxLength", LENGTH)
    if schema.get("contentEncoding") == "base64":
        return TEXTS["byte"]
    given = [schema.get("default"), schema.get("example"), *_list(schema.get("examples"))]
    plain = "text"[:most].ljust(least, "t")
    for text in (TEXTS.get(str(schema.get("format")), plain), *given, plain):
        if isinstance(text, str) and least <= len(text) <= most and _matches(schema, text):
            return text
    return example(schema["pattern"], least, most) if "pattern" in schema else plain


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _matches(schema: dict[str, Any], text: str) -> bool:
    try:
        return "pattern" not in schema or re.search(schema["pattern"], text) is not None
    except re.error:
        raise Unmade("the pattern is not understood") from None
