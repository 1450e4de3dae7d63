"""Puts credentials on requests, as the document's security requirements say.

Requirements are OR of ANDs: the first alternative with all its credentials in
the environment is used. Sources: OpenAPI 3.1 security, RFC 7617 (basic), RFC
6750 (bearer), RFC 6749 section 4.4 (client credentials)."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from . import request as requests
from .client import Client, is_loopback
from .problem import Problem, Refused
from .request import Request
from .secret import Secrets, variable
from .tls import GENERAL, Certificate, Tls

DEFAULT_LIFETIME = 3600
SKEW = 30


@dataclass
class Token:
    value: str
    expires: float


class Auth:
    def __init__(
        self,
        server: str,
        schemes: dict[str, dict[str, Any]],
        secrets: Secrets,
        client: Client,
        tls: Tls,
    ) -> None:
        self._server = server
        self._schemes = schemes
        self._secrets = secrets
        self._client = client
        self._tls = tls
        self._tokens: dict[tuple[str, str], Token] = {}
        self._lock = asyncio.Lock()

    async def apply(self, request: Request, security: list[dict[str, list[str]]]) -> None:
        """Raises Refused, naming the variables, when no alternative is set."""
        if not security:
            return
        for alternative in sorted(security, key=lambda one: not one):
            if all(self._is_set(scheme) for scheme in alternative):
                for scheme, scopes in alternative.items():
                    await self._put(request, scheme, scopes)
                return
        wanted = [" and ".join(self._wanted(s) for s in a) for a in security]
        raise Refused(
            "no credentials: set " + ", or ".join(wanted) + " (or the same with _FILE) for the server"
        )

    def forget(self, security: list[dict[str, list[str]]]) -> bool:
        """Drops the cached tokens of an alternative in use; True if there were any."""
        names = {scheme for alternative in security for scheme in alternative}
        stale = [key for key in self._tokens if key[0] in names]
        for key in stale:
            del self._tokens[key]
        return bool(stale)

    def certificates(self) -> list[Certificate]:
        """Of every mutualTLS scheme, set or not."""
        return [self._certificate(name) for name in self._schemes if self._is_mutual(name)]

    def _certificate(self, scheme: str) -> Certificate:
        return Certificate(variable(self._server, scheme))

    def _is_mutual(self, scheme: str) -> bool:
        return (self._schemes.get(scheme) or {}).get("type") == "mutualTLS"

    def _secret(self, scheme: str, kind: str) -> str | None:
        return self._secrets.get(variable(self._server, scheme, kind))

    def _kinds(self, scheme: str) -> list[list[str]]:
        """Which secrets serve a scheme: any one of these lists."""
        definition = self._schemes.get(scheme) or {}
        kind = definition.get("type")
        if kind == "apiKey":
            return [["API_KEY"]]
        if kind == "http" and str(definition.get("scheme", "")).lower() == "basic":
            return [["USERNAME", "PASSWORD"]]
        if kind == "http" and str(definition.get("scheme", "")).lower() == "bearer":
            return [["TOKEN"]]
        if kind == "oauth2" and (definition.get("flows") or {}).get("clientCredentials"):
            return [["TOKEN"], ["CLIENT_ID", "CLIENT_SECRET"]]
        if kind in ("oauth2", "openIdConnect"):
            return [["TOKEN"]]
        return []

    def _is_set(self, scheme: str) -> bool:
        if self._is_mutual(scheme):
            return self._tls.has(self._certificate(scheme))
        return any(
            all(self._secret(scheme, kind) for kind in kinds) for kinds in self._kinds(scheme)
        )

    def _wanted(self, scheme: str) -> str:
        if self._is_mutual(scheme):
            certificate = self._certificate(scheme)
            return f"{certificate.cert} and {certificate.key}"
        kinds = self._kinds(scheme)
        if not kinds:
            return f"nothing: the security scheme '{scheme}' is not supported"
        names = [" and ".join(variable(self._server, scheme, k) for k in one) for one in kinds]
        return " or ".join(names)

    async def _put(self, request: Request, scheme: str, scopes: list[str]) -> None:
        definition = self._schemes[scheme]
        if definition["type"] == "mutualTLS":
            self._show(request, self._certificate(scheme))
        elif definition["type"] == "apiKey":
            self._put_key(request, definition, self._secret(scheme, "API_KEY") or "")
        elif definition["type"] == "http" and definition["scheme"].lower() == "basic":
            user = self._secret(scheme, "USERNAME") or ""
            password = self._secret(scheme, "PASSWORD") or ""
            request.headers["Authorization"] = "Basic " + self._pair(user, password)
        else:
            token = self._secret(scheme, "TOKEN") or await self._token(scheme, scopes)
            if not requests.HEADER_VALUE.match(token):
                raise Refused("the token is not printable ASCII")
            request.headers["Authorization"] = "Bearer " + token

    def _show(self, request: Request, certificate: Certificate) -> None:
        if not request.origin.startswith("https:"):
            raise Refused("a client certificate can be shown over https only")
        if request.certificate not in (None, Certificate(GENERAL)):
            raise Refused("two client certificates are wanted for one connection")
        request.certificate = certificate

    def _put_key(self, request: Request, definition: dict[str, Any], key: str) -> None:
        name, where = definition["name"], definition["in"]
        if where == "query":
            request.add_query(requests.encode.encode_name(name), requests.encode.encode(key))
        elif where == "cookie":
            request.cookies.append((requests.encode.encode(name), quote(key, safe="-._~!$&'()*+/:=@")))
        elif requests.HEADER_VALUE.match(key):
            request.add_header(name, key)
        else:
            raise Refused("the API key is not printable ASCII")

    def _pair(self, user: str, password: str) -> str:
        text = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._secrets.remember(text)
        return text

    async def _token(self, scheme: str, scopes: list[str]) -> str:
        key = (scheme, " ".join(scopes))
        async with self._lock:
            token = self._tokens.get(key)
            if token is None or token.expires <= time.monotonic():
                token = self._tokens[key] = await self._fetch(scheme, key[1])
        return token.value

    async def _fetch(self, scheme: str, scope: str) -> Token:
        flow = self._schemes[scheme]["flows"]["clientCredentials"]
        request = _token_request(str(flow.get("tokenUrl", "")))
        user = quote(self._secret(scheme, "CLIENT_ID") or "", safe="")
        password = quote(self._secret(scheme, "CLIENT_SECRET") or "", safe="")
        form = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {})
        request.content = urlencode(form).encode()
        request.headers = {
            "Authorization": "Basic " + self._pair(user, password),
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        answer = await self._client.send(request)
        token = _parse_token(answer.status, answer.content)
        self._secrets.remember(token.value)
        return token


def _token_request(url: str) -> Request:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        raise Refused("the token URL is not https")
    at = requests.base(f"{parts.scheme}://{parts.netloc}")
    target = quote(parts.path or "/", safe="/" + requests.PATH_KEPT)
    if parts.query:
        target += "?" + quote(parts.query, safe=requests.PATH_KEPT + "/?")
    return Request("POST", at.origin, target)


def _parse_token(status: int, content: bytes) -> Token:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        answer = None
    value = answer.get("access_token") if isinstance(answer, dict) else None
    if status != 200 or not isinstance(value, str) or not value:
        error = answer.get("error") if isinstance(answer, dict) else None
        word = error if isinstance(error, str) and error.isidentifier() and len(error) < 40 else "no token"
        raise Problem(f"the token endpoint answered HTTP {status}: {word}")
    lifetime = answer.get("expires_in")
    if isinstance(lifetime, bool) or not isinstance(lifetime, (int, float)):
        lifetime = DEFAULT_LIFETIME
    return Token(value, time.monotonic() + max(0.0, lifetime - SKEW))
