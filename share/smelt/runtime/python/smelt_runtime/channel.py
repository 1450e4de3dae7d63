"""What the protocol library reads and writes, with exact numbers (exact.py)."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from typing import IO

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import exact

MAX_BODY = 4 << 20


class Lines:
    """As much of a text file as the protocol library uses."""

    def __init__(self, file: IO[str]) -> None:
        self._file = anyio.wrap_file(file)

    async def __aiter__(self) -> AsyncIterator[str]:
        async for line in self._file:
            yield exact.guard(line)

    async def write(self, text: str) -> None:
        await self._file.write(exact.reveal(text))

    async def flush(self) -> None:
        await self._file.flush()


def take_stdio() -> tuple[Lines, Lines]:
    """Standard input and output, for the protocol alone: from now on handlers
    and what they start read nothing there, and write to stderr."""
    wire_in = os.fdopen(os.dup(0), encoding="utf-8", errors="replace", closefd=False)
    wire_out = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n", closefd=False)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    return Lines(wire_in), Lines(wire_out)


class ExactBodies:
    """ASGI: guards the bodies of requests and reveals those of answers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        await self._app(scope, _Body(receive).receive, answer.send)


class _Body:
    """Collects a body up to the limit of the protocol library; a longer one
    goes on as it is, to be refused there."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._whole = False

    async def receive(self) -> Message:
        if self._whole:
            return await self._receive()
        content, more = b"", True
        while more and len(content) <= MAX_BODY:
            message = await self._receive()
            if message["type"] != "http.request":
                return message
            content += message.get("body", b"")
            more = message.get("more_body", False)
        self._whole = True
        if not more:
            content = exact.guard(content.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
        return {"type": "http.request", "body": content, "more_body": more}


class _Answer:
    """A head that says a length waits for the body, which may change it."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._head: Message | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and any(
            name == b"content-length" for name, _ in message["headers"]
        ):
            self._head = message
            return
        if message["type"] == "http.response.body" and (body := message.get("body")):
            shown = exact.reveal(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
            if shown != body and self._head:
                self._head["headers"] = [
                    (name, str(len(shown)).encode() if name == b"content-length" else value)
                    for name, value in self._head["headers"]
                ]
            message = {**message, "body": shown}
        if self._head:
            head, self._head = self._head, None
            await self._send(head)
        await self._send(message)
