"""Makes the runtime importable, and generated servers to start."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
RUNTIME = HERE.parents[1] / "share/smelt/runtime/python"
sys.path.insert(0, str(RUNTIME))


def http_binding(server: str, method: str = "GET", path: str = "/x", **more: Any) -> dict[str, Any]:
    return {
        "type": "http", "method": method, "server": server, "path": path,
        "parameters": [], "response": {}, "idempotent": method == "GET",
    } | more  # fmt: skip


def bindings_of(bound: dict[str, dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "format": 1,
        "server": {"name": "testing", "title": "Testing", "version": "1.2.3"},
        "securitySchemes": {},
        "bindings": {n: {"binding": b, "security": [], "annotations": {}} for n, b in bound.items()},
        "limits": {},
    } | more


class Server:
    """A directory as smelt-codegen writes it; removed by close()."""

    def __init__(
        self,
        tools: list[dict[str, Any]],
        bindings: dict[str, Any],
        files: dict[str, str] | None = None,
    ) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="smelt-test-"))
        manifest = json.loads((RUNTIME / "manifest.json").read_text())
        for entry in manifest["files"]:
            self.put(entry["to"], (RUNTIME / entry["from"]).read_text())
        handler = (RUNTIME / manifest["handler"]["from"]).read_text()
        for tool in tools:
            self.put(manifest["handler"]["to"].replace("<tool>", tool["name"]), handler)
        self.put("tools.json", json.dumps({"tools": tools}))
        self.put("bindings.json", json.dumps(bindings))
        for path, text in (files or {}).items():
            self.put(path, text)

    def put(self, path: str, text: str) -> None:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def close(self) -> None:
        shutil.rmtree(self.root)
