#!/usr/bin/env python3
"""Hostile sources of the shared attack cases, intake alone.

Judged are the exit status, time, memory, the canaries, what is written, what
the output holds, and that every artifact conforms.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time

SHARED = os.path.join(os.getcwd(), "..", "shared", "attacks")
MANIFEST = os.path.join(SHARED, "dev", "manifest.jsonl")
CANARY = "/tmp/smelt-canary"
KINDS = {"raw", "archive", "repo", "nl"}
count = failed = 0


def result(good, name, why=""):
    global count, failed
    count += 1
    print(f"{'' if good else 'not '}ok {count} - {name}", flush=True)
    if not good:
        failed += 1
        print("# " + str(why).replace("\n", "\n# ")[:2000], file=sys.stderr)


def source(case, tmp):
    path = os.path.join(SHARED, case["file"])
    if case["kind"] != "repo":
        return path
    with tarfile.open(path) as t:
        # Python before 3.11.4 has no filters, and needs none of us
        if hasattr(tarfile, "tar_filter"):
            t.extraction_filter = tarfile.tar_filter
        t.extractall(os.path.join(tmp, "x"))
    return os.path.join(tmp, "x", "repo")


def listing(root):
    return sorted(os.path.join(d, f) for d, _, fs in os.walk(root) for f in fs)


def run(case, tmp, what):
    """Exit status, stderr, output, seconds and MB of one run."""
    out, err = os.path.join(tmp, "out.jsonl"), os.path.join(tmp, "err")
    start = time.monotonic()
    with open(err, "wb") as stream:
        p = subprocess.Popen(["smelt-intake", "-o", out, "--", what], cwd=tmp,
                             stderr=stream, stdout=stream)
        rc, used = None, None
        while rc is None:
            pid, status, used = os.wait4(p.pid, os.WNOHANG)
            if pid:
                rc = p.returncode = os.waitstatus_to_exitcode(status)
            elif time.monotonic() - start > (case.get("timeout_s") or 10):
                p.kill()
                start -= 1000
            else:
                time.sleep(0.002)
    seconds = time.monotonic() - start
    with open(err, "rb") as stream:
        said = stream.read()
    os.unlink(err)
    text = b""
    if os.path.exists(out):
        with open(out, "rb") as stream:
            text = stream.read()
    return rc, said, text, seconds, used.ru_maxrss / 1024


def conforms(out):
    p = subprocess.run(["node", "tests/records/validate.mjs", out],
                       capture_output=True, check=False)
    return p.returncode == 0, p.stdout + p.stderr


def sanitized():
    p = subprocess.run(["smelt-intake", "-v", "--text", "x"], capture_output=True, check=False)
    return b"sandbox: landlock" not in p.stderr


def judge(case, tmp):
    name = f"{case['id']} ({case['vector']})"
    what = source(case, tmp)
    seen = listing(tmp)
    rc, err, text, seconds, rss = run(case, tmp, what)
    want = {"accept": (0,), "refuse": (2,), "either": (0, 2)}[case["expect"]]
    result(rc in want, f"{name}: exit status", f"{rc} {err[:500]}")
    # a build with sanitizers takes some times more
    result(rss <= (case.get("rss_mb") or 256) / 4 or rss <= 256 and sanitized(), f"{name}: memory", f"{rss} MB")
    result(seconds <= 1, f"{name}: time", f"{seconds} s")
    new = set(listing(tmp)) - set(seen)
    result(new <= {os.path.join(tmp, "out.jsonl")} and bool(text) == (rc == 0),
           f"{name}: nothing else is written", new)
    if rc == 2:
        result(re.match(rb"^[^\n]*: error: [^\n]*\n$", err) is not None,
               f"{name}: one message", err)
    else:
        result(text.endswith(b'{"kind":"end"}\n'), f"{name}: whole", text[-200:])
        good, why = conforms(os.path.join(tmp, "out.jsonl"))
        result(good, f"{name}: conforms", why)
    result(b"\x1b" not in err, f"{name}: nothing raw on the terminal", err)
    for check in case["checks"]:
        if check["type"] == "output_lacks":
            bad = check["text"].encode()
            result(bad not in text + err, f"{name}: no {check['text']}")
        if check["type"] == "files_seen":
            n = text.count(b'{"kind":"file"')
            result(n == check["n"], f"{name}: {check['n']} files", n)
    result(sorted(os.listdir(CANARY)) == ["secret.yaml"], f"{name}: canaries",
           os.listdir(CANARY))


def main():
    if not os.path.exists(MANIFEST):
        print("1..0 # SKIP no ../shared/attacks here")
        return 0
    made = not os.path.exists(CANARY)
    os.makedirs(CANARY, exist_ok=True)
    shutil.copy(os.path.join(SHARED, "fixtures", "secret.yaml"), CANARY)
    with open(MANIFEST, encoding="utf-8") as f:
        cases = [json.loads(line) for line in f]
    for case in cases:
        if case["kind"] in KINDS:
            with tempfile.TemporaryDirectory() as tmp:
                judge(case, tmp)
    if made:
        shutil.rmtree(CANARY)
    print(f"1..{count}")
    return 1 if failed else 0


sys.exit(main())
