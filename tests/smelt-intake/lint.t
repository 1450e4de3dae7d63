#!/usr/bin/env python3
# --lint: every rule with a friendly document (or one beside the point), a bad
# one, its place, and its fix; --sarif, --fix-overlay, hostile text.
import json
import os
import re
import subprocess
import sys
import tempfile

tests = failed = 0


def ok(good, name, *more):
    global tests, failed
    tests += 1
    failed += not good
    print(f"{'' if good else 'not '}ok {tests} - {name}")
    if not good:
        for line in "\n".join(map(str, more)).splitlines()[:40]:
            print("#", line.encode("ascii", "backslashreplace").decode(), file=sys.stderr)


def run(*args, text=None):
    p = subprocess.run(args, input=text, capture_output=True, timeout=120)
    return p.returncode, p.stdout, p.stderr.decode("utf-8", "replace")


def lint(path, *more):
    """status, ["3:5 rule", ...] of the document, everything on stderr"""
    status, _, err = run("smelt-intake", "--lint", "-o", "out.jsonl", *more, path)
    found = re.findall(r"^(\S+):(\d+:\d+): warning: .* \[openapi-([a-z-]+)\]$", err, re.M)
    return status, [f"{at} {rule}" for _, at, rule in found], err


def write(name, text):
    with open(name, "w", encoding="utf-8", newline="") as f:
        f.write(text)
    return name


V3 = 'openapi: 3.0.3\ninfo: {title: T, version: "1"}\nservers: [{url: https://api.host.dev/v1}]\n'
V2 = 'swagger: "2.0"\ninfo: {title: T, version: "1"}\nhost: api.host.dev\n'
OK = "responses: {'200': {description: ok}}"
GET = f"paths:\n  /a:\n    get:\n      {OK}\n"


def case(name, text, want, mends=True, gone=None):
    """The findings of text; mends: its fixes leave none of these rules, and
    applying them twice is applying them once."""
    path = write("api.yaml", text)
    if os.path.exists("fix.yaml"):
        os.remove("fix.yaml")
    status, found, err = lint(path, "--fix-overlay", "fix.yaml")
    ok(status == 0 and found == want, name, "got", found, "want", want, err)
    if not want or not mends:
        return
    status, left, err = lint(path, "--overlay", "fix.yaml")
    rules = {w.split()[1] for w in want}
    again = [f for f in left if f.split()[1] in rules]
    ok(status == 0 and not again and "selects nothing" not in err, f"{name}: the fix mends it",
        again, err, open("fix.yaml", encoding="utf-8").read())
    trees = [tree(path, "fix.yaml"), tree(path, "fix.yaml", "fix.yaml")]
    ok(isinstance(trees[0], list) and trees[0] == trees[1], f"{name}: twice is once", *trees)


def tree(path, *overlays):
    """What smelt-ast makes of it: all that the server would be made of."""
    args = [a for o in overlays for a in ("--overlay", o)]
    artifact = run("smelt-intake", "-q", *args, path)[1]
    status, out, err = run("smelt-ast", "-q", text=artifact)
    lines = [json.loads(line) for line in out.splitlines()]
    for v in lines:
        for key in ("loc", "digest", "chain"):
            v.pop(key, None)
    return [v for v in lines if v.get("kind") in ("unit", "type", "callable")] or err


os.chdir(tempfile.mkdtemp())

# --- A: security schemes ------------------------------------------------------

SCHEME = "components:\n  securitySchemes:\n    s: %s\nsecurity: [{s: []}]\n"
case("a good document", V3 + GET + SCHEME % "{type: http, scheme: bearer}", [])
case("a good Swagger 2.0 document", V2 + "basePath: /v1\nschemes: [https]\n" + GET +
    "securityDefinitions:\n  s: {type: apiKey, name: k, in: query}\nsecurity: [{s: []}]\n", [])
case("a requirement of nothing", V3 + "security: [{apiKey: []}]\n" + GET, ["4:13 security-undefined"])
case("a requirement spelt otherwise", V3 + "security: [{API-key: []}]\n" + GET +
    "components: {securitySchemes: {api_key: {type: apiKey, name: K, in: header}}}\n",
    ["4:13 security-undefined"])
case("one of an operation, Swagger 2.0", V2 + f"paths:\n  /a:\n    get:\n      security: [{{basic: []}}]\n      {OK}\n",
    ["7:19 security-undefined"])
for bad, what in (("{}", "no type"), ("{type: bearer}", "no such type"), ("{type: apiKey, name: k}", "no in"),
    ("{type: apiKey, in: body, name: k}", "in a body"), ("{type: apiKey, in: header}", "no name"),
    ("{type: http}", "no scheme"), ("{type: oauth2}", "no flows"), ("{type: oauth2, flows: {}}", "no flow"),
    ("{type: openIdConnect}", "no URL")):
    case(f"a scheme with {what}", V3 + GET + SCHEME % bad, ["10:5 scheme-incomplete"])
case("a flow without tokenUrl", V3 + GET + SCHEME % "{type: oauth2, flows: {clientCredentials: {scopes: {}}}}",
    ["10:31 scheme-incomplete"])
for good in ("{type: mutualTLS}", "{type: oauth2, flows: {implicit: {authorizationUrl: 'https://a.dev', scopes: {}}}}",
    "{type: apiKey, name: Authorization, in: header}", "{type: http, scheme: Basic}"):
    case(f"a good scheme: {good[:24]}", V3 + GET + SCHEME % good, [])
case("Swagger 2.0: type http", V2 + GET + "securityDefinitions: {s: {type: http}}\nsecurity: [{s: []}]\n",
    ["8:23 scheme-incomplete"])
case("Swagger 2.0: no flow", V2 + GET + "securityDefinitions: {s: {type: oauth2}}\nsecurity: [{s: []}]\n",
    ["8:23 scheme-incomplete"])
case("an API key that is a bearer token", V3 + GET + SCHEME %
    "{type: apiKey, name: authorization, in: header, description: 'Use Bearer TOKEN'}", ["10:5 scheme-prefix"])
case("the same by the document's text", V3.replace("title: T", "title: T, description: 'Send Authorization: Bearer abc'")
    + GET + SCHEME % "{type: apiKey, name: Authorization, in: header}", ["10:5 scheme-prefix"])
case("another word", V3.replace("title: T", "title: T, description: 'Send `Authorization: Token abc`.'")
    + GET + SCHEME % "{type: http, scheme: bearer}", ["10:5 token-prefix"])
case("a placeholder is no word", V3.replace("title: T", "title: T, description: 'Send `Authorization: YOUR-KEY abc`.'")
    + GET + SCHEME % "{type: http, scheme: bearer}", [])
ASKS = V3.replace("title: T", "title: T, description: %s") + GET
for prose, added in (("'Every call needs an API key.'", "scheme: bearer"),
    ("'Send the header `X-Api-Key: abc` with your API key'", "name: X-Api-Key"),
    ("'Pass the API key as `api_key` parameter'", "name: api_key"),
    ("'Use HTTP basic authentication'", "scheme: basic")):
    case(f"prose: {prose[1:24]}", ASKS % prose, ["2:31 auth-undeclared"])
    ok(added in open("fix.yaml").read(), f"prose: {prose[1:24]}: how", open("fix.yaml").read())
for prose in ("'No API key is needed.'", "'This API does not require authentication.'", "'A list of keys and tokens'",
    "'OAuth is not supported'"):
    case(f"no demand: {prose[1:24]}", ASKS % prose, [])
case("401", V3 + "paths:\n  /a:\n    get:\n      responses: {'401': {description: no}}\n", ["7:19 auth-undeclared"])
case("401 of signing in", V3 + "paths:\n  /login:\n    post:\n      responses: {'401': {description: no}}\n", [])
case("a credential as parameter", V3 + "paths:\n  /a:\n    get:\n      parameters: [{name: X-API-Key, in: header, "
    f"schema: {{type: string}}}}]\n      {OK}\n", ["7:27 auth-parameter"])
case("schemes that nothing requires", V3 + GET + SCHEME.replace("security: [{s: []}]\n", "") %
    "{type: http, scheme: bearer}", ["9:3 scheme-unused"])
case("though operations answer 403", V3 + "paths:\n  /a:\n    get:\n      responses: {'403': {description: no}}\n" +
    SCHEME.replace("security: [{s: []}]\n", "") % "{type: http, scheme: bearer}", ["9:3 auth-missing"])
SOME = V3 + ("paths:\n  /a:\n    get:\n      security: [{s: [x]}]\n      responses: {'401': {description: no}}\n"
    "  /%s:\n    get:\n%s      responses: {'401': {description: no}}\n") + SCHEME.replace("security: [{s: []}]\n", "") % \
    "{type: http, scheme: bearer}"
case("an operation without its requirement", SOME % ("b", ""), ["11:19 auth-unapplied"])
case("one that says so", SOME % ("b", "      security: []\n"), [])
case("one that signs in", SOME % ("auth/login", ""), [])

# --- B: servers ---------------------------------------------------------------

NO = 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\n%s' + GET
case("no servers", NO % "", ["1:1 servers-missing"])
case("nothing to call, either", (NO % "").split("paths:")[0] + "webhooks: {}\n", [])
case("empty servers", NO % "servers: []\n", ["3:1 servers-missing"])
case("servers of the path", NO % "" + "    servers: [{url: https://h.dev}]\n", [])
case("a relative one", NO % "servers: [{url: /v1}]\n", ["3:17 server-relative"])
ok("https://api.example.com/v1" in open("fix.yaml").read() and "placeholder" in open("fix.yaml").read(),
    "a relative one: a marked placeholder")
case("an empty one", NO % "servers: [{url: ''}]\n", ["3:17 server-relative"])
for bad in ("api.host.dev/v1", "//api.host.dev", "https://https://api.host.dev", "'https://api host.dev'", "Your API"):
    case(f"malformed: {bad}", NO % f"servers: [{{url: {bad}}}]\n", ["3:17 server-malformed"])
VAR = "servers: [{url: 'https://{r}.host.dev', variables: {%s}}]\n"
case("a variable", NO % VAR % "r: {default: eu, enum: [eu]}", [])
for bad in ("", "r: {}", "r: {default: us, enum: [eu, de]}", "x: {default: a}"):
    case(f"a variable: {bad}", NO % VAR % bad, ["3:17 server-variable"])
for bad in ("http://localhost:8080/v1", "https://127.0.0.1", "https://your-domain.dev", "'http://[::1]/v1'"):
    case(f"placeholder: {bad}", NO % f"servers: [{{url: {bad}}}]\n", ["3:17 server-placeholder"],
        mends=False)
case("a placeholder beside a good one", NO % "servers: [{url: http://localhost}, {url: https://h.dev}]\n", [])
case("a slash", NO % "servers: [{url: https://h.dev/v1/}]\n", ["3:17 server-slash"])
TWO = V2.replace("host: api.host.dev\n", "%s") + GET
case("Swagger 2.0: no host", TWO % "", ["1:1 servers-missing"])
case("Swagger 2.0: a URL as host", TWO % "host: https://h.dev/v1\n", ["3:7 server-malformed"])
case("Swagger 2.0: basePath", TWO % "host: h.dev\nbasePath: v1\n", ["4:11 server-malformed"])
case("Swagger 2.0: a slash", TWO % "host: h.dev\nbasePath: /v1/\n", ["4:11 server-slash"])
case("Swagger 2.0: localhost", TWO % "host: localhost\n", ["3:7 server-placeholder"], mends=False)

# --- C: headers ---------------------------------------------------------------

case("a header of all operations", ASKS % "'You must send the `Notion-Version: 2022-06-28` header.'",
    ["2:31 header-undeclared"])
ok("default: \"2022-06-28\"" in open("fix.yaml").read(), "its value is the default", open("fix.yaml").read())
OP = V3 + "paths:\n  /a:\n    x-note: {get: 1}\n    get:\n      description: %s\n      %s\n      " + OK + "\n  x-none: 1\n"
case("a header of one", OP % ("Pass the X-Trace header", "summary: s"), ["8:20 header-undeclared"])
case("one of curl", OP % ("'curl -H \"Accept-Version: 1\" (required header)'", "summary: s"), ["8:20 header-undeclared"])
case("a declared one", OP % ("Pass the X-Trace header",
    "parameters: [{name: x-trace, in: header, schema: {type: string}}]"), [])
for prose in ("The response has an X-Trace header", "'Pass the Content-Type header'", "'You must use the X-RateLimit-Limit header'",
    "'An X-Trace header is how it was once'", "Pass the Dry-Run of it"):
    case(f"no header to send: {prose[:30]}", OP % (prose, "summary: s"), [])

# --- D: types -----------------------------------------------------------------

PAR = V3 + "paths:\n  /a:\n    get:\n      parameters:\n      - {name: q, in: query, %s}\n      " + OK + "\n"
case("values of the type", PAR % "example: 3, schema: {type: integer, default: 1, enum: [1, 3]}", [])
case("an example that can be read as it", PAR % "example: '3', schema: {type: integer}", [])
case("an example that can not", PAR % "example: abc, schema: {type: integer, format: int32}", ["8:39 example-type"])
case("one in the schema", PAR % "schema: {type: boolean, example: maybe}", ["8:63 example-type"])
case("a fraction", PAR % "schema: {type: integer, example: 1.5}", ["8:63 example-type"])
case("text for an array", PAR % "example: 'a,b', schema: {type: array, items: {type: string}}", ["8:39 example-type"])
case("an object", PAR % "example: {a: 1}, schema: {type: string}", ["8:30 example-type"])
case("a default", PAR % "schema: {type: integer, default: '10'}", ["8:63 default-type"])
case("a default that is no number", PAR % "schema: {type: integer, default: none}", ["8:63 default-type"])
case("one for an array", PAR % "schema: {type: array, items: {type: integer}, default: 3}", ["8:85 default-type"])
case("a boolean's place", PAR % "schema: {type: string, default: true}", ["8:53 default-type"])
case("an enum of text", PAR % "schema: {type: string, enum: [1, 2.50]}", ["8:60 enum-type"])
ok('- "2.50"' in open("fix.yaml").read(), "numbers stay as they are written", open("fix.yaml").read())
case("an enum of words", PAR % "schema: {type: integer, default: 1, enum: [asc, desc]}", ["8:73 enum-type"])
case("an enum that has one such", PAR % "schema: {type: integer, enum: [1, '2', '']}", ["8:64 enum-type"])
ok("- 1\n        - 2\n" in open("fix.yaml").read(), "the others stay", open("fix.yaml").read())
case("an enum beside an array", PAR % "schema: {type: array, items: {type: string}, enum: [a, b]}", ["8:82 enum-type"])
case("null is nobody's mistake", PAR % "schema: {type: string, nullable: true, default: null, enum: [a, null]}", [])
case("several types (3.1)", PAR.replace("3.0.3", "3.1.0") % "schema: {type: [integer, 'null'], default: x}",
    ["8:73 default-type"])
case("Swagger 2.0", V2 + f"paths:\n  /a:\n    get:\n      parameters:\n      - {{name: q, in: query, type: integer, default: x}}\n      {OK}\n",
    ["8:54 default-type"])

# --- F: schemas ---------------------------------------------------------------

BODY = V3 + "paths:\n  /a:\n    post:\n      requestBody:\n        content:\n          application/json:\n            schema: %s\n      " \
    + OK + "\n"
for good in ("{type: object, properties: {required: {type: boolean}, type: {type: string}}}", "{$ref: '#/paths'}",
    "{type: string, pattern: '^[a-z\\d_-]{2,}(?:x|y)*?$', minLength: 2, maxLength: 2}", "{type: object, required: [x]}",
    "{type: object, additionalProperties: false, required: [x], allOf: [{properties: {x: {}}}]}"):
    case(f"a good schema: {good[:30]}", BODY % good, [])
case("a broken reference", BODY % "{$ref: '#/components/schemas/Pet'}", ["10:28 ref-broken"])
case("one in another case", BODY % "{$ref: '#/components/schemas/pet'}" + "components: {schemas: {Pet: {type: object}}}\n",
    ["10:28 ref-broken"])
case("one of another version", BODY % "{$ref: '#/definitions/Pet'}" + "components: {schemas: {Pet: {type: object}}}\n",
    ["10:28 ref-broken"])
case("one to anywhere", BODY % "{type: array, items: {$ref: '#/a/b'}}", ["10:49 ref-broken"])
case("one of a parameter", V3 + f"paths:\n  /a:\n    get:\n      parameters: [{{$ref: '#/components/parameters/P'}}]\n      {OK}\n",
    ["7:27 ref-broken"])
case("one with escapes", BODY % "{$ref: '#/components/schemas/a~1b%20c'}" + "components: {schemas: {'a/b c': {}}}\n", [])
case("Swagger 2.0", V2 + f"paths:\n  /a:\n    post:\n      parameters: [{{name: b, in: body, schema: {{$ref: '#/definitions/P'}}}}]\n      {OK}\n",
    ["7:55 ref-broken"])
case("an unknown type", BODY % "{type: Int}", ["10:28 type-unknown"])
case("one that nobody knows", BODY % "{type: whatever}", ["10:28 type-unknown"])
case("a file", BODY % "{type: file}", ["10:28 type-file"])
case("properties in a list", BODY % "{type: object, properties: [a]}", ["10:36 keyword-shape"])
case("required as a boolean", BODY % "{type: object, properties: {a: {type: string, required: true}}}",
    ["10:67 keyword-shape"])
case("a property that is none", BODY % "{type: object, properties: {a: x}}", ["10:49 keyword-shape"])
case("an empty enum", BODY % "{type: string, enum: []}", ["10:36 keyword-shape"])
case("a type that is an object", BODY % "{type: {type: string}}", ["10:22 keyword-shape"])
for bad in ("(", "[a", "a)", "*a", "a{3,2}", "[z-a]", "(?i)a", "a\\", "(?P<n>a)", "a++", "/^a$/"):
    case(f"a pattern: {bad}", BODY % f"{{type: string, pattern: '{bad}'}}", ["10:45 pattern-invalid"])
case("bounds", BODY % "{type: integer, minimum: 3, maximum: 1}", ["10:37 bounds"])
case("a required property that is not allowed",
    BODY % "{type: object, additionalProperties: false, properties: {a: {}}, required: [a, 'b''s']}",
    ["10:100 required-unknown"])

# --- G: operations ------------------------------------------------------------

ID = V3 + f"paths:\n  /a:\n    get: {{operationId: %s, {OK}}}\n    put: {{operationId: %s, {OK}}}\n    post: {{operationId: a_2, {OK}}}\n"
case("ids", ID % ("a", "b"), [])
case("an id twice", ID % ("a", "a"), ["7:24 operation-id-duplicate"])
ok("a_3" in open("fix.yaml").read(), "the new one is free", open("fix.yaml").read())
LIST = V3 + f"paths:\n  /a/{{id}}:\n    get:\n      parameters:\n%s      {OK}\n"
IDP = "      - {name: id, in: path, required: true, schema: {type: string}}\n"
Q = "      - {name: q, in: query, schema: {type: %s}}\n"
case("parameters", LIST % (IDP + Q % "string"), [])
case("one twice", LIST % (IDP + Q % "string" + Q % "integer"), ["10:16 parameter-duplicate"])
case("one not declared", LIST % (Q % "string"), ["6:5 path-parameter-undeclared"])
case("one without a place", LIST % (IDP + IDP.replace("id", "other")), ["9:16 path-parameter-unused"])
case("one spelt otherwise", LIST % IDP.replace("name: id", "name: ID"), ["8:16 path-parameter-unused"])
ok("name: id" in open("fix.yaml").read(), "it gets the name of the path")
case("by reference, misspelt", V3 + f"paths:\n  /a/{{bookId}}:\n    get:\n      parameters: [{{$ref: '#/components/parameters/P'}}]\n      {OK}\n"
    "components: {parameters: {P: {name: book_id, in: path, required: true, schema: {type: string}}}}\n",
    ["7:27 path-parameter-unused"])
case("in a query there is none", V3 + f"paths:\n  /a?x={{x}}:\n    get: {{{OK}}}\n", [])
SAME = V3 + f"paths:\n  /a/{{x}}/b:\n    get: {{parameters: [{{name: x, in: path, required: true, schema: {{}}}}], {OK}}}\n" \
    f"  /a/{{y}}/b:\n    %s: {{parameters: [{{name: y, in: path, required: true, schema: {{}}}}], {OK}}}\n"
case("equal paths", SAME % "get", ["7:3 path-duplicate"], mends=False)
case("of other methods", SAME % "put", [])

# --- several at once, and where they stand ------------------------------------

case("many", V3 + "paths:\n  /a/{x}/{y}:\n    get:\n      operationId: g\n      parameters:\n"
    "      - {name: z, in: path, required: true, schema: {type: string}}\n"
    "      - {name: q, in: query, schema: {type: integer, default: x}}\n"
    "      - {name: q, in: query, schema: {type: strin, pattern: '('}}\n"
    f"      {OK}\n", ["6:5 path-parameter-undeclared", "6:5 path-parameter-undeclared", "9:16 path-parameter-unused",
    "10:63 default-type", "11:16 parameter-duplicate"])
write("o.yaml", "overlay: 1.0.0\ninfo: {title: o, version: '1'}\nactions:\n"
    "  - target: $.paths['/a'].get\n    update: {parameters: [{name: p, in: query, schema: {type: int}}]}\n")
status, found, err = lint(write("api.yaml", V3 + GET), "--overlay", "o.yaml")
ok(re.search(r"^o\.yaml:5:63: warning: 'int' is no type: integer is meant \[openapi-type-unknown\]$", err, re.M),
    "what an overlay brings has its place there", err)
status, _, err = run("smelt-intake", "-o", "out.jsonl", "api.yaml")
ok("lint" not in err, "without an option nothing is looked at", err)
status, _, err = run("smelt-intake", "-v", "-o", "out.jsonl", write("api.yaml", V3 + GET + "x: 1\n"))
ok("lint: 0 errors, 0 warnings, 0 notes" in err, "-v looks, too", err)
before = run("smelt-intake", "-q", "api.yaml")[1]
ok(run("smelt-intake", "-q", "--lint", "--sarif", "s.sarif", "--fix-overlay", "f.yaml", "api.yaml") == (0, before, ""),
    "the artifact is the same, and -q is quiet")
ok("# nothing to mend" in open("f.yaml").read() and run("smelt-intake", "--overlay", "f.yaml", "api.yaml")[0] == 0,
    "an overlay with nothing to mend can be applied")

# --- hostile: names and texts -------------------------------------------------

NASTY = "q'\"\\]`$(x)\n- target: $\u0085\u2028\u202e\x7f\x1b[31m\U0001f600\ufeff #:{}"
doc = {"openapi": "3.0.3", "info": {"title": NASTY, "version": "1",
    "description": f"You must send the X-Evil-{'A' * 300} header, and the `X-Bad: $(touch x)'\"` header."},
    "servers": [{"url": "https://h.dev/{" + NASTY + "}/"}],
    "paths": {"/" + NASTY + "/{" + NASTY.replace("{", "").replace("}", "") + "}": {
        "get": {"operationId": NASTY, "security": [{NASTY: []}],
            "parameters": [{"name": NASTY, "in": "path", "required": True, "schema": {"type": NASTY}},
                {"name": NASTY, "in": "query", "schema": {"type": "integer", "enum": [NASTY], "default": NASTY}}],
            "responses": {"200": {"description": NASTY, "content": {"application/json": {"schema": {
                "$ref": "#/components/schemas/" + NASTY}}}}}},
        "put": {"operationId": NASTY, "responses": {"200": {"description": "ok"}}}}},
    "components": {"schemas": {"s" + NASTY: {"type": "object", "properties": {NASTY: [NASTY]},
        "pattern": "(" + NASTY, "additionalProperties": False, "required": [NASTY + "2"]}}}}
write("api.json", json.dumps(doc))
status, found, err = lint("api.json", "--fix-overlay", "fix.yaml", "--sarif", "x.sarif")
ok(status == 0 and len(found) >= 10, "hostile text is looked at", found, err)
ok(not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]", err), "and shown escaped", repr(err))
fix = open("fix.yaml", encoding="utf-8").read()
ok(not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ufeff]", fix), "so is the overlay", repr(fix))
status, left, err = lint("api.json", "--overlay", "fix.yaml")
ok(status == 0 and not {f.split()[1] for f in found} & {f.split()[1] for f in left}, "which mends all of it", left, err, fix)
ok(tree("api.json", "fix.yaml") == tree("api.json", "fix.yaml", "fix.yaml"), "once for all")
ok(run("smelt-ast", "-q", text=run("smelt-intake", "-q", "--overlay", "fix.yaml", "api.json")[1])[0] == 0,
    "and can be read")
case("a rule's text is not the document's", PAR % "schema: {type: '{0}{1}%s'}", ["8:45 type-unknown"])

# deep, wide, and circles: in time in proportion
deep = "{\"allOf\":[" * 80 + "{\"type\":\"x\"}" + "]}" * 80
wide = {f"p{i}": {"type": "integer", "default": "x"} for i in range(3000)}
circle = {"A": {"$ref": "#/components/schemas/B"}, "B": {"$ref": "#/components/schemas/A"}}
doc = {"openapi": "3.0.3", "info": {"title": "t", "version": "1"}, "servers": [{"url": "https://h.dev"}],
    "paths": {f"/a{i}": {"get": {"operationId": "same", "parameters": [{"name": "p", "in": "query",
        "schema": {"$ref": "#/components/schemas/A"}, "example": 1}], "responses": {"200": {"description": "x"}}}}
        for i in range(3000)},
    "components": {"schemas": {**circle, "D": json.loads(deep), "W": {"type": "object", "properties": wide}}}}
write("api.json", json.dumps(doc))
status, found, err = lint("api.json", "--fix-overlay", "fix.yaml")
ok(status == 0 and len(found) == 3000 + 2999 + 1, "wide and deep", len(found), err[:500])
status, left, err = lint("api.json", "--overlay", "fix.yaml")
ok(status == 0 and not left, "and mended", left[:5], err[-500:])

# --- outputs ------------------------------------------------------------------

write("api.yaml", PAR % "schema: {type: int, default: '\U0001f600', enum: [1]}")
status, found, err = lint("api.yaml", "--sarif", "x.sarif")
sarif = json.load(open("x.sarif", encoding="utf-8"))["runs"][0]
ok(sarif["tool"]["driver"]["name"] == "smelt-intake" and len(sarif["results"]) == len(found), "SARIF", found)
result = sarif["results"][0]
region = result["locations"][0]["physicalLocation"]
ok(region["artifactLocation"]["uri"] == "api.yaml" and region["region"]["startLine"] == 8 and
    region["region"]["startColumn"] == 45, "has the place", region)
ok(json.loads(result["properties"]["fix"]) == {"target": "$.paths['/a'].get"
    ".parameters[?@.name == 'q' && @.in == 'query'].schema", "update": {"type": "integer"}}, "and the fix", result)
ok(all(r["help"]["text"] and r["shortDescription"]["text"] for r in sarif["tool"]["driver"]["rules"]), "rules have help")
rules = {r["id"] for r in sarif["tool"]["driver"]["rules"]}
manual = open(os.path.join(os.environ["SMELT_SHARE"], "../../man/smelt-intake.1")).read()
named = {"openapi-" + name for name in re.findall(r"^\.It ([a-z-]+) Ta (?:error|warning|note) Ta", manual, re.M)}
ok(rules == named, "the manual names every rule", rules ^ named)
levels = {r["id"]: r["defaultConfiguration"]["level"] for r in sarif["tool"]["driver"]["rules"]}
told = {"openapi-" + n: level for n, level in re.findall(r"^\.It ([a-z-]+) Ta (\w+) Ta", manual, re.M)}
ok(levels == told, "with its level")
top = os.path.dirname(os.path.dirname(os.path.abspath(os.environ["SMELT_SHARE"])))
status, out, err = run("python3", f"{top}/tests/smelt-gate1/sarif.py", "github", "x.sarif")
ok(status == 0, "GitHub's limits", out, err)
tool = f"{os.environ.get('NODE_PATH', '')}/@microsoft/sarif-multitool-linux/Sarif.Multitool"
if os.access(tool, os.X_OK):
    os.environ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1"
    run(tool, "validate", "x.sarif", "--rule-kind", "Sarif;Ghas", "--level", "Note;Warning;Error", "-o", "report",
        "--log", "ForceOverwrite")
    status, out, err = run("python3", f"{top}/tests/smelt-gate1/sarif.py", "report", "report")
    ok(status == 0, "the multitool: no error, no warning", out, err)
else:
    ok(True, "the multitool # SKIP not fetched")
ok(region["region"]["snippet"]["text"] == "int" and "default: '😀'" in region["contextRegion"]["snippet"]["text"],
    "and the line", region)
ok(re.fullmatch("[0-9a-f]+:1", result["partialFingerprints"]["primaryLocationLineHash"]) and len(
    result["partialFingerprints"]["primaryLocationLineHash"]) < 20, "and its hash", result["partialFingerprints"])
first = open("x.sarif").read()
run("smelt-intake", "-q", "--sarif", "x.sarif", "-o", "out.jsonl", os.path.abspath("api.yaml"))
ok(open("x.sarif").read() == first, "an absolute path is in no output")
ok(run("smelt-intake", "--fix-overlay", "api.yaml", "api.yaml")[0] == 2 and
    run("smelt-intake", "--sarif", "api.yaml", "api.yaml")[0] == 2, "the source is not written over")
ok(run("smelt-intake", "--sarif", "no/x", "api.yaml")[0] == 2, "a directory that is not there")
os.mkdir("dir")
write("dir/a.py", "x = 1\n")
status, _, err = run("smelt-intake", "-q", "--fix-overlay", "f.yaml", "-o", "out.jsonl", "dir")
ok(status == 2 and "--fix-overlay needs an OpenAPI document" in err, "no document, no overlay", err)
status, _, err = run("smelt-intake", "-q", "--sarif", "dir/x.sarif", "-o", "out.jsonl", "dir")
sarif = json.load(open("dir/x.sarif"))["runs"][0]
note = sarif["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
ok(status == 0 and not sarif["results"] and "no OpenAPI document" in note, "no document, no results", err, note)
write("dir/api.yaml", V3 + PAR[len(V3):] % "schema: {type: int}")
write("dir/api2.yaml", V2 + GET + "a: [\n")
status, found, err = lint("dir", "--sarif", "dir/x.sarif")
sarif = json.load(open("dir/x.sarif"))["runs"][0]
ok(status == 0 and found == ["8:45 type-unknown"] and "api.yaml:8:45" in err and sarif["results"][0]["locations"][0]
    ["physicalLocation"]["artifactLocation"]["uri"] == "api.yaml", "documents of a tree", found, err)
one = open("out.jsonl").read()
run("smelt-intake", "-q", "--sarif", "dir/x.sarif", "-o", "out.jsonl", "dir")
ok(open("out.jsonl").read() == one and "x.sarif" not in one, "what is written is no part of the source")
print(f"1..{tests}")
sys.exit(failed > 0)
