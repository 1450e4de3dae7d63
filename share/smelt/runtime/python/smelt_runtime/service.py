"""Serves a Runtime over MCP with fastmcp: stdio, or streamable HTTP.

tools/list answers the definitions of tools.json unchanged: no schema is
resolved, no field is added."""

from __future__ import annotations

import hmac
import io
import os
import sys
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Protocol

import mcp_types
from fastmcp import FastMCP
from fastmcp.server.dependencies import get_context
from fastmcp.server.middleware import CallNext, MiddlewareContext
from fastmcp.server.middleware import Middleware as CallMiddleware
from fastmcp.server.mixins import transport
from fastmcp.tools import Tool
from fastmcp.tools.base import ToolResult
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError
from pydantic import PrivateAttr, TypeAdapter
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from . import channel, exact, oauth, telemetry
from .client import Client
from .config import Config, Settings
from .log import Log
from .result import Result
from .runtime import Runtime
from .secret import Secrets
from .tls import Tls

Context = MiddlewareContext[mcp_types.CallToolRequestParams]
KEYS_TIMEOUT = 10.0
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_BLOCKS = TypeAdapter(list[mcp_types.ContentBlock])


class Caller(Protocol):
    """A Runtime, or what stands before it."""

    async def call(self, name: str, arguments: dict[str, Any]) -> Result: ...


class BoundTool(Tool):
    """A tool of tools.json."""

    _caller: Caller = PrivateAttr()
    _definition: dict[str, Any] = PrivateAttr()

    @classmethod
    def of(cls, definition: dict[str, Any], caller: Caller) -> BoundTool:
        tool = cls(
            name=definition["name"],
            title=definition.get("title"),
            description=definition.get("description"),
            parameters=definition["inputSchema"],
            output_schema=definition.get("outputSchema"),
        )
        tool._caller = caller
        tool._definition = definition
        return tool

    def to_mcp_tool(self, **overrides: Any) -> mcp_types.Tool:
        return mcp_types.Tool.model_validate(self._definition)

    async def run(self, arguments: dict[str, Any]) -> ToolResult:
        context = get_context()
        about = context.request_context
        telemetry.arrived(str(about.request_id) if about else None, context.transport)
        result = await self._caller.call(self.name, exact.revive(arguments))
        return ToolResult.from_mcp_result(_protocol(result))


class Listed(CallMiddleware):
    """A call of a tool that is not there is an error of the protocol, not one
    that the tool answers."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = frozenset(names)

    async def on_call_tool(self, context: Context, call_next: CallNext[Any, ToolResult]) -> ToolResult:
        if context.message.name not in self.names:
            raise MCPError(mcp_types.INVALID_PARAMS, f"unknown tool: {context.message.name}")
        return await call_next(context)


def _protocol(result: Result) -> mcp_types.CallToolResult:
    return mcp_types.CallToolResult(
        content=_BLOCKS.validate_python(result.content),
        structured_content=exact.mark(result.structured),
        is_error=result.is_error,
    )


def create(config: Config, runtime: Runtime, caller: Caller | None = None) -> FastMCP[None]:
    """caller answers calls in place of runtime."""

    @asynccontextmanager
    async def lifespan(_: FastMCP[None]) -> AsyncIterator[None]:
        yield
        await runtime.close()

    server: FastMCP[None] = FastMCP(
        config.name,
        instructions=config.instructions,
        version=config.version,
        lifespan=lifespan,
        on_duplicate="error",
        mask_error_details=True,
        dereference_schemas=False,
    )
    for definition in config.listed:
        server.add_tool(BoundTool.of(definition, caller or runtime))
    server.add_middleware(Listed(definition["name"] for definition in config.listed))

    @server.custom_route("/healthz", methods=["GET"])
    async def healthz(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    return server


def run_stdio(server: FastMCP[None]) -> None:
    """What modules print goes to stderr: line by line while the SDK holds
    stdout, and what is still buffered when it gives stdout back."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)
    transport.stdio_server = lambda: stdio_server(*channel.take_stdio())  # type: ignore
    try:
        server.run(transport="stdio", show_banner=False)
    finally:
        os.dup2(sys.__stderr__.fileno() if sys.__stderr__ else 2, 1)


def guards(environ: Mapping[str, str], settings: Settings) -> list[Middleware]:
    """Who may come in over HTTP: holders of SMELT_HTTP_TOKEN, or of a token of
    SMELT_OAUTH_ISSUER, or everybody. Raises BadConfig and Refused."""
    log, secrets = Log(settings.log), Secrets(environ)
    if any(name.startswith("SMELT_OAUTH_") for name in environ):
        from . import resource  # JWTs are not for every server

        issued = resource.settings(environ)
        if issued is not None:
            client = Client(KEYS_TIMEOUT, oauth.LARGEST, 2, Tls(environ, secrets), environ)
            verifier = resource.Verifier(issued, resource.Keys(issued.issuer, client))
            return [Middleware(resource.Resource, settings=issued, verifier=verifier, log=log)]
    token = secrets.get("SMELT_HTTP_TOKEN")
    if token is not None:
        return [Middleware(Bearer, token=token)]
    if settings.http_host not in LOOPBACK:
        log.error("open", address=settings.http_host, text="neither SMELT_HTTP_TOKEN nor SMELT_OAUTH_ISSUER is set")
    return []


def run_http(server: FastMCP[None], settings: Settings, guarding: list[Middleware]) -> None:
    """Host and Origin are held against an allow-list: loopback, the bound
    address, and what the settings add."""
    server.run(
        transport="http",
        show_banner=False,
        host=settings.http_host,
        port=settings.http_port,
        path="/mcp",
        host_origin_protection=True,
        allowed_hosts=list(settings.allowed_hosts),
        allowed_origins=list(settings.allowed_origins) or None,
        middleware=[*guarding, Middleware(channel.ExactBodies)],
        uvicorn_config={"access_log": False, "server_header": False},
    )


class Bearer:
    """Wants `Authorization: Bearer TOKEN` on all but /healthz."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._wanted = f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] != "/healthz":
            given = dict(scope["headers"]).get(b"authorization", b"")
            if not hmac.compare_digest(given, self._wanted):
                headers = {"WWW-Authenticate": "Bearer"}
                await Response("unauthorized", 401, headers)(scope, receive, send)
                return
        await self._app(scope, receive, send)
