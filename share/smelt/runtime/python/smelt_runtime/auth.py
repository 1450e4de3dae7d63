"""Puts credentials on requests, as the document's security requirements say.

Requirements are OR of ANDs: the first alternative with all its credentials in
the environment is used. Sources: OpenAPI 3.1 security, RFC 7617 (basic), RFC
6750 (bearer); tokens that are fetched are oauth.py's."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote

from . import encode
from . import request as requests
from .client import Client
from .oauth import METHODS, Source, Tokens, absolute, discovery_url
from .problem import Refused
from .request import Request
from .secret import Secrets, variable
from .tls import GENERAL, Certificate, Tls


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
        self._tls = tls
        self._tokens = Tokens(client, secrets)

    async def apply(
        self, request: Request, security: list[dict[str, list[str]]], base: str
    ) -> None:
        """base: the server's URL, for relative ones. Raises Refused, naming the
        variables, when no alternative is set."""
        if not security:
            return
        for alternative in sorted(security, key=lambda one: not one):
            if all(self._is_set(scheme) for scheme in alternative):
                for scheme, scopes in alternative.items():
                    await self._put(request, scheme, scopes, base)
                request.secret = bool(alternative)
                return
        wanted = [" and ".join(self._wanted(s) for s in a) for a in security]
        raise Refused(
            "no credentials: set " + ", or ".join(wanted) + " (or the same with _FILE) for the server"
        )

    def forget(self, request: Request) -> bool:
        """Drops the fetched tokens that were on it; True if there were any."""
        for source, value in request.tokens:
            self._tokens.forget(source, value)
        return bool(request.tokens)

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
        if _endpoint(definition):
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

    async def _put(self, request: Request, scheme: str, scopes: list[str], base: str) -> None:
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
            token = self._secret(scheme, "TOKEN") or await self._token(request, scheme, scopes, base)
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
            request.add_query(encode.encode_name(name), encode.encode(key))
        elif where == "cookie":
            request.cookies.append((encode.encode(name), quote(key, safe="-._~!$&'()*+/:=@")))
        elif requests.HEADER_VALUE.match(key):
            request.add_header(name, key)
        else:
            raise Refused("the API key is not printable ASCII")

    def _pair(self, user: str, password: str) -> str:
        text = base64.b64encode(f"{user}:{password}".encode()).decode()
        self._secrets.remember(text)
        return text

    async def _token(self, request: Request, scheme: str, scopes: list[str], base: str) -> str:
        url, discover = _endpoint(self._schemes[scheme]) or ("", False)
        name = variable(self._server, scheme, "AUTH_METHOD")
        method = self._secrets.plain(name)
        if method not in (None, *METHODS):
            raise Refused(f"{name}: {' or '.join(METHODS)} is wanted")
        source = Source(
            url=discovery_url(url, base) if discover else absolute(url, base),
            discover=discover,
            client_id=self._secret(scheme, "CLIENT_ID") or "",
            client_secret=self._secret(scheme, "CLIENT_SECRET") or "",
            method=method,
            scope=" ".join(scopes),
        )
        value = await self._tokens.get(source)
        request.tokens.append((source, value))
        return value


def _endpoint(definition: dict[str, Any]) -> tuple[str, bool] | None:
    """Where client credentials get a token: the URL of the endpoint, or True and
    that of the document which names it."""
    kind = definition.get("type")
    if kind == "openIdConnect":
        url = definition.get("openIdConnectUrl")
        return (url, True) if isinstance(url, str) and url else None
    if kind != "oauth2":
        return None
    flow = (definition.get("flows") or {}).get("clientCredentials") or {}
    if isinstance(flow.get("tokenUrl"), str):
        return flow["tokenUrl"], False
    url = definition.get("oauth2MetadataUrl")
    return (url, True) if isinstance(url, str) and url else None
