"""What clients see of this server: the definitions that were signed, arguments
that are checked before anything is sent, and a request for each tool's call."""

from __future__ import annotations

import hashlib
import json
import re
import unittest
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft202012Validator  # type: ignore[import-untyped, unused-ignore]

from tests.harness import ROOT, SECRET, Server, Upstream, read
from tests.pattern import Unmade
from tests.sample import sample

# words of JSON Schema that sample() knows nothing of
HARD = re.compile(
    r'"(pattern|patternProperties|not|if|dependent\w+|unevaluated\w+|contains|propertyNames|format)":'
)


class TestServer(unittest.TestCase):
    upstream: Upstream
    server: Server

    @classmethod
    def setUpClass(cls) -> None:
        cls.upstream = Upstream()
        cls.addClassCleanup(cls.upstream.close)
        cls.server = Server(cls.upstream.address + "/base")
        cls.addClassCleanup(cls.server.close)
        bindings = json.loads((ROOT / "bindings.json").read_text(encoding="utf-8"))
        cls.dynamic = bindings.get("mode") == "dynamic"
        name = "catalogue.json" if cls.dynamic else "tools.json"
        cls.tools = json.loads((ROOT / name).read_text(encoding="utf-8"))["tools"]
        cls.bindings = {name: entry["binding"] for name, entry in bindings["bindings"].items()}

    dynamic: bool
    tools: list[dict[str, Any]]
    bindings: dict[str, dict[str, Any]]

    def call(self, name: str, arguments: dict[str, Any]) -> Any:
        if self.dynamic:
            return self.server.call("call_tool", {"name": name, "arguments": arguments})
        return self.server.call(name, arguments)

    def test_definitions_are_served_unchanged(self) -> None:
        served: list[Any] = []
        page: dict[str, Any] = {}
        while True:
            page = self.server.request("tools/list", {"cursor": page["nextCursor"]} if page else {})
            served += page["tools"]
            if "nextCursor" not in page:
                break
        self.assertEqual(served, read("tools.json")["tools"])

    def test_schemas_compile(self) -> None:
        for tool in self.tools:
            for key in ("inputSchema", "outputSchema"):
                with self.subTest(tool=tool["name"], schema=key):
                    schema = tool.get(key, {"type": "object"})
                    Draft202012Validator.check_schema(schema)
                    self.assertEqual(schema["type"], "object")

    def test_wrong_arguments_are_refused_before_any_request(self) -> None:
        for tool in self.tools:
            wrong: list[dict[str, Any]] = [{"no such argument": 0}]
            wrong += [{}] if tool["inputSchema"].get("required") else []
            for arguments in wrong:
                with self.subTest(tool=tool["name"], arguments=arguments):
                    self.upstream.requests.clear()
                    result = self.call(tool["name"], arguments)
                    self.assertTrue(result.get("isError"))
                    self.assertIn("invalid arguments", result["content"][0]["text"])
                    self.assertNotIn("can not be evaluated", result["content"][0]["text"])
                    self.assertEqual(self.upstream.requests, [])

    def test_each_http_tool_sends_its_request(self) -> None:
        for tool in self.tools:
            binding = self.bindings[tool["name"]]
            if binding["type"] == "http":
                with self.subTest(tool=tool["name"]):
                    self.check_call(tool, binding)

    def check_call(self, tool: dict[str, Any], binding: dict[str, Any]) -> None:
        schema = tool["inputSchema"]
        try:
            arguments = sample(schema, schema)
        except Unmade as why:
            self.skipTest(f"no arguments were found: {why}")
        self.upstream.requests.clear()
        result = self.call(tool["name"], arguments)
        text = next((block.get("text", "") for block in result["content"]), "")
        if is_edited(tool["name"]):
            self.skipTest("its handler was edited: what it sends is its own affair")
        if text.startswith("invalid arguments") and HARD.search(json.dumps(schema)):
            self.skipTest(f"no arguments were found: {text}")
        self.assertEqual(len(self.upstream.requests), 1, text)
        method, path = self.upstream.requests[0]
        self.assertEqual(method, binding["method"])
        parts = (re.escape(unquote(part)) for part in re.split(r"\{[^{}]*\}", binding["path"]))
        self.assertRegex(unquote(path), "(?s)^/base" + ".*".join(parts) + r"([?&].*)?$")
        self.assertNotIn(SECRET, json.dumps(result))


def is_edited(name: str) -> bool:
    """Is its handler another than smelt made?"""
    path = f"handlers/{name}.py"
    made = {file["path"]: file["sha256"] for file in read("smelt.json")["files"]}
    text = (ROOT / path).read_bytes() if (ROOT / path).is_file() else b""
    return made.get(path) != "sha256:" + hashlib.sha256(text).hexdigest()


if __name__ == "__main__":
    unittest.main()
