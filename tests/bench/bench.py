#!/usr/bin/env python3
"""bench.py [NAME...]: what the chain costs on this machine.

Prints a line a figure: median of several runs, the figure to reach, their ratio,
and the best run and its CPU time, which a busy machine changes less. Names (chain, make, edit, idle, github, ast, start, servers, dynamic) choose. Run by make bench."""
import json
import os
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

TOOLS = ["smelt"] + ["smelt-" + name for name in (
    "intake ast tooldef codegen gate1 gate2 score attest").split()]
TOP = os.getcwd()
BIN = os.path.join(os.environ["O"], "bin")
DOCUMENT = os.path.join(TOP, "examples/openapi/library.yaml")
GITHUB = "build/deps/bench/node_modules/@octokit/openapi/generated/api.github.com.json"
MAKEFILE = """SMELT_BIN = {bin}
SMELT_SHARE = {share}
SMELT_KEY = {key}
SMELT_SERVERS = {servers}
{sources}
include {top}/mk/smelt.mk
"""
missed = 0


def say(what, got, want, unit, note=""):
    """One figure; want None: for information."""
    global missed
    number = "%.3f" if unit == "s" else "%.1f"
    line = f"{what:<48} {number % got:>9} {unit:<4}"
    if want is not None:
        missed += got > want
        line += f" of {want:g} {unit}  x{got / want:.2f}{'' if got <= want else '  MISSED'}"
    print(line + (f"  {note}" if note else ""), flush=True)


def cpu():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def measure(what, want, unit, command, cwd=None, before=None, runs=11):
    """Say the median wall time, after one run to warm up."""
    times = []
    for i in range(runs + 1):
        if before:
            before()
        began, used = time.perf_counter(), cpu()
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
        if i:
            times.append((time.perf_counter() - began, cpu() - used))
        if done.returncode:
            sys.exit(f"{command}: {done.returncode}\n{done.stderr}")
    times.sort()
    factor, digits = (1, 3) if unit == "s" else (1e3, 1)
    say(what, factor * times[len(times) // 2][0], want, unit,
        f"best {factor * times[0][0]:.{digits}f}, CPU {factor * min(t[1] for t in times):.{digits}f}")


def machine():
    with open("/proc/cpuinfo") as f:
        cpu = re.search(r"model name\s*: (.*)", f.read())
    with open("/proc/meminfo") as f:
        memory = int(re.search(r"MemTotal:\s*(\d+)", f.read())[1]) / 1048576
    print(f"{cpu[1] if cpu else platform.machine()}, {os.cpu_count()} cores, "
          f"{memory:.0f} GiB, {platform.system()} {platform.release()}, "
          f"load {os.getloadavg()[0]:.1f}")


def project(work, name, servers):
    """A directory with a Makefile for these servers: {name: source}."""
    p = os.path.join(work, name)
    os.makedirs(p)
    with open(os.path.join(p, "Makefile"), "w") as f:
        f.write(MAKEFILE.format(
            bin=BIN, share=os.environ["SMELT_SHARE"], top=TOP,
            key=os.path.join(work, "key"), servers=" ".join(servers),
            sources="\n".join(f"SMELT_SOURCE.{s} = {servers[s]}" for s in servers)))
    return p


def chain(work):
    out = os.path.join(work, "out")
    command = ["smelt", "-q", DOCUMENT, "-o", out, "--key", os.path.join(work, "key")]
    measure("examples/openapi, whole chain, driver", 0.25, "s", command,
            before=lambda: shutil.rmtree(out, ignore_errors=True))


def make(work):
    p = project(work, "make", {"library": DOCUMENT})
    measure("the same by make, from nothing", 0.4, "s", ["make"], p,
            lambda: shutil.rmtree(p + "/build", ignore_errors=True))


def edit(work):
    p = project(work, "edit", {"library": "library.yaml"})
    source = os.path.join(p, "library.yaml")
    with open(DOCUMENT) as f:
        text = f.read()
    for n, (what, words) in enumerate((
            ("first", text), ("comment", text.replace("\n", "  # a comment\n", 1)),
            ("description", text.replace("summary: Search the", "summary: Seek in the")))):
        with open(source, "w") as f:
            f.write(words)
        began = time.perf_counter()
        done = subprocess.run(["make"], cwd=p, capture_output=True, text=True, check=True)
        if n:
            ran = re.findall(r"SMELT library/(\S+)", done.stdout)
            say(f"make after a {what}-only edit", time.perf_counter() - began, None, "s",
                "ran: " + " ".join(ran))


def idle(work):
    p = project(work, "one", {"library": DOCUMENT})
    subprocess.run(["make"], cwd=p, capture_output=True, check=True)
    measure("make with nothing to do, 1 server", 30, "ms", ["make"], p, runs=31)
    with open(DOCUMENT) as f:
        text = f.read()
    sources = {f"s{n}": f"api/{n}.yaml" for n in range(100)}
    p = project(work, "hundred", sources)
    os.makedirs(p + "/api")
    for name in sources.values():
        with open(os.path.join(p, name), "w") as f:
            f.write(text.replace("City Library", "Library " + name))
    began = time.perf_counter()
    subprocess.run(["make", f"-j{os.cpu_count()}"], cwd=p, capture_output=True, check=True)
    say("make of 100 servers, from nothing", time.perf_counter() - began, None, "s")
    measure("make with nothing to do, 100 servers", 100, "ms", ["make"], p, runs=21)


def github(work):
    if not os.path.exists(GITHUB):
        print("GitHub's REST description: not here (make deps-bench)")
        return
    stages = ["smelt-intake", "smelt-ast", "smelt-tooldef", "smelt-codegen"]
    times, peaks = [], []
    out = os.path.join(work, "github.jsonl")
    for i in range(4):
        began = time.perf_counter()
        children, source = [], None
        for tool in stages:
            command = [tool, "-q"] + ([GITHUB] if source is None else []) + (
                ["-o", out] if tool == stages[-1] else [])
            child = subprocess.Popen(command, stdin=source or subprocess.DEVNULL,
                                     stdout=subprocess.PIPE)
            if source:
                source.close()
            source = child.stdout
            children.append(child)
        peak = []
        for child in children:
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = status
            peak.append(usage.ru_maxrss / 1024)
            if status:
                sys.exit(f"{child.args}: {status}")
        if i:
            times.append(time.perf_counter() - began)
            peaks.append(max(peak))
    say("GitHub REST (13 MB), intake to codegen", statistics.median(times), 1.5, "s")
    say("its largest process", statistics.median(peaks), 250, "MiB",
        " ".join(f"{t[6:]} {m:.0f}" for t, m in zip(stages, peak)))
    tools = inlined = 0
    with open(out, encoding="utf-8") as f:
        for line in f:
            if line.startswith('{"kind":"tool"'):
                tools += 1
                inlined = max(inlined, len(line))
    say("its tools", tools, None, "", f"longest record {inlined / 1024:.0f} KiB")


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


def start(work):
    for tool in TOOLS:
        measure(f"{tool} --version", 10, "ms", [tool, "--version"], runs=21)


def servers(work):
    done = subprocess.run([sys.executable, "tests/bench/servers/run.py"],
                          capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    for line in done.stdout.splitlines():
        figure = json.loads(line)
        got, bare = figure["generated"], figure["bare"]
        note = f"{got:.2f} ms, by hand {bare:.2f} ms"
        if figure["what"] == "call":
            say(f"{figure['target']} server, a call beyond the SDK's own", got - bare, 1.5, "ms", note)
        else:
            say(f"{figure['target']} server, start to tools/list, ratio", got / bare, 1.15, "", note)


def dynamic(work):
    if not os.path.exists(GITHUB):
        print("GitHub's REST description: not here (make deps-bench)")
        return
    done = subprocess.run([sys.executable, "tests/bench/dynamic.py", GITHUB], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    for line in done.stdout.splitlines():
        figure = json.loads(line)
        got, target = figure["got"], figure.get("target")
        if figure["what"] == "tokens":
            say("GitHub, dynamic: tools/list", got, 2500, "tok", f"{figure['static']:,} static")
        elif figure["what"] == "start":
            say(f"{target}, start to tools/list, ratio to static", got / figure["static"], 1, "",
                f"{got:.2f} s, static {figure['static']:.2f} s")
        else:
            say(f"{target}, a search", got, 5, "ms")


def main():
    parts = [chain, make, edit, idle, github, ast, start, servers, dynamic]
    names = sys.argv[1:] or [part.__name__ for part in parts]
    machine()
    with tempfile.TemporaryDirectory() as work:
        subprocess.run(["smelt-attest", "-q", "--gen-key", os.path.join(work, "key")],
                       check=True)
        for part in parts:
            if part.__name__ in names:
                part(work)
    print("all figures reached" if not missed else f"{missed} figures missed")


main()
