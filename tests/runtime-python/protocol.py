"""Starts servers as clients do and speaks the protocol with them, raw: stdio
and HTTP, the handshake era and the stateless one."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from paths import Server, bindings_of, http_binding

from mock import Mock
from tap import Test, equal, run, true

MODERN = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
}
ANNOTATIONS = {
    "title": "T", "readOnlyHint": True, "destructiveHint": False,
    "idempotentHint": True, "openWorldHint": False,
}  # fmt: skip
# What a library that tidies schemas up would change.
TOOLS: list[dict[str, Any]] = [
    {
        "name": "odd_schema",
        "title": "Odd schema",
        "description": 'Says """ and \u2028 and </b> ${x} é \U0001f600.\r\n\tEnd ',
        "inputSchema": {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$comment": "kept",
            "type": "object",
            "properties": {
                "id": {"type": ["string", "null"], "default": None, "examples": [None, {"a": None}]},
                "k": {"$ref": "#/$defs/K"},
                "__proto__": {"const": None},
                "toString": {"enum": [1, 1.5, -0.0, 10**22, "", False]},
            },
            "required": [],
            "additionalProperties": False,
            "dependentSchemas": {"id": {"if": {"required": ["k"]}, "then": True, "else": False}},
            "$defs": {
                "K": {"$anchor": "k", "allOf": [{"maximum": 3}, {"$ref": "#/$defs/T"}]},
                "T": {"anyOf": [{"type": "object", "properties": {"k": {"$ref": "#/$defs/T"}}}, True]},
            },
            "x-odd": [1.0, True, None, {}],
        },
        "outputSchema": {
            "type": "object",
            "properties": {"a": {"$ref": "#/$defs/A"}},
            "$defs": {"A": {"anyOf": [{"required": ["a"], "properties": {"a": {"$ref": "#/$defs/A"}}}, {"type": "null"}]}},
        },
        "annotations": ANNOTATIONS,
    },
    {
        "name": "a_plain",
        "title": "Plain",
        "description": "Gets x.",
        "inputSchema": {"type": "object", "properties": {"n": {"type": "integer"}}, "additionalProperties": False},
        "annotations": ANNOTATIONS | {"title": "Plain"},
    },
]  # fmt: skip
QUERY = {"argument": "n", "name": "n", "in": "query", "style": "form", "explode": True, "allowReserved": False}


def server_for(upstream: str) -> Server:
    return Server(
        TOOLS,
        bindings_of(
            {
                "odd_schema": http_binding(upstream),
                "a_plain": http_binding(upstream, parameters=[QUERY]),
            }
        ),
    )


def canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


class Stdio:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self._id = 0

    async def send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"jsonrpc": "2.0"} | message).encode() + b"\n")
        await self.process.stdin.drain()

    async def ask(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdout
        self._id += 1
        await self.send({"id": self._id, "method": method, "params": params})
        while True:
            line = await asyncio.wait_for(self.process.stdout.readline(), 30)
            message = json.loads(line)
            if message.get("id") == self._id:
                return message

    async def legacy(self, version: str = "2025-11-25") -> dict[str, Any]:
        answer = await self.ask(
            "initialize",
            {"protocolVersion": version, "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
        )
        await self.send({"method": "notifications/initialized"})
        return answer["result"]

    async def end(self) -> str:
        assert self.process.stdin and self.process.stderr and self.process.stdout
        self.process.stdin.close()
        error = await asyncio.wait_for(self.process.stderr.read(), 30)
        await asyncio.wait_for(self.process.wait(), 30)
        rest = await self.process.stdout.read()
        for line in rest.splitlines():
            json.loads(line)
        return error.decode()


async def start(server: Server, *options: str, **environ: str) -> asyncio.subprocess.Process:
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, str(server.root / "server.py"), *options,
        cwd="/", env=os.environ | environ, stdin=pipe, stdout=pipe, stderr=pipe,
    )  # fmt: skip


@asynccontextmanager
async def stdio(**environ: str) -> AsyncIterator[tuple[Stdio, Mock]]:
    async with Mock() as mock:
        server = server_for(mock.url)
        try:
            yield Stdio(await start(server, **environ)), mock
        finally:
            server.close()


async def legacy_list() -> None:
    async with stdio() as (client, _):
        info = await client.legacy("2025-06-18")
        equal(info["protocolVersion"], "2025-06-18", "version")
        equal(info["serverInfo"]["name"], "testing", "name")
        equal(info["serverInfo"]["version"], "1.2.3", "server version")
        answer = await client.ask("tools/list", {})
        equal(canonical(answer["result"]["tools"]), canonical(TOOLS), "tools")
        true("nextCursor" not in answer["result"], "no paging")
        await client.end()


async def modern_list() -> None:
    async with stdio() as (client, _):
        found = await client.ask("server/discover", {"_meta": MODERN})
        true("2026-07-28" in found["result"]["supportedVersions"], "supportedVersions")
        answer = await client.ask("tools/list", {"_meta": MODERN})
        equal(canonical(answer["result"]["tools"]), canonical(TOOLS), "tools")
        equal(answer["result"]["resultType"], "complete", "resultType")
        true(answer["result"]["ttlMs"] >= 0, "ttlMs")
        await client.end()


async def calls() -> None:
    async with stdio() as (client, mock):
        await client.legacy()
        mock.answers[:] = [{"json": {"a": None}}]
        answer = await client.ask("tools/call", {"name": "odd_schema", "arguments": {"id": None, "k": {}}})
        equal(answer["result"]["structuredContent"], {"a": None}, "structuredContent")
        equal(answer["result"].get("isError", False), False, "isError")
        answer = await client.ask("tools/call", {"name": "a_plain", "arguments": {"n": "1"}})
        equal(answer["result"]["isError"], True, "isError of wrong arguments")
        true("'n'" in answer["result"]["content"][0]["text"], "the argument is named")
        answer = await client.ask("tools/call", {"name": "a_plain", "arguments": {"n": 1}})
        equal([got.target for got in mock.got], ["/x", "/x?n=1"], "requests")
        mock.answers[:] = [{"status": 500, "text": "boom"}]
        answer = await client.ask("tools/call", {"name": "a_plain", "arguments": {}})
        equal(answer["result"]["isError"], True, "isError of a 500")
        true("HTTP 500: boom" in answer["result"]["content"][0]["text"], "its text")
        answer = await client.ask("tools/call", {"name": "no_such_tool", "arguments": {}})
        true(answer.get("error", {}).get("code") == -32602, "an unknown tool is a protocol error")
        log = await client.end()
        lines = [json.loads(line) for line in log.splitlines()]
        equal([line["outcome"] for line in lines], ["ok", "refused", "ok", "error"], "log")
        equal(lines[2]["tool"], "a_plain", "tool of the log line")
        equal((lines[2]["attempts"], lines[2]["status"]), (1, 200), "attempts and status")


async def modern_call() -> None:
    async with stdio(SMELT_LOG="off") as (client, mock):
        mock.answers[:] = [{"text": "hi", "headers": {"content-type": "text/plain"}}]
        answer = await client.ask("tools/call", {"name": "a_plain", "arguments": {}, "_meta": MODERN})
        equal(answer["result"]["content"], [{"type": "text", "text": "hi"}], "content")
        equal(answer["result"]["resultType"], "complete", "resultType")
        equal(await client.end(), "", "stderr with SMELT_LOG=off")


async def cancelled() -> None:
    async with stdio() as (client, mock):
        await client.legacy()
        mock.answers[:] = [{"delayMs": 20000}]
        await client.send({"id": 77, "method": "tools/call", "params": {"name": "a_plain", "arguments": {}}})
        while not mock.got:
            await asyncio.sleep(0.02)
        await client.send({"method": "notifications/cancelled", "params": {"requestId": 77}})
        answer = await client.ask("tools/call", {"name": "a_plain", "arguments": {"n": 2}})
        equal(answer["result"]["content"][0]["text"], "{}", "the next call")
        log = await client.end()
        outcomes = [json.loads(line)["outcome"] for line in log.splitlines() if line.startswith("{")]
        true("cancelled" in outcomes, f"the cancelled call is logged: {outcomes}")


async def bad_config() -> None:
    for name, text in (("tools.json", "{"), ("bindings.json", '{"format": 2}'), ("bindings.json", "[]")):
        server = server_for("http://127.0.0.1:9")
        server.put(name, text)
        process = await start(server)
        out, error = await asyncio.wait_for(process.communicate(), 30)
        equal(process.returncode, 2, f"exit status for {name}")
        true(error.decode().startswith(f"server.py: {name}: "), f"message {error!r}")
        equal(out, b"", "stdout")
        server.close()


async def edited_handler() -> None:
    async with Mock() as mock:
        server = server_for(mock.url)
        server.put(
            "handlers/a_plain.py",
            "from smelt_runtime.runtime import Arguments, Call, Result\n\n\n"
            "async def handle(arguments: Arguments, call: Call) -> Result:\n"
            "    if arguments.get('n') == 0:\n"
            "        raise ZeroDivisionError('secret of the handler')\n"
            "    result = await call({'n': arguments['n'] + 1})\n"
            "    return Result.text('edited ' + result.content[0]['text'])\n",
        )
        (server.root / "handlers/odd_schema.py").unlink()
        client = Stdio(await start(server))
        await client.legacy()
        answer = await client.ask("tools/call", {"name": "a_plain", "arguments": {"n": 4}})
        equal(answer["result"]["content"][0]["text"], "edited {}", "the edited answer")
        answer = await client.ask("tools/call", {"name": "odd_schema", "arguments": {}})
        equal(answer["result"]["structuredContent"], {}, "a tool without a handler file")
        equal([got.target for got in mock.got], ["/x?n=5", "/x"], "requests")
        answer = await client.ask("tools/call", {"name": "a_plain", "arguments": {"n": 0}})
        equal(answer["result"]["isError"], True, "isError of a handler that fails")
        true("secret" not in json.dumps(answer), "its words stay here")
        await client.end()
        server.close()


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


@asynccontextmanager
async def http_server(**environ: str) -> AsyncIterator[tuple[int, asyncio.subprocess.Process]]:
    async with Mock() as mock:
        async with http_serving(server_for(mock.url), **environ) as (port, process):
            yield port, process


@asynccontextmanager
async def http_serving(
    server: Server, **environ: str
) -> AsyncIterator[tuple[int, asyncio.subprocess.Process]]:
    port = free_port()
    process = await start(server, "--http", SMELT_HTTP_PORT=str(port), **environ)
    try:
        for _ in range(300):
            try:
                if (await fetch(port, "GET", "/healthz"))[0] == 200:
                    break
            except OSError:
                await asyncio.sleep(0.1)
        yield port, process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        server.close()


async def fetch(
    port: int, method: str, path: str, body: Any = None, **headers: str
) -> tuple[int, str]:
    def work() -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.putrequest(method, path, skip_host="Host" in given)
        text = body if isinstance(body, str) else json.dumps(body)
        content = text.encode() if body is not None else b""
        if body is not None:
            given |= {
                "Content-Type": "application/json",
                "Accept": "application/json, text/event-stream",
                "Content-Length": str(len(content)),
            }
        for name, value in given.items():
            connection.putheader(name, value)
        connection.endheaders(content)
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, text

    return await asyncio.to_thread(work)


def event(text: str) -> dict[str, Any]:
    """The JSON of an answer, plain or as an event stream."""
    lines = [line[5:] for line in text.split("\n") if line.startswith("data:")]
    return json.loads(lines[-1] if lines else text)


LIST = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"_meta": MODERN}}
HEADERS = {"MCP_Protocol_Version": "2026-07-28", "Mcp_Method": "tools/list"}
INITIALIZE = {
    "jsonrpc": "2.0", "id": 1, "method": "initialize",
    "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
}  # fmt: skip


async def http_serves() -> None:
    async with http_server() as (port, process):
        status, text = await fetch(port, "GET", "/healthz")
        equal((status, json.loads(text)), (200, {"status": "ok"}), "healthz")
        status, text = await fetch(port, "POST", "/mcp", LIST, **HEADERS)
        equal(status, 200, f"tools/list: {text[:300]}")
        equal(canonical(event(text)["result"]["tools"]), canonical(TOOLS), "tools, modern")
        status, text = await fetch(port, "POST", "/mcp", INITIALIZE)
        equal(status, 200, f"initialize: {text[:300]}")
        equal(event(text)["result"]["serverInfo"]["name"], "testing", "name")
        status, _ = await fetch(port, "POST", "/mcp", LIST, Host="evil.example", **HEADERS)
        true(status in (403, 421), f"foreign Host: {status}")
        status, _ = await fetch(port, "POST", "/mcp", LIST, Origin="https://evil.example", **HEADERS)
        equal(status, 403, "foreign Origin")
        status, _ = await fetch(port, "GET", "/healthz", Host="evil.example")
        true(status in (403, 421), f"foreign Host of healthz: {status}")
        status, _ = await fetch(port, "POST", "/mcp", LIST, Origin=f"http://127.0.0.1:{port}", **HEADERS)
        equal(status, 200, "own Origin")
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(process.wait(), 20)
        true(time.monotonic() - began < 8, "it ends when told to")


async def http_legacy_list() -> None:
    async with http_server() as (port, _):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        head = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}

        def post(message: dict[str, Any], **more: str) -> tuple[http.client.HTTPResponse, str]:
            connection.request("POST", "/mcp", json.dumps(message), head | more)
            response = connection.getresponse()
            return response, response.read().decode()

        response, _ = post(INITIALIZE)
        session = response.headers.get("mcp-session-id")
        more = {"MCP-Protocol-Version": "2025-11-25"} | ({"Mcp-Session-Id": session} if session else {})
        post({"jsonrpc": "2.0", "method": "notifications/initialized"}, **more)
        _, text = post({"jsonrpc": "2.0", "id": 2, "method": "tools/list"}, **more)
        equal(canonical(event(text)["result"]["tools"]), canonical(TOOLS), "tools, legacy")
        connection.close()


async def http_numbers() -> None:
    tool = {"name": "put", "inputSchema": {"type": "object"}, "outputSchema": {"type": "object"}}
    body = {"mediaType": "application/json", "required": True, "mode": "argument", "argument": "n"}
    async with Mock() as mock:
        bindings = bindings_of({"put": http_binding(mock.url, "POST", body=body)})
        async with http_serving(Server([tool], bindings)) as (port, _):
            mock.answers = [{"text": '{"id": 9007199254740993, "p": 1.10}', "headers": {"content-type": "application/json"}}]
            call = f"""{{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {{"name": "put",
                "arguments": {{"n": [1.10, 12345678901234567890, 1e400]}}, "_meta": {json.dumps(MODERN)}}}}}"""
            status, text = await fetch(
                port, "POST", "/mcp", call, **HEADERS | {"Mcp_Method": "tools/call", "Mcp_Name": "put"}
            )
            equal(status, 200, text)
            equal(mock.got[0].content, b"[1.10,12345678901234567890,1e400]", "the body")
            true('"id":9007199254740993,"p":1.10}' in text, f"the answer {text}")


async def http_token() -> None:
    async with http_server(SMELT_HTTP_TOKEN="let-me-in") as (port, _):
        equal((await fetch(port, "GET", "/healthz"))[0], 200, "healthz is open")
        equal((await fetch(port, "POST", "/mcp", LIST, **HEADERS))[0], 401, "no token")
        wrong = await fetch(port, "POST", "/mcp", LIST, Authorization="Bearer let-me-im", **HEADERS)
        equal(wrong[0], 401, "wrong token")
        status, _ = await fetch(port, "POST", "/mcp", LIST, Authorization="Bearer let-me-in", **HEADERS)
        equal(status, 200, "the token")


async def http_allowed() -> None:
    async with http_server(
        SMELT_HTTP_ALLOWED_HOSTS="mcp.example", SMELT_HTTP_ALLOWED_ORIGINS="https://app.example"
    ) as (port, _):
        status, _ = await fetch(port, "POST", "/mcp", LIST, Host="mcp.example", **HEADERS)
        equal(status, 200, "an allowed Host")
        status, _ = await fetch(port, "POST", "/mcp", LIST, Origin="https://app.example", **HEADERS)
        equal(status, 200, "an allowed Origin")
        status, _ = await fetch(port, "POST", "/mcp", LIST, Origin="https://other.example", **HEADERS)
        equal(status, 403, "another Origin")


TESTS: list[Test] = [
    ("stdio, handshake: tools/list is tools.json", legacy_list),
    ("stdio, stateless: tools/list is tools.json", modern_list),
    ("stdio: calls, errors and the log", calls),
    ("stdio, stateless: a call; no log when off", modern_call),
    ("stdio: a cancelled call ends", cancelled),
    ("broken data files: one message, exit 2", bad_config),
    ("handlers: edited, failing, removed", edited_handler),
    ("http: both eras, Host and Origin, the end", http_serves),
    ("http, handshake: tools/list is tools.json", http_legacy_list),
    ("http: numbers keep their text", http_numbers),
    ("http: bearer token", http_token),
    ("http: allow-lists", http_allowed),
]

run(TESTS)
