"""An upstream on 127.0.0.1 that answers what it is told and keeps what it got."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import dataclass
from typing import Any


@dataclass
class Got:
    method: str
    target: str
    headers: list[tuple[str, str]]
    content: bytes

    def header(self, name: str) -> str | None:
        values = [value for key, value in self.headers if key == name]
        return ", ".join(values) if values else None


class Mock:
    def __init__(self) -> None:
        self.got: list[Got] = []
        self.answers: list[dict[str, Any]] = []
        self.most = 0  # requests in hand at one time, ever
        self._now = 0
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Mock:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.add(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                got = await _request(reader)
                self.got.append(got)
                answer = self.answers.pop(0) if self.answers else {"json": {}}
                self._now += 1
                self.most = max(self.most, self._now)
                await asyncio.sleep(answer.get("delayMs", 0) / 1000)
                self._now -= 1
                if answer.get("close"):
                    break
                writer.write(_answer(answer, got.method))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


async def _request(reader: asyncio.StreamReader) -> Got:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head[:-4].split("\r\n")
    method, target, _ = first.split(" ")
    pairs = [line.split(":", 1) for line in lines]
    headers = [(name.lower(), value.strip()) for name, value in pairs]
    got = Got(method, target, headers, b"")
    if (length := got.header("content-length")) is not None:
        got.content = await reader.readexactly(int(length))
    elif got.header("transfer-encoding") == "chunked":
        while size := int(await reader.readline(), 16):
            got.content += await reader.readexactly(size)
            await reader.readline()
        await reader.readline()
    return got


def _content(answer: dict[str, Any]) -> bytes:
    if "json" in answer:
        return json.dumps(answer["json"]).encode()
    if "text" in answer:
        return answer["text"].encode()
    if "repeat" in answer:
        return (answer["repeat"]["text"] * answer["repeat"]["times"]).encode()
    return base64.b64decode(answer.get("base64", ""))


def _answer(answer: dict[str, Any], method: str) -> bytes:
    content = _content(answer)
    status = answer.get("status", 200)
    headers = dict(answer.get("headers", {}))
    if "json" in answer:
        headers.setdefault("content-type", "application/json")
    if status != 204:
        headers["content-length"] = str(len(content))
    head = f"HTTP/1.1 {status} Status\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return head.encode("latin-1") + b"\r\n" + (b"" if method == "HEAD" or status == 204 else content)
