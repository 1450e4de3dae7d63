"""Which proxy a request goes over: HTTPS_PROXY, HTTP_PROXY and ALL_PROXY, but for
the hosts of NO_PROXY and this machine's own. The small spelling goes first.

The other target reads them the same way (runtime/proxy.ts)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from .problem import Refused

PORTS = {"http": 80, "https": 443}


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def choose(origin: str, environ: Mapping[str, str]) -> str | None:
    """The URL of the proxy; None: straight. Raises Refused for one that can not be
    used: it would be passed by in silence."""
    try:
        parts = urlsplit(origin)
        host, port = (parts.hostname or "").lower(), parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        return None
    for name in (f"{parts.scheme}_proxy", "all_proxy"):
        name = name if name in environ else name.upper()
        value = environ.get(name, "").strip()
        if value:
            break
    else:
        return None
    if is_loopback(host) or any(_excepts(entry, host, port) for entry in _exceptions(environ)):
        return None
    return _checked(name, value)


def _exceptions(environ: Mapping[str, str]) -> list[str]:
    text = environ.get("no_proxy", environ.get("NO_PROXY", ""))
    return [entry for entry in re.split(r"[\s,]+", text.lower()) if entry]


def _excepts(entry: str, host: str, port: int) -> bool:
    """*, a name (with all below it), an address or a network; with a port or not."""
    found = re.fullmatch(r"(?:\[([^]]*)\]|([^:]*)):([0-9]{1,5})", entry)
    if found:
        if int(found[3]) != port:
            return False
        entry = found[1] or found[2] or ""
    entry = entry.strip("[]")
    if entry == "*":
        return True
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry, strict=False)
    except ValueError:
        pass
    name = entry.removeprefix("*").removeprefix(".")
    return bool(name) and (host == name or host.endswith("." + name))


def _checked(name: str, value: str) -> str:
    url = value if "://" in value else "http://" + value
    try:
        parts = urlsplit(url)
        bare = parts.path in ("", "/") and not parts.query and not parts.fragment
        usable = bare and parts.scheme == "http" and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise Refused(f"{name} is not an http proxy, http://[user:password@]host:port, and others are not supported")
    return url
