"""Prints an artifact as smelt-score leaves it: what smelt-attest reads.

usage: artifact.py [target=typescript] [name=NAME] [version=V] [gate1=RESULT] ...
"""

import base64
import hashlib
import json
import sys

DIMENSIONS = ["description-clarity", "schema-completeness", "naming-consistency", "overlap", "error-surface",
              "observability-hooks"]
SECURITY = ["injection", "secrets", "dependencies", "tool-poisoning", "permissions"]
REQUIREMENTS = """\
# pinned
alpha-lib==1.2.0 \\
    --hash=sha256:{a} \\
    --hash=sha256:{b}
    # via
    #   -r requirements.in
    #   Gamma.Lib
beta_lib[extra]==2.0 ; python_version < "4" \\
    --hash=sha256:{c}
    # via alpha-lib
gamma.lib==0.1+local --hash=sha256:{d}
    # via -r requirements.in
""".format(a="a" * 64, b="b" * 64, c="c" * 64, d="d" * 64)


def integrity(text):
    return "sha512-" + base64.b64encode(hashlib.sha512(text.encode()).digest()).decode()


PACKAGE_LOCK = json.dumps({
    "name": "mcp-server", "lockfileVersion": 3, "packages": {
        "": {"dependencies": {"@scope/one": "1.0.0", "two": "2.0.0"}, "devDependencies": {"tsc": "5.0.0"}},
        "node_modules/@scope/one": {"version": "1.0.0", "integrity": integrity("one"), "license": "MIT",
                                    "dependencies": {"two": "^1"}},
        "node_modules/@scope/one/node_modules/two": {"version": "1.5.0", "integrity": integrity("two1"),
                                                     "license": "(MIT OR Apache-2.0)"},
        "node_modules/two": {"version": "2.0.0", "integrity": integrity("two2"), "license": "ISC",
                             "peerDependencies": {"absent": "*"}},
        "node_modules/tsc": {"version": "5.0.0", "integrity": integrity("tsc"), "dev": True,
                             "license": "SEE LICENSE IN x"},
        "node_modules/linked": {"resolved": "packages/linked", "link": True},
    }})


def tool(name, method, path):
    schema = {"type": "object", "properties": {"id": {"type": "string", "description": "identifier"}},
              "required": ["id"], "additionalProperties": False}
    return {"name": name, "title": name.replace("_", " ").title(), "description": f"{name} of the library — ünïcode 📚.",
            "inputSchema": schema,
            "annotations": {"title": name, "readOnlyHint": method == "GET", "destructiveHint": False,
                            "idempotentHint": True, "openWorldHint": True}}, {
        "binding": {"type": "http", "method": method, "server": "https://api.example.org/v1", "path": path,
                    "parameters": [], "response": {}, "idempotent": True},
        "security": [{"api-key": []}, {"login": ["read"]}]}


def emit(path, text, role="data", mode="0644"):
    data = text if isinstance(text, bytes) else text.encode()
    try:
        body = {"encoding": "utf-8", "text": data.decode()}
    except UnicodeDecodeError:
        body = {"encoding": "base64", "text": base64.b64encode(data).decode()}
    return {"kind": "emit", "path": path, "mode": mode, "role": role, "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest(), **body}


def records(name="library", version="1.4.0", target="python", gate1="pass", gate2="warn", binding="http"):
    tools = [tool("get_book", "GET", "/books/{id}"), tool("list_books", "GET", "/books")]
    if binding == "python":
        for _, bound in tools:
            bound["binding"] = {"type": "python", "module": "books", "qualname": "get", "async": False, "arguments": [
                {"argument": "id", "name": "id", "kind": "positional"}]}
    zero = "sha256:" + "0" * 64
    stages = ["intake", "ast", "tooldef", "codegen", "gate1", "gate2", "score"]
    yield {"kind": "smelt", "format": 1, "name": name, "stage": "score",
           "chain": [{"tool": f"smelt-{s}", "version": "0.1.0", "config": zero} for s in stages]}
    yield {"kind": "source", "type": "openapi", "name": name, "version": version, "location": "library.yaml",
           "entry": "library.yaml", "revision": "1" * 40, "digest": zero, "files": 1, "bytes": 10, "omitted": [],
           "omittedTotal": 0, "truncated": False}
    yield {"kind": "dep", "ecosystem": "PyPI", "name": "flask", "version": "3.0.0", "purl": "pkg:pypi/flask@3.0.0",
           "scope": "runtime", "direct": True, "hashes": ["sha256:" + "e" * 64], "license": "BSD-3-Clause",
           "loc": {"file": "requirements.txt", "line": 1, "col": 1, "endLine": 1, "endCol": 13}}
    for definition, bound in tools:
        yield {"kind": "tool", **definition, "callable": "x#" + definition["name"],
               "loc": {"file": "library.yaml", "line": 1, "col": 1, "endLine": 2, "endCol": 1}, "tokens": 40,
               "permissions": {"effects": ["net"], "hosts": ["api.example.org"], "scopes": []},
               "security": bound["security"], "binding": bound["binding"]}
    files = {
        "smelt.json": json.dumps({"format": 1, "target": target}),
        "tools.json": json.dumps({"tools": [t[0] for t in tools]}, ensure_ascii=False),
        "bindings.json": json.dumps({
            "format": 1, "server": {"name": name, "title": "The \"Library\" \\ API", "version": version},
            "securitySchemes": {"api-key": {"type": "apiKey", "in": "header", "name": "X-Key"},
                                "login": {"type": "http", "scheme": "basic"},
                                "unused": {"type": "http", "scheme": "bearer"}},
            "bindings": {t[0]["name"]: t[1] for t in tools}}),
        "handlers/" + "deep/" * 30 + "x.py": "pass\n",
        "logo.bin": bytes(range(256)),
        "empty": "",
    }
    if target == "python":
        files |= {"server.py": "print('hi')\n", "requirements.txt": REQUIREMENTS}
    else:
        files |= {"src/server.ts": "export {};\n", "package-lock.json": PACKAGE_LOCK}
    first = emit("smelt.json", files.pop("smelt.json"), "config")
    yield first
    for path in sorted(files):
        yield emit(path, files[path], mode="0755" if path == "server.py" else "0644")
    for stage, result in (("gate1", gate1), ("gate2", gate2)):
        scanned = [{"scanner": "sast", "status": "scanned", "text": ""},
                   {"scanner": "dependency", "status": "not-scanned", "text": "no --osv"}]
        yield {"kind": "verdict", "stage": stage, "result": result, "blocking": 0,
               "counts": {"error": 0, "warning": 1, "note": 0, "suppressed": 0}, "scanned": scanned,
               **({"tools": [{"name": t[0]["name"], "result": "pass", "reasons": []} for t in tools]}
                  if stage == "gate2" else {}),
               "policy": zero, "judge": "static"}
    yield {"kind": "grade", "score": 88, "grade": "B", "potential": 97,
           "dimensions": [{"id": each, "score": 88, "grade": "B", "deductions": []} for each in DIMENSIONS],
           "security": [{"id": each, "score": 100, "grade": "A", "evidence": []} for each in SECURITY],
           "cutoffs": {"A": 90, "B": 80}, "fixes": []}
    yield {"kind": "end"}


if __name__ == "__main__":
    for record in records(**dict(arg.split("=", 1) for arg in sys.argv[1:])):
        print(json.dumps(record, ensure_ascii=False, separators=(",", ":")))
