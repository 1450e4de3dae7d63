"""Calls Python functions of the source in this process.

Modules come from ./source only: it is searched last, so it can not take the
place of an installed module, and what an import finds elsewhere is refused."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import sys
import threading
import typing
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pydantic
import pydantic_core

from .config import Limits, ToolConfig
from .encode import json_text
from .problem import Problem, Refused, Unanswered
from .response import Reader, clean
from .result import Result
from .secret import Secrets

MAX_TEXT = 500


class Process:
    """All python bindings of one server."""

    def __init__(self, source: Path, limits: Limits, secrets: Secrets) -> None:
        self._source = source.resolve()
        self._limits = limits
        self._secrets = secrets
        self._functions: dict[str, Callable[..., Any]] = {}
        self._readers: dict[str, Reader] = {}
        self._abandoned = 0

    async def call(self, tool: ToolConfig, arguments: dict[str, Any]) -> Result:
        try:
            async with asyncio.timeout(self._limits.timeoutSeconds):
                value = await self._run(tool, arguments)
        except TimeoutError:
            raise Unanswered("the function timed out") from None
        return self._result(self._reader(tool), value)

    def _reader(self, tool: ToolConfig) -> Reader:
        if tool.name not in self._readers:
            self._readers[tool.name] = Reader(
                tool.definition,
                bool(tool.binding.get("wrap")),
                self._limits.maxResponseBytes,
                self._limits.maxDepth,
                self._secrets,
            )
        return self._readers[tool.name]

    async def _run(self, tool: ToolConfig, arguments: dict[str, Any]) -> Any:
        function = self._functions.get(tool.name)
        if function is None:
            function = await self._thread(lambda: self._load(tool.binding))
            self._functions[tool.name] = function
        args, kwargs = _bind(function, tool.binding.get("arguments") or [], arguments)
        if inspect.iscoroutinefunction(function):
            return await _named(function(*args, **kwargs))
        value = await self._thread(lambda: function(*args, **kwargs))
        return await _named(value) if inspect.isawaitable(value) else value

    async def _thread(self, work: Callable[[], Any]) -> Any:
        """In a thread of its own that does not hold up the end of the server:
        a thread can not be stopped, only left behind."""
        if self._abandoned >= self._limits.concurrency:
            raise Refused("too many calls that timed out are still running")
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()

        def finish(value: Any, error: BaseException | None) -> None:
            if future.cancelled():
                self._abandoned -= 1
            elif error is not None:
                future.set_exception(error)
            else:
                future.set_result(value)

        def run() -> None:
            try:
                value, error = work(), None
            except BaseException as raised:  # noqa: BLE001 - SystemExit must not end the server
                value, error = None, _problem(raised)
            try:
                loop.call_soon_threadsafe(finish, value, error)
            except RuntimeError:
                pass  # the server has ended

        threading.Thread(target=run, daemon=True).start()
        try:
            return await future
        except asyncio.CancelledError:
            self._abandoned += 1
            raise

    def _load(self, binding: dict[str, Any]) -> Callable[..., Any]:
        module = self._import(binding["module"])
        target: Any = module
        owner: type | None = None
        names = binding["qualname"].split(".")
        for name in names:
            if not name.isidentifier() or name.startswith("__"):
                raise Refused("this tool names something that is not a function")
            owner = target if inspect.isclass(target) else None
            if owner is None and target is not module:
                raise Refused("this tool names something that is not a function")
            target = getattr(target, name, None)
        if owner is not None and inspect.isfunction(target):
            static = inspect.getattr_static(owner, names[-1])
            if not isinstance(static, staticmethod):
                target = getattr(owner(), names[-1])
        if not callable(target) or inspect.isclass(target):
            raise Refused("this tool names something that is not a function")
        function: Callable[..., Any] = target
        return function

    def _import(self, name: str) -> ModuleType:
        parts = name.split(".")
        if not all(part.isidentifier() for part in parts):
            raise Refused("this tool names a module that is not one")
        for root in self._roots(parts):
            if str(root) not in sys.path:
                sys.path.append(str(root))
        module = importlib.import_module(name)
        file = getattr(module, "__file__", None)
        if not file or not Path(file).resolve().is_relative_to(self._source):
            raise Refused("this tool's module has the name of another that is installed")
        return module

    def _roots(self, parts: list[str]) -> list[Path]:
        path = Path(*parts)
        roots = [self._source, self._source / "src", self._source / "lib"]
        return [
            root
            for root in roots
            if (root / path).with_suffix(".py").is_file() or (root / path / "__init__.py").is_file()
        ]

    def _result(self, reader: Reader, value: Any) -> Result:
        try:
            value = pydantic_core.to_jsonable_python(value, inf_nan_mode="null")
            text = value if isinstance(value, str) else json_text(value)
        except (ValueError, RecursionError):
            raise Problem("the function's result can not be written as JSON") from None
        if len(text.encode("utf-8", "replace")) > self._limits.maxResponseBytes:
            raise Problem(f"the function's result is larger than {self._limits.maxResponseBytes} bytes")
        return reader.value(value, text)


async def _named(awaitable: Any) -> Any:
    try:
        return await awaitable
    except (asyncio.CancelledError, Problem):
        raise
    except BaseException as raised:  # noqa: BLE001
        raise _problem(raised) from None


def _problem(raised: BaseException) -> BaseException:
    """The exception's class and message; where it happened is not told."""
    if isinstance(raised, (Problem, asyncio.CancelledError)):
        return raised
    text = clean(str(raised))[:MAX_TEXT]
    name = type(raised).__name__
    return Problem(f"{name}: {text}" if text else name)


def _bind(
    function: Callable[..., Any], declared: list[dict[str, Any]], given: dict[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    hints = _hints(function)
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    by_position = True
    for entry in declared:
        argument, name, kind = entry["argument"], entry["name"], entry.get("kind")
        if argument not in given:
            by_position = by_position and kind == "variadic"
            continue
        value = given[argument]
        if kind == "variadic" and isinstance(value, dict):
            kwargs.update(value)
        elif kind == "variadic" and isinstance(value, list):
            args.extend(value)
        elif kind == "positional" and by_position:
            args.append(_typed(argument, hints.get(name), value))
        else:
            kwargs[name] = _typed(argument, hints.get(name), value)
    return args, kwargs


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    try:
        return typing.get_type_hints(function)
    except Exception:  # noqa: BLE001 - an annotation of the source that names nothing
        return {}


def _typed(argument: str, hint: Any, value: Any) -> Any:
    """Makes the annotated type (datetime, Enum, dataclass …) from JSON."""
    if hint is None or hint is Any:
        return value
    try:
        adapter = pydantic.TypeAdapter(hint)
    except Exception:  # noqa: BLE001 - a type that pydantic does not know: as it came
        return value
    try:
        return adapter.validate_python(value)
    except pydantic.ValidationError as error:
        text = error.errors(include_url=False, include_input=False)[0]["msg"]
        raise Refused(f"argument '{argument}': {clean(text)[:MAX_TEXT]}") from None
