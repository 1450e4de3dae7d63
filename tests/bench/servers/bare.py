"""bare.py URL: one tool on the bare SDK, written by hand, without any care."""

import os
import sys
from typing import Any

os.environ["FASTMCP_ENV_FILE"] = os.devnull
os.environ["FASTMCP_LOG_LEVEL"] = "WARNING"
os.environ["FASTMCP_ENABLE_RICH_LOGGING"] = "false"

import httpx2
from fastmcp import FastMCP

server = FastMCP("bare")
client = httpx2.AsyncClient()


@server.tool
async def thing_0(id: str, page: int | None = None) -> dict[str, Any]:
    """Gets a thing."""
    response = await client.get(f"{sys.argv[1]}/things/0/{id}", params={"page": page})
    response.raise_for_status()
    return response.json()


server.run(transport="stdio", show_banner=False)
