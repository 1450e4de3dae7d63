"""Dynamic mode: a client sees four meta-tools, which find, describe and call
the tools of the catalogue. Their definitions are in tools.json.

A call of a tool goes through the Runtime as ever, under the tool's own name;
what is refused here is a call of the meta-tool."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

from . import exact
from .config import Config, Settings, ToolConfig
from .problem import Refused
from .result import Result
from .runtime import Arguments, Call, Handler, Runtime
from .search import Index

MAX_LINE = 160
HINTS = ("readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint")

_BLANKS = re.compile("[ \t\r\n\v\f]+")
_ODD = re.compile("[^A-Za-z0-9_.-]")


def one_line(text: str) -> str:
    """The first sentence, or as much of it as fits in a line."""
    line = _BLANKS.sub(" ", text).strip(" ")
    end = line.find(". ")
    if end >= 0:
        line = line[: end + 1]
    return line if len(line) <= MAX_LINE else line[: MAX_LINE - 1] + "…"


def fits(glob: str, name: str) -> bool:
    """A glob's * stands for any characters; nothing else is special."""
    first, *rest = glob.split("*")
    if not rest:
        return glob == name
    last = rest.pop()
    if not name.startswith(first):
        return False
    at = len(first)
    for piece in rest:
        found = name.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return len(name) - at >= len(last) and name.endswith(last)


def is_read_only(tool: ToolConfig) -> bool:
    return (tool.definition.get("annotations") or {}).get("readOnlyHint") is True


def is_destructive(tool: ToolConfig) -> bool:
    """By the protocol's defaults, a tool that says nothing is."""
    hint = (tool.definition.get("annotations") or {}).get("destructiveHint")
    return hint is not False and not is_read_only(tool)


class Dynamic:
    """Stands before a Runtime, which has the tools of the catalogue."""

    def __init__(self, config: Config, settings: Settings, runtime: Runtime) -> None:
        self._tools = {tool.name: tool for tool in config.tools}
        self._order = config.tools
        self._tags = Counter(tag for tool in config.tools for tag in tool.tags)
        self._allowed = settings.allow_destructive
        self._index = Index(config.tools, config.search or {})
        self._limit = config.limits.maxResponseBytes
        self._runtime = runtime
        handlers: dict[str, Handler] = {
            "search_tools": self._search,
            "describe_tool": self._describe,
            "call_read_only_tool": self._refuse_read_only,
            "call_tool": self._refuse,
        }
        self._meta = {
            definition["name"]: ToolConfig(
                definition, {"type": "meta"}, [], handler=handlers[definition["name"]]
            )
            for definition in config.listed
        }

    async def call(self, name: str, arguments: Arguments) -> Result:
        if name in ("call_tool", "call_read_only_tool"):
            tool = self._callable(name, arguments)
            if tool is not None:
                return await self._runtime.run(tool, arguments.get("arguments", {}), name)
        return await self._runtime.run(self._meta[name], arguments)

    def _callable(self, meta: str, arguments: Arguments) -> ToolConfig | None:
        """The tool of a call that may be made; None where the meta-tool's own
        check or handler will say what is wrong."""
        name, given = arguments.get("name"), arguments.get("arguments", {})
        if not isinstance(name, str) or not isinstance(given, dict) or len(name) > 100:
            return None
        if not arguments.keys() <= {"name", "arguments"} or name not in self._tools:
            return None
        tool = self._tools[name]
        if meta == "call_read_only_tool":
            return tool if is_read_only(tool) else None
        return tool if self._is_allowed(tool) else None

    def _is_allowed(self, tool: ToolConfig) -> bool:
        return not is_destructive(tool) or any(fits(glob, tool.name) for glob in self._allowed)

    async def _refuse_read_only(self, arguments: Arguments, _: Call) -> Result:
        tool = self._known(arguments["name"])
        raise Refused(f"{tool.name} is not read-only: use call_tool")

    async def _refuse(self, arguments: Arguments, _: Call) -> Result:
        tool = self._known(arguments["name"])
        raise Refused(
            f"{tool.name} is destructive, and the operator of this server has not allowed it: "
            f"SMELT_ALLOW_DESTRUCTIVE={tool.name} in the server's environment allows it "
            "(a list separated by commas, in which * stands for any characters)"
        )

    def _known(self, name: str) -> ToolConfig:
        if name in self._tools:
            return self._tools[name]
        near = [self._order[n].name for n in self._index.find(name)[:3]]
        hint = f"near are {', '.join(near)}" if near else "search_tools finds names"
        raise Refused(f"no tool '{_ODD.sub('?', name[:64])}': {hint}")

    async def _search(self, arguments: Arguments, _: Call) -> Result:
        query = arguments.get("query", "").strip(" \t\r\n\v\f")
        limit, offset = int(arguments.get("limit", 10)), int(arguments.get("offset", 0))
        tag = arguments.get("tag")
        if tag is not None and tag not in self._tags:
            raise Refused("no tool has this tag: a search without query and tag lists the tags")
        found = self._index.find(query) if query else list(range(len(self._order)))
        if tag is not None:
            found = [number for number in found if tag in self._order[number].tags]
        page = [self._shown(self._order[number]) for number in found[offset : offset + limit]]
        answer: dict[str, Any] = {"total": len(found), "tools": page}
        if offset + limit < len(found):
            answer["next"] = offset + limit
        if not query and tag is None and self._tags:
            answer["tags"] = dict(self._tags)
        return Result([{"type": "text", "text": _json(answer)}], answer)

    def _shown(self, tool: ToolConfig) -> dict[str, Any]:
        shown: dict[str, Any] = {"name": tool.name}
        if isinstance(tool.definition.get("title"), str):
            shown["title"] = tool.definition["title"]
        line = one_line(tool.definition.get("description") or "")
        if line and line != shown.get("title"):
            shown["description"] = line
        hints = tool.definition.get("annotations") or {}
        shown["annotations"] = {hint: hints[hint] for hint in HINTS if hint in hints}
        if not self._is_allowed(tool):
            shown["allowed"] = False
        return shown

    async def _describe(self, arguments: Arguments, _: Call) -> Result:
        names = list(dict.fromkeys(arguments["names"]))
        found = [self._tools[name] for name in names if name in self._tools]
        if not found:
            self._known(names[0])
        unknown = [_ODD.sub("?", name[:64]) for name in names if name not in self._tools]
        definitions = [exact.parse(tool.text) for tool in found]
        texts = [tool.text for tool in found]
        if arguments.get("brief"):
            for definition in definitions:
                definition.pop("outputSchema", None)
            texts = [exact.dump(definition) for definition in definitions]
        size = sum(len(text.encode()) for text in texts)
        if size > self._limit:
            raise Refused(f"these definitions have {size} bytes, more than {self._limit}: ask for fewer")
        answer: dict[str, Any] = {"tools": definitions}
        text = '{"tools":[' + ",".join(texts) + "]"
        if unknown:
            answer["unknown"] = unknown
            text += ',"unknown":' + _json(unknown)
        return Result([{"type": "text", "text": text + "}"}], answer)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
