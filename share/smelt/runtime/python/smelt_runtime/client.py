"""Sends one request and reads its answer within limits.

No cookie is kept, no redirect is followed to another origin, no answer is
held past its size limit, compressed or not."""

from __future__ import annotations

import asyncio
import ssl
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import quote, urljoin, urlsplit

import httpx2

from . import proxy
from .problem import Problem, Refused, Unanswered
from .request import Request
from .tls import CA, Certificate, Tls

DEFAULTS = {"User-Agent": "smelt-server", "Accept": "*/*", "Accept-Encoding": "gzip, deflate"}
MAX_REDIRECTS = 3
MARGIN = 0.05  # seconds in which a call can still say what came
REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass
class Answer:
    """content holds at most the limit's bytes; cut says that there was more, late
    that the time limit ended it."""

    status: int
    headers: httpx2.Headers
    content: bytes
    cut: bool
    late: bool = False


@dataclass
class Kept:
    """Connections, and the TLS context that they were made with."""

    context: ssl.SSLContext
    client: httpx2.AsyncClient


@dataclass(frozen=True)
class Bounds:
    bytes: int
    until: float


class Client:
    def __init__(
        self,
        timeout: float,
        max_bytes: int,
        concurrency: int,
        tls: Tls,
        environ: Mapping[str, str],
    ) -> None:
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._tls = tls
        self._environ = environ
        self._limits = httpx2.Limits(
            max_connections=concurrency + 2, max_keepalive_connections=concurrency
        )
        self._clients: dict[tuple[str | None, Certificate | None], Kept] = {}
        self._old: list[httpx2.AsyncClient] = []

    async def close(self) -> None:
        for client in [*self._old, *(kept.client for kept in self._clients.values())]:
            await client.aclose()
        self._old.clear()
        self._clients.clear()

    async def send(
        self,
        request: Request,
        *,
        limit: int | None = None,
        follow: bool = True,
        deadline: float | None = None,
    ) -> Answer:
        """limit: bytes, in place of the server's; deadline: time.monotonic() by which
        this ends, whatever the server's limit. Raises Unanswered, and Problem for a
        redirect that is not followed."""
        until = time.monotonic() + self._timeout
        if deadline is not None:
            until = min(until, deadline - MARGIN)
        bounds = Bounds(limit or self._max_bytes, until)
        try:
            return await self._send(request, bounds, MAX_REDIRECTS if follow else 0)
        except TimeoutError:
            raise Unanswered("the upstream timed out") from None
        except httpx2.LocalProtocolError:
            raise Refused("the request can not be written as HTTP") from None
        except httpx2.TransportError as fault:
            raise _unreached(fault) from None
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError, zlib.error):
            raise Unanswered("the upstream's answer is not HTTP") from None

    async def _send(self, request: Request, bounds: Bounds, redirects: int) -> Answer:
        target = request.target
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._one(request, target, bounds)
            location = answer.headers.get("location")
            if answer.status not in REDIRECTS or not location or not redirects:
                return answer
            target = _next(request, target, location)
        raise Problem(f"the upstream redirects more than {MAX_REDIRECTS} times")

    async def _one(self, request: Request, target: str, bounds: Bounds) -> Answer:
        given = {name.lower() for name in request.headers}
        headers = {name: text for name, text in DEFAULTS.items() if name.lower() not in given}
        headers |= request.headers
        if request.cookies:
            headers["Cookie"] = "; ".join(f"{k}={v}" for k, v in request.cookies)
        client = self._client(request)
        built = client.build_request(
            request.method,
            request.origin + target,
            headers=headers,
            content=request.content,
            extensions={"target": target.encode("ascii")},
        )
        async with _by(bounds.until):
            response = await client.send(built, stream=True)
        answer = Answer(response.status_code, response.headers, b"", False)
        try:
            await self._read(response, bounds, answer)
        finally:
            await response.aclose()
        return answer

    async def _read(self, response: httpx2.Response, bounds: Bounds, answer: Answer) -> None:
        """As much as comes in time: an answer may be a stream without an end."""
        inflate = _inflater(response.headers.get("content-encoding", ""))
        content = bytearray()
        try:
            async with _by(bounds.until):
                async for chunk in response.aiter_raw():
                    room = bounds.bytes + 1 - len(content)
                    content += inflate.decompress(chunk, room) if inflate else chunk[:room]
                    if len(content) > bounds.bytes:
                        answer.cut = True
                        break
        except TimeoutError:
            if not content:
                raise
            answer.cut = answer.late = True
        if inflate and content and not answer.cut and not inflate.whole():
            raise Unanswered("the upstream's answer is not one whole compressed text")
        answer.content = bytes(content[: bounds.bytes])

    def _client(self, request: Request) -> httpx2.AsyncClient:
        via = proxy.choose(request.origin, self._environ)
        if via is not None and request.secret and request.origin.startswith("http:"):
            raise Refused(
                "credentials would pass a proxy in the clear: use https, or name the host in NO_PROXY"
            )
        key = (via, request.certificate)
        context = self._tls.context(request.certificate)
        kept = self._clients.get(key)
        if kept is not None and kept.context is not context:
            self._old.append(kept.client)
            kept = None
        if kept is None:
            kept = self._clients[key] = Kept(context, self._connections(via, context))
        return kept.client

    def _connections(self, via: str | None, context: ssl.SSLContext) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(
            timeout=None,
            limits=self._limits,
            verify=context,
            follow_redirects=False,
            proxy=via,
            trust_env=False,
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )


def _unreached(fault: BaseException) -> Unanswered:
    """Trust does not come by trying again; what the upstream said of ours neither."""
    seen: BaseException | None = fault
    while seen is not None:
        if isinstance(seen, httpx2.ProxyError):
            return Unanswered("the proxy did not connect to the upstream", retryable=True)
        if isinstance(seen, ssl.SSLCertVerificationError):
            return Unanswered(f"the upstream's TLS certificate is not trusted; {CA} may name its authority")
        if isinstance(seen, ssl.SSLError) and "ALERT" in (seen.reason or "").upper():
            return Unanswered(
                "the upstream refused the TLS connection: it may want a client certificate, or another one"
            )
        seen = seen.__cause__ or seen.__context__
    return Unanswered("the upstream could not be reached", retryable=True)


def _by(until: float) -> asyncio.Timeout:
    return asyncio.timeout(max(0.0, until - time.monotonic()))


class _Inflate:
    """gzip, and deflate with or without the head that it should have."""

    def __init__(self, bits: int | None) -> None:
        self._work = None if bits is None else zlib.decompressobj(bits)

    def decompress(self, chunk: bytes, room: int) -> bytes:
        if self._work is None:
            bare = chunk[0] & 15 != 8
            self._work = zlib.decompressobj(-zlib.MAX_WBITS if bare else zlib.MAX_WBITS)
        return self._work.decompress(chunk, room)

    def whole(self) -> bool:
        return self._work is not None and self._work.eof and not self._work.unused_data


def _inflater(encoding: str) -> _Inflate | None:
    name = encoding.strip().lower()
    if name in ("", "identity"):
        return None
    if name in ("gzip", "x-gzip"):
        return _Inflate(zlib.MAX_WBITS | 16)
    if name == "deflate":
        return _Inflate(None)
    raise Unanswered("the upstream answered in an encoding that was not asked for")


def _next(request: Request, target: str, location: str) -> str:
    """The target that a redirect leads to; raises Problem when it may not."""
    if request.method not in ("GET", "HEAD"):
        raise Problem(f"the upstream answered {request.method} with a redirect, which is not followed")
    try:
        given = urlsplit(location)
        if "\\" in location or (given.scheme and not given.netloc):
            raise ValueError
        parts = urlsplit(urljoin(request.origin + target, location))
    except ValueError:
        raise Problem("the upstream redirects to what is not a URL") from None
    if f"{parts.scheme}://{parts.netloc}" != request.origin:
        raise Problem("the upstream redirects to another origin, which is not followed")
    query = f"?{parts.query}" if parts.query else ""
    return quote((parts.path or "/") + query, safe="/?%-._~!$&'()*+,;=:@[]")
