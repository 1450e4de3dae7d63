"""sast.py FINDINGS SAMPLE...: hold findings against the marks of the samples.

`ruleid: a, b` in a comment: the rules must find something that starts on the
next line that is no such comment; `ok: a`: the rule must not. Prints one line
for each rule and each sample that is wrong; TAP.
"""
import collections
import json
import os
import re
import sys

MARK = re.compile(r"(?:#|//)\s*(ruleid|ok):\s*([a-z0-9, -]+)")


def marks(path):
    want, quiet, pending = set(), set(), []
    with open(path, encoding="utf-8") as stream:
        for number, line in enumerate(stream, 1):
            match = MARK.search(line)
            if match:
                for rule in re.split(r"[,\s]+", match.group(2).strip()):
                    pending.append((match.group(1), rule))
                continue
            for kind, rule in pending:
                (want if kind == "ruleid" else quiet).add((rule, number))
            pending = []
    return want, quiet


def rules(directory):
    for top, _, names in os.walk(directory):
        for name in sorted(names):
            if name.endswith(".yaml"):
                with open(os.path.join(top, name), encoding="utf-8") as s:
                    yield from re.findall(r"^  - id: (\S+)$", s.read(), re.M)


def main(found_path, directory):
    found = collections.defaultdict(set)
    with open(found_path, encoding="utf-8") as stream:
        for line in stream:
            record = json.loads(line)
            if record["kind"] == "finding" and record["scanner"] == "sast":
                found[record["loc"]["file"]].add(
                    (record["rule"], record["loc"]["line"]))
    problems = collections.defaultdict(list)
    fires, keeps = set(), set()
    for top, _, names in os.walk(directory):
        for name in names:
            if name.endswith(".yaml"):
                continue
            path = os.path.join(top, name)
            want, quiet = marks(path)
            short = os.path.relpath(path, directory)
            fires |= {rule for rule, _ in want}
            keeps |= {rule for rule, _ in quiet}
            for rule, line in want - found[short]:
                problems[rule].append(f"{short}:{line}: not found")
            for rule, line in found[short] - want:
                if rule in {r for r, _ in want | quiet}:
                    problems[rule].append(f"{short}:{line}: found")
    count = 0
    for rule in rules(directory):
        if rule not in fires:
            problems[rule].append("no sample in which it must fire")
        if rule not in keeps:
            problems[rule].append("no sample in which it must be quiet")
        count += 1
        bad = problems[rule]
        print(f"{'not ok' if bad else 'ok'} {count} - {rule}")
        for text in sorted(bad):
            print(f"#   {text}")
    print(f"1..{count}")
    return any(problems.values())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
