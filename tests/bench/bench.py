#!/usr/bin/env python3
"""bench.py: what smelt and its servers cost on this machine.

Prints a line a figure: the median of several runs (CPU: the best), the figure to
reach and their ratio. PARTS chooses: chain, make, edit, idle, start, github,
petstore, largest, corpus, tokens, ast, servers, dynamic. Run by make bench."""
import json
import os
import platform
import re
import subprocess
import sys
import tempfile

import figure
from documents import GITHUB, corpus, github, largest, petstore
from figure import say
from making import chain, edit, idle, make, start


def machine():
    with open("/proc/cpuinfo") as f:
        cpu = re.search(r"model name\s*: (.*)", f.read())
    with open("/proc/meminfo") as f:
        memory = int(re.search(r"MemTotal:\s*(\d+)", f.read())[1]) / 1048576
    print(f"{cpu[1] if cpu else platform.machine()}, {os.cpu_count()} cores, "
          f"{memory:.0f} GiB, {platform.system()} {platform.release()}, "
          f"load {os.getloadavg()[0]:.1f}")


def lines(command):
    """The JSON lines that a program prints."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()]


def ast(work):
    done = subprocess.run(["sh", "tests/bench/ast.sh", os.path.join(
        os.environ["O"], "tests/parse-only")], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    found = re.search(r"(\d+) files, ([0-9.]+) MB: parsing alone ([0-9.]+) s, smelt-ast "
                      r"([0-9.]+) s, ratio ([0-9.]+)", done.stdout)
    say(f"smelt-ast on {found[1]} Python files, {found[2]} MB", float(found[4]), None, "s",
        f"parsing alone {found[3]} s")
    say("its ratio to parsing alone", float(found[5]), 1.6, "")


def tokens(work):
    for row in lines(["node", "tests/bench/tokens.mjs"]):
        say(row["what"], row["got"], row["want"], row["unit"], row["note"])


def servers(work):
    for row in lines([sys.executable, "tests/bench/servers/run.py"]):
        got, bare = row["generated"], row["bare"]
        note = f"{got:.2f} ms, by hand {bare:.2f} ms"
        if row["what"] == "call":
            say(f"{row['target']} server, a call beyond the SDK's own", got - bare, 1.5, "ms", note)
        else:
            say(f"{row['target']} server, start to tools/list, ratio", got / bare, 1.15, "", note)


def dynamic(work):
    for row in lines([sys.executable, "tests/bench/dynamic.py", GITHUB]):
        got, target = row["got"], row.get("target")
        if row["what"] == "tokens":
            say("GitHub, dynamic: tools/list", got, 2500, "tok", f"{row['static']:,} static")
        elif row["what"] == "start":
            say(f"{target}, start to tools/list, ratio to static", got / row["static"], 1, "",
                f"{got:.2f} s, static {row['static']:.2f} s")
        else:
            say(f"{target}, a search", got, 5, "ms")


def main():
    parts = [chain, make, edit, idle, start, github, petstore, largest, corpus, tokens, ast, servers, dynamic]
    names = os.environ.get("PARTS", "").split() or [part.__name__ for part in parts]
    machine()
    with tempfile.TemporaryDirectory() as work:
        subprocess.run(["smelt-attest", "-q", "--gen-key", os.path.join(work, "key")],
                       check=True)
        for part in parts:
            if part.__name__ in names:
                part(work)
    print("all figures reached" if not figure.missed else f"{figure.missed} figures missed")


main()
