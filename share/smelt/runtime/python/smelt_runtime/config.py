"""Reads tools.json, in dynamic mode catalogue.json, and bindings.json, and the
settings of the environment."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from . import catalogue

TOOL_NAME = re.compile(r"[a-z][a-z0-9_]*\Z", re.ASCII)
TOOL_GLOB = re.compile(r"[a-z0-9_*]+\Z", re.ASCII)


class BadConfig(Exception):
    """The server can not start; the text says which file and why."""


@dataclass(frozen=True)
class Limits:
    timeoutSeconds: float = 30.0
    totalSeconds: float = 60.0
    maxResponseBytes: int = 1048576
    maxAttempts: int = 3
    ratePerSecond: float = 10.0
    burst: int = 20
    concurrency: int = 8
    breakerFailures: int = 5
    breakerSeconds: float = 30.0
    maxDepth: int = 64
    retryBaseSeconds: float = 0.5
    retryMaxSeconds: float = 8.0
    maxUploadBytes: int = 10485760


@dataclass(frozen=True)
class ToolConfig:
    """definition is served unchanged, text is its line of catalogue.json; binding
    says what a call does. A handler here comes before one of a module."""

    definition: dict[str, Any]
    binding: dict[str, Any]
    security: list[dict[str, list[str]]]
    tags: tuple[str, ...] = ()
    text: str = ""
    handler: Any = None

    @property
    def name(self) -> str:
        return str(self.definition["name"])


@dataclass(frozen=True)
class Config:
    """tools can be called; listed is what tools/list serves: their definitions,
    or in dynamic mode the meta-tools, and then search has words for them."""

    name: str
    version: str | None
    instructions: str | None
    tools: tuple[ToolConfig, ...]
    schemes: dict[str, dict[str, Any]]
    limits: Limits
    root: Path
    listed: tuple[dict[str, Any], ...] = ()
    search: dict[str, Any] | None = None


@dataclass(frozen=True)
class Settings:
    """The environment's share; no secrets (see secret.py)."""

    base_url: str | None
    log: str
    http_host: str
    http_port: int
    allowed_hosts: tuple[str, ...]
    allowed_origins: tuple[str, ...]
    allow_destructive: tuple[str, ...] = ()


def place(config: Config, environ: Mapping[str, str]) -> Config:
    """Each of several documents has an address of its own: one for all would be
    sent the credentials of all."""
    variables = {
        document: f"SMELT_BASE_URL_{document.upper().replace('-', '_')}"
        for tool in config.tools
        if (document := tool.binding.get("document"))
    }
    if variables and environ.get("SMELT_BASE_URL"):
        names = ", ".join(sorted(variables.values()))
        raise BadConfig(f"SMELT_BASE_URL: this server calls several APIs, set the address of each by {names}")

    def placed(tool: ToolConfig) -> ToolConfig:
        variable = variables.get(tool.binding.get("document"))
        if variable is None:
            return tool
        server = environ.get(variable) or str(tool.binding.get("server"))
        # what is not absolute is refused by a call, which names what to set
        server = server if "://" in server else "$" + variable
        return replace(tool, binding=tool.binding | {"server": server})

    return replace(config, tools=tuple(placed(tool) for tool in config.tools)) if variables else config


def load(root: Path) -> Config:
    listed = _object(root / "tools.json")
    bindings = _object(root / "bindings.json")
    if bindings.get("mode") != "dynamic":
        return parse(listed, bindings, root)
    try:
        texts = catalogue.read(root / "catalogue.json")
        definitions = [catalogue.Definition(text) for text in texts]
    except (OSError, ValueError, RecursionError) as error:
        raise BadConfig(f"catalogue.json: {error}") from None
    config = parse({"tools": definitions}, bindings, root)
    search = bindings.get("search")
    return replace(
        config,
        tools=tuple(replace(tool, text=text) for tool, text in zip(config.tools, texts)),
        listed=tuple(listed.get("tools", [])),
        search=search if isinstance(search, dict) else {},
    )


def parse(tools: dict[str, Any], bindings: dict[str, Any], root: Path) -> Config:
    if bindings.get("format") != 1:
        raise BadConfig("bindings.json: format 1 is wanted")
    server = bindings.get("server") or {}
    if not isinstance(server.get("name"), str):
        raise BadConfig("bindings.json: no server name")
    bound = bindings.get("bindings") or {}
    return Config(
        name=server["name"],
        version=server.get("version"),
        instructions=server.get("instructions"),
        tools=tuple(_tool(tool, bound) for tool in tools.get("tools", [])),
        schemes=bindings.get("securitySchemes") or {},
        limits=_limits(bindings.get("limits") or {}),
        root=root,
        listed=tuple(tools.get("tools", [])),
    )


def settings(environ: Mapping[str, str]) -> Settings:
    port = environ.get("SMELT_HTTP_PORT", "8000")
    if not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise BadConfig("SMELT_HTTP_PORT: not a port number")
    folder = environ.get("SMELT_UPLOAD_DIR")
    if folder and not os.path.isdir(folder):
        raise BadConfig("SMELT_UPLOAD_DIR: not a directory")
    log = environ.get("SMELT_LOG", "info")
    if log not in ("debug", "info", "off"):
        raise BadConfig("SMELT_LOG: debug, info or off is wanted")
    return Settings(
        base_url=environ.get("SMELT_BASE_URL") or None,
        log=log,
        http_host=environ.get("SMELT_HTTP_HOST") or "127.0.0.1",
        http_port=int(port),
        allowed_hosts=_words(environ.get("SMELT_HTTP_ALLOWED_HOSTS", "")),
        allowed_origins=_words(environ.get("SMELT_HTTP_ALLOWED_ORIGINS", "")),
        allow_destructive=_globs(environ.get("SMELT_ALLOW_DESTRUCTIVE", "")),
    )


def process_settings() -> Settings:
    return settings(os.environ)


def _object(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BadConfig(f"{path.name}: {error}") from None
    if not isinstance(value, dict):
        raise BadConfig(f"{path.name}: not an object")
    return value


def _tool(definition: dict[str, Any], bound: dict[str, Any]) -> ToolConfig:
    name = definition.get("name")
    if not isinstance(name, str) or not TOOL_NAME.match(name):
        raise BadConfig("tools.json: a tool name that is not [a-z][a-z0-9_]*")
    entry = bound.get(name)
    if not isinstance(entry, dict) or not isinstance(entry.get("binding"), dict):
        raise BadConfig(f"bindings.json: no binding for {name}")
    tags = tuple(tag for tag in entry.get("tags") or [] if isinstance(tag, str))
    return ToolConfig(definition, entry["binding"], entry.get("security") or [], tags)


def _limits(given: dict[str, Any]) -> Limits:
    known = {field.name: int if field.type == "int" else float for field in fields(Limits)}
    kept: dict[str, Any] = {}
    for name, value in given.items():
        if name not in known:
            continue
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
            raise BadConfig(f"bindings.json: limits.{name}: a number above 0 is wanted")
        kept[name] = known[name](value)
    return Limits(**kept)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in re.split(r"[\s,]+", text) if word)


def _globs(text: str) -> tuple[str, ...]:
    words = _words(text)
    for word in words:
        if not TOOL_GLOB.match(word):
            raise BadConfig("SMELT_ALLOW_DESTRUCTIVE: names of tools are wanted, in which * may stand")
    return words
