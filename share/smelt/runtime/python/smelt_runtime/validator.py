"""JSON Schema 2020-12 with local references only: nothing is ever fetched. Formats
below are asserted, other formats are annotations."""

from __future__ import annotations

import datetime
import ipaddress
import json
import re
import uuid
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any, cast

from jsonschema import (  # type: ignore[import-untyped, unused-ignore]
    Draft202012Validator,
    FormatChecker,
)
from jsonschema.exceptions import (  # type: ignore[import-untyped, unused-ignore]
    SchemaError,
    ValidationError,
    best_match,
)
from jsonschema.validators import extend  # type: ignore[import-untyped, unused-ignore]
from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped, unused-ignore]
from referencing.exceptions import Unresolvable

from . import pattern
from .schema import Mismatch

MAX_ERRORS = 3
MAX_TEXT = 300

formats = FormatChecker(formats=())


class Validator:
    def __init__(self, schema: dict[str, Any]) -> None:
        self._properties = schema.get("properties") or {}
        self._validator = _Validator(
            schema, format_checker=formats, registry=REGISTRY
        )
        self._broken = _broken(schema)
        self._timed = '"pattern' in json.dumps(schema)

    def check(self, value: Any) -> None:
        """Raises Mismatch with up to MAX_ERRORS texts."""
        if self._broken:
            raise Mismatch(self._broken)
        texts: dict[str, None] = {}
        try:
            with pattern.time_limit() if self._timed else nullcontext():
                for error in self._validator.iter_errors(value):
                    texts[self._text(error)] = None
                    if len(texts) == MAX_ERRORS:
                        break
        except pattern.TimeUp:
            raise Mismatch("checking it takes too long") from None
        except (RecursionError, Unresolvable, re.error):
            raise Mismatch("the schema of this tool can not be evaluated") from None
        if texts:
            raise Mismatch("; ".join(texts))

    def _text(self, error: ValidationError) -> str:
        text = self._whole_text(error)
        if len(text) > MAX_TEXT:
            text = text[: MAX_TEXT // 2] + " … " + text[-MAX_TEXT // 2 :]
        return text

    def _whole_text(self, error: ValidationError) -> str:
        if error.context:
            error = best_match([error]) or error
        where = _place(error)
        if error.validator == "required" and isinstance(error.instance, dict):
            wanted = cast("list[str]", error.validator_value)
            missing = [n for n in wanted if n not in error.instance]
            names = ", ".join(_quoted(_join(where, name)) for name in missing)
            return f"{names}: required, but missing"
        if error.validator == "additionalProperties" and not where:
            given = cast("dict[str, Any]", error.instance)
            extra = [n for n in given if n not in self._properties]
            names = ", ".join(_quoted(name) for name in extra)
            return f"{names}: unknown; known are {', '.join(self._properties) or 'none'}"
        return f"{_quoted(where)}: {error.message}" if where else error.message


def _broken(schema: dict[str, Any]) -> str | None:
    try:
        Draft202012Validator.check_schema(schema, format_checker=FormatChecker(formats=()))
    except (SchemaError, RecursionError, re.error):
        return "the schema of this tool is not valid JSON Schema"
    return None


def _place(error: ValidationError) -> str:
    where = ""
    for part in error.absolute_path:
        where = f"{where}[{part}]" if isinstance(part, int) else _join(where, part)
    return where


def _join(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _quoted(name: str) -> str:
    return f"'{name}'"


def _slow(text: str) -> ValidationError:
    return ValidationError(f"takes too long to check against the pattern {text}")


def _check_pattern(
    validator: Any, value: str, instance: Any, schema: Any
) -> Iterator[ValidationError]:
    if not isinstance(instance, str):
        return
    try:
        if not pattern.found(value, instance):
            yield ValidationError(f"does not match {value}")
    except pattern.TimeUp:
        yield _slow(value)


def _check_pattern_properties(
    validator: Any, value: dict[str, Any], instance: Any, schema: Any
) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    for text, subschema in value.items():
        if pattern.compile_pattern(text) is None:
            continue
        for name, item in instance.items():
            try:
                applies = pattern.found(text, name)
            except pattern.TimeUp:
                yield _slow(text)
                return
            if applies:
                yield from validator.descend(
                    item, subschema, path=name, schema_path=text
                )


def _check_additional(
    validator: Any, value: Any, instance: Any, schema: Any
) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    known = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    for name, item in instance.items():
        try:
            if name in known or any(pattern.found(text, name) for text in patterns):
                continue
        except pattern.TimeUp:
            yield _slow("of a name")
            return
        if value is False:
            yield ValidationError(f"unknown property '{name}'")
        elif value is not True:
            yield from validator.descend(item, value, path=name)


_Validator = extend(
    Draft202012Validator,
    {
        "pattern": _check_pattern,
        "patternProperties": _check_pattern_properties,
        "additionalProperties": _check_additional,
    },
)


def _format(name: str, test: Any) -> None:
    def holds(value: Any) -> bool:
        if not isinstance(value, str):
            return True
        return bool(test(value))

    formats.checks(name, raises=ValueError)(holds)


_DATE_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d))\Z", re.ASCII
)
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|[+-](\d\d):(\d\d))\Z", re.ASCII
)


def _is_date(value: str) -> bool:
    return len(value) == 10 and bool(datetime.date.fromisoformat(value))


def _is_time(value: str) -> bool:
    found = _TIME.match(value)
    if not found:
        return False
    hour, minute, second, off_hour, off_minute = (int(g or 0) for g in found.groups())
    return hour < 24 and minute < 60 and second < 61 and off_hour < 24 and off_minute < 60


def _is_date_time(value: str) -> bool:
    found = _DATE_TIME.match(value)
    return found is not None and _is_date(found[1]) and _is_time(found[2])


def _is_uuid(value: str) -> bool:
    return len(value) == 36 and str(uuid.UUID(value)) == value.lower()


_format("date", _is_date)
_format("time", _is_time)
_format("date-time", _is_date_time)
_format("uuid", _is_uuid)
_format("ipv4", ipaddress.IPv4Address)
_format("ipv6", lambda v: "%" not in v and ipaddress.IPv6Address(v) is not None)
_format("email", re.compile(r"[^@\s]+@[^@\s]+\Z").match)
_format("uri", re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*\Z").match)


def _integer_format(name: str, bits: int) -> None:
    limit: int = 2 ** (bits - 1)

    def holds(value: Any) -> bool:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return True
        return -limit <= value < limit

    formats.checks(name)(holds)


_integer_format("int32", 32)
_integer_format("int64", 64)
