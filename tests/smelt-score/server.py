"""Prints an artifact as smelt-gate2 leaves it, of a server with nothing wanting.

usage: server.py [CHANGE...]   each CHANGE makes one rule of score.yaml fire
       server.py --list        the changes
"""

import copy
import hashlib
import json
import sys

ZERO = "sha256:" + "0" * 64
LIMITS = {"timeoutSeconds": 30, "totalSeconds": 60, "maxResponseBytes": 1048576, "maxAttempts": 3, "ratePerSecond": 10,
          "burst": 20, "concurrency": 8, "breakerFailures": 5, "breakerSeconds": 30, "maxDepth": 64}
RUNTIME = """\
# stands for a runtime: the strings that score.yaml looks for
result = {"is_error": True}
def mask(text): ...
closed = schema["additionalProperties"]
wait = headers["Retry-After"]
histogram("mcp.server.operation.duration")
attributes = {"mcp.method.name": "tools/call", "gen_ai.tool.name": name, "error.type": "tool_error"}
print(json.dumps(line), file=sys.stderr)
route("/healthz")
"""


def tool(name, method, path, description, properties=None, required=(), output=None):
    reading = method == "GET"
    title = name.replace("_", " ").capitalize()
    return {
        "name": name, "title": title, "description": description,
        "inputSchema": {"type": "object", "properties": properties or {}, "required": list(required),
                        "additionalProperties": False},
        "outputSchema": output or {"type": "object", "properties": {"id": {"type": "string"}}},
        "annotations": {"title": title, "readOnlyHint": reading, "destructiveHint": method == "DELETE",
                        "idempotentHint": method != "POST", "openWorldHint": True},
        "callable": f"{method} {path}", "loc": {"file": "library.yaml", "line": 7, "col": 3, "endLine": 9, "endCol": 1},
        "tokens": 60, "permissions": {"effects": ["net"], "hosts": ["library.example"], "scopes": []}, "security": [],
        "binding": {"type": "http", "method": method, "server": "https://library.example/v1", "path": path,
                    "parameters": [], "response": {}, "idempotent": method != "POST"}}


def text(description):
    return {"type": "string", "description": description, "maxLength": 80}


def server():
    """Records by kind, all good."""
    tools = [
        tool("list_books", "GET", "/books", "Lists the books of the catalogue by title, a page at a time. Use this when no "
             "identifier is known.", {"page_size": {"type": "integer", "description": "books on a page", "minimum": 1,
                                                    "maximum": 100}}),
        tool("get_book", "GET", "/books/{book_id}", "Returns everything known about one book. Needs its identifier: use "
             "list_books to find it.", {"book_id": text("identifier of the book")}, ["book_id"]),
        tool("delete_member", "DELETE", "/members/{member_id}", "Removes a member for good and returns the closed account, "
             "unless a loan of the member is open.", {"member_id": text("identifier of the member")}, ["member_id"]),
        tool("create_loan", "POST", "/loans", "Creates a loan of a copy to a member and returns when it ends. Use this only "
             "if the copy is there.", {"copy_id": text("identifier of the copy"), "lender_id": text("who lends it")}),
    ]
    callables = [{
        "kind": "callable", "id": t["callable"], "type": "operation", "name": t["name"], "unit": "library.yaml",
        "loc": t["loc"], "parameters": [],
        "responses": [{"status": "200", "content": [{"mediaType": "application/json", "schema": {}}]},
                      {"status": "404", "content": []}],
        "auth": {"required": False, "requirements": []}, "visibility": "public", "visibilityEvidence": "documented",
        "effects": [], "digest": ZERO} for t in tools]
    scanned = {"gate1": ["sast", "secret", "dependency", "poison"], "gate2": ["drift", "permission", "emitted"]}
    verdicts = [{
        "kind": "verdict", "stage": stage, "result": "pass", "blocking": 0,
        "counts": {"error": 0, "warning": 0, "note": 0, "suppressed": 0},
        "scanned": [{"scanner": each, "status": "scanned"} for each in scanners], "policy": ZERO, "judge": "static"}
        for stage, scanners in scanned.items()]
    return {"tools": tools, "callables": callables, "verdicts": verdicts, "findings": [], "runtime": RUNTIME,
            "requirements": "fastmcp==4.1.2 --hash=sha256:" + "a" * 64 + "\n", "limits": dict(LIMITS), "name": "library",
            "title": "City Library"}


def emit(path, body, role="runtime"):
    data = body.encode()
    return {"kind": "emit", "path": path, "mode": "0644", "role": role, "size": len(data),
            "sha256": hashlib.sha256(data).hexdigest(), "encoding": "utf-8", "text": body}


def records(s):
    stages = ["intake", "ast", "tooldef", "codegen", "gate1", "gate2"]
    yield {"kind": "smelt", "format": 1, "name": s["name"], "stage": "gate2",
           "chain": [{"tool": f"smelt-{each}", "version": "0.1.0", "config": ZERO} for each in stages]}
    yield {"kind": "source", "type": "openapi", "name": s["name"], "location": "library.yaml", "digest": ZERO, "files": 1,
           "bytes": 9, "omitted": [], "omittedTotal": 0, "truncated": False}
    yield from s["callables"]
    for each in s["tools"]:
        yield {"kind": "tool", **each}
    yield emit("smelt.json", json.dumps({"format": 1, "target": "python"}), "config")
    bindings = {"format": 1, "server": {"name": s["name"], "title": s["title"], "version": "1.2.0"}, "securitySchemes": {},
                "bindings": {}, "limits": s["limits"]}
    yield emit("bindings.json", json.dumps(bindings), "data")
    yield emit("requirements.txt", s["requirements"], "config")
    yield emit("smelt_runtime/runtime.py", s["runtime"])
    yield from s["findings"]
    yield from s["verdicts"]
    yield {"kind": "end"}


def finding(scanner, level="error", suppressed=False):
    more = {"suppressed": {"justification": "known", "owner": "me", "expires": "2099-01-01"}} if suppressed else {}
    return {"kind": "finding", "stage": "gate1", "rule": scanner + "-rule", "scanner": scanner, "level": level,
            "severity": 5.0, "message": {"text": "something is wrong", "id": "default", "arguments": []},
            "loc": {"file": "app.py", "line": 3, "col": 1, "endLine": 3, "endCol": 9}, "fingerprint": ZERO,
            "lineHash": "abc:1", "tags": ["security"], **more}


CHANGES = {}


def change(function):
    CHANGES[function.__name__.replace("_", "-")] = function
    return function


def describe(name, description):
    CHANGES[name] = lambda s: s["tools"][1].update(description=description)


def rename(rule, name):
    CHANGES[rule] = lambda s: s["tools"][1].update(name=name)


def drop(rule, *words):
    def edit(s):
        for word in words:
            assert word in s["runtime"], word
            s["runtime"] = s["runtime"].replace(word, "gone")
    CHANGES[rule] = edit


def schema(rule, edit):
    CHANGES[rule] = lambda s: edit(s["tools"][1])


describe("description-missing", "")
describe("description-tautology", "Gets the book.")
describe("description-short", "Returns book.")
describe("description-terse", "Returns a book, unless gone.")
describe("description-long", "Returns a book. Use this only when it is known. " + "It knows many things about each book. " * 20)
describe("description-endless", "Returns a book. Use this only when it is known. " + "It knows many things about each book. " * 40)
describe("description-no-verb", "Catalogue entry of one book, with details. Use this only when the identifier is known.")
describe("description-no-resource", "Returns everything there is to know about it. Use this only when the identifier is known.")
describe("description-no-usage", "Returns everything the catalogue holds about one book, with up to a hundred of its copies.")
describe("description-no-result", "Gets one book of the catalogue. Use this only when the identifier is known already.")
describe("description-no-limit", "Returns everything about one book of the catalogue. Use this for the page of a book.")
describe("description-filler", "Returns one book. This tool simply allows you to see everything. Use this only when it is known.")
describe("description-markup", "Returns <b>one</b> book with everything in it. Use this only when the identifier is known.")
CHANGES["description-silent-change"] = lambda s: s["tools"][2].update(
    description="Returns what becomes of a member, unless a loan of the member is open.")
CHANGES["description-repeats-schema"] = lambda s: s["tools"][3].update(
    description="Creates a loan. Use this when needed. copy_id: identifier of the copy in the house; "
    "lender_id: the member who lends the copy.",
    inputSchema={**s["tools"][3]["inputSchema"], "properties": {
        "copy_id": text("identifier of the copy in the house"), "lender_id": text("the member who lends the copy")}})
schema("schema-undescribed", lambda t: t["inputSchema"]["properties"]["book_id"].pop("description"))
schema("schema-untyped", lambda t: t["inputSchema"]["properties"].update(book_id={"description": "identifier"}))
schema("schema-unbounded", lambda t: t["inputSchema"]["properties"]["book_id"].pop("maxLength"))
schema("schema-open", lambda t: t["inputSchema"].pop("additionalProperties"))
schema("schema-no-output", lambda t: t.pop("outputSchema"))
schema("schema-vague-output", lambda t: t.update(outputSchema={"type": "object"}))
schema("schema-annotations", lambda t: t["annotations"].pop("openWorldHint"))
schema("schema-no-title", lambda t: t.update(title=""))
schema("schema-remote-ref", lambda t: t["outputSchema"]["properties"].update(x={"$ref": "https://example.org/x.json"}))
schema("schema-wide", lambda t: t["inputSchema"]["properties"].update({f"part_{c}{c}": text("a part") for c in "abcdefghijklm"}))


@change
def schema_deep(s):
    node = text("leaf")
    for _ in range(6):
        node = {"type": "object", "description": "level", "properties": {"below": node}}
    s["tools"][1]["inputSchema"]["properties"]["book_id"] = node


rename("name-charset", "getBook")
rename("name-length", "get_book_of_the_catalogue_of_the_city_library")
rename("name-no-verb", "catalogue_book")
rename("name-one-word", "get")
rename("name-vague", "handle_book")
rename("name-number", "get_book_2")


@change
def name_synonym(s):
    more = copy.deepcopy(s["tools"][1])
    more.update(name="fetch_copy_of_shelf", description="Fetches where a copy stands on the shelf, with details, if the copy is in the house.")
    more["inputSchema"]["properties"] = {"shelf_id": text("identifier of the shelf")}
    s["tools"].append(more)


schema("name-parameter-style", lambda t: t["inputSchema"]["properties"].update(bookNumber=text("number")))
schema("name-parameter-vague", lambda t: t["inputSchema"]["properties"].update(data=text("data")))


@change
def overlap_same(s):
    twin = copy.deepcopy(s["tools"][1])
    twin["name"] = "get_books"
    s["tools"].append(twin)


@change
def overlap_near(s):
    twin = copy.deepcopy(s["tools"][1])
    twin["name"] = "get_book_again"
    twin["description"] += " Much the same."
    s["tools"].append(twin)


def many(rule, count):
    def edit(s):
        for i in range(count - len(s["tools"])):
            word = "".join(chr(97 + int(d)) * 2 for d in str(i)) + "zone"
            s["tools"].append({**copy.deepcopy(s["tools"][0]), "name": f"list_{word}",
                               "description": f"Lists every {word} of {word}ville, at most ten. Use this only when {word}land is meant.",
                               "callable": f"GET /{word}"})
            s["tools"][-1]["inputSchema"]["properties"] = {f"{word}_id": text(word)}
    CHANGES[rule] = edit


many("overlap-heavy", 16)
many("overlap-crowded", 26)
many("overlap-flood", 51)
CHANGES["error-undocumented"] = lambda s: s["callables"][1]["responses"].pop()
schema("error-annotation", lambda t: t["binding"].update(method="DELETE"))
schema("error-unsafe-retry", lambda t: (t["binding"].update(method="POST"),
                                        t["annotations"].update(readOnlyHint=False, idempotentHint=False)))
CHANGES["error-limit"] = lambda s: s["limits"].pop("timeoutSeconds")
CHANGES["error-limit-loose"] = lambda s: s["limits"].update(timeoutSeconds=1000)
drop("error-no-result-mapping", "is_error")
drop("error-raw", "def mask")
drop("error-no-validation", "additionalProperties")
drop("error-no-retry-after", "Retry-After")
drop("hook-duration", "mcp.server.operation.duration")
drop("hook-attributes", "gen_ai.tool.name")
drop("hook-error-type", "error.type")
drop("hook-logs", "stderr")
drop("hook-health", "/healthz")
CHANGES["hook-spans"] = CHANGES["hook-context"] = lambda s: s.update(requirements="other==1\n")
LISTED = list(CHANGES)

# Further servers, not one rule each.
CHANGES["security"] = lambda s: (
    s["findings"].extend([finding("sast"), finding("secret", "warning"), finding("poison", "note"),
                          finding("drift", "error", True)]),
    s["verdicts"][0]["scanned"][2].update(status="not-scanned", text="no --osv"))


@change
def hostile(s):
    evil = "\"><script>alert(1)</script><img src=x onerror=alert(1)>&amp;\u202etxt\u0007]]>--><!--"
    s["title"] = "Evil " + evil
    t = s["tools"][1]
    t.update(name="get_book<script>", title=evil, description="", loc={**t["loc"], "file": "a<b>.yaml"})
    t["inputSchema"]["properties"][evil] = {}
    s["findings"].append(finding("sast"))
    s["findings"][0]["message"]["text"] = evil


@change
def silent(s):
    s["tools"][2].pop("outputSchema")
    s["tools"][2]["description"] = "Removes a member for good, unless a loan of the same member is still open."
    s["callables"][2]["responses"] = [{"status": "204", "content": []}, {"status": "404", "content": []}]


@change
def namespaced(s):
    for t, name in zip(s["tools"], ["books_list_all", "books_get_book", "members_delete_member", "members_create_loan"]):
        t["name"] = name
    s["tools"][1]["description"] = s["tools"][1]["description"].replace("list_books", "books_list_all")


@change
def poor(s):
    for name in ["description-tautology", "schema-undescribed", "schema-no-output", "name-parameter-vague", "error-limit",
                 "hook-health", "error-undocumented", "security"]:
        CHANGES[name](s)


@change
def foreign(s):
    s["tools"][1]["description"] = "目录中一本书的全部信息，包括作者、出版年份和馆藏副本的数量，需要图书标识符。"


@change
def huge(s):
    for i in range(400):
        t = copy.deepcopy(s["tools"][1])
        t.update(name=f"get_thing_{i}x", description="")
        s["tools"].append(t)


def main(names):
    if names == ["--list"]:
        print("\n".join(LISTED))
        return
    s = server()
    for name in names:
        CHANGES[name](s)
    for record in records(s):
        print(json.dumps(record, ensure_ascii=False, separators=(",", ":")))


if __name__ == "__main__":
    main(sys.argv[1:])
