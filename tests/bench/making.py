"""What the chain costs by the driver and by make, on a document of nine operations."""
import os
import re
import shutil
import subprocess
import time

from figure import measure, say

TOOLS = ["smelt"] + ["smelt-" + name for name in (
    "intake ast tooldef codegen gate1 gate2 score attest").split()]
TOP = os.getcwd()
BIN = os.path.join(os.environ["O"], "bin")
DOCUMENT = os.path.join(TOP, "examples/openapi/library.yaml")
MAKEFILE = """SMELT_BIN = {bin}
SMELT_SHARE = {share}
SMELT_KEY = {key}
SMELT_SERVERS = {servers}
{sources}
include {top}/mk/smelt.mk
"""


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


def start(work):
    for tool in TOOLS:
        measure(f"{tool} --version", 10, "ms", [tool, "--version"], runs=21)
