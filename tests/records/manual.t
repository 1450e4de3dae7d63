#!/usr/bin/env python3
"""smelt-records(5) names every kind and every member that our schemas have."""
import json
import os
import re
import sys

SHARE = os.environ["SMELT_SHARE"]


def own_members(schema):
    return [m for m in schema["properties"] if m != "kind"]


def sections(text):
    parts = re.split(r"(?m)^\.Ss (\S+).*$", text)
    return dict(zip(parts[1::2], parts[2::2]))


def main():
    with open("man/smelt-records.5", encoding="utf-8") as f:
        page = sections(f.read().split(".Sh EXAMPLES")[0])
    results = []
    for name in sorted(os.listdir(os.path.join(SHARE, "schemas"))):
        kind = name.split(".")[0]
        if kind == "loc":
            continue
        with open(os.path.join(SHARE, "schemas", name), encoding="utf-8") as f:
            schema = json.load(f)
        section = page.get(kind)
        results.append((f"{kind} has a section", section is not None))
        words = set(re.findall(r"[A-Za-z0-9_$]+", section or ""))
        for member in own_members(schema):
            results.append((f"{kind}.{member} is named", member in words))
    for i, (what, good) in enumerate(results, 1):
        print(f"{'' if good else 'not '}ok {i} - {what}")
    print(f"1..{len(results)}")
    return 0 if all(good for _, good in results) else 1


sys.exit(main())
