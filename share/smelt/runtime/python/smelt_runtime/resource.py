"""The HTTP server as an OAuth 2.0 resource server: says who issues its tokens,
and lets in who holds one that is for it.

Sources: MCP authorization, RFC 9728 (metadata), RFC 6750 (challenges), RFC 8707
(audience), RFC 7519 and 7517 (tokens and keys). Tokens go nowhere from here."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import jwt
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from . import oauth
from .client import Client
from .config import BadConfig
from .log import Log
from .problem import Problem
from .proxy import is_loopback

BEARER = re.compile(rb"Bearer +([A-Za-z0-9._~+/-]+=*) *\Z", re.IGNORECASE)
LONGEST = 16384
LEEWAY = 30
FRESH = 600.0
STALE = 3600.0
PAUSE = 5.0
WELL_KNOWN = "/.well-known/oauth-protected-resource"
KEYS: dict[str, dict[str, Any]] = {
    "RS256": {"kty": "RSA"},
    "PS256": {"kty": "RSA"},
    "ES256": {"kty": "EC", "crv": "P-256"},
    "EdDSA": {"kty": "OKP", "crv": "Ed25519"},
}


@dataclass(frozen=True)
class Settings:
    """issuer and resource are as they were given; audiences has one at least."""

    issuer: str
    resource: str
    audiences: tuple[str, ...]
    scopes: tuple[str, ...]


class BadToken(Exception):
    """The text is for the challenge."""


class NoKeys(Exception):
    """The issuer's keys can not be had: nobody can be told from anybody."""


def settings(environ: Mapping[str, str]) -> Settings | None:
    """Raises BadConfig."""
    names = ("ISSUER", "RESOURCE", "AUDIENCE", "SCOPES")
    given = {name: environ.get("SMELT_OAUTH_" + name, "").strip() for name in names}
    if not given["ISSUER"]:
        if any(given.values()):
            raise BadConfig("SMELT_OAUTH_ISSUER is not set, but other SMELT_OAUTH_ variables are")
        return None
    if environ.get("SMELT_HTTP_TOKEN") or environ.get("SMELT_HTTP_TOKEN_FILE"):
        raise BadConfig("SMELT_OAUTH_ISSUER and SMELT_HTTP_TOKEN: set one of them")
    if not given["RESOURCE"]:
        raise BadConfig("SMELT_OAUTH_RESOURCE is not set: the URL by which clients reach this server's /mcp")
    for name in ("ISSUER", "RESOURCE"):
        if not _is_url(given[name]):
            raise BadConfig(f"SMELT_OAUTH_{name}: an https URL without query is wanted")
    audiences = tuple(re.findall(r"[^\s,]+", given["AUDIENCE"])) or (given["RESOURCE"],)
    scopes = tuple(re.findall(r"[^\s,]+", given["SCOPES"]))
    if not all(re.fullmatch(r"[\x21\x23-\x5b\x5d-\x7e]+", scope) for scope in scopes):
        raise BadConfig("SMELT_OAUTH_SCOPES: a scope holds a character that none may hold")
    return Settings(given["ISSUER"], given["RESOURCE"], audiences, scopes)


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        near = is_loopback(parts.hostname or "")
    except ValueError:
        return False
    plain = re.fullmatch(r"[\x21\x23-\x5b\x5d-\x7e]+", text) and not re.search(r"[?#@]", text)
    return bool(plain and parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and near)))


class Keys:
    """The issuer's signing keys, fetched when they are needed, again when a token
    names one that is not there, and kept for a while when they can not be."""

    def __init__(self, issuer: str, client: Client) -> None:
        self._issuer = issuer
        self._client = client
        self._keys: list[dict[str, Any]] = []
        self._got = self._asked = float("-inf")
        self._lock = asyncio.Lock()

    async def find(self, kid: str | None, algorithm: str) -> dict[str, Any]:
        """Raises BadToken and NoKeys."""
        if time.monotonic() - self._got > FRESH:
            await self._refresh()
        found = self._matching(kid, algorithm)
        if not found:
            await self._refresh()
            found = self._matching(kid, algorithm)
        if len(found) != 1:
            raise BadToken("the token is not valid")
        return found[0]

    def _matching(self, kid: str | None, algorithm: str) -> list[dict[str, Any]]:
        wanted = KEYS[algorithm]
        return [
            key
            for key in self._keys
            if all(key.get(name) == value for name, value in wanted.items())
            and (kid is None or key.get("kid") == kid)
            and key.get("use", "sig") == "sig"
            and key.get("alg", algorithm) == algorithm
            and "verify" in key.get("key_ops", ["verify"])
        ]

    async def _refresh(self) -> None:
        async with self._lock:
            if time.monotonic() - self._asked > PAUSE:
                self._asked = time.monotonic()
                try:
                    self._keys = await self._fetch()
                    self._got = time.monotonic()
                except Problem:
                    pass
        if time.monotonic() - self._got > STALE:
            raise NoKeys

    async def _fetch(self) -> list[dict[str, Any]]:
        metadata = None
        for url in metadata_urls(self._issuer):
            status, answer = await oauth.ask_json(self._client, oauth.request_to("GET", url), "issuer")
            if status == 200 and answer is not None and answer.get("issuer") == self._issuer:
                metadata = answer
                break
        place = metadata.get("jwks_uri") if metadata else None
        if not isinstance(place, str):
            raise Problem("the issuer names no keys")
        _, answer = await oauth.ask_json(
            self._client, oauth.request_to("GET", oauth.absolute(place, self._issuer)), "issuer's keys"
        )
        keys = answer.get("keys") if answer else None
        if not isinstance(keys, list):
            raise Problem("the issuer's keys can not be read")
        return [key for key in keys if isinstance(key, dict)]


def metadata_urls(issuer: str) -> list[str]:
    """RFC 8414 puts the well-known path before the issuer's own, OpenID behind."""
    parts = urlsplit(issuer)
    origin, path = f"{parts.scheme}://{parts.netloc}", parts.path.rstrip("/")
    return [origin + oauth.OAUTH + path, origin + path + oauth.OPENID]


class Verifier:
    def __init__(self, settings: Settings, keys: Keys) -> None:
        self._settings = settings
        self._keys = keys

    async def verify(self, token: str) -> dict[str, Any]:
        """The claims; raises BadToken and NoKeys."""
        try:
            header = jwt.get_unverified_header(token)
            algorithm, kid = header.get("alg"), header.get("kid")
            if algorithm not in KEYS or "crit" in header or not isinstance(kid, str | None):
                raise BadToken("the token is not valid")
            key = await self._keys.find(kid, algorithm)
            return jwt.decode(
                token,
                jwt.PyJWK.from_dict(key, algorithm),
                algorithms=[algorithm],
                issuer=self._settings.issuer,
                audience=list(self._settings.audiences),
                leeway=LEEWAY,
                options={
                    "require": ["exp", "iss", "aud"],
                    "enforce_minimum_key_length": True,
                    "verify_iat": False,
                    "verify_sub": False,
                    "verify_jti": False,
                },
            )
        except jwt.ExpiredSignatureError:
            raise BadToken("the token has expired") from None
        except (jwt.PyJWTError, ValueError, TypeError, KeyError, RecursionError):
            raise BadToken("the token is not valid") from None


def scopes_of(claims: dict[str, Any]) -> set[str]:
    """scope is a text (RFC 8693); some issuers write scp, a text or a list."""
    held: set[str] = set()
    for name in ("scope", "scp"):
        value = claims.get(name)
        if isinstance(value, str):
            held.update(value.split())
        elif isinstance(value, list):
            held.update(item for item in value if isinstance(item, str))
    return held


class Resource:
    """ASGI middleware around all but /healthz; answers the metadata itself."""

    def __init__(self, app: ASGIApp, settings: Settings, verifier: Verifier, log: Log) -> None:
        self._app = app
        self._settings = settings
        self._verifier = verifier
        self._log = log
        parts = urlsplit(settings.resource)
        path = parts.path.rstrip("/")
        self._metadata_url = f"{parts.scheme}://{parts.netloc}{WELL_KNOWN}{path}"
        self._metadata_paths = {WELL_KNOWN, WELL_KNOWN + path, WELL_KNOWN + "/mcp"}
        self._metadata: dict[str, Any] = {
            "resource": settings.resource,
            "authorization_servers": [settings.issuer],
            "bearer_methods_supported": ["header"],
        }
        if settings.scopes:
            self._metadata["scopes_supported"] = list(settings.scopes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            if scope["path"] in self._metadata_paths and scope["method"] in ("GET", "HEAD"):
                await JSONResponse(self._metadata)(scope, receive, send)
                return
            if scope["path"] != "/healthz":
                refusal = await self._refusal(scope)
                if refusal is not None:
                    await refusal(scope, receive, send)
                    return
        await self._app(scope, receive, send)

    async def _refusal(self, scope: Scope) -> Response | None:
        headers = [value for name, value in scope["headers"] if name == b"authorization"]
        if not headers:
            return self._challenge(401)
        found = BEARER.match(headers[0])
        if len(headers) > 1 or found is None or len(found[1]) > LONGEST:
            return self._challenge(401, "invalid_token", "the token is not valid")
        try:
            claims = await self._verifier.verify(found[1].decode("ascii"))
        except BadToken as fault:
            self._log.debug("unauthorized", text=str(fault))
            return self._challenge(401, "invalid_token", str(fault))
        except NoKeys:
            self._log.error("keys", text="the keys of SMELT_OAUTH_ISSUER can not be had")
            return JSONResponse({"error": "temporarily_unavailable"}, 503, {"Retry-After": str(int(PAUSE))})
        held = scopes_of(claims)
        if not held.issuperset(self._settings.scopes):
            return self._challenge(403, "insufficient_scope", "the token has not every scope that is wanted")
        scope["user"] = _user(claims, held)
        return None

    def _challenge(self, status: int, error: str | None = None, text: str = "") -> Response:
        words = {"error": error, "error_description": text or None}
        if self._settings.scopes:
            words["scope"] = " ".join(self._settings.scopes)
        words["resource_metadata"] = self._metadata_url
        challenge = "Bearer " + ", ".join(f'{name}="{word}"' for name, word in words.items() if word)
        headers = {"WWW-Authenticate": challenge}
        if error is None:
            return Response(status_code=status, headers=headers)
        body = json.dumps({"error": error, "error_description": text})
        return Response(body, status, headers, "application/json")


def _user(claims: dict[str, Any], scopes: set[str]) -> AuthenticatedUser:
    """Binds a session to who began it. The token itself is not kept."""
    words = {name: claims[name] for name in ("client_id", "azp", "sub") if isinstance(claims.get(name), str)}
    client = words.get("client_id") or words.get("azp") or words.get("sub") or ""
    token = AccessToken(
        token="", client_id=client, scopes=sorted(scopes), subject=words.get("sub"), claims={"iss": claims["iss"]}
    )
    return AuthenticatedUser(token)
