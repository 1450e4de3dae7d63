#!/usr/bin/env python3
"""Hostile OpenAPI documents through the whole chain, both targets.

The cases and their static checker lie in ../shared/attacks.  A case that its
checker can not judge alone (a running server, a trace) is judged by our own
checks below, never counted as passed without one.
"""
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.getcwd()
SHARED = os.path.join(ROOT, "..", "shared", "attacks")
MANIFEST = os.path.join(SHARED, "dev", "manifest.jsonl")
TYPESCRIPT = os.path.join(ROOT, "build/deps/node/node_modules/typescript")
CANARY = "/tmp/smelt-canary"
count = failed = 0


def result(good, name, why=""):
    global count, failed
    count += 1
    print(f"{'' if good else 'not '}ok {count} - {name}", flush=True)
    if not good:
        failed += 1
        print("# " + str(why).replace("\n", "\n# ")[:2000], file=sys.stderr)


def run(case, target, tmp):
    out, err = os.path.join(tmp, "out"), os.path.join(tmp, "err")
    before = time.monotonic()
    with open(err, "wb") as stream:
        p = subprocess.run(
            ["smelt", "--unsigned", "--no-fail", "-t", target, "-o", out,
             os.path.join(SHARED, case["file"])],
            stderr=stream, stdin=subprocess.DEVNULL, timeout=60)
    seconds = time.monotonic() - before
    rss = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return out, err, p.returncode, seconds, rss


def trace(case, target, tmp):
    """False without strace; else the calls are in tmp/trace."""
    if not shutil.which("strace"):
        return False
    p = subprocess.run(
        ["strace", "-f", "-qq", "-e", "trace=connect", "-o",
         os.path.join(tmp, "trace"), "smelt", "-q", "--unsigned", "--no-fail",
         "-t", target, "-o", os.path.join(tmp, "traced"),
         os.path.join(SHARED, case["file"])],
        stdin=subprocess.DEVNULL, timeout=120, check=False)
    if p.returncode != 0:
        raise OSError(f"the traced run ended with {p.returncode}")
    return True


def tools_of(out):
    with open(os.path.join(out, "tools.json"), encoding="utf-8") as f:
        return json.load(f)["tools"]


def records(out):
    with open(os.path.join(out, "artifact.jsonl"), encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def callables(out):
    return {r["callable"]: r for r in records(out) if r["kind"] == "tool"}


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for v in value:
            yield from strings(v)
    elif isinstance(value, dict):
        for k, v in value.items():
            yield k
            yield from strings(v)


def other_operations_kept(check, out):
    have = {r["callable"].split("#")[-1] for r in callables(out).values()}
    return all(o in have for o in check["operations"]) or have


def roundtrip_text(check, out):
    for c, r in callables(out).items():
        if c.endswith("#" + check["tool"]):
            return any(check["contains_marker"] in s for s in strings(
                {k: r[k] for k in ("title", "description", "inputSchema")}))
    return "no tool " + check["tool"]


def tool_names_unique(check, out):
    names = [t["name"] for t in tools_of(out)]
    return len(names) == len(set(names)) and len(names) > 0


def tool_count(check, out):
    got = len(tools_of(out))
    want = check.get("n", check.get("count", check.get("min", 1)))
    return got >= want or f"{got} tools"


def writes_only_under_out(check, out):
    return sorted(os.listdir(os.path.dirname(out))) == ["err", "out"]


def generated_mk_inert(check, out):
    made = [f for _, _, fs in os.walk(out) for f in fs
            if f.endswith((".mk", ".d")) or f == "Makefile"]
    return not made or made


def finding(check, out):
    return any(r["kind"] == "finding" and r["scanner"] == "poison"
               for r in records(out)) or "no poisoning finding"


def no_connect(check, out):
    """The whole chain again under strace: no socket is connected anywhere."""
    with open(os.path.join(os.path.dirname(out), "trace"), encoding="utf-8") as f:
        calls = [line for line in f if "connect(" in line]
    return not calls or calls[0]


# needs a running server: tests/wire/path.json has such calls, and both
# runtimes' wire.t make them
ELSEWHERE = {"upstream_path_re": "calls that leave their path are in tests/wire"}

OWN = {
    "other_operations_kept": other_operations_kept,
    "roundtrip_text": roundtrip_text,
    "tool_names_unique": tool_names_unique,
    "tool_count": tool_count,
    "writes_only_under_out": writes_only_under_out,
    "generated_mk_inert": generated_mk_inert,
    "finding": finding,
    "no_connect": no_connect,
}


def judge(case, target, tmp):
    name = f"{case['id']} {target}: {case['vector']}"
    out, err, rc, seconds, rss = run(case, target, tmp)
    if not os.path.isdir(out):
        os.makedirs(os.path.join(tmp, "none"), exist_ok=True)
    p = subprocess.run(
        [sys.executable, os.path.join(SHARED, "check.py"), MANIFEST,
         case["id"], out, "--stderr", err, "--rc", str(rc), "--seconds",
         f"{seconds:.2f}", "--rss-mb", f"{rss:.0f}", "--ts", TYPESCRIPT],
        capture_output=True, text=True, check=False)
    try:
        verdict = json.loads(p.stdout)
    except ValueError:
        result(False, name, p.stderr)
        return
    result(verdict["verdict"] != "fail", name,
           json.dumps(verdict) + open(err, errors="replace").read())
    if verdict["refused"]:
        return
    for check in case["checks"]:
        if check["type"] not in verdict["skipped"]:
            continue
        if check["type"] in ELSEWHERE:
            result(True, f"{name}: {check['type']} # SKIP "
                   + ELSEWHERE[check["type"]])
            continue
        if check["type"] == "no_connect" and not trace(case, target, tmp):
            result(True, f"{name}: no_connect # SKIP no strace")
            continue
        own = OWN.get(check["type"])
        if not own:
            result(False, f"{name}: {check['type']}", "nobody judges this")
            continue
        try:
            got = own(check, out)
        except (OSError, KeyError, ValueError) as e:
            got = repr(e)
        result(got is True, f"{name}: {check['type']}", got)


def main():
    if not os.path.exists(MANIFEST):
        print("1..0 # SKIP ../shared is absent")
        return 0
    os.makedirs(CANARY, exist_ok=True)
    shutil.copy(os.path.join(SHARED, "fixtures", "secret.yaml"), CANARY)
    with open(MANIFEST, encoding="utf-8") as f:
        cases = [json.loads(line) for line in f]
    for case in cases:
        if case["kind"] != "openapi":
            continue
        targets = {"ts": ["typescript"], "python": ["python"]}.get(
            case["target"], ["python", "typescript"])
        for target in targets:
            with tempfile.TemporaryDirectory() as tmp:
                judge(case, target, tmp)
    print(f"1..{count}")
    return 1 if failed else 0


sys.exit(main())
