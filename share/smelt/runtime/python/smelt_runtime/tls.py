"""TLS towards upstreams: whom to trust and which certificate to show.

SMELT_CA_FILE replaces the roots of the system. A client certificate is a pair
of PEM files, CERT_FILE and KEY_FILE; both are read again when they change, and
a pair that can not be read is an error, never a connection without it."""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass

import httpx2

from .problem import Refused
from .secret import Secrets

CA = "SMELT_CA_FILE"
GENERAL = "SMELT_CLIENT"

Stamp = tuple[int, int, int]


@dataclass(frozen=True)
class Certificate:
    """The prefix of the variables that name a client certificate: SMELT_CLIENT,
    or SERVER_SCHEME of a mutualTLS scheme."""

    prefix: str

    @property
    def cert(self) -> str:
        return self.prefix + "_CERT_FILE"

    @property
    def key(self) -> str:
        return self.prefix + "_KEY_FILE"

    @property
    def password(self) -> str:
        return self.prefix + "_KEY_PASSWORD"


class Tls:
    def __init__(self, environ: Mapping[str, str], secrets: Secrets) -> None:
        self._environ = environ
        self._secrets = secrets
        self._made: dict[Certificate | None, tuple[tuple[Stamp, ...], ssl.SSLContext]] = {}

    def has(self, certificate: Certificate) -> bool:
        """Raises Refused where only half of a pair is named."""
        named = [bool(self._environ.get(name)) for name in (certificate.cert, certificate.key)]
        if any(named) and not all(named):
            raise Refused(f"{certificate.cert} and {certificate.key} are set together or not at all")
        return all(named)

    def general(self) -> Certificate | None:
        certificate = Certificate(GENERAL)
        return certificate if self.has(certificate) else None

    def check(self, certificates: list[Certificate]) -> None:
        """At start: raises Refused for files that are named and no good."""
        if self._environ.get(CA):
            self.context(None)
        for certificate in [*certificates, Certificate(GENERAL)]:
            if self.has(certificate):
                self.context(certificate)

    def context(self, certificate: Certificate | None) -> ssl.SSLContext:
        """The same object until a file of it changes; raises Refused."""
        names = [CA] if self._environ.get(CA) else []
        if certificate:
            names += [certificate.cert, certificate.key]
        stamps = tuple(self._stamp(name) for name in names)
        known = self._made.get(certificate)
        if known is None or known[0] != stamps:
            known = self._made[certificate] = (stamps, self._make(certificate))
        return known[1]

    def _stamp(self, name: str) -> Stamp:
        try:
            about = os.stat(self._environ.get(name, ""))
        except OSError:
            raise Refused(f"the file that {name} names can not be read") from None
        return about.st_ino, about.st_size, about.st_mtime_ns

    def _make(self, certificate: Certificate | None) -> ssl.SSLContext:
        context = self._trust()
        if certificate is None:
            return context
        # without a word of ours OpenSSL would ask the terminal for one
        password = self._secrets.get(certificate.password) or ""
        try:
            context.load_cert_chain(
                self._environ[certificate.cert], self._environ[certificate.key], lambda: password
            )
        except (OSError, ValueError):
            raise Refused(
                f"the client certificate that {certificate.cert} and {certificate.key} name can not be"
                f" used: not readable, not PEM, not a pair, or {certificate.password} does not open it"
            ) from None
        return context

    def _trust(self) -> ssl.SSLContext:
        path = self._environ.get(CA)
        if not path:
            return httpx2.create_ssl_context()
        try:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.load_verify_locations(cafile=path)
        except (OSError, ValueError):
            raise Refused(f"the file that {CA} names can not be read or holds no certificates") from None
        return context
