"""artifact.py [--tool JSON]... [--record JSON]... [DIR|FILE]...

Write an artifact, as smelt-tooldef would, whose file records are the files
given (below DIR by their path in it), for the tests of the gates.
"""
import base64
import hashlib
import json
import os
import sys

LANGUAGES = {".py": "python", ".js": "javascript", ".ts": "typescript",
             ".tsx": "tsx", ".json": "json", ".yaml": "yaml",
             ".toml": "toml", ".md": "markdown"}


def put(record):
    print(json.dumps(record, separators=(",", ":"), ensure_ascii=False))


def file_record(path, data, kind="file"):
    try:
        encoding, text = "utf-8", data.decode()
    except UnicodeDecodeError:
        encoding, text = "base64", base64.b64encode(data).decode()
    record = {"kind": kind, "path": path}
    if kind == "file":
        language = LANGUAGES.get(os.path.splitext(path)[1], "text")
        record["language"] = language
    else:
        record.update(mode="0644", role="runtime")
    record.update(size=len(data), sha256=hashlib.sha256(data).hexdigest(),
                  encoding=encoding, text=text)
    return record


def files(operand):
    if not os.path.isdir(operand):
        yield os.path.basename(operand), operand
        return
    for top, dirs, names in os.walk(operand):
        dirs.sort()
        for name in sorted(names):
            full = os.path.join(top, name)
            yield os.path.relpath(full, operand), full


def main(args):
    records, operands = [], []
    while args:
        arg = args.pop(0)
        if arg in ("--tool", "--record"):
            records.append(json.loads(args.pop(0)))
        else:
            operands.append(arg)
    digest = "sha256:" + "0" * 64
    put({"kind": "smelt", "format": 1, "name": "sample", "stage": "tooldef",
         "chain": [{"tool": "smelt-tooldef", "version": "0.1.0",
                    "config": digest}]})
    for operand in operands:
        for path, full in files(operand):
            with open(full, "rb") as stream:
                put(file_record(path, stream.read()))
    for record in records:
        put(record)
    put({"kind": "end"})


if __name__ == "__main__":
    main(sys.argv[1:])
