"""Runs ../wire/*.json against the Python runtime."""

from __future__ import annotations

import asyncio
import base64
import email.parser
import email.policy
import json
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "share/smelt/runtime/python"))

from mock import Got, Mock  # noqa: E402
from smelt_runtime import config as configs  # noqa: E402
from smelt_runtime.runtime import Runtime  # noqa: E402
from tap import Test, Wrong, equal, run, true  # noqa: E402


def filled(value: Any, places: dict[str, str]) -> Any:
    if isinstance(value, str):
        for name, text in places.items():
            value = value.replace("{" + name + "}", text)
        return value
    if isinstance(value, list):
        return [filled(item, places) for item in value]
    if isinstance(value, dict):
        return {key: filled(item, places) for key, item in value.items()}
    return value


def runtime_of(case: dict[str, Any]) -> Runtime:
    tool = {"name": "call", "inputSchema": {"type": "object"}} | case.get("tool", {})
    bindings = {
        "format": 1,
        "server": {"name": "wire", "title": "wire", "version": "1"},
        "securitySchemes": case.get("securitySchemes", {}),
        "bindings": {"call": {"binding": case["binding"], "security": case.get("security", [])}},
        "limits": {"retryBaseSeconds": 0.01} | case.get("limits", {}),
    }
    config = configs.parse({"tools": [tool]}, bindings, HERE)
    environ = case.get("env", {})
    settings = configs.settings({"SMELT_LOG": "off"} | environ)
    return Runtime(config, settings, environ)


def check_parts(got: Got, wanted: list[dict[str, Any]]) -> None:
    head = f"Content-Type: {got.header('content-type')}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + got.content)
    parts = list(message.iter_parts())
    equal(len(parts), len(wanted), "parts")
    for part, want in zip(parts, wanted):
        disposition = part["content-disposition"].params
        equal(disposition.get("name"), want["name"], "part name")
        if "filename" in want:
            equal(disposition.get("filename"), want["filename"], "part filename")
        if "contentType" in want:
            equal(part["content-type"], want["contentType"], "part content-type")
        content = part.get_payload(decode=True) or b""
        if "json" in want:
            equal(json.loads(content), want["json"], "part")
        elif "text" in want:
            equal(content.decode(), want["text"], "part")
        else:
            equal(content, base64.b64decode(want["base64"]), "part")


def check_body(got: Got, want: dict[str, Any]) -> None:
    if "parts" in want:
        check_parts(got, want["parts"])
    elif "json" in want:
        equal(json.loads(got.content), want["json"], "body")
    elif "form" in want:
        pairs = parse_qsl(got.content.decode(), keep_blank_values=True)
        equal([list(pair) for pair in pairs], want["form"], "form")
    elif "base64" in want:
        equal(got.content, base64.b64decode(want["base64"]), "body")
    else:
        equal(got.content.decode(), want.get("body", ""), "body")


def check_request(got: Got, want: dict[str, Any]) -> None:
    equal(f"{got.method} {got.target}", f"{want['method']} {want['target']}", "request")
    for name, value in want.get("headers", {}).items():
        equal(got.header(name), value, f"header {name}")
    for name in want.get("absent", []):
        equal(got.header(name), None, f"header {name}")
    check_body(got, want)


def check_result(result: Any, want: dict[str, Any]) -> None:
    text = "\n".join(block.get("text", "") for block in result.content)
    equal(result.is_error, want.get("isError", False), f"isError of {text[:500]!r}")
    if "structuredContent" in want:
        equal(result.structured, want["structuredContent"], "structuredContent")
    if "content" in want:
        equal(result.content, want["content"], "content")
    if "text" in want:
        equal(result.content[0].get("text"), want["text"], "text")
    for piece in want.get("contains", []):
        true(piece in text, f"no {piece!r} in {text[:500]!r}")
    for piece in want.get("lacks", []):
        true(piece not in text, f"{piece!r} in {text[:500]!r}")
    true("Traceback" not in text and "smelt_runtime" not in text, "a traceback")


async def one(runtime: Runtime, mock: Mock, call: dict[str, Any]) -> None:
    await asyncio.sleep(call.get("waitMs", 0) / 1000)
    mock.got.clear()
    mock.answers[:] = call.get("responses", [])
    started = time.monotonic()
    result = await runtime.call("call", call["arguments"])
    took = (time.monotonic() - started) * 1000
    seen = [f"{got.method} {got.target}" for got in mock.got]
    wanted = [f"{want['method']} {want['target']}" for want in call["requests"]]
    texts = [block.get("text", "")[:300] for block in result.content]
    equal(seen, wanted, f"requests (result {texts})")
    for got, want in zip(mock.got, call["requests"]):
        check_request(got, want)
    check_result(result, call["result"])
    true(call.get("minMs", 0) <= took, f"took {took:.0f} ms only")
    true(took <= call.get("maxMs", 20000), f"took {took:.0f} ms")


def test_of(case: dict[str, Any]) -> Test:
    async def test() -> None:
        async with Mock() as mock, Mock() as elsewhere:
            ready = filled(case, {"upstream": mock.url, "elsewhere": elsewhere.url})
            runtime = runtime_of(ready)
            try:
                for number, call in enumerate(ready["calls"], 1):
                    try:
                        await one(runtime, mock, call)
                    except Wrong as wrong:
                        raise Wrong(f"call {number}: {wrong}") from None
            finally:
                await runtime.close()
            equal(len(elsewhere.got), 0, "requests elsewhere")

    return f"wire {case['id']}: {case['about']}", test


def main() -> None:
    files = sorted((HERE.parent / "wire").glob("*.json"))
    cases = [case for file in files for case in json.loads(file.read_text())["cases"]]
    equal(len({case["id"] for case in cases}), len(cases), "different ids")
    wanted = sys.argv[1:]
    run([test_of(case) for case in cases if not wanted or case["id"] in wanted])


main()
