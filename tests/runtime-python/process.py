"""Python functions of a source, called in process."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from typing import Any

from paths import Server, bindings_of

from smelt_runtime import config as configs
from smelt_runtime.runtime import Runtime
from tap import Test, equal, run, true

NOTES = '''
"""A module of somebody's project."""
import dataclasses, datetime, decimal, enum, sys, time, asyncio

print("noise on stdout while importing")
if sys.argv[0].endswith("server.py"):
    print("and a line without its end", end="")
KEPT = []

class Colour(enum.Enum):
    RED = "red"

@dataclasses.dataclass
class Point:
    x: int
    y: int = 0

def add(text, times=1, *tags, loud=False, **rest):
    KEPT.append(text)
    return {"text": text * times, "tags": list(tags), "loud": loud, "rest": rest}

def typed(when: datetime.date, colour: Colour, point: Point, maybe: "int | None" = None):
    return {"when": when, "year": when.year, "colour": colour, "x": point.x + 1, "maybe": maybe}

async def later(n: int):
    await asyncio.sleep(0.01)
    return n + 1

def slow():
    time.sleep(30)

async def slow_async():
    await asyncio.sleep(30)

def fails():
    raise ValueError("no such \\x1b[31mnote")

def leaves():
    sys.exit(3)

def opaque():
    return object()

def loops():
    a = []
    a.append(a)
    return a

def big():
    return "x" * 2000000

def money():
    return [decimal.Decimal("1.5"), {3}, b"abc", float("nan"), datetime.timedelta(seconds=2)]

class Store:
    def __init__(self):
        self.n = 0
    def count(self):
        self.n += 1
        return self.n
    @staticmethod
    def of(text):
        return text
    @classmethod
    def name(cls):
        return cls.__name__

class Needs:
    def __init__(self, path):
        pass
    def get(self):
        return 1
'''

FILES = {
    "source/app/__init__.py": "",
    "source/app/notes.py": NOTES,
    "source/src/deep/inner.py": "def where():\n    return __name__\n",
    "source/json.py": "def dumps(x):\n    raise RuntimeError('the wrong json')\n",
    "source/broken.py": "def f(:\n",
    "source/quits.py": "raise SystemExit(4)\n",
}


def python(module: str, qualname: str, *arguments: tuple[str, str], **more: Any) -> dict[str, Any]:
    entries = [{"argument": name, "name": name, "kind": kind} for name, kind in arguments]
    return {"type": "python", "module": module, "qualname": qualname, "async": False, "arguments": entries} | more


class Made:
    """One server of the functions above; output says which tools have an outputSchema."""

    def __init__(self, bound: dict[str, dict[str, Any]], output: dict[str, Any] | None = None, **limits: Any) -> None:
        tools = []
        for name in bound:
            tool: dict[str, Any] = {"name": name, "inputSchema": {"type": "object"}}
            if output and name in output:
                tool["outputSchema"] = output[name]
            tools.append(tool)
        bindings = bindings_of(bound, limits=limits)
        self.server = Server(tools, bindings, FILES)
        config = configs.load(self.server.root)
        self.runtime = Runtime(config, configs.settings({"SMELT_LOG": "off"}), {})

    async def call(self, name: str, **arguments: Any) -> tuple[bool, str, Any]:
        result = await self.runtime.call(name, arguments)
        text = result.content[0]["text"]
        true("Traceback" not in text and str(self.server.root) not in text, f"a place in {text!r}")
        return result.is_error, text, result.structured

    async def close(self) -> None:
        await self.runtime.close()
        self.server.close()
        for name, module in list(sys.modules.items()):
            if str(getattr(module, "__file__", None)).startswith(str(self.server.root)):
                del sys.modules[name]
        sys.path[:] = [entry for entry in sys.path if not entry.startswith(str(self.server.root))]


async def binds() -> None:
    add = python(
        "app.notes", "add", ("text", "positional"), ("times", "positional"),
        ("tags", "variadic"), ("loud", "keyword"), ("rest", "variadic"),
    )  # fmt: skip
    made = Made({"add": add}, {"add": {"type": "object"}})
    _, _, value = await made.call("add", text="a")
    equal(value, {"text": "a", "tags": [], "loud": False, "rest": {}}, "one argument")
    _, _, value = await made.call("add", text="a", times=2, tags=["x", "y"], loud=True, rest={"k": 1})
    equal(value, {"text": "aa", "tags": ["x", "y"], "loud": True, "rest": {"k": 1}}, "all of them")
    _, _, value = await made.call("add", text="a", loud=True)
    equal(value["loud"], True, "a keyword")
    error, text, _ = await made.call("add")
    true(error and "text" in text, f"a missing argument: {text}")
    await made.close()


async def types() -> None:
    typed = python("app.notes", "typed", *((n, "positional") for n in ("when", "colour", "point", "maybe")))
    made = Made({"typed": typed}, {"typed": {"type": "object"}})
    _, _, value = await made.call("typed", when="2026-02-03", colour="red", point={"x": 4}, maybe=None)
    wanted = {"when": "2026-02-03", "year": 2026, "colour": "red", "x": 5, "maybe": None}
    equal(value, wanted, "date, enum, dataclass")
    error, text, _ = await made.call("typed", when="2026-02-03", colour="blue", point={"x": 4})
    true(error and "colour" in text, f"not in the enum: {text}")
    await made.close()


async def asynchronous() -> None:
    wrap = {"type": "object", "properties": {"result": {"type": "integer"}}, "required": ["result"]}
    later = python("app.notes", "later", ("n", "positional"), wrap="result") | {"async": True}
    made = Made({"later": later}, {"later": wrap})
    equal((await made.call("later", n=1))[2], {"result": 2}, "a coroutine")
    equal((await made.call("later", n=2))[1], "3", "its text")
    await made.close()


async def methods() -> None:
    made = Made(
        {
            "count": python("app.notes", "Store.count"),
            "of": python("app.notes", "Store.of", ("text", "positional")),
            "name_of": python("app.notes", "Store.name"),
            "needs": python("app.notes", "Needs.get"),
        }
    )
    equal(((await made.call("count"))[1], (await made.call("count"))[1]), ("1", "2"), "one instance")
    equal((await made.call("of", text="t"))[1], "t", "a static method")
    equal((await made.call("name_of"))[1], "Store", "a class method")
    true((await made.call("needs"))[0], "a class that wants arguments is an error")
    await made.close()


async def fails() -> None:
    bound = {n: python("app.notes", n) for n in ("fails", "leaves", "opaque", "loops", "big")}
    made = Made(bound)
    equal((await made.call("fails"))[:2], (True, "ValueError: no such [31mnote"), "an exception")
    error, text, _ = await made.call("leaves")
    true(error and "SystemExit" in text, f"sys.exit: {text}")
    for name in ("opaque", "loops", "big"):
        error, text, _ = await made.call(name)
        true(error and "result" in text, f"{name}: {text}")
    await made.close()


async def converts() -> None:
    made = Made({"money": python("app.notes", "money")})
    equal((await made.call("money"))[1], '["1.5",[3],"abc",null,"PT2S"]', "JSON of odd values")
    await made.close()


async def times_out() -> None:
    bound = {n: python("app.notes", n) for n in ("slow", "slow_async")}
    made = Made(bound, timeoutSeconds=1, concurrency=2)
    began = time.monotonic()
    for name in ("slow", "slow_async", "slow"):
        error, text, _ = await made.call(name)
        true(error and "timed out" in text, f"{name}: {text}")
    error, text, _ = await made.call("slow")
    true(error and "still running" in text, f"threads that were left: {text}")
    true(time.monotonic() - began < 25, "none was waited for")
    await made.close()


async def guards() -> None:
    made = Made(
        {
            "shadow": python("json", "dumps", ("x", "positional")),
            "installed": python("os", "getcwd"),
            "odd": python("app..notes", "add"),
            "dunder": python("app.notes", "add.__globals__"),
            "module_level": python("app.notes", "sys.exit"),
            "constant": python("app.notes", "KEPT"),
            "missing": python("app.notes", "nothing"),
            "absent": python("app.nothing", "add"),
            "broken": python("broken", "f"),
            "quits": python("quits", "f"),
        }
    )
    for name in made.runtime._tools:
        error, text, _ = await made.call(name, **({"x": 1} if name == "shadow" else {}))
        true(error, f"{name} is refused: {text}")
    await made.close()


async def below_src() -> None:
    made = Made({"where": python("deep.inner", "where")})
    equal((await made.call("where"))[1], "deep.inner", "a module below src/")
    await made.close()


async def quiet_stdout() -> None:
    """Over stdio: what a module prints must not become protocol."""
    tool = {"name": "add", "title": "A", "description": "Adds.", "inputSchema": {"type": "object"}}
    server = Server([tool], bindings_of({"add": python("app.notes", "add", ("text", "positional"))}), FILES)
    pipe = asyncio.subprocess.PIPE
    env = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(server.root / "server.py"), env=env, stdin=pipe, stdout=pipe, stderr=pipe
    )
    assert process.stdin and process.stdout
    info = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    for message in (
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": info},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "add", "arguments": {"text": "a"}}},
    ):
        process.stdin.write(json.dumps(message).encode() + b"\n")
    await process.stdin.drain()
    answers = [json.loads(await asyncio.wait_for(process.stdout.readline(), 30)) for _ in range(2)]
    process.stdin.close()
    out, error = await process.communicate()
    true('"a"' in answers[1]["result"]["content"][0]["text"], "the answer")
    equal(out, b"", "nothing else on stdout")
    true(b"noise on stdout" in error, "it is on stderr")
    true(b"without its end" in error, "what was still buffered, too")
    server.close()


TESTS: list[Test] = [
    ("arguments are bound by kind", binds),
    ("annotated types are made from JSON", types),
    ("coroutines are awaited", asynchronous),
    ("methods, static and class methods", methods),
    ("exceptions and odd results are errors without a place", fails),
    ("values become JSON", converts),
    ("functions that take too long", times_out),
    ("only functions of the source are called", guards),
    ("modules below src/", below_src),
    ("printing functions do not disturb stdio", quiet_stdout),
]

run(TESTS)
