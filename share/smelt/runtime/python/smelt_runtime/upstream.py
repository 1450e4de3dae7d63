"""Calls an HTTP binding: build, authorise, send, again if allowed, read."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import proxy, retry
from . import request as requests
from .auth import Auth
from .breaker import Breaker
from .client import MARGIN, Answer, Client
from .config import Config, ToolConfig
from .problem import Problem, Refused, Unanswered
from .request import Request
from .response import Reader
from .result import Result
from .secret import Secrets
from .tls import Tls
from .upload import Uploads


@dataclass
class Trace:
    """What the log says about a call."""

    attempts: int = 0
    sent: int = 0
    received: int = 0
    status: int | None = None


class Upstream:
    """All HTTP bindings of one server. Breakers are kept by origin."""

    def __init__(
        self, config: Config, base_url: str | None, secrets: Secrets, environ: Mapping[str, str]
    ) -> None:
        limits = config.limits
        self._limits = limits
        self._base_url = base_url
        self._tools = config.tools
        self._secrets = secrets
        self._environ = environ
        self._uploads = Uploads(environ.get("SMELT_UPLOAD_DIR") or None, limits.maxUploadBytes)
        self._tls = tls = Tls(environ, secrets)
        self._client = Client(limits.timeoutSeconds, limits.maxResponseBytes, limits.concurrency, tls, environ)
        self._auth = Auth(config.name, config.schemes, secrets, self._client, tls)
        self._breakers: dict[str, Breaker] = {}
        self._readers: dict[str, Reader] = {}

    def check(self) -> None:
        """At start; raises Refused for settings that no call could do with."""
        self._tls.check(self._auth.certificates())
        urls = {str(tool.binding.get("server") or "") for tool in self._tools}
        for url in {self._base_url} if self._base_url else urls:
            proxy.choose(url, self._environ)

    async def close(self) -> None:
        await self._client.close()

    async def call(
        self, tool: ToolConfig, arguments: dict[str, Any], trace: Trace, deadline: float
    ) -> Result:
        """deadline: time.monotonic() after which nothing is sent again."""
        binding = tool.binding
        request = self._build(binding, arguments)
        base = self._base_url or binding.get("server") or ""
        await self._auth.apply(request, tool.security, base)
        answer = await self._send(request, binding, trace, deadline)
        if answer.status == 401 and self._auth.forget(request):
            request = self._build(binding, arguments)
            await self._auth.apply(request, tool.security, base)
            answer = await self._send(request, binding, trace, deadline)
        return self._reader(tool).read(answer)

    def _build(self, binding: dict[str, Any], arguments: dict[str, Any]) -> Request:
        at = requests.base(self._base_url or binding.get("server") or "")
        request = requests.build(binding, at, arguments, self._uploads.reader())
        accepted = (binding.get("response") or {}).get("mediaType")
        given = {name.lower() for name in request.headers}
        if accepted and requests.HEADER_VALUE.match(accepted) and "accept" not in given:
            request.headers["Accept"] = f"{accepted}, */*;q=0.8"
        if request.origin.startswith("https:"):
            request.certificate = self._tls.general()
        return request

    async def _send(
        self, request: Request, binding: dict[str, Any], trace: Trace, deadline: float
    ) -> Answer:
        again = retry.allowed(request.method, bool(binding.get("idempotent")), request.headers)
        for attempt in range(1, self._limits.maxAttempts + 1):
            last = attempt == self._limits.maxAttempts or not again
            try:
                answer = await self._attempt(request, trace, deadline)
            except Unanswered as problem:
                if last or not problem.retryable or not await self._pause(
                    request, attempt, None, deadline
                ):
                    raise
            else:
                if last or answer.status not in retry.STATUSES or not await self._pause(
                    request, attempt, answer.headers.get("retry-after"), deadline
                ):
                    return answer
        raise AssertionError("maxAttempts is above 0")

    async def _pause(
        self, request: Request, attempt: int, asked: str | None, deadline: float
    ) -> bool:
        """Waits before the next attempt; False when there should be none."""
        limits = self._limits
        wait = retry.delay(attempt, asked, limits.retryBaseSeconds, limits.retryMaxSeconds)
        if time.monotonic() + wait >= deadline or not self._breaker(request.origin).closed:
            return False
        await asyncio.sleep(wait)
        return True

    async def _attempt(self, request: Request, trace: Trace, deadline: float) -> Answer:
        if deadline - time.monotonic() <= 2 * MARGIN:
            raise Unanswered("there was no time left to ask the upstream")
        breaker = self._breaker(request.origin)
        if not breaker.allow():
            raise Refused(
                f"the circuit to the upstream is open after repeated failures: try again in {breaker.wait():.0f} s"
            )
        trace.attempts += 1
        trace.sent += len(request.content or b"")
        try:
            answer = await self._client.send(request, deadline=deadline)
        except Unanswered:
            breaker.failure()
            raise
        except Problem:
            breaker.success()
            raise
        except BaseException:
            breaker.release()
            raise
        trace.received += len(answer.content)
        trace.status = answer.status
        if answer.status >= 500:
            breaker.failure()
        else:
            breaker.success()
        return answer

    def _breaker(self, origin: str) -> Breaker:
        if origin not in self._breakers:
            limits = self._limits
            self._breakers[origin] = Breaker(limits.breakerFailures, limits.breakerSeconds)
        return self._breakers[origin]

    def _reader(self, tool: ToolConfig) -> Reader:
        if tool.name not in self._readers:
            self._readers[tool.name] = Reader(
                tool.definition,
                bool((tool.binding.get("response") or {}).get("wrap")),
                self._limits.maxResponseBytes,
                self._limits.maxDepth,
                self._secrets,
            )
        return self._readers[tool.name]
