"""client.py ERA SERVER [fastmcp]: a Python client, the official one or FastMCP's.
SERVER is JSON, {"url"} or {"command", "args", "env"}; a line of standard input is
{"list"} or {"call": {"name", "arguments"}}, its answer a line of standard output:
{"result"} or {"error"}, and the protocol's "version"."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import fastmcp
import mcp
from fastmcp.client.transports import StdioTransport
from mcp.client.stdio import StdioServerParameters
from mcp.shared.exceptions import MCPError

SECONDS = 30


def official(mode: str, server: dict[str, Any]) -> Any:
    to: Any = server.get("url") or StdioServerParameters(**server)
    return mcp.Client(to, mode=mode, read_timeout_seconds=SECONDS)


def fast(mode: str, server: dict[str, Any]) -> Any:
    to: Any = server.get("url") or StdioTransport(**server, keep_alive=False)
    return fastmcp.Client(to, mode=mode, timeout=SECONDS)


async def ask(client: Any, request: dict[str, Any]) -> Any:
    raw = isinstance(client, fastmcp.Client)
    if "call" in request:
        call = client.call_tool_mcp if raw else client.call_tool
        return await call(request["call"]["name"], request["call"]["arguments"])
    return await (client.list_tools_mcp() if raw else client.list_tools())


async def answer(client: Any, request: dict[str, Any]) -> dict[str, Any]:
    try:
        result = await ask(client, request)
    except (MCPError, RuntimeError) as error:
        return {"error": str(error)}
    text = result.model_dump_json(by_alias=True, exclude_unset=True)
    return {"result": json.loads(text)}


async def main(era: str, server: dict[str, Any], kind: str = "mcp") -> None:
    connect = {"mcp": official, "fastmcp": fast}[kind]
    async with connect(era, server) as client:
        while line := await asyncio.to_thread(sys.stdin.readline):
            given = await answer(client, json.loads(line))
            print(json.dumps(given | {"version": client.protocol_version}), flush=True)


asyncio.run(main(sys.argv[1], json.loads(sys.argv[2]), *sys.argv[3:]))
