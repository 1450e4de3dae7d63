#!/bin/sh
# Swagger 2.0 documents: the same records as of OpenAPI 3, with places in the
# text of the document itself.
. tests/lib.sh
need jq

ast() {
	smelt-intake -q "$1" >"$tmp/in" && smelt-ast "$tmp/in" >"$tmp/out" \
		2>"$tmp/err"
}
q() {
	jq -c "$1" "$tmp/out"
}
# spec YAML...: a document with these members
spec() {
	printf 'swagger: "2.0"\ninfo: {title: T, version: "1"}\n' >"$tmp/a.yaml"
	cat >>"$tmp/a.yaml"
}

ok 'a document is read' ast tests/smelt-ast/golden/kennel.yaml
jq --tab 'select(.kind == "unit" or .kind == "type" or .kind == "callable") |
	del(.digest)' "$tmp/out" >"$tmp/kennel"
golden 'its operations and types' "$tmp/kennel" tests/smelt-ast/golden/kennel.json
ok 'every record is by its schema' node tests/records/validate.mjs "$tmp/out"
like 'what is no list in 3.0 is told, at its place' "$(cat "$tmp/err")" \
	"kennel\.yaml:21:110: warning: collectionFormat 'tsv' of 'tabs' is taken as one string"
like 'a reference to nowhere costs its operation' "$(cat "$tmp/err")" \
	"kennel\.yaml:53:27: warning: GET /bad is left out: \\\$ref '#/parameters/nope'"

# the same document as JSON: places are those of the JSON text
cat >"$tmp/a.json" <<'EOF2'
{
  "swagger": "2.0",
  "info": {"title": "T", "version": "1"},
  "host": "api.example.org",
  "paths": {
    "/a": {
      "get": {"responses": {"200": {"description": "ok",
        "schema": {"$ref": "#/definitions/A"}}}}
    }
  },
  "definitions": {
    "A": {"type": "string"}
  }
}
EOF2
ok 'JSON is read' ast "$tmp/a.json"
is 'where the operation stands' "$(q 'select(.kind=="callable").loc')" \
	'{"file":"a.json","line":7,"col":7,"endLine":7,"endCol":12}'
is 'where the type stands' "$(q 'select(.kind=="type").loc')" \
	'{"file":"a.json","line":12,"col":5,"endLine":12,"endCol":8}'
is 'without schemes it is https' "$(q 'select(.kind=="unit").openapi.servers')" \
	'[{"url":"https://api.example.org"}]'

# servers
spec <<'EOF2'
basePath: v2
paths: {/a: {get: {responses: {'200': {description: ok}}}}}
EOF2
ok 'no host' ast "$tmp/a.yaml"
is 'the path is the server' "$(q 'select(.kind=="callable").route.servers')" '["/v2"]'
like 'a base is wanted' "$(cat "$tmp/err")" 'a\.yaml:3:11: warning: no server URL is absolute'

# bodies of forms
spec <<'EOF2'
host: h.example
consumes: [multipart/form-data, application/x-www-form-urlencoded]
paths:
  /a:
    parameters: [{name: x, in: formData, type: string, required: true}, {name: b, in: body, schema: {type: string}}]
    post:
      parameters:
        - {name: x, in: formData, type: integer}
        - {name: y, in: formData, type: array, items: {type: string}, collectionFormat: ssv}
      responses: {'200': {description: ok}}
    put:
      consumes: []
      parameters: [{name: b, in: body, schema: {type: integer, x-nullable: true}}]
      responses: {'200': {description: ok}}
  /b:
    get:
      parameters:
        - {name: X-List, in: header, type: array, items: {type: string}, collectionFormat: pipes}
        - {name: q, in: query, type: array, items: {type: string}, collectionFormat: ssv}
      responses: {'200': {description: ok}}
EOF2
sed -i 's/, {name: b, in: body, schema: {type: string}}\]/]/' "$tmp/a.yaml"
ok 'forms' ast "$tmp/a.yaml"
is 'both media types, the operation over its path' \
	"$(q 'select(.name==""and .route.method=="POST").body.content|map([.mediaType,.schema.properties.x.type,.schema.required,.encoding.y.style])')" \
	'[["application/x-www-form-urlencoded","integer",null,"spaceDelimited"],["multipart/form-data","integer",null,"spaceDelimited"]]'
is 'a list in a header that 3.0 does not know is a string' \
	"$(q 'select(.route.path=="/b").parameters|map([.name,.schema.type,.style,.explode])')" \
	'[["X-List","string","simple",false],["q","array","spaceDelimited",false]]'
is 'x-nullable; no media type is JSON' \
	"$(q 'select(.route.method=="PUT").body.content')" \
	'[{"mediaType":"application/json","schema":{"type":["integer","null"]}}]'

# references
mkdir -p "$tmp/d"
cat >"$tmp/d/a.yaml" <<'EOF2'
swagger: 2.0
info: {title: T, version: '1'}
host: h.example
paths:
  /a:
    post:
      parameters: [{name: b, in: body, schema: {$ref: 'b.yaml#/B'}}]
      responses: {200: {description: ok}}
definitions: {Own: {type: string}}
EOF2
printf 'B: {type: object, properties: {own: {$ref: "a.yaml#/definitions/Own"}}}\n' >"$tmp/d/b.yaml"
ok 'a schema in another file, and back; the version without quotes' ast "$tmp/d/a.yaml"
is 'its types' "$(q 'select(.kind=="type").name')" '"B"
"Own"'
printf 'p: {name: q, in: query, type: string}\n' >"$tmp/d/p.yaml"
sed -i 's/\[{name: b.*/[{$ref: "p.yaml#\/p"}]/' "$tmp/d/a.yaml"
smelt-intake -q "$tmp/d/a.yaml" >"$tmp/in"
run 2 'a parameter in another file' smelt-ast "$tmp/in"
like 'is refused at its place' "$(cat "$tmp/err")" \
	"a\.yaml:7:[0-9]+: error: 'p\.yaml#/p' is in another file"

# hostile
spec <<'EOF2'
host: h.example
paths: {/a: {get: {parameters: [{$ref: '#/parameters/a'}], responses: {'200': {$ref: '#/responses/a'}}}},
  /b: {get: {responses: {'200': {description: ok}}}}}
parameters: {a: {$ref: '#/parameters/b'}, b: {$ref: '#/parameters/a'}}
responses: {a: {$ref: '#/responses/a'}}
EOF2
ok 'circles' ast "$tmp/a.yaml"
is 'cost their operation only' "$(q 'select(.kind=="callable")|has("invalid")')" 'true
false'
spec <<'EOF2'
host: 7
basePath: [x]
schemes: {https: 1}
consumes: yes
paths: {/a: 7, /b: {get: [], put: {parameters: 7, responses: 7}, parameters: {}}, x-y: {get: {}},
  /c: {post: {parameters: [7, {}, {in: body}, {in: body, schema: 7}, {in: formData}], responses: {200: 7}}},
  /d: {get: {consumes: [7, 7], responses: {200: {schema: {type: string}}}}}}
definitions: [1]
securityDefinitions: {a: 7, b: {type: oauth2, flow: 9, scopes: 7}}
EOF2
ok 'nonsense everywhere' ast "$tmp/a.yaml"
is 'what can be read is' "$(q 'select(.kind=="callable" and (has("invalid")|not)).route.path')" '"/d"'
ok 'by the schemas' node tests/records/validate.mjs "$tmp/out"
python3 - "$tmp/big.json" <<'EOF2'
import json, sys
big = {"type": "object", "properties": {f"p{i}": {"type": "string"} for i in range(20000)}}
doc = {"swagger": "2.0", "info": {"title": "T", "version": "1"}, "host": "h.example",
       "responses": {"r": {"description": "x" * 10, "schema": big}},
       "paths": {f"/{i}": {"get": {"responses": {"200": {"$ref": "#/responses/r"}}}}
                 for i in range(500)}}
json.dump(doc, open(sys.argv[1], "w"))
EOF2
smelt-intake -q "$tmp/big.json" >"$tmp/in"
run 2 'a response that is written out too often' smelt-ast "$tmp/in"
like 'is refused' "$(cat "$tmp/err")" 'big\.json: error: grows over 64 MiB'
python3 - "$tmp" <<'EOF2'
import json, sys
def put(name, **more):
    doc = {"swagger": "2.0", "info": {"title": "T", "version": "1"}, "host": "h.example", **more}
    json.dump(doc, open(f"{sys.argv[1]}/{name}.json", "w"))
op = {"responses": {"200": {"description": "ok", "schema": {"type": "string"}}}}
put("types", produces=[f"a/{i}" for i in range(100000)], paths={"/a": {"get": op}})
put("fields", paths={"/a": {"post": {**op, "parameters":
    [{"name": f"f{i}", "in": "formData", "type": "string"} for i in range(2000)]}}})
put("refs", parameters={f"p{i}": {"name": "q", "in": "query", "type": "string"} for i in range(40000)},
    paths={"/a": {"get": {**op, "parameters": [{"$ref": "#/parameters/p39999"}] * 40000}}})
EOF2
for case in 'types;has too many media types' 'fields;is one form field too many' \
	'refs;is one reference too many'; do
	smelt-intake -q "$tmp/${case%;*}.json" >"$tmp/in"
	run 2 "too much: ${case%;*}" timeout 60 smelt-ast "$tmp/in"
	like 'is refused at its place' "$(cat "$tmp/err")" \
		"${case%;*}\.json:1:[0-9]+: error: '.*' ${case#*;}"
done
done_testing
