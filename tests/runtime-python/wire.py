"""Runs ../wire/*.json against the Python runtime."""

from __future__ import annotations

import asyncio
import base64
import email.parser
import email.policy
import json
import os
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "share/smelt/runtime/python"))

from mock import Got, Mock  # noqa: E402
from paths import Server  # noqa: E402
from smelt_runtime import config as configs  # noqa: E402
from smelt_runtime import exact  # noqa: E402
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


def tool_of(case: dict[str, Any]) -> dict[str, Any]:
    return {"name": "call", "inputSchema": {"type": "object"}} | case.get("tool", {})


def bindings_of(case: dict[str, Any]) -> dict[str, Any]:
    return {
        "format": 1,
        "server": {"name": "wire", "title": "wire", "version": "1"},
        "securitySchemes": case.get("securitySchemes", {}),
        "bindings": {"call": {"binding": case["binding"], "security": case.get("security", [])}},
        "limits": {"retryBaseSeconds": 0.01} | case.get("limits", {}),
    }


class Inside:
    """The runtime in this process, without the protocol."""

    def __init__(self, case: dict[str, Any]) -> None:
        config = configs.parse({"tools": [tool_of(case)]}, bindings_of(case), HERE)
        environ = case.get("env", {})
        settings = configs.settings({"SMELT_LOG": "off"} | environ)
        self._runtime = Runtime(config, settings, environ)

    async def start(self) -> None:
        pass

    async def call(self, arguments: str) -> str:
        """The result as JSON text."""
        result = await self._runtime.call("call", exact.parse(arguments))
        answer: dict[str, Any] = {"content": result.content, "isError": result.is_error}
        if result.structured is not None:
            answer["structuredContent"] = result.structured
        return exact.dump(answer)

    async def close(self) -> None:
        await self._runtime.close()


class Outside:
    """A generated server of its own, over stdio. Its log holds no secret."""

    def __init__(self, case: dict[str, Any]) -> None:
        self._server = Server([tool_of(case)], bindings_of(case))
        self._environ = case.get("env", {})
        self._process: asyncio.subprocess.Process | None = None
        self._id = 0

    async def start(self) -> None:
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, str(self._server.root / "server.py"), cwd="/",
            env=os.environ | self._environ, stdin=pipe, stdout=pipe, stderr=pipe, limit=1 << 26,
        )  # fmt: skip
        hello = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
        self._answers: dict[int, asyncio.Future[str]] = {}
        self._reading = asyncio.create_task(self._read())
        await self._ask("initialize", json.dumps(hello))
        self._send('"method": "notifications/initialized"')

    async def _read(self) -> None:
        assert self._process and self._process.stdout
        while line := await self._process.stdout.readline():
            number = json.loads(line).get("id")
            if number in self._answers:
                self._answers.pop(number).set_result(line.decode())

    def _send(self, members: str) -> None:
        assert self._process and self._process.stdin
        self._process.stdin.write(b'{"jsonrpc": "2.0", ' + members.encode() + b"}\n")

    async def _ask(self, method: str, params: str) -> str:
        self._id += 1
        number = self._id
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        self._send(f'"id": {number}, "method": "{method}", "params": {params}')
        try:
            return await asyncio.wait_for(answer, 60)
        except asyncio.CancelledError:
            cancelled = json.dumps({"requestId": number, "reason": "test"})
            self._send(f'"method": "notifications/cancelled", "params": {cancelled}')
            raise

    async def call(self, arguments: str) -> str:
        line = await self._ask("tools/call", f'{{"name": "call", "arguments": {arguments}}}')
        true('"result"' in line, f"no result: {line[:500]}")
        return line.split('"result":', 1)[1].rstrip().removesuffix("}")

    async def close(self) -> None:
        if self._process:
            assert self._process.stdin and self._process.stderr
            self._process.stdin.close()
            log = (await asyncio.wait_for(self._process.stderr.read(), 30)).decode()
            await self._process.wait()
            self._reading.cancel()
            for name, secret in self._environ.items():
                if re.search("_(TOKEN|API_KEY|PASSWORD|CLIENT_SECRET)$", name) and len(secret) > 3:
                    true(secret not in log, f"{name} is in the log")
        self._server.close()


def check_parts(got: Got, wanted: list[dict[str, Any]]) -> None:
    head = f"Content-Type: {got.header('content-type')}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + got.content)
    parts = list(message.iter_parts())
    equal(len(parts), len(wanted), "parts")
    for part, want in zip(parts, wanted):
        head = part["content-disposition"]
        disposition = head.params if head else {}
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
    for name, values in want.get("each", {}).items():
        equal([text for key, text in got.headers if key == name], values, f"headers {name}")
    for name in want.get("absent", []):
        equal(got.header(name), None, f"header {name}")
    check_body(got, want)


def check_result(answer: str, want: dict[str, Any]) -> None:
    result = json.loads(answer)
    text = "\n".join(block.get("text", "") for block in result["content"])
    equal(result.get("isError", False), want.get("isError", False), f"isError of {text[:500]!r}")
    if "structuredContent" in want:
        equal(result.get("structuredContent"), want["structuredContent"], "structuredContent")
    if "content" in want:
        equal(result["content"], want["content"], "content")
    if "text" in want:
        equal(result["content"][0].get("text"), want["text"], "text")
    for piece in want.get("contains", []):
        true(piece in text, f"no {piece!r} in {text[:500]!r}")
    for piece in want.get("lacks", []):
        true(piece not in text, f"{piece!r} in {text[:500]!r}")
    for piece in want.get("raw", []):
        true(piece in answer, f"no {piece!r} in the raw {answer[:500]!r}")
    if "bytes" in want:
        true(len(answer) <= want["bytes"], f"{len(answer)} bytes")
    true("Traceback" not in text and "smelt_runtime" not in text, "a traceback")


async def ask(side: Inside | Outside, mock: Mock, call: dict[str, Any]) -> list[str]:
    """The answers of the call, made as often as it says; none when cancelled."""
    text = call.get("argumentsText") or json.dumps(call["arguments"])
    tasks = [asyncio.create_task(side.call(text)) for _ in range(call.get("times", 1))]
    if "cancelMs" in call:
        for _ in range(1000):
            if len(mock.got) < len(call["requests"]):
                await asyncio.sleep(0.02)
        await asyncio.sleep(call["cancelMs"] / 1000)
        for task in tasks:
            true(not task.done(), "it was over before it could be cancelled")
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return []
    return await asyncio.gather(*tasks)


async def one(side: Inside | Outside, mock: Mock, call: dict[str, Any]) -> None:
    before = len(mock.got)
    await asyncio.sleep(call.get("waitMs", 0) / 1000)
    equal(len(mock.got), before, "requests after a call")
    mock.got.clear()
    mock.answers[:] = call.get("responses", [])
    mock.most = mock.left = 0
    started = time.monotonic()
    answers = await ask(side, mock, call)
    took = (time.monotonic() - started) * 1000
    seen = [f"{got.method} {got.target}" for got in mock.got]
    wanted = [f"{want['method']} {want['target']}" for want in call["requests"]]
    equal(seen, wanted, f"requests (answers {[answer[:400] for answer in answers]})")
    for got, want in zip(mock.got, call["requests"]):
        check_request(got, want)
    for answer in answers:
        check_result(answer, call["result"])
    true(call.get("minMs", 0) <= took, f"took {took:.0f} ms only")
    true(took <= call.get("maxMs", 20000), f"took {took:.0f} ms")
    if "most" in call:
        equal(mock.most, call["most"], "requests at one time")
    if "left" in call:
        for _ in range(100):
            if mock.left < call["left"]:
                await asyncio.sleep(0.02)
        equal(mock.left, call["left"], "connections ended before their answer")


def put(folder: Path, files: dict[str, Any]) -> None:
    for name, file in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if "link" in file:
            path.symlink_to(file["link"])
        elif "fifo" in file:
            os.mkfifo(path)
        elif "directory" in file:
            path.mkdir()
        elif "repeat" in file:
            path.write_text(file["repeat"]["text"] * file["repeat"]["times"])
        elif "base64" in file:
            path.write_bytes(base64.b64decode(file["base64"]))
        else:
            path.write_text(file["text"])


def test_of(case: dict[str, Any]) -> Test:
    async def test() -> None:
        with tempfile.TemporaryDirectory(prefix="smelt-wire-") as folder:
            put(Path(folder), case.get("files", {}))
            async with Mock() as mock, Mock() as elsewhere:
                places = {"upstream": mock.url, "elsewhere": elsewhere.url, "files": folder}
                await play(filled(case, places), mock)
                equal(len(elsewhere.got), 0, "requests elsewhere")

    return f"wire {case['id']}: {case['about']}", test


async def play(case: dict[str, Any], mock: Mock) -> None:
    outside = case.get("stdio") or "WIRE_STDIO" in os.environ
    side = Outside(case) if outside else Inside(case)
    try:
        await side.start()
        for number, call in enumerate(case["calls"], 1):
            try:
                await one(side, mock, call)
            except Wrong as wrong:
                raise Wrong(f"call {number}: {wrong}") from None
    finally:
        await side.close()
    if "connections" in case:
        equal(mock.connections, case["connections"], "connections")


def main() -> None:
    files = sorted((HERE.parent / "wire").glob("*.json"))
    cases = [case for file in files for case in json.loads(file.read_text())["cases"]]
    equal(len({case["id"] for case in cases}), len(cases), "different ids")
    wanted = sys.argv[1:]
    run([test_of(case) for case in cases if not wanted or case["id"] in wanted])


main()
