#!/bin/sh
# OpenAPI documents inside a tree of files: operations, each document by itself.
. tests/lib.sh
need jq

t=$tmp/tree
# file PATH: stdin becomes this file of the tree; tree: an empty one
file() {
	mkdir -p "$t/$(dirname "$1")"
	cat >"$t/$1"
}
tree() {
	rm -rf "$t"
	mkdir "$t"
}
# ast STATUS NAME: the artifact of the tree in $tmp/out, what is said in $tmp/err
ast() {
	smelt-intake -q "$t" >"$tmp/in"
	run "$1" "$2" smelt-ast "$tmp/in"
	cp "$tmp/out" "$tmp/ast"
}
# q FILTER: what jq says of the artifact, compact
q() {
	jq -c "$1" "$tmp/ast"
}
# document PATH TITLE SERVER ID...: a document with GET /ID of each id
document() {
	_file=$1
	{
		echo 'openapi: 3.0.3'
		echo "info: {title: $2, version: '1'}"
		[ -z "$3" ] || echo "servers: [{url: '$3'}]"
		echo 'paths:'
		shift 3
		for _id in "$@"; do
			echo "  /$_id: {get: {operationId: $_id," \
				"responses: {'200': {description: ok}}}}"
		done
	} | file "$_file"
}

# --- one document ----------------------------------------------------------------
tree
cp examples/openapi/library.yaml "$t/"
ast 0 'a tree with one document'
smelt-intake -q "$t/library.yaml" | smelt-ast -q >"$tmp/alone"
for f in "$tmp/ast" "$tmp/alone"; do
	jq -c 'select(.kind == "unit" or .kind == "type" or
		.kind == "callable")' "$f" >"$f.own"
done
same 'has the records of that document' "$tmp/ast.own" "$tmp/alone.own"

# --- several, with all that they share in name --------------------------------------
tree
document billing/openapi.yaml Billing https://billing.example.com list get
document users/openapi.yaml Users https://users.example.com list get
cat >>"$t/billing/openapi.yaml" <<'EOF2'
  /refs:
    get:
      operationId: refs
      security: [{key: []}, {other: []}]
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema: {$ref: '../shared/common.yaml#/Item'}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    other: {type: http, scheme: basic}
  schemas:
    Item: {type: string}
EOF2
cat >>"$t/users/openapi.yaml" <<'EOF2'
  /refs:
    get:
      operationId: refs
      security: [{key: []}]
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Item'}
components:
  securitySchemes:
    key: {type: http, scheme: bearer}
  schemas:
    Item: {type: integer}
EOF2
echo 'Item: {type: boolean}' | file shared/common.yaml
ast 0 'two documents with the same names'
ok 'by the schemas' node tests/records/validate.mjs "$tmp/ast"
is 'each operation says its document' "$(q 'select(.kind == "callable") |
	[.id, .document]' | tr '\n' ' ')" "$(printf '%s ' \
	'["billing/openapi.yaml#list","billing"]' \
	'["billing/openapi.yaml#get","billing"]' \
	'["billing/openapi.yaml#refs","billing"]' \
	'["users/openapi.yaml#list","users"]' \
	'["users/openapi.yaml#get","users"]' \
	'["users/openapi.yaml#refs","users"]')"
is 'schemes are told apart' "$(q 'select(.kind == "unit") |
	.openapi.securitySchemes' | tr '\n' ' ')" "$(printf '%s ' \
	'{"billing_key":{"type":"apiKey","in":"header","name":"X-Key"},"billing_other":{"type":"http","scheme":"basic"}}' \
	'{"users_key":{"type":"http","scheme":"bearer"}}')"
is 'in the requirements, too' "$(q 'select(.name == "refs") |
	.auth.requirements' | tr '\n' ' ')" \
	'[{"billing_key":[]},{"billing_other":[]}] [{"users_key":[]}] '
is 'types have ids of their own' "$(q 'select(.kind == "type") |
	.schema.type' | sort | tr '\n' ' ')" '"boolean" "integer" '
is 'and never the same one' "$(q 'select(.kind == "type") | .id' | sort -u |
	grep -c .)" 2
smelt-ast -q "$tmp/ast" >"$tmp/again"
same 'a second run changes nothing' "$tmp/again" "$tmp/ast"
smelt-tooldef -q "$tmp/ast" >"$tmp/tools"
is 'tools are called after their documents' "$(jq -r 'select(.kind == "tool") |
	.name' "$tmp/tools" | tr '\n' ' ')" \
	'billing_list billing_get billing_refs users_list users_get users_refs '
is 'bindings say the document' "$(jq -c 'select(.kind == "tool") |
	[.binding.document, .binding.server]' "$tmp/tools" | sort -u |
	tr '\n' ' ')" \
	'["billing","https://billing.example.com"] ["users","https://users.example.com"] '
ok 'by the schemas' node tests/records/validate.mjs "$tmp/tools"

# --- one name for two things: each document means its own -------------------------
tree
for i in a b; do
	[ $i = a ] && type=string || type=integer
	cat <<EOF2 | file $i.yaml
openapi: 3.1.0
info: {title: $i, version: '1'}
servers: [{url: 'https://$i.example.com'}]
paths:
  /x:
    get:
      operationId: get$i
      responses: {'200': {description: ok, content: {application/json: {schema: {\$ref: 'https://x.example/item'}}}}}
components:
  schemas: {Item: {\$id: 'https://x.example/item', type: array, items: {\$ref: '#/\$defs/One'}, \$defs: {One: {type: $type}}}}
EOF2
done
ast 0 'an $id of two documents'
q 'select(.kind == "type") | {key: .id, value: .schema}' >"$tmp/types"
for i in a:string b:integer; do
	is "is that of each: ${i%:*}" "$(q 'select(.name == "get'"${i%:*}"'") |
		.responses[0].content[0].schema["$ref"][8:]' | tr -d '"' |
		while read -r id; do
		jq -r --arg id "$id" 'select(.key == $id).value.items["$ref"][8:]' \
			"$tmp/types"; done | while read -r id; do
		jq -r --arg id "$id" 'select(.key == $id).value.type' "$tmp/types"
	done)" "${i#*:}"
done

# --- what they are called -------------------------------------------------------------
tree
for f in a/openapi.yaml b/x.yaml a.yaml c/d/swagger.yaml e/d/api.yaml code.yaml \
	'Größe/--.yaml' x/y.yaml 'x-y.yaml' z/y.yaml; do
	document "$f" T https://t.example.com g
done
file long/"$(printf '%060d' 0)".yaml <"$t/a.yaml"
file long/"$(printf '%060d' 1)".yaml <"$t/a.yaml"
for f in "$t"/long/*; do
	echo '# differs' >>"$f"
done
# equal documents are one: each has a title of its own
find "$t" -type f | LC_ALL=C sort | while read -r f; do
	sed -i "s/title: T/title: '$(printf %s "$f" | sha256sum | cut -c 1-9)'/" "$f"
done
ast 0 'names that clash'
q 'select(.kind == "unit") | .document' | tr -d '"' >"$tmp/slugs"
is 'every document has one' "$(grep -c . "$tmp/slugs")" 12
is 'of its own' "$(sort -u "$tmp/slugs" | grep -c .)" 12
is 'of its characters' "$(grep -vcxE '[a-z0-9]+(-[a-z0-9]+)*' "$tmp/slugs")" 0
is 'made of names and folders, with digits where they must' \
	"$(sed 's/-[0-9a-f]\{8\}$/-#/; s/^0*[01]-#$/000-#/' "$tmp/slugs" |
	LC_ALL=C sort | tr '\n' ' ')" \
	"000-# 000-# a-# a-# c-d code-# document e-d x x-y-# x-y-# z-y "
is 'and not the one of code' "$(grep -cx code "$tmp/slugs")" 0

tree
document a.yaml A https://a.example.com g
document a-b.yaml B https://b.example.com h
for f in "$t"/*; do
	cat >>"$f" <<'EOF2'
security: [{b_c: []}, {c: []}]
components:
  securitySchemes:
    b_c: {type: http, scheme: bearer}
    c: {type: http, scheme: bearer}
EOF2
done
ast 0 'a name that begins as another one'
is 'no two schemes make one variable' "$(q 'select(.kind == "unit") |
	.openapi.securitySchemes | keys' | tr '\n' ' ')" \
	'["a-b_b_c","a-b_c"] ["a__b_c","a__c"] '

# --- parts ------------------------------------------------------------------------------
tree
document part.yaml Part https://p.example.com own
cat >>"$t/part.yaml" <<'EOF2'
components: {schemas: {P: {type: string}}}
EOF2
document deep/a.yaml A https://a.example.com a
cat >>"$t/deep/a.yaml" <<'EOF2'
  /p: {$ref: 'way.yaml#/p'}
EOF2
file deep/way.yaml <<'EOF2'
p: {get: {operationId: p, responses: {'200': {$ref: 'on.json'}}}}
EOF2
file deep/on.json <<'EOF2'
{"description": "ok", "content": {"application/json": {"schema":
{"$ref": "../part.yaml#/components/schemas/P"}}}}
EOF2
ast 0 'a document that lends another one a schema, by way of others'
is 'is read for itself, too' "$(q 'select(.kind == "callable") | .name' | sort |
	tr '\n' ' ')" '"a" "own" "p" '
document part.yaml Part https://p.example.com
cat >>"$t/part.yaml" <<'EOF2'
  {}
components: {schemas: {P: {type: string}}}
EOF2
ast 0 'one that has nothing else'
is 'is not' "$(q 'select(.kind == "callable") | .name' | tr '\n' ' ')" '"a" "p" '
like 'which is said' "$(cat "$tmp/err")" \
	'part.yaml is not read for itself: it is part of deep/a.yaml'
is 'one document is left, and has no other name' "$(q 'select(.kind == "unit") |
	[.path, .document]')" '["deep/a.yaml",null]'
document part.yaml Part https://p.example.com own
sed -i "s|^p: .*|p: {\$ref: '../part.yaml#/paths/~1own'}|" "$t/deep/way.yaml"
ast 0 'one whose operations another one has'
is 'is not either' "$(q 'select(.kind == "unit") | .path')" '"deep/a.yaml"'

tree
document b/b.yaml B https://b.example.com b
document a.yaml A https://a.example.com a
document c.yaml C https://c.example.com c
printf '  /x: {$ref: "%s#/paths/~1%s"}\n' b/b.yaml b >>"$t/a.yaml"
printf '  /x: {$ref: "%s#/paths/~1%s"}\n' ../a.yaml a >>"$t/b/b.yaml"
printf '  /x: {$ref: "%s#/paths/~1%s"}\n' c.yaml c >>"$t/c.yaml"
ast 0 'documents that refer to each other, and to themselves'
is 'the one nearest to the top is read' "$(q 'select(.kind == "unit") | .path' |
	tr '\n' ' ')" '"a.yaml" "c.yaml" '

tree
document a.yaml A https://a.example.com a
cp "$t/a.yaml" "$t/copy.yaml"
ast 0 'a copy'
is 'is one document' "$(q 'select(.kind == "unit") | .path')" '"a.yaml"'
like 'which is said' "$(cat "$tmp/err")" \
	'copy.yaml is not read: it says the same as a.yaml'

# --- bad ones --------------------------------------------------------------------------
tree
document good.yaml Good https://good.example.com g
printf 'openapi: 3.0.0\npaths: {a: [\n' | file broken.yaml
printf "swagger: '2.0'\npaths: {/a: {\$ref: good.json}}\n" | file swagger.yaml
cat <<'EOF2' | file bad.yaml
openapi: 3.0.3
info: {title: Bad, version: '1'}
paths:
  /passwd:
    get:
      operationId: passwd
      responses:
        '200': {$ref: '../../../../../../../../etc/passwd'}
  /remote:
    get:
      operationId: remote
      responses: {'200': {$ref: 'https://evil.example.com/x.yaml'}}
  /gone: {$ref: 'gone.yaml'}
  /broken: {$ref: 'text.yaml#/x'}
EOF2
printf 'x: [\n' | file text.yaml
ast 0 'bad documents beside a good one'
is 'cost themselves' "$(q 'select(.kind == "unit") | [.path, .parse]' |
	tr '\n' ' ')" "$(printf '%s ' '["bad.yaml","ok"]' \
	'["broken.yaml","errors"]' '["good.yaml","ok"]' '["swagger.yaml","errors"]')"
is 'and what is good stays' "$(q 'select(.kind == "callable") |
	[.name, .invalid == null]' | tr '\n' ' ')" \
	'["passwd",false] ["remote",false] ["g",true] '
for w in 'broken.yaml:3:1: warning: not YAML' \
	'swagger.yaml:2:20: warning: ' \
	"bad.yaml:8:23: warning: GET /passwd is left out: '.*etc/passwd' is no file of this source" \
	"bad.yaml:12:33: warning: GET /remote is left out: .*is a URL" \
	"bad.yaml:13:17: warning: 'gone.yaml' is no file of this source" \
	'text.yaml:2:1: warning: not YAML'; do
	like "is told: $w" "$(cat "$tmp/err")" "^$w"
done
ok 'by the schemas' node tests/records/validate.mjs "$tmp/ast"
rm "$t/good.yaml" "$t/bad.yaml"
ast 0 'bad ones alone'
run 2 'make no server' smelt-tooldef "$tmp/ast"

# --- routes of the same repository --------------------------------------------------------
tree
file app.py <<'EOF2'
from flask import Flask
app = Flask(__name__)


@app.get("/v1/notes/<int:note>")
def read(note: int):
    """Read it."""
    return {}


@app.get("/v1/notes/")
def notes():
    """All of them."""
    return []


@app.post("/v1/notes")
def add():
    """Another one."""
    return {}


@app.delete("/v1/notes/<int:note>")
def remove(note: int):
    """Take it away."""
    return {}


@app.get("/alone")
def alone():
    """No document has it."""
    return {}
EOF2
cat >"$tmp/api.yaml" <<'EOF2'
openapi: 3.0.3
info: {title: Notes, version: '1'}
SERVERS
paths:
  /notes/{id}:
    get:
      operationId: readNote
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {'200': {description: ok}}
    delete:
      operationId: remove
      x-internal: true
      parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
      responses: {'200': {description: ok}}
  /notes:
    get:
      operationId: notes
      responses: {'200': {description: ok}}
    post:
      operationId: add
      responses: {'200': {$ref: '#/gone'}}
  /only:
    get:
      operationId: only
      responses: {'200': {description: ok}}
EOF2
tools() {
	smelt-tooldef -q "$tmp/ast" >"$tmp/tools"
	ok 'by the schemas' node tests/records/validate.mjs "$tmp/tools"
	jq -r 'select(.kind == "tool") | "\(.name) \(.callable)"' "$tmp/tools" |
		LC_ALL=C sort >"$tmp/names"
	jq -r 'select(.kind == "skip") | "\(.reason) \(.callable): \(.text)"' \
		"$tmp/tools" | LC_ALL=C sort >>"$tmp/names"
}
sed "s|SERVERS|servers: [{url: 'https://api.example.com/v1'}]|" "$tmp/api.yaml" \
	>"$t/api.yaml"
ast 0 'a document and the code that answers it'
tools
cat >"$tmp/want" <<'EOF2'
alone app.py:alone
notes api.yaml#notes
only api.yaml#only
post_add app.py:add
read_note api.yaml#readNote
duplicate app.py:notes: the same call is api.yaml#notes
duplicate app.py:read: the same call is api.yaml#readNote
duplicate app.py:remove: the same call is api.yaml#remove
internal api.yaml#remove: x-internal: true
invalid api.yaml#add: $ref '#/gone' leads nowhere
EOF2
same 'the operation is kept, where there is one' "$tmp/names" "$tmp/want"
is 'both say what they belong to' "$(jq -c 'select(.kind == "tool") |
	[.binding.document, .binding.server]' "$tmp/tools" | sort -u |
	tr '\n' ' ')" \
	'["api","https://api.example.com/v1"] ["code","http://127.0.0.1:5000"] '
sed "s|SERVERS|servers: [{url: /v1}]|" "$tmp/api.yaml" >"$t/api.yaml"
ast 0 'a document without an address'
tools
cat >"$tmp/want" <<'EOF2'
alone app.py:alone
notes app.py:notes
only api.yaml#only
post_add app.py:add
read app.py:read
duplicate api.yaml#notes: the same call is app.py:notes
duplicate api.yaml#readNote: the same call is app.py:read
duplicate app.py:remove: the same call is api.yaml#remove
internal api.yaml#remove: x-internal: true
invalid api.yaml#add: $ref '#/gone' leads nowhere
EOF2
same 'the route is kept, but for what the document hides' "$tmp/names" "$tmp/want"
like 'and how to say where it is' "$(cat "$tmp/err")" \
	'needs SMELT_BASE_URL_API$'

# --- the same operation in two documents ------------------------------------------------
tree
document a.yaml A https://x.example.com/v1 same other
document b.yaml B https://x.example.com/v1/ same different
document c.yaml C https://y.example.com/v1 same
document d.yaml D '' same
document e.yaml E '' same
ast 0 'one call in two documents'
tools
is 'is one tool' "$(grep -c ^duplicate "$tmp/names")" 1
like 'the first one' "$(cat "$tmp/names")" \
	'duplicate b.yaml#same: the same call is a.yaml#same'

# --- many ----------------------------------------------------------------------------
tree
i=0
while [ "$i" -lt 300 ]; do
	i=$((i + 1))
	document "s$i/openapi.yaml" "S$i" "https://s$i.example.com" a b c
	echo "  /x: {\$ref: '../shared/x.yaml'}" >>"$t/s$i/openapi.yaml"
done
file shared/x.yaml <<'EOF2'
get: {operationId: x, responses: {'200': {description: ok}}}
EOF2
ast 0 '300 documents'
is 'with all their operations' "$(q 'select(.kind == "callable") | .id' |
	sort -u | grep -c .)" 1200
is 'and a name each' "$(q 'select(.kind == "unit") | .document' | sort -u |
	grep -c .)" 300
done_testing
