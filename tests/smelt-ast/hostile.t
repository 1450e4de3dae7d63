#!/bin/sh
# Sources that mean harm, or are just odd: reported, never fatal, never skipped.
. tests/lib.sh
need python3 jq
here=tests/smelt-ast
tree=$tmp/tree
mkdir "$tree"

# analysed NAME: the tree as it is now; its output in $tmp/found, $tmp/err
analysed() {
	"$here/artifact" "$tree" >"$tmp/in"
	run 0 "$1" timeout 60 smelt-ast "$tmp/in" -o "$tmp/found"
}
# parse FILE: how it was parsed
parse() {
	jq -r --arg path "$1" \
		'select(.kind=="unit" and .path==$path).parse' "$tmp/found"
}
# names FILE: its callables
names() {
	jq -r --arg path "$1" 'select(.kind=="callable" and .unit==$path).name' \
		"$tmp/found" | tr '\n' ' '
}
# python3 to make what a shell can not write
make_file() {
	python3 -c "import sys; open(sys.argv[1], 'wb').write($2)" "$tree/$1"
}

make_file deep.py "b'x = ' + b'(' * 10000 + b'1' + b')' * 10000 +
	b'\ndef f(): pass\n'"
make_file list.py "b'x = ' + b'[' * 10000 + b']' * 10000 +
	b'\ndef f(): pass\n'"
make_file dots.py "b'def f(): return a' + b'.b()' * 20000 + b'\n'"
make_file sum.py "b'def f(): return ' + b'+'.join([b'\"a\"'] * 20000)"
make_file line.py "b'def f(): return [' + b', '.join(
	b'\"%d\"' % i for i in range(150000)) + b']\n'"
make_file open.js "b'[' * 200000"
analysed 'nesting and long lines'
is 'ten thousand parentheses are one number' "$(parse deep.py)" ok
is 'the function behind them is found' "$(names deep.py)" 'f '
is 'what is nested too deep is an error' "$(parse list.py)" errors
like 'and said so' "$(cat "$tmp/err")" \
	'^list\.py: warning: nested deeper than [0-9]+ levels'
is 'the function behind that is found' "$(names list.py)" 'f '
is 'a line of a megabyte' "$(names line.py)" 'f '
is 'only open brackets' "$(parse open.js)" errors
like 'are named' "$(cat "$tmp/err")" '^open\.js:[0-9]+:[0-9]+: warning: '

rm "$tree"/*
make_file bad.py "b'def good(a: int) -> str:\n    return str(a)\n' +
	b'def f():\n    x = = 2\n'"
make_file latin.py "b'# caf\xe9\ndef f():\n    \"\"\"\xff\xfe\"\"\"\n' +
	b'    return open(\"\xe9\")\n'"
make_file nul.py "b'def f():\n    \"\"\"a\x00b\"\"\"\n'"
make_file binary.py "bytes(range(256)) * 20"
: >"$tree/empty.py"
make_file crlf.py "b'def f(a,\r\n      b=1):\r\n    \"\"\"Doc.\r\n\r\n' +
	b'    Args:\r\n        a: The a.\r\n    \"\"\"\r\n'"
make_file bom.py "b'\xef\xbb\xbfdef f():\n    \"\"\"Doc.\"\"\"\n'"
make_file 'esc.py' "b'def f():\n    \"\"\"\x1b[2J \xe2\x80\xae\"\"\"\n  x = (\n'"
analysed 'broken files'
is 'a syntax error' "$(parse bad.py)" errors
like 'is reported where it is' "$(cat "$tmp/err")" '^bad\.py:4:[0-9]+: warning: '
is 'the code around it is analysed' \
	"$(jq -c 'select(.name=="good").returns' "$tmp/found")" '{"type":"string"}'
is 'bytes that are not UTF-8' "$(parse latin.py)" errors
like 'are reported where they are' "$(cat "$tmp/err")" '^latin\.py:1:6: '
is 'the function with them is found' "$(names latin.py)" 'f '
ok 'the artifact is UTF-8' sh -c "iconv -f UTF-8 -t UTF-8 '$tmp/found' >/dev/null"
is 'an empty file is a unit' "$(parse empty.py)" ok
is 'CRLF: the default' "$(jq -c \
	'select(.unit=="crlf.py").parameters[1].schema' "$tmp/found")" \
	'{"type":"integer","default":1}'
is 'CRLF: the docstring' "$(jq -r \
	'select(.unit=="crlf.py").parameters[0].doc' "$tmp/found")" 'The a.'
is 'a byte order mark' "$(jq -r 'select(.unit=="bom.py").title' \
	"$tmp/found")" Doc.
unlike 'nothing drives the terminal' "$(cat "$tmp/err")" "$(printf '\033')"

rm "$tree"/*
cat >"$tree/a.py" <<'PY'
from b import *
from b import x as y
from . import a
y = y
x = y
X = Y
def f(p: "X", q: 'list[X]'): return g()
def h(): return x.y.z()
PY
cat >"$tree/b.py" <<'PY'
from a import *
from a import y as x, X as Y
from flask import Blueprint
one = Blueprint("one", "one", url_prefix="/one")
two = Blueprint("two", "two", url_prefix="/two")
one.register_blueprint(two)
two.register_blueprint(one)
@one.get("/x")
def g():
    open("x")
    return f()
class A(B): pass
class B(A):
    z: "A"
    def m(self): return self.zz()
PY
analysed 'imports, values, classes, blueprints in circles'
is 'effects go round once' "$(jq -c \
	'select(.kind=="callable" and .name=="f").effects[].effect' \
	"$tmp/found")" '"fs-read"'
is 'without any application, blueprints are a library' "$(jq -r \
	'select(.route).visibility' "$tmp/found" | sort -u)" public

rm "$tree"/*
python3 - "$tree" <<'PY'
import sys
for i in range(12):
    with open(f"{sys.argv[1]}/m{i}.py", "w") as f:
        print("from flask import Blueprint", file=f)
        for j in range(12):
            print(f"from m{j} import bp as b{j}", file=f)
        print(f"bp = Blueprint('b{i}', 'x', url_prefix='/{i}')", file=f)
        for j in range(12):
            print(f"bp.register_blueprint(b{j})", file=f)
        print("@bp.get('/')\ndef f(): pass", file=f)
PY
analysed 'blueprints all mounted on each other'

rm "$tree"/*
python3 - "$tmp/open.json" <<'PY'
import json, sys
paths = {f"/{i}": {"get": {"operationId": f"o{i}", "responses": {"200": {"description": "d"}}}} for i in range(40)}
json.dump({"openapi": "3.1.0", "info": {"title": "t", "version": "1"},
    "servers": [{"url": "https://h.example/" + "{" * 900000}], "paths": paths}, open(sys.argv[1], "w"))
PY
smelt-intake -q -o "$tmp/open.in" "$tmp/open.json"
python3 - "$tmp/many.json" <<'PY'
import json, sys
op = {"responses": {"200": {"description": "d"}}}
json.dump({"openapi": "3.1.0", "info": {"title": "t", "version": "1"},
    "paths": {"/" + "".join(f"{{a{i}}}/" for i in range(60000)): {"get": op}, "/x": {"get": op}}},
    open(sys.argv[1], "w"))
PY
smelt-intake -q -o "$tmp/many.in" "$tmp/many.json"
run 0 'a path of 60,000 parameters' timeout 20 smelt-ast -q -o "$tmp/many.ast" "$tmp/many.in"
like 'costs itself' "$(grep -o '"invalid":".*' "$tmp/many.ast")" 'more than 1000 parameters in a path'
run 0 'a server URL of open braces' timeout 20 smelt-ast -q -o "$tmp/open.ast" "$tmp/open.in"

# references and choices that would take time and memory without end
cat >"$tmp/bombs.py" <<'EOF2'
import json, sys

def ref(name):
    return {"$ref": "#/components/schemas/" + name}

def write(name, schemas):
    body = {"content": {"application/json": {"schema": ref("A")}}}
    json.dump({"openapi": "3.1.0", "info": {"title": "t", "version": "1"},
               "paths": {"/a": {"post": {"requestBody": body, "responses": {}}}},
               "components": {"schemas": schemas}}, open(sys.argv[1] + "/" + name + ".json", "w"))

kind = {"propertyName": "k"}
grid = {"A": {"discriminator": kind, "oneOf": [ref("L0_0")]}, "L11_0": {}}
for level in range(11):
    for i in range(12):
        grid["L%d_%d" % (level, i)] = {"allOf": [ref("L%d_%d" % (level + 1, j)) for j in range(12 if level < 10 else 1)]}
write("grid", grid)
back = {"A": {"properties": {str(k): ref("P%d" % k) for k in range(20)}}}
for k in range(20):
    back["P%d" % k] = {"discriminator": kind, "oneOf": [ref("C%d_%d" % (k, i)) for i in range(400)]}
    back.update({"C%d_%d" % (k, i): {"allOf": [ref("P%d" % k)]} for i in range(400)})
write("back", back)
wide = {"B": {"properties": {"p%d" % i: {} for i in range(50000)}}, "A": {"properties": {str(k): ref("U%d" % k) for k in range(100)}}}
wide.update({"U%d" % k: {"discriminator": {"propertyName": "z"}, "oneOf": [ref("B")] * 400} for k in range(100)})
write("wide", wide)
scopes = {"C%d" % i: {"$id": "urn:x:%d" % i, "$dynamicAnchor": "n", "items": {"$dynamicRef": "#n"},
                      "contains": {"$ref": "urn:x:%d" % ((i + 1) % 10000)}} for i in range(10000)}
scopes["A"] = {"properties": {str(i): ref("C%d" % i) for i in range(10000)}}
write("scopes", scopes)
way = {"C%d" % i: ref("C%d" % (i + 1)) for i in range(100)}
way["C100"] = {"properties": {"x": {}}}
way["A"] = {"properties": {str(i): {"$ref": "#/components/schemas/C%d/properties/x" % (40 + i % 60)} for i in range(10000)}}
write("way", way)
EOF2
python3 "$tmp/bombs.py" "$tmp"
for bomb in grid back wide scopes way; do
	smelt-intake -q -o "$tmp/bomb" "$tmp/$bomb.json"
	run 0 "$bomb" sh -c 'ulimit -v 1000000; exec timeout 20 smelt-ast -q -o "$2" "$1"' - "$tmp/bomb" "$tmp/bomb.ast"
done
done_testing
