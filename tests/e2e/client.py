"""client.py ERA SERVER: the official Python client. SERVER is JSON, {"url"} or
{"command", "args", "env"}; a line of standard input is {"list"} or {"call": {"name",
"arguments"}}, its answer a line of standard output: {"result"} or {"error"}, and the
protocol's "version"."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from mcp import Client
from mcp.client.stdio import StdioServerParameters
from mcp.shared.exceptions import MCPError


async def answer(client: Client, request: dict[str, Any]) -> dict[str, Any]:
    try:
        if "call" in request:
            call = request["call"]
            result = await client.call_tool(call["name"], call["arguments"])
        else:
            result = await client.list_tools()
    except (MCPError, RuntimeError) as error:
        return {"error": str(error)}
    text = result.model_dump_json(by_alias=True, exclude_unset=True)
    return {"result": json.loads(text)}


async def main(era: str, server: dict[str, Any]) -> None:
    to: Any = server.get("url") or StdioServerParameters(**server)
    mode = "legacy" if era == "legacy" else era
    async with Client(to, mode=mode, read_timeout_seconds=30) as client:
        while line := await asyncio.to_thread(sys.stdin.readline):
            given = await answer(client, json.loads(line))
            print(json.dumps(given | {"version": client.protocol_version}), flush=True)


asyncio.run(main(sys.argv[1], json.loads(sys.argv[2])))
