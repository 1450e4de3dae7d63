"""Builds request bodies from arguments: JSON, forms, multipart, text, bytes."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from typing import Any

from . import encode, upload
from .problem import Refused
from .upload import Read, refuse

MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+(\s*;[\x20-\x7e]*)?\Z")
# What smelt-tooldef lets clients give as text; other raw bodies are base64.
TEXT_BODY = re.compile(r"text/|application/(xml|graphql|x-ndjson)\Z|.*(\+xml|yaml)\Z")
# JSON values one after the other.
SEQUENCE = re.compile(r"application/(jsonl|ndjson|x-ndjson|json-seq)\Z|.*\+json-seq\Z")
SPACE = re.compile(r"[ \t\r\n]+")
CHARSET = re.compile(r'charset="?([\w.:-]+)', re.IGNORECASE | re.ASCII)
CODECS = {"utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "ascii", "iso-8859-1": "latin-1"}
TEXT_ANSWER = re.compile(r"application/(javascript|ecmascript|json-seq|jsonl|sql|toml)\Z")


def essence(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    name = essence(media_type)
    return name in ("application/json", "text/json") or name.endswith("+json")


def is_text_body(media_type: str) -> bool:
    return bool(TEXT_BODY.match(essence(media_type)))


def is_text(media_type: str) -> bool:
    """Of an answer: may it be shown as text?"""
    return is_text_body(media_type) or bool(TEXT_ANSWER.match(essence(media_type)))


def build(
    binding: dict[str, Any] | None, arguments: dict[str, Any], read: Read = refuse
) -> tuple[bytes, str] | None:
    """read opens files that arguments name. The bytes and their Content-Type; None when nothing is to be sent."""
    if binding is None:
        return None
    media_type = _sendable(binding["mediaType"])
    if binding["mode"] == "argument":
        name = binding["argument"]
        if name not in arguments:
            return None
        if isinstance(arguments[name], list) and essence(media_type).startswith("multipart/"):
            return _positions(binding, arguments[name], read)
        return _whole(media_type, name, arguments[name], read)
    given = [
        (prop, arguments[prop["argument"]])
        for prop in binding.get("properties") or []
        if prop["argument"] in arguments
    ]
    if not given and not binding.get("required"):
        return None
    return _properties(media_type, given, read)


def _sendable(media_type: str) -> str:
    """A media range names no type that can be sent."""
    if "*" not in media_type:
        return media_type
    ranges = {"*/*": "application/json", "application/*": "application/json", "text/*": "text/plain"}
    return ranges.get(essence(media_type), "application/octet-stream")


def _whole(media_type: str, name: str, value: Any, read: Read) -> tuple[bytes, str]:
    kind = essence(media_type)
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data") and isinstance(value, dict):
        given = [({"argument": name, "name": key}, item) for key, item in value.items()]
        return _properties(media_type, given, read)
    if is_json(media_type):
        return _json(value), _checked(media_type)
    if isinstance(value, list) and SEQUENCE.match(kind):
        mark = b"\x1e" if kind.endswith("json-seq") else b""
        return b"".join(mark + _json(item) + b"\n" for item in value), _checked(media_type)
    if is_text_body(media_type):
        text = value if isinstance(value, str) else encode.json_text(value)
        return _text(name, media_type, text)
    if isinstance(value, dict) and "path" in value:
        return read(name, value["path"])[0], _checked(media_type)
    return _decode(name, value), _checked(media_type)


def query_text(parameter: dict[str, Any], value: Any) -> str:
    """All of a query as its media type has it: a form, JSON, a text that is a query."""
    kind = essence(parameter["contentType"])
    form = kind == "application/x-www-form-urlencoded"
    if form and isinstance(value, dict):
        rules = parameter.get("encoding") or {}
        argument = parameter["argument"]
        return _form(
            [({**rules.get(key, {}), "argument": argument, "name": key}, item) for key, item in value.items()]
        ).decode()
    if is_json(kind) or not isinstance(value, str):
        return encode.encode(encode.json_text(value))
    return encode.encode_query(value) if form or kind.startswith("text/") else encode.encode(value)


def _properties(
    media_type: str, given: list[tuple[dict[str, Any], Any]], read: Read
) -> tuple[bytes, str]:
    kind = essence(media_type)
    if kind == "application/x-www-form-urlencoded":
        return _form(given), kind
    if kind.startswith("multipart/"):
        return _multipart(kind, given, read)
    if is_json(media_type):
        return _json({prop["name"]: value for prop, value in given}), _checked(media_type)
    raise Refused("this tool's body has a media type that can not be made from properties")


def _json(value: Any) -> bytes:
    return encode.json_text(value).encode()


def _form(given: list[tuple[dict[str, Any], Any]]) -> bytes:
    fields: list[str] = []
    for prop, value in given:
        try:
            pairs = _form_pairs(prop, value)
            fields += [f"{encode.encode_name(n)}={encode.encode(v)}" for n, v in pairs]
        except UnicodeEncodeError:
            raise Refused(f"argument '{prop['argument']}': not well-formed Unicode") from None
    return "&".join(fields).encode()


def _form_pairs(prop: dict[str, Any], value: Any) -> encode.Pairs:
    name = prop["name"]
    declared = prop.get("contentType")
    if value is None:
        return []
    if declared and (is_json(declared) or isinstance(value, dict)):
        return [(name, encode.json_text(value))]
    if "style" in prop or "explode" in prop:
        style = prop.get("style", "form")
        explode = bool(prop.get("explode", style == "form"))
        value = encode.present(value)
        return [] if value is None else encode.pairs(name, value, style, explode, encode.plain)
    items = value if isinstance(value, list) else [value]
    return [(name, encode.scalar(item)) for item in items if item is not None]


def _multipart(
    kind: str, given: list[tuple[dict[str, Any], Any]], read: Read
) -> tuple[bytes, str]:
    parts: list[bytes] = []
    for prop, value in given:
        for item in value if isinstance(value, list) else [value]:
            if item is None:
                continue
            parts.append(_file_part(prop, item, read) if prop.get("file") else _part(prop, item))
    return _enclosed(kind, parts)


def _positions(binding: dict[str, Any], values: list[Any], read: Read) -> tuple[bytes, str]:
    """Parts without names, each by the encoding of its place."""
    prefix, rest = binding.get("prefixEncoding") or [], binding.get("itemEncoding") or {}
    parts: list[bytes] = []
    for at, value in enumerate(values):
        prop = {**(prefix[at] if at < len(prefix) else rest), "argument": binding["argument"], "name": ""}
        media_type, content = _file(prop, value, read)[1:] if prop.get("file") else _field_part(prop, value)
        parts.append(f"Content-Type: {_checked(media_type or 'text/plain; charset=utf-8')}\r\n\r\n".encode() + content)
    return _enclosed(essence(binding["mediaType"]), parts)


def _enclosed(kind: str, parts: list[bytes]) -> tuple[bytes, str]:
    boundary = "smelt-" + secrets.token_hex(16)
    mark = b"--" + boundary.encode()
    content = b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"
    return content, f"{kind}; boundary={boundary}"


def _part(prop: dict[str, Any], value: Any) -> bytes:
    media_type, content = _field_part(prop, value)
    return _framed(prop["name"], None, media_type, content)


def _field_part(prop: dict[str, Any], value: Any) -> tuple[str | None, bytes]:
    media_type = _first(prop)
    if isinstance(value, (dict, list)):
        media_type = media_type or "application/json"
    text = encode.json_text(value) if media_type and is_json(media_type) else encode.scalar(value)
    return media_type, _utf8(prop["argument"], text)


def _file_part(prop: dict[str, Any], value: Any, read: Read) -> bytes:
    filename, media_type, content = _file(prop, value, read)
    return _framed(prop["name"], filename, media_type, content)


def _file(prop: dict[str, Any], value: Any, read: Read) -> tuple[str, str, bytes]:
    argument, filename, media_type = prop["argument"], prop["name"], _first(prop)
    file = value if isinstance(value, dict) else {"data": value}
    if "path" in file:
        content, filename = read(argument, file["path"])
        media_type = media_type or upload.media_type(filename)
    else:
        content = _decode(argument, file.get("data"))
    filename = str(file.get("filename") or filename)
    media_type = file.get("mediaType") or media_type or "application/octet-stream"
    if not isinstance(media_type, str) or not MEDIA_TYPE.match(media_type):
        raise Refused(f"argument '{argument}': its mediaType is none")
    return _utf8(argument, filename).decode(), media_type, content


def _first(prop: dict[str, Any]) -> str | None:
    """An encoding may list media types, and ranges, which say nothing."""
    first = str(prop.get("contentType") or "").partition(",")[0].strip()
    return first if first and "*" not in first else None


def _utf8(argument: str, text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise Refused(f"argument '{argument}': not well-formed Unicode") from None


def _framed(name: str, filename: str | None, media_type: str | None, content: bytes) -> bytes:
    head = f'Content-Disposition: form-data; name="{_field(name)}"'
    if filename is not None:
        head += f'; filename="{_field(filename)}"'
    if media_type:
        head += f"\r\nContent-Type: {_checked(media_type)}"
    return head.encode() + b"\r\n\r\n" + content


def _field(text: str) -> str:
    """As browsers write names in multipart heads."""
    return text.replace("\r", "%0D").replace("\n", "%0A").replace('"', "%22")


def _decode(argument: str, value: Any) -> bytes:
    if not isinstance(value, str):
        raise Refused(f"argument '{argument}': base64 text is wanted")
    try:
        return base64.b64decode(SPACE.sub("", value), validate=True)
    except (binascii.Error, ValueError):
        raise Refused(f"argument '{argument}': not base64") from None


def _checked(media_type: str) -> str:
    if not MEDIA_TYPE.match(media_type):
        raise Refused("this tool's body has a media type that can not be sent")
    return media_type


def _text(argument: str, media_type: str, text: str) -> tuple[bytes, str]:
    """In the character set that the type names; text types without one say UTF-8."""
    found = CHARSET.search(_checked(media_type))
    if not found:
        plain = essence(media_type).startswith("text/")
        return _utf8(argument, text), media_type + ("; charset=utf-8" if plain else "")
    codec = CODECS.get(found[1].lower())
    if codec is None:
        raise Refused("this tool's body has a character set that is not supported")
    try:
        return text.encode(codec), media_type
    except UnicodeEncodeError:
        raise Refused(f"argument '{argument}': not in {found[1]}") from None
