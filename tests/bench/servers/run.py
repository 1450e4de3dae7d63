"""run.py: what a generated server costs beside one written by hand.

Both run on the same SDK and HTTP client and ask the same upstream, in turns.
One JSON line a figure: {"target", "what", "generated", "bare"}, in milliseconds:
the medians of a call over stdio, and of the time from the start to tools/list."""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
TOOLS = 19
CALLS = int(os.environ.get("BENCH_CALLS", "500"))
STARTS = int(os.environ.get("BENCH_STARTS", "9"))


class Server:
    """A process that speaks the protocol over stdio."""

    def __init__(self, command, environ, tool="thing_0"):
        self._tool = tool
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL if not os.environ.get("BENCH_LOUD") else None, env=os.environ | environ, cwd="/")
        self._id = 0

    def _send(self, message):
        self._process.stdin.write(json.dumps({"jsonrpc": "2.0"} | message).encode() + b"\n")
        self._process.stdin.flush()

    def ask(self, method, params):
        self._id += 1
        self._send({"id": self._id, "method": method, "params": params})
        while True:
            line = self._process.stdout.readline()
            if not line:
                sys.exit(f"{self._process.args}: ended")
            answer = json.loads(line)
            if answer.get("id") == self._id:
                return answer["result"]

    def hello(self):
        self.ask("initialize", {"protocolVersion": "2025-11-25", "capabilities": {},
                                "clientInfo": {"name": "bench", "version": "1"}})
        self._send({"method": "notifications/initialized"})

    def call(self):
        """Seconds of one call."""
        began = time.perf_counter()
        result = self.ask("tools/call", {"name": self._tool, "arguments": {"id": "a b", "page": 3}})
        took = time.perf_counter() - began
        if result.get("isError") or result["structuredContent"]["id"] != 7:
            sys.exit(f"{self._process.args}: {result}")
        return took

    def stop(self):
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


def document(url):
    def operation(number):
        answer = {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
                  "required": ["id"]}
        return {"get": {
            "operationId": f"thing{number}", "summary": f"Get thing {number}",
            "description": "Reads one thing with its name, its tags and its size.",
            "parameters": [
                {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
                {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1}}],
            "responses": {"200": {"description": "It", "content": {"application/json": {"schema": answer}}}}}}

    return {"openapi": "3.1.0", "info": {"title": "Things", "version": "1"},
            "servers": [{"url": url}],
            "paths": {f"/things/{n}/{{id}}": operation(n) for n in range(TOOLS)}}


def generate(work, target, url):
    """The command that starts the generated server, and the name of its first tool."""
    source, folder = work / "things.json", work / target
    source.write_text(json.dumps(document(url)))
    records = subprocess.run(["smelt-intake", "-q", str(source)], stdout=subprocess.PIPE, check=True).stdout
    for stage in (["smelt-ast"], ["smelt-tooldef"], ["smelt-codegen", "--target", target, "--dir", str(folder)]):
        records = subprocess.run([stage[0], "-q", *stage[1:]], input=records, stdout=subprocess.PIPE, check=True).stdout
    bindings = json.loads((folder / "bindings.json").read_text())
    bindings["limits"] |= {"ratePerSecond": 1000000, "burst": 1000000}
    (folder / "bindings.json").write_text(json.dumps(bindings))
    tool = next(name for name, bound in bindings["bindings"].items()
                if bound["binding"]["path"] == "/things/0/{id}")
    if target == "python":
        return [sys.executable, str(folder / "server.py")], tool
    (folder / "node_modules").symlink_to(os.environ["NODE_PATH"])
    subprocess.run(["node", "node_modules/typescript/bin/tsc", "-p", "."], cwd=folder, check=True)
    return ["node", str(folder / "dist/server.js")], tool


def bare(work, target, url):
    if target == "python":
        return [sys.executable, str(HERE / "bare.py"), url]
    (work / "bare.mjs").write_text((HERE / "bare.mjs").read_text())
    (work / "node_modules").symlink_to(os.environ["NODE_PATH"])
    return ["node", str(work / "bare.mjs"), url]


def calls(commands, tool):
    servers = [Server(commands[0], {"SMELT_LOG": "info"}, tool), Server(commands[1], {})]
    times = [[], []]
    for server in servers:
        server.hello()
    for number in range(CALLS + 50):
        for server, kept in zip(servers, times):
            took = server.call()
            if number >= 50:
                kept.append(took)
    for server in servers:
        server.stop()
    return [1000 * statistics.median(kept) for kept in times]


def starts(commands, _):
    times = [[], []]
    for number in range(STARTS + 1):
        for command, kept in zip(commands, times):
            began = time.perf_counter()
            server = Server(command, {})
            server.hello()
            server.ask("tools/list", {})
            if number:
                kept.append(time.perf_counter() - began)
            server.stop()
    return [1000 * statistics.median(kept) for kept in times]


def main():
    upstream = subprocess.Popen(["node", str(HERE / "upstream.mjs")], stdout=subprocess.PIPE)
    url = f"http://127.0.0.1:{int(upstream.stdout.readline())}"
    targets = sys.argv[1:] or ["python", "typescript"]
    try:
        for target in targets:
            with tempfile.TemporaryDirectory() as name:
                work = pathlib.Path(name)
                command, tool = generate(work, target, url)
                commands = [command, bare(work, target, url)]
                for what, measure in (("call", calls), ("start", starts)):
                    generated, by_hand = measure(commands, tool)
                    print(json.dumps({"target": target, "what": what, "generated": generated, "bare": by_hand}), flush=True)
    finally:
        upstream.kill()


main()
