#!/usr/bin/env python3
"""dynamic.py DOCUMENT: a large API as a dynamic server and as a static one.

Prints JSON Lines, {"what", "target"?, "got", "want"?}: tokens of tools/list by a
real tokenizer, seconds from start to tools/list of both (medians), milliseconds of
a search and its way over stdio (the best of a dozen, which a busy machine changes
less, and of several queries the slowest)."""
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

HELLO = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}}
QUERIES = ["create an issue", "list pull requests of a repository", "delete a release asset",
           "who starred a gist", "rerun failed jobs", "code scanning alerts of an organization"]
COUNT = """
const { readFileSync } = require("node:fs");
const { encode } = require("gpt-tokenizer/encoding/o200k_base");
console.log(encode(JSON.stringify(JSON.parse(readFileSync(process.argv[1], "utf8")).tools)).length);
"""


class Server:
    def __init__(self, target, folder):
        command = ["python", "server.py"] if target == "python" else ["node", "dist/server.js"]
        self.began = time.perf_counter()
        self.child = subprocess.Popen(command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL, env=os.environ | {"SMELT_LOG": "off"})
        self.next = 0

    def request(self, method, params):
        self.next += 1
        message = {"jsonrpc": "2.0", "id": self.next, "method": method, "params": params}
        self.child.stdin.write(json.dumps(message).encode() + b"\n")
        self.child.stdin.flush()
        return json.loads(self.child.stdout.readline())["result"]

    def open(self):
        """Seconds from the start to the list."""
        self.request("initialize", HELLO)
        self.child.stdin.write(b'{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
        self.request("tools/list", {})
        return time.perf_counter() - self.began

    def close(self):
        self.child.stdin.close()
        self.child.wait()


def start(target, folder):
    times = []
    for _ in range(5):
        server = Server(target, folder)
        times.append(server.open())
        server.close()
    return statistics.median(times)


def search(target, folder):
    server = Server(target, folder)
    server.open()
    times = {}
    for _ in range(12):
        time.sleep(0.7)  # the limit of rate
        for query in QUERIES:
            began = time.perf_counter()
            answer = server.request("tools/call", {"name": "search_tools", "arguments": {"query": query}})
            took = 1000 * (time.perf_counter() - began)
            times[query] = min(took, times.get(query, took))
            assert answer["structuredContent"]["total"] > 0, query
    server.close()
    return max(times.values())


def generate(work, artifact, target, mode):
    folder = os.path.join(work, f"{target}-{mode}")
    subprocess.run(["smelt-codegen", "-q", "-t", target, "-m", mode, "-d", folder, "-o", folder + ".jsonl", artifact],
                   check=True)
    if target == "typescript":
        modules = os.environ["NODE_PATH"]
        os.symlink(modules, os.path.join(folder, "node_modules"))
        subprocess.run(["node", modules + "/typescript/bin/tsc", "-p", "."], cwd=folder, check=True)
    return folder


def tokens(folder):
    done = subprocess.run(["node", "-e", COUNT, os.path.join(folder, "tools.json")], capture_output=True, text=True, check=True)
    return int(done.stdout)


def say(**figure):
    print(json.dumps(figure), flush=True)


def main():
    with tempfile.TemporaryDirectory() as work:
        artifact = os.path.join(work, "tools.jsonl")
        chain = 'smelt-intake -q "$1" | smelt-ast -q | smelt-tooldef -q -o "$2"'
        subprocess.run(["sh", "-c", chain, "sh", sys.argv[1], artifact], check=True)
        for target in ("python", "typescript"):
            static, dynamic = (generate(work, artifact, target, mode) for mode in ("static", "dynamic"))
            if target == "python":
                say(what="tokens", got=tokens(dynamic), static=tokens(static))
            say(what="start", target=target, got=start(target, dynamic), static=start(target, static))
            say(what="search", target=target, got=search(target, dynamic))


main()
