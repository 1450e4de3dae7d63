"""The server as a process, the API that it calls, and both as they are needed
to test it: a copy of the server, whose limits do not slow a test down."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = (".venv", ".git", ".smelt", ".env", "__pycache__", "tests", "node_modules")
CREDENTIAL = re.compile(r"^([A-Z0-9_]+_)(API_KEY|TOKEN|USERNAME|PASSWORD|CLIENT_ID)=", re.MULTILINE)
SECRET = "secret-of-the-tests"
BASE_URL = re.compile(r"^(?:# )?(SMELT_BASE_URL\w*)=", re.MULTILINE)


def read(name: str) -> Any:
    """Numbers stay as they are written."""
    text = (ROOT / name).read_text(encoding="utf-8")
    return json.loads(text, parse_int=str, parse_float=str)


class Upstream:
    """Answers everything with {}, and remembers what it was asked."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str]] = []
        requests = self.requests

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def __getattr__(self, name: str) -> Any:
                if name.startswith("do_"):
                    return self._answer
                raise AttributeError(name)

            def _answer(self) -> None:
                requests.append((self.command, self.path))
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self.close_connection = True
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", "2")
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(b"{}")

            def log_message(self, format: str, *arguments: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Server:
    """Speaks MCP with a copy of this server over its stdin and stdout."""

    def __init__(self, upstream: str) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._copy = Path(self._folder.name) / "server"
        shutil.copytree(ROOT, self._copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
        self._loosen()
        self._errors = (self._copy.parent / "stderr").open("w+b")
        self._process = subprocess.Popen(
            [sys.executable, str(self._copy / "server.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=_environment(upstream),
        )
        self._next = 0
        self.request(
            "initialize",
            {
                "protocolVersion": "2025-06-18",
                "capabilities": {},
                "clientInfo": {"name": "tests", "version": "0"},
            },
        )
        self._send({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def _loosen(self) -> None:
        """Rate limits up; away with client certificates, which tests have not, and
        with schemes that no server can use."""
        path = self._copy / "bindings.json"
        bindings: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        bindings["limits"] |= {"ratePerSecond": 100000, "burst": 100000}
        schemes = bindings.get("securitySchemes") or {}
        for bound in bindings["bindings"].values():
            bound["security"] = [
                alternative
                for alternative in bound.get("security") or []
                if all(_is_usable(schemes.get(name) or {}) for name in alternative)
            ]
        path.write_text(json.dumps(bindings), encoding="utf-8")

    def request(self, method: str, params: dict[str, Any]) -> Any:
        self._next += 1
        self._send({"jsonrpc": "2.0", "id": self._next, "method": method, "params": params})
        assert self._process.stdout is not None
        for line in self._process.stdout:
            answer = json.loads(line, parse_int=str, parse_float=str)
            if answer.get("id") == str(self._next):
                if "error" in answer:
                    raise AssertionError(f"{method}: {answer['error']}")
                return answer["result"]
        raise AssertionError(f"the server ended: {self._said()}")

    def call(self, name: str, arguments: dict[str, Any]) -> Any:
        return self.request("tools/call", {"name": name, "arguments": arguments})

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(message).encode() + b"\n")
        self._process.stdin.flush()

    def _said(self) -> str:
        self._errors.seek(0)
        return self._errors.read(4000).decode(errors="replace")

    def close(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._errors.close()
        self._folder.cleanup()


def _is_usable(scheme: dict[str, Any]) -> bool:
    if scheme.get("type") == "http":
        return str(scheme.get("scheme")).lower() in ("basic", "bearer")
    return scheme.get("type") in ("apiKey", "oauth2", "openIdConnect")


def _environment(upstream: str) -> dict[str, str]:
    """No setting of the machine's, and a credential for all that .env.example has."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("SMELT_") and not name.lower().endswith("_proxy")
    }
    environment |= {
        "PYTHONDONTWRITEBYTECODE": "1",
        "SMELT_ALLOW_DESTRUCTIVE": "*",
        "SMELT_LOG": "off",
    }
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    environment |= {name: upstream for name in BASE_URL.findall(example)}
    for name, kind in CREDENTIAL.findall(example):
        environment[name + ("TOKEN" if kind == "CLIENT_ID" else kind)] = SECRET
    return environment
