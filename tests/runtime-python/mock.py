"""An upstream on 127.0.0.1 that answers what it is told and keeps what it got."""

from __future__ import annotations

import asyncio
import base64
import email.utils
import json
import re
import time
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

MOST = 64 << 20


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
        self.left = 0  # clients that went away before their answer's end
        self.connections = 0
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
        self.connections += 1
        self._tasks.add(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                got = await _request(reader)
                self.got.append(got)
                answer = self.answers.pop(0) if self.answers else {"json": {}}
                self._now += 1
                self.most = max(self.most, self._now)
                try:
                    kept = await self._reply(reader, writer, got, answer)
                finally:
                    self._now -= 1
                if not kept:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _reply(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        got: Got,
        answer: dict[str, Any],
    ) -> bool:
        """Whether the connection can take another request."""
        if await self._gone(reader, answer.get("delayMs", 0)):
            return False
        if answer.get("close"):
            return False
        try:
            if "raw" in answer:
                writer.write(_dated(answer["raw"]).encode("latin-1"))
                await writer.drain()
                if answer.get("hold"):
                    await self._gone(reader, 60000)
                return False
            if "chunks" not in answer:
                writer.write(_answer(answer, got.method))
                await writer.drain()
                return True
            return await self._stream(reader, writer, answer)
        except ConnectionError:
            self.left += 1
            return False
        except EOFError:  # counted where it was seen
            return False

    async def _gone(self, reader: asyncio.StreamReader, ms: float) -> bool:
        """Waits; True when the client ended the connection meanwhile."""
        if not ms:
            return False
        try:
            async with asyncio.timeout(ms / 1000):
                ended = not await reader.read(1)
        except (TimeoutError, ConnectionError) as error:
            ended = isinstance(error, ConnectionError)
        self.left += ended
        return ended

    async def _stream(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, answer: dict[str, Any]
    ) -> bool:
        writer.write(_head(answer, {"transfer-encoding": "chunked"}))
        async for piece in self._pieces(reader, answer):
            writer.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            await writer.drain()
        end = answer.get("end")
        if end is None:
            writer.write(b"0\r\n\r\n")
            await writer.drain()
        elif end == "hold":
            await self._gone(reader, 60000)
        return end is None

    async def _pieces(
        self, reader: asyncio.StreamReader, answer: dict[str, Any]
    ) -> AsyncIterator[bytes]:
        sent, last = 0, b""
        for chunk in answer["chunks"]:
            if await self._gone(reader, chunk.get("delayMs", 0)):
                raise EOFError
            last = _content(chunk)
            yield last
        while answer.get("end") == "endless" and sent < MOST:
            sent += len(last)
            yield last


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


def _dated(text: str) -> str:
    """{now+5} is the HTTP date of five seconds from now."""
    return re.sub(
        r"\{now([+-]\d+)\}",
        lambda found: email.utils.formatdate(time.time() + int(found[1]), usegmt=True),
        text,
    )


def _content(answer: dict[str, Any]) -> bytes:
    if "json" in answer:
        return json.dumps(answer["json"]).encode()
    if "text" in answer:
        return answer["text"].encode()
    if "repeat" in answer:
        return (answer["repeat"]["text"] * answer["repeat"]["times"]).encode()
    return base64.b64decode(answer.get("base64", ""))


def _encoded(content: bytes, encoding: str) -> bytes:
    bits = {"gzip": 31, "deflate": 15, "raw-deflate": -15}[encoding]
    work = zlib.compressobj(wbits=bits)
    return work.compress(content) + work.flush()


def _head(answer: dict[str, Any], more: dict[str, str]) -> bytes:
    headers = {}
    if "json" in answer:
        headers["content-type"] = "application/json"
    if "encode" in answer:
        headers["content-encoding"] = answer["encode"].removeprefix("raw-")
    headers |= answer.get("headers", {}) | more
    head = f"HTTP/1.1 {answer.get('status', 200)} Status\r\n"
    for name, value in headers.items():
        for one in value if isinstance(value, list) else [value]:
            head += f"{name}: {_dated(one)}\r\n"
    return head.encode("latin-1") + b"\r\n"


def _answer(answer: dict[str, Any], method: str) -> bytes:
    content = _content(answer)
    if "encode" in answer:
        content = _encoded(content, answer["encode"])
    bare = answer.get("status", 200) in (204, 304)
    head = _head(answer, {} if bare else {"content-length": str(len(content))})
    return head + (b"" if method == "HEAD" or bare else content)
