"""Turns an upstream's answer into a Result."""

from __future__ import annotations

import base64
import re
from typing import Any

from . import exact, retry, schema
from .advice import advice
from .body import essence, is_json, is_text
from .client import Answer
from .result import Result
from .secret import Secrets

MAX_PROBLEM = 2000
MAX_COPY = 32768
UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
# As web browsers read them.
CODECS = {
    "us-ascii": "cp1252", "iso-8859-1": "cp1252", "latin1": "cp1252", "windows-1252": "cp1252",
    "utf-16": "utf-16-le", "utf-16le": "utf-16-le", "utf-16be": "utf-16-be",
    "iso-8859-2": "iso-8859-2", "iso-8859-15": "iso-8859-15", "windows-1251": "cp1251",
    "koi8-r": "koi8-r", "shift_jis": "cp932", "euc-jp": "euc-jp", "euc-kr": "cp949",
    "big5": "big5hkscs", "gbk": "gb18030", "gb2312": "gb18030", "gb18030": "gb18030",
}  # fmt: skip
CHARSET = re.compile(r'charset="?([A-Za-z0-9_.:-]+)', re.IGNORECASE)


class Reader:
    """Reads the answers of one tool."""

    def __init__(
        self,
        tool: dict[str, Any],
        wrap: bool,
        max_bytes: int,
        max_depth: int,
        secrets: Secrets,
    ) -> None:
        self._name = tool["name"]
        self._checker = (
            schema.Checker(tool["outputSchema"]) if tool.get("outputSchema") else None
        )
        self._wrap = wrap
        self._max_bytes = max_bytes
        self._max_depth = max_depth
        self._secrets = secrets

    def read(self, answer: Answer) -> Result:
        if answer.status >= 300:
            return Result.text(self._problem(answer), is_error=True)
        if not answer.content:
            return self._empty(f"HTTP {answer.status}: no content")
        media_type = _media_type(answer)
        if not _is_textual(media_type):
            return self._binary(answer, essence(media_type))
        if self._checker:
            return self._object(answer, media_type)
        text = _text(answer, media_type)
        return Result.text(text + self._note(answer) if answer.cut else text)

    def value(self, value: Any, text: str) -> Result:
        """The Result of a JSON value whose text form is text."""
        if self._checker is None:
            return Result.text(text)
        structured = {"result": value} if self._wrap else value
        try:
            if not isinstance(structured, dict):
                raise schema.Mismatch("an object is wanted")
            schema.check_depth(structured, self._max_depth)
            self._checker.check(structured)
        except (schema.Mismatch, schema.TooDeep) as fault:
            return self._unlike(str(fault), text)
        if len(text.encode("utf-8", "replace")) > MAX_COPY:
            text = f"{len(text)} characters of JSON, given as structuredContent"
        return Result([{"type": "text", "text": text}], structured)

    def _empty(self, text: str) -> Result:
        if self._checker is None:
            return Result.text(text)
        for structured in ({"result": None},) if self._wrap else ({},):
            try:
                self._checker.check(structured)
            except schema.Mismatch:
                continue
            return Result([{"type": "text", "text": text}], structured)
        return Result.text(f"{text}, but the tool's outputSchema wants some", is_error=True)

    def _object(self, answer: Answer, media_type: str) -> Result:
        text = _text(answer, media_type)
        if answer.cut:
            return Result.text(text + self._note(answer), is_error=True)
        try:
            value = exact.parse(text)
        except (ValueError, RecursionError):
            return self._unlike("it is not JSON", text)
        return self.value(value, text)

    def _unlike(self, why: str, text: str) -> Result:
        head = f"the answer does not fit the tool's outputSchema ({UNSEEN.sub('', why)}); it was:\n"
        return Result.text(head + text, is_error=True)

    def _binary(self, answer: Answer, media_type: str) -> Result:
        if answer.cut:
            return Result.text(
                f"the answer ({media_type}) was dropped{self._note(answer)}", is_error=True
            )
        if self._checker:
            return Result.text(
                f"the answer is {media_type}, but the tool's outputSchema wants JSON", is_error=True
            )
        data = base64.b64encode(answer.content).decode()
        kind = media_type.partition("/")[0]
        if kind in ("image", "audio"):
            return Result([{"type": kind, "data": data, "mimeType": media_type}])
        resource = {"uri": f"smelt://{self._name}/response", "mimeType": media_type, "blob": data}
        return Result([{"type": "resource", "resource": resource}])

    def _problem(self, answer: Answer) -> str:
        media_type = _media_type(answer)
        text = "no content"
        if answer.content and not _is_textual(media_type):
            text = f"{len(answer.content)} bytes of {essence(media_type)}"
        elif answer.content:
            text = clean(self._secrets.mask(_text(answer, media_type)))
        if len(text) > MAX_PROBLEM:
            text = text[:MAX_PROBLEM] + " [truncated]"
        wait = retry.parse_retry_after(answer.headers.get("retry-after"))
        words = advice(answer.status, wait)
        return f"HTTP {answer.status}: {text}" + (f"\n[{words}]" if words else "")

    def _note(self, answer: Answer) -> str:
        length = len(answer.content)
        if answer.late:
            return f"\n[truncated: the time limit ended the answer after {length} bytes]"
        return f"\n[truncated: only the first {length} bytes of the answer were read; ask for less]"


def clean(text: str) -> str:
    """Without control and direction characters; new lines and tabs stay."""
    return UNSEEN.sub("", text).strip()


def _media_type(answer: Answer) -> str:
    given = answer.headers.get("content-type", "")
    if "/" in given:
        return given
    try:
        answer.content[:4096].decode("utf-8")
    except UnicodeDecodeError as error:
        if error.end < min(len(answer.content), 4096):
            return "application/octet-stream"
    return "text/plain"


def _is_textual(media_type: str) -> bool:
    return is_json(media_type) or is_text(media_type) or "x-www-form-urlencoded" in media_type


def _text(answer: Answer, media_type: str) -> str:
    found = CHARSET.search(media_type)
    codec = CODECS.get(found[1].lower() if found else "", "utf-8")
    text = answer.content.decode(codec, "replace").removeprefix("\ufeff")
    if answer.cut:
        text = text.rstrip("\ufffd")
    if not is_json(media_type):
        text = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", "", text)
    return text
