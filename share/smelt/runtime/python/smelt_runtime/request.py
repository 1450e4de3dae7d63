"""Builds one upstream request from a binding and arguments.

The origin is fixed by the configuration: the target is put behind it as text,
never joined, and a path value can not leave its place in the path."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from . import body, encode
from .problem import Refused
from .tls import Certificate
from .upload import Read, refuse

if TYPE_CHECKING:
    from .oauth import Source

PLACE = re.compile(r"\{([^{}]*)\}")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z", re.ASCII)
HEADER_VALUE = re.compile(r"[\x20-\x7e]*\Z")
COOKIE_VALUE = re.compile(r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*\Z")
METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "QUERY", "PUT", "DELETE", "POST", "PATCH"})
NOT_SENT = frozenset({"CONNECT", "TRACK"})
NOT_OURS = frozenset(
    {"connection", "content-length", "expect", "host", "keep-alive", "te", "trailer",
     "proxy-authorization", "proxy-connection", "transfer-encoding", "upgrade"}
)  # fmt: skip
NOT_AN_ARGUMENT = frozenset({"authorization", "content-type", "cookie"})
MAX_DECODE = 16
# Other spellings of . / and \\ that some servers read: overlong UTF-8, %uXXXX.
SPELLED = re.compile(
    r"%(?:c0|e0%80|f0%80%80)%(ae|af)|%(?:c1|e0%81|f0%80%81)%9c|%u([0-9a-f]{4})", re.IGNORECASE
)


@dataclass
class Request:
    """target is the request target exactly as it goes over the wire."""

    method: str
    origin: str
    target: str
    headers: dict[str, str] = field(default_factory=dict)
    cookies: list[tuple[str, str]] = field(default_factory=list)
    content: bytes | None = None
    certificate: Certificate | None = None
    secret: bool = False  # a credential is on it
    tokens: list[tuple[Source, str]] = field(default_factory=list)

    def add_header(self, name: str, value: str) -> None:
        if not HEADER_NAME.match(name) or name.lower() in NOT_OURS:
            raise Refused("this tool names a header that may not be set")
        same = [given for given in self.headers if given.lower() == name.lower()]
        self.headers[same[0] if same else name] = value.strip()

    def add_query(self, name: str, value: str) -> None:
        """Both are encoded already."""
        self.add_query_text(f"{name}={value}")

    def add_query_text(self, text: str) -> None:
        if text:
            self.target += ("&" if "?" in self.target else "?") + text


@dataclass(frozen=True)
class Base:
    """origin is scheme://host[:port]; path has no slash at its end."""

    origin: str
    path: str


def base(url: str) -> Base:
    """Raises Refused for what is not a plain http or https URL."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Refused("the server's URL is not a URL") from None
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        wanted = url[1:] if url.startswith("$SMELT_") else "SMELT_BASE_URL"
        raise Refused(f"the server's URL is not http or https; set {wanted}")
    if parts.username is not None or parts.password is not None or parts.fragment or parts.query:
        raise Refused("the server's URL may hold scheme, host, port and path only")
    try:
        host = parts.hostname.encode("idna").decode("ascii") if not parts.hostname.isascii() else parts.hostname
    except UnicodeError:
        raise Refused("the server's URL has no usable host") from None
    if not re.fullmatch(r"[A-Za-z0-9._:-]+", host):
        raise Refused("the server's URL has no usable host")
    host = f"[{host}]" if ":" in host else host
    origin = f"{parts.scheme.lower()}://{host}" + (f":{port}" if port is not None else "")
    path = quote(parts.path.rstrip("/"), safe="/" + PATH_KEPT)
    _check_segments(path, "the server's URL")
    return Base(origin, path)


PATH_KEPT = "%-._~!$&'()*+,;=:@"


def build(
    binding: dict[str, Any], at: Base, arguments: dict[str, Any], read: Read = refuse
) -> Request:
    """Raises Refused, naming the argument that can not be sent."""
    method = binding["method"]
    if method.upper() in METHODS:
        method = method.upper()
    elif not HEADER_NAME.match(method) or method.upper() in NOT_SENT:
        raise Refused("this tool has a method that is not supported")
    parameters = binding.get("parameters") or []
    path, _, fixed = binding["path"].partition("?")
    request = Request(method, at.origin, at.path + _path(path, parameters, arguments))
    if fixed:
        request.target += "?" + quote(fixed, safe=PATH_KEPT + "/?[]")
    for parameter in parameters:
        value = _given(parameter, arguments)
        if value is not None:
            _add_well(request, parameter, value)
    sent = body.build(binding.get("body"), arguments, read)
    if sent:
        request.content, media_type = sent
        request.headers["Content-Type"] = media_type
    _assert_origin(request)
    return request


def _path(template: str, parameters: list[dict[str, Any]], arguments: dict[str, Any]) -> str:
    declared = {p["name"]: p for p in parameters if p["in"] == "path"}

    def fill(found: re.Match[str]) -> str:
        parameter = declared.get(found[1])
        if parameter is None:
            raise Refused("this tool's path names a parameter that it does not declare")
        try:
            return _path_value(parameter, _given(parameter, arguments))
        except UnicodeEncodeError:
            raise _ill_formed(parameter["argument"]) from None

    pieces, end = [], 0
    for found in PLACE.finditer(template):
        pieces += [quote(template[end : found.start()], safe="/" + PATH_KEPT), fill(found)]
        end = found.end()
    path = "".join(pieces) + quote(template[end:], safe="/" + PATH_KEPT)
    path = path if path.startswith("/") else "/" + path
    _check_segments(path, "the path")
    return path


def _given(parameter: dict[str, Any], arguments: dict[str, Any]) -> Any:
    value = arguments.get(parameter["argument"])
    return value if parameter.get("contentType") else encode.present(value)


def _path_value(parameter: dict[str, Any], value: Any) -> str:
    name = parameter["argument"]
    if value is None or value == "":
        raise Refused(f"argument '{name}': a path value may not be empty")
    if parameter.get("contentType"):
        value = _content(parameter, value)
    for text in _texts(value):
        if _leaves(text):
            raise Refused(f"argument '{name}': '.' and '..' are not allowed in a path")
        if CONTROL.search(_decoded(text)):
            raise Refused(f"argument '{name}': a control character is not allowed")
    explode = bool(parameter.get("explode"))
    style = parameter.get("style", "simple")
    enc = encode.encode_segment if parameter.get("allowReserved") else encode.encode
    if style == "label":
        return encode.label(value, explode, enc)
    if style == "matrix":
        return encode.matrix(parameter["name"], value, explode, enc)
    return encode.simple(value, explode, enc)


def _texts(value: Any) -> list[str]:
    """Each text alone and, since a delimiter could complete it, all joined."""
    if isinstance(value, dict):
        texts = [t for k, v in value.items() for t in (k, encode.scalar(v))]
    elif isinstance(value, list):
        texts = [encode.scalar(item) for item in value]
    else:
        return [encode.scalar(value)]
    return [*texts, ",".join(texts)]


def _decoded(text: str) -> str:
    for _ in range(MAX_DECODE):
        decoded = unquote(SPELLED.sub(_respelled, text), errors="replace")
        decoded = unicodedata.normalize("NFKC", decoded)
        if decoded == text:
            return text
        text = decoded
    return ".."  # encoded so often only to hide what it is


def _respelled(found: re.Match[str]) -> str:
    if found[2]:
        return chr(int(found[2], 16))
    return {"ae": ".", "af": "/"}.get((found[1] or "").lower(), "\\")


def _leaves(text: str) -> bool:
    pieces = re.split(r"[/\\]", _decoded(text))
    return any(piece.partition(";")[0] in (".", "..") for piece in pieces)


def _check_segments(path: str, what: str) -> None:
    if any(_leaves(segment) for segment in path.split("/")):
        raise Refused(f"'.' and '..' are not allowed in {what}")


def _content(parameter: dict[str, Any], value: Any) -> str:
    """A parameter declared through content: its JSON text, other types as text."""
    if "json" in parameter["contentType"].lower() or not isinstance(value, str):
        return encode.json_text(value)
    return value


def _ill_formed(argument: str) -> Refused:
    return Refused(f"argument '{argument}': not well-formed Unicode")


def _add_well(request: Request, parameter: dict[str, Any], value: Any) -> None:
    try:
        _add(request, parameter, value)
    except UnicodeEncodeError:
        raise _ill_formed(parameter["argument"]) from None


def _add(request: Request, parameter: dict[str, Any], value: Any) -> None:
    where, name = parameter["in"], parameter["name"]
    if where == "querystring":
        request.add_query_text(body.query_text(parameter, value))
        return
    if parameter.get("contentType"):
        value = _content(parameter, value)
    explode = bool(parameter.get("explode"))
    if where == "query":
        enc = encode.encode_reserved if parameter.get("allowReserved") else encode.encode
        for key, text in encode.pairs(name, value, parameter.get("style", "form"), explode, enc):
            request.add_query(encode.encode_name(key), text)
    elif where == "header":
        text = encode.simple(value, explode, encode.plain)
        if not HEADER_VALUE.match(text):
            raise Refused(f"argument '{parameter['argument']}': a header takes printable ASCII only")
        if name.lower() in NOT_AN_ARGUMENT:
            raise Refused(f"argument '{parameter['argument']}': this header is not for arguments")
        request.add_header(name, text)
    elif where == "cookie":
        bare = parameter.get("style") == "cookie"
        enc = encode.plain if bare else encode.encode
        pairs = encode.pairs(name, value, "form", explode, enc)
        if bare and not all(COOKIE_VALUE.match(text.replace(",", "")) for _, text in pairs):
            raise Refused(f"argument '{parameter['argument']}': can not stand in a cookie")
        request.cookies += [(encode.encode(key), text) for key, text in pairs]


def _assert_origin(request: Request) -> None:
    """The last look before sending: a parser must see our origin and no other."""
    parts = urlsplit(request.origin + request.target)
    if f"{parts.scheme}://{parts.netloc}" != request.origin or parts.fragment:
        raise Refused("the request would leave the server's origin")
