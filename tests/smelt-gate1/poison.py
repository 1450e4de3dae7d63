"""poison.py artifact ROWS | poison.py rate ROWS FINDINGS [BOUND...]

artifact: tool records of the rows (name, description, inputSchema), each placed
at file row-N, as smelt-tooldef would write them.
rate: the share of rows, by label, that have a blocking finding. A BOUND is
label>=percent or label<=percent; exit 1 when one does not hold.
"""
import collections
import json
import re
import sys


def load(path):
    with open(path, encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def put(record):
    print(json.dumps(record, separators=(",", ":"), ensure_ascii=False))


def label(row):
    if row.get("kind") == "hard":
        return "hard"
    return row.get("label", "row")


def artifact(path):
    put({"kind": "smelt", "format": 1, "name": "rows", "stage": "tooldef",
         "chain": [{"tool": "smelt-tooldef", "version": "0.1.0",
                    "config": "sha256:" + "0" * 64}]})
    for number, row in enumerate(load(path), 1):
        schema = row.get("inputSchema")
        if not isinstance(schema, dict):
            schema = {"type": "object"}
        put({"kind": "tool", "name": row["name"], "title": "",
             "description": row["description"], "inputSchema": schema,
             "annotations": row.get("annotations") or {},
             "loc": {"file": f"row-{number}", "line": 1, "col": 1,
                     "endLine": 1, "endCol": 2}})
    put({"kind": "end"})


def rate(path, findings, bounds):
    blocked = set()
    for record in load(findings):
        if record["kind"] == "finding" and record.get("blocking"):
            blocked.add(record["loc"]["file"])
    total, hit, missed = collections.Counter(), collections.Counter(), []
    for number, row in enumerate(load(path), 1):
        total[label(row)] += 1
        if f"row-{number}" in blocked:
            hit[label(row)] += 1
        missed.append((label(row), f"row-{number}" in blocked, number))
    share = {name: 100 * hit[name] / total[name] for name in total}
    for name in sorted(total):
        print(f"{name}: {hit[name]} of {total[name]}, {share[name]:.2f} %")
    good = True
    for bound in bounds:
        name, sign, value = re.fullmatch(r"(\w+)(>=|<=)([\d.]+)",
                                         bound).groups()
        held = (share[name] >= float(value) if sign == ">=" else
                share[name] <= float(value))
        if not held:
            good = False
            print(f"does not hold: {bound}")
            print("rows:", *(n for lab, was, n in missed if lab == name and
                             was == (sign == "<=")))
    return 0 if good else 1


if __name__ == "__main__":
    if sys.argv[1] == "artifact":
        artifact(sys.argv[2])
    else:
        sys.exit(rate(sys.argv[2], sys.argv[3], sys.argv[4:]))
