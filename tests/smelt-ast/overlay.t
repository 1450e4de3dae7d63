#!/bin/sh
# Overlays: the operations are those of the changed document, and every place
# is in the file that the words come from.
. tests/lib.sh
need jq

# ast OVERLAY: of $tmp/api.yaml with it
ast() {
	smelt-intake -q --overlay "$1" "$tmp/api.yaml" >"$tmp/in" &&
		smelt-ast -q "$tmp/in" >"$tmp/out"
}
q() {
	jq -c "$1" "$tmp/out"
}
cat >"$tmp/api.yaml" <<'EOF2'
openapi: 3.0.3
info: {title: Old, version: "1"}
servers: [{url: 'https://h.example'}]
tags: [{name: a}]
paths:
  /a:
    get:
      operationId: getA
      parameters: [{name: q, in: query, schema: {type: string}}]
      responses: {'200': {description: ok}}
    delete:
      operationId: delA
      responses: {'200': {description: ok}}
  /b:
    get:
      x-old: true
      responses: {'200': {description: ok}}
components: {schemas: {D: {type: string}}}
EOF2
cat >"$tmp/more.json" <<'EOF2'
{"overlay": "1.0.0", "info": {"title": "more", "version": "1"}, "actions": [
  {"target": "$.info", "update": {"title": "New", "description": "more"}},
  {"target": "$.paths['/a'].get", "update": {"summary": "Gets an A",
    "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer"}}]}},
  {"target": "$.paths.*.delete", "remove": true},
  {"target": "$.paths.*[?@['x-old'] == true && !@.summary]", "remove": true},
  {"target": "$.tags", "update": {"name": "b"}},
  {"target": "$.paths", "update": {
    "/c": {"post": {"operationId": "addC", "responses": {"201": {"description": "made",
      "content": {"application/json": {"schema": {"$ref": "#/components/schemas/C"}}}}}}}}},
  {"target": "$.components.schemas", "update": {
    "C": {"type": "object", "properties": {"d": {"$ref": "#/components/schemas/D"}}}}}
]}
EOF2
ok 'an overlay' ast "$tmp/more.json"
ok 'by the schemas' node tests/records/validate.mjs "$tmp/out"
is 'what stays, goes and comes' "$(q 'select(.kind=="callable")|[.id,.title]')" \
	'["api.yaml#getA","Gets an A"]
["api.yaml#addC",null]'
is 'lists are joined' "$(q 'select(.name=="getA").parameters|map(.name)')" '["q","limit"]'
is 'an entry is appended' "$(q 'select(.kind=="unit").openapi|[.title,.description,.tags]')" \
	'["New","more",[{"name":"a"},{"name":"b"}]]'
is 'an operation of the document stands there' "$(q 'select(.name=="getA").loc')" \
	'{"file":"api.yaml","line":7,"col":5,"endLine":7,"endCol":8}'
is 'one of the overlay stands in the overlay' "$(q 'select(.name=="addC").loc')" \
	'{"file":"more.json","line":9,"col":12,"endLine":9,"endCol":18}'
is 'types, too' "$(q 'select(.kind=="type")|[.id,.loc.file,.loc.line]')" \
	'["C","more.json",12]
["D","api.yaml",18]'
smelt-ast -q "$tmp/out" >"$tmp/again"
same 'a second run changes nothing' "$tmp/again" "$tmp/out"

cat >"$tmp/bad.yaml" <<'EOF2'
overlay: 1.0.0
info: {title: bad, version: '1'}
actions:
  - target: $.paths['/a'].get.parameters
    update:
      $ref: '#/components/parameters/none'
EOF2
smelt-intake -q --overlay "$tmp/bad.yaml" "$tmp/api.yaml" >"$tmp/in"
run 0 'a mistake in an overlay' smelt-ast "$tmp/in"
like 'is told there' "$(cat "$tmp/err")" "^bad\\.yaml:6:13: warning: GET /a is left out: .*leads nowhere"

# Swagger 2.0 is changed as it is written
cat >"$tmp/api.yaml" <<'EOF2'
swagger: "2.0"
info: {title: Old, version: "1"}
host: h.example
paths: {/a: {get: {operationId: a, responses: {'200': {description: ok}}}}}
EOF2
cat >"$tmp/two.yaml" <<'EOF2'
overlay: 1.0.0
info: {title: two, version: '1'}
actions:
  - target: $.paths..[?@.operationId == 'a']
    update:
      parameters: [{$ref: '#/parameters/q'}]
  - target: $
    update:
      host: other.example
      parameters:
        q: {name: q, in: query, type: array, items: {type: string}, collectionFormat: tsv}
EOF2
smelt-intake -q --overlay "$tmp/two.yaml" "$tmp/api.yaml" >"$tmp/in"
run 0 'of Swagger 2.0' smelt-ast "$tmp/in"
is 'its own words are changed' "$(q 'select(.name=="a")|[.route.servers,.parameters[0].name]')" \
	'[["https://other.example"],"q"]'
like 'places go through both' "$(cat "$tmp/err")" '^two\.yaml:11:87: warning: collectionFormat'

# artifacts that were made by hand
sed 's/"overlays":\["two.yaml"\]/"overlays":["gone.yaml"]/' "$tmp/in" >"$tmp/x"
run 2 'an overlay that is not there' smelt-ast "$tmp/x"
like 'is told' "$(cat "$tmp/err")" 'gone\.yaml: error: no such overlay'
sed 's/"overlays":\["two.yaml"\]/"overlays":["api.yaml"]/' "$tmp/in" >"$tmp/x"
run 2 'one that is the document' smelt-ast "$tmp/x"
sed 's/"overlays":\["two.yaml"\]/"overlays":[7]/' "$tmp/in" >"$tmp/x"
run 2 'one that is no name' smelt-ast "$tmp/x"
done_testing
