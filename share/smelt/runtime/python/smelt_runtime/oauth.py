"""OAuth 2.0 access tokens by client credentials, kept until shortly before they
end. Calls that want the same token wait for one request.

Sources: RFC 6749 sections 2.3.1 and 4.4, RFC 8414, OpenID Connect Discovery 1.0."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit

from . import request as requests
from .client import Client
from .problem import Problem, Refused, Unanswered
from .proxy import is_loopback
from .request import Request
from .secret import Secrets

LARGEST = 65536
LIFETIME = 300.0
EARLY = 30.0
KNOWN_FOR = 3600.0
TOKEN = re.compile(r"[\x21-\x7e]+\Z")
METHODS = ("client_secret_basic", "client_secret_post")
OPENID = "/.well-known/openid-configuration"
OAUTH = "/.well-known/oauth-authorization-server"


@dataclass(frozen=True)
class Source:
    """One way to a token. url is the token endpoint or, with discover, the URL
    of the document that names it; method is what the operator asked for."""

    url: str
    discover: bool
    client_id: str
    client_secret: str
    method: str | None
    scope: str


@dataclass
class Held:
    value: str
    until: float


@dataclass(frozen=True)
class Endpoint:
    url: str
    methods: tuple[str, ...] = METHODS


class Tokens:
    def __init__(self, client: Client, secrets: Secrets) -> None:
        self._client = client
        self._secrets = secrets
        self._held: dict[Source, Held] = {}
        self._endpoints: dict[str, tuple[Endpoint, float]] = {}
        self._locks: dict[Source, asyncio.Lock] = {}

    async def get(self, source: Source) -> str:
        """Raises Problem."""
        async with self._locks.setdefault(source, asyncio.Lock()):
            held = self._held.get(source)
            if held is None or held.until <= time.monotonic():
                held = self._held[source] = await self._fetch(source)
        return held.value

    def forget(self, source: Source, value: str) -> None:
        """The upstream did not take it; a newer one is left alone."""
        held = self._held.get(source)
        if held is not None and held.value == value:
            del self._held[source]

    async def _fetch(self, source: Source) -> Held:
        endpoint = await self._endpoint(source)
        request = request_to("POST", endpoint.url)
        request.headers["Content-Type"] = "application/x-www-form-urlencoded"
        form = {"grant_type": "client_credentials"} | ({"scope": source.scope} if source.scope else {})
        if _method(source, endpoint) == "client_secret_basic":
            pair = f"{quote(source.client_id, safe='')}:{quote(source.client_secret, safe='')}"
            text = base64.b64encode(pair.encode()).decode()
            self._secrets.remember(text)
            request.headers["Authorization"] = "Basic " + text
        else:
            form |= {"client_id": source.client_id, "client_secret": source.client_secret}
        request.content = urlencode(form).encode()
        held = _parse(*await ask_json(self._client, request, "token endpoint"))
        self._secrets.remember(held.value)
        return held

    async def _endpoint(self, source: Source) -> Endpoint:
        if not source.discover:
            return Endpoint(source.url)
        known = self._endpoints.get(source.url)
        if known is None or known[1] <= time.monotonic():
            request = request_to("GET", source.url)
            status, answer = await ask_json(self._client, request, "discovery document")
            if status != 200 or answer is None:
                raise Problem(f"the discovery document can not be had: HTTP {status}")
            endpoint = endpoint_of(source.url, answer)
            known = self._endpoints[source.url] = (endpoint, time.monotonic() + KNOWN_FOR)
        return known[0]


async def ask_json(client: Client, request: Request, what: str) -> tuple[int, dict[str, Any] | None]:
    """The status and, where the answer is one, the JSON object; follows no redirect.
    Raises Problem."""
    try:
        answer = await client.send(request, limit=LARGEST, follow=False)
    except Unanswered as problem:
        raise Problem(f"the {what} could not be reached: {problem.text}") from None
    try:
        value = json.loads(answer.content) if not answer.cut else None
    except (ValueError, RecursionError):
        value = None
    return answer.status, value if isinstance(value, dict) else None


def absolute(url: str, base: str) -> str:
    """A URL of the document, resolved against the server's; raises Refused when
    secrets may not be sent there: neither https nor this machine."""
    try:
        parts = urlsplit(urljoin(base, url))
        near = is_loopback(parts.hostname or "")
    except ValueError:
        raise Refused("the token URL is not a URL") from None
    if parts.scheme != "https" and not (parts.scheme == "http" and near):
        raise Refused("the token URL is not https")
    return parts._replace(fragment="").geturl()


def discovery_url(url: str, base: str) -> str:
    """What ends in no well-known path is taken for the issuer."""
    url = absolute(url, base)
    return url if "/.well-known/" in url else url.rstrip("/") + OPENID


def request_to(method: str, url: str) -> Request:
    parts = urlsplit(url)
    at = requests.base(f"{parts.scheme}://{parts.netloc}")
    target = quote(parts.path or "/", safe="/" + requests.PATH_KEPT)
    if parts.query:
        target += "?" + quote(parts.query, safe=requests.PATH_KEPT + "/?")
    return Request(method, at.origin, target, {"Accept": "application/json"})


def issuer_of(url: str) -> str:
    """Whose document a well-known URL is, without a slash at the end."""
    parts = urlsplit(url)
    path = parts.path
    if path.endswith(OPENID):
        path = path.removesuffix(OPENID)
    else:
        path = path.removeprefix(OPENID).removeprefix(OAUTH)
    return f"{parts.scheme}://{parts.netloc}{path}".rstrip("/")


def endpoint_of(url: str, answer: dict[str, Any]) -> Endpoint:
    """The token endpoint of a discovery document, on the origin that the signed
    document names; raises Problem."""
    issuer, endpoint = answer.get("issuer"), answer.get("token_endpoint")
    if not isinstance(issuer, str) or issuer.rstrip("/") != issuer_of(url):
        raise Problem("the discovery document is of another issuer")
    if not isinstance(endpoint, str):
        raise Problem("the discovery document names no token endpoint")
    try:
        here, there = urlsplit(url), urlsplit(endpoint)
        origins = [(parts.scheme, parts.hostname, parts.port) for parts in (here, there)]
        same = origins[0] == origins[1] and there.username is None
    except ValueError:
        same = False
    if not same:
        raise Problem("the discovery document names a token endpoint of another origin, which gets no secret")
    methods = answer.get("token_endpoint_auth_methods_supported")
    given = tuple(m for m in methods if m in METHODS) if isinstance(methods, list) else METHODS[:1]
    return Endpoint(endpoint, given)


def _method(source: Source, endpoint: Endpoint) -> str:
    if source.method is not None:
        return source.method
    if not endpoint.methods:
        raise Problem("the token endpoint takes neither client_secret_basic nor client_secret_post")
    return METHODS[0] if METHODS[0] in endpoint.methods else METHODS[1]


def _parse(status: int, answer: dict[str, Any] | None) -> Held:
    answer = answer or {}
    value = answer.get("access_token")
    kind = answer.get("token_type", "bearer")
    if status != 200 or not isinstance(value, str) or not TOKEN.match(value):
        error = answer.get("error")
        word = error if isinstance(error, str) and error.isidentifier() and len(error) < 40 else "no token"
        raise Problem(f"the token endpoint answered HTTP {status}: {word}")
    if not isinstance(kind, str) or kind.lower() != "bearer":
        raise Problem("the token endpoint gave a token that is not of type Bearer")
    given = answer.get("expires_in")
    lifetime = LIFETIME
    if isinstance(given, str) and given.isascii() and given.isdigit():
        lifetime = float(given[:9])
    elif isinstance(given, (int, float)) and not isinstance(given, bool) and given >= 0:
        lifetime = float(min(given, 1e9))
    return Held(value, time.monotonic() + lifetime - min(EARLY, lifetime / 2))
