"""A server without its protocol: takes a tool's name and arguments, gives a
Result, and never raises but for cancellation and an unknown tool."""

from __future__ import annotations

import asyncio
import secrets as tokens
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from . import schema
from .calls import VARIABLE, CallLog
from .config import Config, Settings, ToolConfig
from .limit import Gate
from .log import Log, now
from .problem import Problem, Refused, Unanswered
from .process import Process
from .result import Result
from .secret import Secrets
from .telemetry import Telemetry
from .upstream import Trace, Upstream

__all__ = ["Arguments", "Call", "Handler", "Result", "Runtime"]

Arguments = dict[str, Any]
Call = Callable[[Arguments], Awaitable[Result]]
Handler = Callable[[Arguments, Call], Awaitable[Result]]


async def straight(arguments: Arguments, call: Call) -> Result:
    """The handler of a tool that has none of its own."""
    return await call(arguments)


class Runtime:
    def __init__(
        self,
        config: Config,
        settings: Settings,
        environ: Mapping[str, str],
        handlers: Mapping[str, Handler] | None = None,
    ) -> None:
        self._config = config
        self._tools = {tool.name: tool for tool in config.tools}
        self._handlers = handlers or {}
        self._secrets = Secrets(environ)
        self._upstream = Upstream(config, settings.base_url, self._secrets, environ)
        self._process = Process(config.root / "source", config.limits, self._secrets)
        self._checkers: dict[int, schema.Checker] = {}
        limits = config.limits
        self._gate = Gate(limits.ratePerSecond, limits.burst, limits.concurrency)
        self._telemetry = Telemetry()
        self.log = Log(settings.log)
        self._calls = CallLog(environ.get(VARIABLE) or None, self.log)

    def check(self) -> None:
        """At start; raises Refused for files that are named and no good."""
        self._upstream.check()
        self._calls.check()

    async def close(self) -> None:
        await self._upstream.close()

    async def call(self, name: str, arguments: Arguments) -> Result:
        return await self.run(self._tools[name], arguments)

    async def run(self, tool: ToolConfig, arguments: Arguments, via: str | None = None) -> Result:
        """via: the meta-tool that the client called."""
        name = tool.name
        trace, started = Trace(), time.monotonic()
        request = tokens.token_hex(8)
        outcome = "cancelled"
        try:
            result, outcome = await self._answer(tool, arguments, trace, request)
        finally:
            seconds = time.monotonic() - started
            self._telemetry.call(name, seconds, outcome != "ok", via)
            self._tell(
                {
                    "tool": name,
                    "via": via,
                    "request": request,
                    "outcome": outcome,
                    "status": trace.status,
                    "ms": round(seconds * 1000, 1),
                    "attempts": trace.attempts,
                    "sent": trace.sent,
                    "received": trace.received,
                }
            )
        return result

    def _tell(self, call: dict[str, Any]) -> None:
        """A line on stderr, and one in the call log."""
        said = {key: value for key, value in call.items() if value is not None}
        self.log.info("call", **said)
        self._calls.add({"kind": "call", "time": now(), "server": self._config.name} | said)

    async def _answer(
        self, tool: ToolConfig, arguments: Arguments, trace: Trace, request: str
    ) -> tuple[Result, str]:
        """The result and the word for the log."""
        try:
            self._check(tool, arguments)
            result = await self._within_limits(tool, arguments, trace)
        except Problem as problem:
            text = self._secrets.mask(problem.text)
            return Result.text(text, is_error=True), problem.outcome
        except Exception as fault:  # noqa: BLE001 - nothing else is answered
            self.log.error("fault", request=request, tool=tool.name, error=type(fault).__name__)
            return Result.text(f"internal error, reference {request}", is_error=True), "fault"
        if not isinstance(result, Result):
            self.log.error("fault", request=request, tool=tool.name, error="handler gave no Result")
            return Result.text(f"internal error, reference {request}", is_error=True), "fault"
        return result, "error" if result.is_error else "ok"

    def _check(self, tool: ToolConfig, arguments: Arguments) -> None:
        try:
            schema.check_depth(arguments, self._config.limits.maxDepth)
            checker = self._checkers.get(id(tool))
            if checker is None:
                checker = self._checkers[id(tool)] = schema.Checker(tool.definition["inputSchema"])
            checker.check(arguments)
        except (schema.Mismatch, schema.TooDeep) as fault:
            raise Refused(f"invalid arguments: {fault}") from None

    async def _within_limits(
        self, tool: ToolConfig, arguments: Arguments, trace: Trace
    ) -> Result:
        total = self._config.limits.totalSeconds
        deadline = time.monotonic() + total
        try:
            async with asyncio.timeout(total):
                await self._gate.enter(total)
                try:
                    return await self._handle(tool, arguments, trace, deadline)
                finally:
                    self._gate.leave()
        except TimeoutError:
            raise Unanswered(f"the call timed out after {total:g} s") from None

    async def _handle(
        self, tool: ToolConfig, arguments: Arguments, trace: Trace, deadline: float
    ) -> Result:
        async def call(given: Arguments) -> Result:
            kind = tool.binding.get("type")
            if kind == "manual":
                raise Refused(
                    f"this tool has no implementation yet: edit handlers/{tool.name}.py"
                )
            if kind == "python":
                return await self._process.call(tool, given)
            return await self._upstream.call(tool, given, trace, deadline)

        handler = tool.handler or self._handlers.get(tool.name, straight)
        return await handler(arguments, call)
