#!/bin/sh
# OpenAPI documents: operations in their full shape, schemas as JSON Schema.
. tests/lib.sh
need jq

# ast FILE...: the artifact of these files in $tmp/out; the first is the document
ast() {
	smelt-intake -q "$1" >"$tmp/in" && smelt-ast -q "$tmp/in" >"$tmp/out"
}
# own ARTIFACT: our records, for people to read
own() {
	jq --tab 'select(.kind == "unit" or .kind == "type" or
		.kind == "callable") | del(.digest)' "$1"
}
# q FILTER: what jq says of $tmp/out, compact
q() {
	jq -c "$1" "$tmp/out"
}
# spec VERSION YAML...: a document with these paths and components
spec() {
	printf 'openapi: %s\ninfo: {title: T, version: "1"}\n' "$1" >"$tmp/a.yaml"
	cat >>"$tmp/a.yaml"
}

ok 'the library is read' ast examples/openapi/library.yaml
own "$tmp/out" >"$tmp/library"
golden 'its operations and types' "$tmp/library" tests/smelt-ast/golden/library.json
ok 'every record is by its schema' node tests/records/validate.mjs "$tmp/out"
smelt-ast -q "$tmp/out" >"$tmp/again"
same 'a second run changes nothing' "$tmp/again" "$tmp/out"
run 0 'the summary' smelt-ast -o "$tmp/x" "$tmp/in"
like 'counts by method' "$(cat "$tmp/err")" '10 operations \(get 4, put 2, post 2, delete 1, patch 1\), 8 types, 7 require auth'

# --- 3.0 is made 2020-12 ------------------------------------------------------
spec 3.0.3 <<'EOF2'
paths:
  /a:
    post:
      operationId: a
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/All'}
      responses: {'200': {description: ok}}
components:
  schemas:
    All:
      type: object
      x-secret: gone
      xml: {name: gone}
      discriminator: {propertyName: gone}
      properties:
        null string: {type: string, nullable: true, example: hi}
        null enum: {type: string, nullable: true, enum: [a, b]}
        null ref:
          nullable: true
          description: kept outside
          allOf: [{$ref: '#/components/schemas/Leaf'}]
        above: {type: number, minimum: 3, exclusiveMinimum: true}
        from: {type: number, minimum: 3, exclusiveMinimum: false}
        below: {type: number, maximum: 9, exclusiveMaximum: true}
        whole: {type: integer, format: int64}
        file: {type: file}
        sibling: {$ref: '#/components/schemas/Leaf', description: ignored}
        deep: {$ref: '#/components/schemas/All/properties/whole'}
        wrong: {type: string, minLength: -1, pattern: 7, required: true, enum: []}
        nothing:
        examples: {type: string, examples: {one: {value: 1}}}
    Leaf: {type: string}
    Unused: {type: string}
EOF2
ok '3.0 is read' ast "$tmp/a.yaml"
q 'select(.kind=="type")|{(.id):.schema}' >"$tmp/types"
cat >"$tmp/want" <<'EOF2'
{"All":{"type":"object","properties":{"null string":{"type":["string","null"],"examples":["hi"]},"null enum":{"type":["string","null"],"enum":["a","b",null]},"null ref":{"description":"kept outside","anyOf":[{"allOf":[{"$ref":"#/$defs/Leaf"}]},{"type":"null"}]},"above":{"type":"number","exclusiveMinimum":3},"from":{"type":"number","minimum":3},"below":{"type":"number","exclusiveMaximum":9},"whole":{"type":"integer","format":"int64"},"file":{"type":"string"},"sibling":{"$ref":"#/$defs/Leaf"},"deep":{"$ref":"#/$defs/whole-8dfb7f65"},"wrong":{"type":"string"},"nothing":{},"examples":{"type":"string"}}}}
{"Leaf":{"type":"string"}}
{"whole-8dfb7f65":{"type":"integer","format":"int64"}}
EOF2
sed -i 's/whole-[0-9a-f]\{8\}/whole-8dfb7f65/g' "$tmp/types"
same 'nullable, bounds, examples, siblings, refs into schemas' "$tmp/types" "$tmp/want"

# --- 3.1 keeps what 2020-12 has -----------------------------------------------
spec 3.1.0 <<'EOF2'
paths:
  /a:
    post:
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Tree', description: beside}
      responses: {'200': {description: ok}}
components:
  schemas:
    Tree:
      $anchor: tree
      type: object
      properties:
        down: {type: array, items: {$ref: '#tree'}}
        pair: {type: array, items: [{type: string}, true]}
        either: {oneOf: [{type: string}, {type: 'null'}], nullable: true}
      patternProperties: {'^x': {const: 1}}
      if: {required: [down]}
      then: {maxProperties: 2}
      unevaluatedProperties: false
      additionalItems: gone
EOF2
ok '3.1 is read' ast "$tmp/a.yaml"
is 'keywords beside a $ref stay' "$(q 'select(.kind=="callable").body.content[0].schema')" \
	'{"$ref":"#/$defs/Tree","description":"beside"}'
is 'a cycle stays, tuples and conditions too' "$(q 'select(.kind=="type").schema')" \
	'{"$anchor":"tree","type":"object","properties":{"down":{"type":"array","items":{"$ref":"#/$defs/Tree"}},"pair":{"type":"array","prefixItems":[{"type":"string"},true]},"either":{"anyOf":[{"oneOf":[{"type":"string"},{"type":"null"}]},{"type":"null"}]}},"patternProperties":{"^x":{"const":1}},"if":{"required":["down"]},"then":{"maxProperties":2},"unevaluatedProperties":false}'
is 'without operationId: method and path' "$(q 'select(.kind=="callable")|[.id,.name]')" \
	'["a.yaml#POST /a",""]'

# --- parameters ---------------------------------------------------------------
spec 3.0.0 <<'EOF2'
servers: [{url: 'https://{host}/v1', variables: {host: {default: h.example}}}, {url: /rel}]
security: [{key: []}]
paths:
  /a/{id}/{other}:
    parameters:
      - {name: id, in: path, required: true, schema: {type: string}}
      - {name: q, in: query, schema: {type: string}, description: of the path}
    get:
      operationId: a
      security: []
      servers: [{url: 'http://own.example'}]
      parameters:
        - {name: q, in: query, schema: {type: integer}}
        - {name: s, in: header, style: form, schema: {type: string}}
        - {name: d, in: query, style: deepObject, schema: {type: object}}
        - {name: j, in: query, content: {application/json: {schema: {type: object}}}}
        - {name: x-key, in: header, schema: {type: string}}
        - {name: Accept, in: header, schema: {type: string}}
        - {name: ghost, in: path, required: true, schema: {type: string}}
        - $ref: '#/components/parameters/C'
      responses: {'200': {description: ok}, 'x-no': {}, '200 OK': {description: odd}}
    delete:
      operationId: a
      security: [{}, {key: []}, {far: [7, x]}]
      parameters: [{name: x-key, in: header, schema: {type: string}}]
      responses: {}
components:
  securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
  parameters:
    C: {name: c, in: cookie, explode: false, deprecated: true, schema: {type: array, items: {type: string}}}
EOF2
run 0 'parameters are read' sh -c 'smelt-intake -q "$1" | smelt-ast' - "$tmp/a.yaml"
like 'what is not declared is said' "$(cat "$tmp/err")" \
	"^a\.yaml:[0-9]+:[0-9]+: warning: path parameter 'other' of '/a/\{id\}/\{other\}' is not declared: taken as a string$"
like 'what is not in the path, too' "$(cat "$tmp/err")" "path parameter 'ghost' is not in the path"
like 'a style that is none there, too' "$(cat "$tmp/err")" "a header parameter has no style 'form': taken as simple"
like 'an id that is there twice, too' "$(cat "$tmp/err")" "operationId 'a' is used twice"
is 'merged, with all defaults' "$(q 'select(.kind=="callable" and .route.method=="GET").parameters|map([.name,.in,.required,.schema.type,.style,.explode,.contentType,.deprecated])' )" \
	'[["id","path",true,"string","simple",false,null,null],["q","query",false,"integer","form",true,null,null],["s","header",false,"string","simple",false,null,null],["d","query",false,"object","deepObject",true,null,null],["j","query",false,"object","form",true,"application/json",null],["x-key","header",false,"string","simple",false,null,null],["c","cookie",false,"array","form",false,null,true],["other","path",true,"string","simple",false,null,null]]'
is 'an id that is there twice is none' "$(q 'select(.kind=="callable").id')" \
	'"a.yaml#GET /a/{id}/{other}"
"a.yaml#DELETE /a/{id}/{other}"'
is 'security: none, or perhaps' "$(q 'select(.kind=="callable").auth')" \
	'{"required":false,"requirements":[]}
{"required":false,"requirements":[{},{"key":[]},{"far":["x"]}]}'
like 'a scheme that is not there is said' "$(cat "$tmp/err")" "^a\.yaml:26:34: warning: security scheme 'far' is not declared"
is 'the key itself is no argument' "$(q 'select(.kind=="callable" and .route.method=="DELETE").parameters|map(.name)')" \
	'["id","q","other"]'
is 'servers: own ones first, variables by default' "$(q 'select(.kind=="callable").route.servers')" \
	'["http://own.example"]
["https://h.example/v1","/rel"]'
like 'no absolute server is said' "$(smelt-intake -q "$tmp/a.yaml" | sed 's,https://{host},/{host},' | smelt-ast 2>&1 >/dev/null)" \
	'^a\.yaml:3:17: warning: no server URL is absolute: the generated server needs SMELT_BASE_URL$'
is 'statuses that are none go' "$(q 'select(.kind=="callable" and .route.method=="GET").responses|map(.status)')" '["200"]'

# --- one bad operation costs itself -------------------------------------------
spec 3.1.0 <<'EOF2'
paths:
  /good: {get: {operationId: good, responses: {'200': {description: ok}}}}
  /bad1: {get: {operationId: bad1, parameters: [{$ref: '#/components/parameters/No'}]}}
  /bad2: {get: {operationId: bad2, parameters: [{name: x, in: body}]}}
  /bad3: {post: {operationId: bad3, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Far'}}}}}}
  /bad4: {post: {operationId: bad4, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Self'}}}}}}
  /bad5: {get: not an operation}
components:
  schemas:
    Far: {type: object, properties: {a: {$ref: '#/components/schemas/Near'}}}
    Near: {type: array, items: {$ref: '#/components/schemas/Nowhere'}}
    Self: {allOf: [{$ref: '#/components/schemas/Twin'}]}
    Twin: {anyOf: [{$ref: '#/components/schemas/Self'}, {type: string}]}
EOF2
run 0 'bad operations' sh -c 'smelt-intake -q "$1" | smelt-ast' - "$tmp/a.yaml"
is 'are marked, the good one is whole' "$(q 'select(.kind=="callable")|[.name,.invalid]')" \
	"[\"good\",null]
[\"bad1\",\"\$ref '#/components/parameters/No' leads nowhere\"]
[\"bad2\",\"parameter 'x' is in 'body', not path, query, querystring, header or cookie\"]
[\"bad3\",\"\$ref '#/components/schemas/Nowhere' leads nowhere\"]
[\"bad4\",\"schema 'Self' leads to itself without end\"]
[\"\",\"operation is string, not an object\"]"
like 'each is said where it is' "$(cat "$tmp/err")" \
	"^a\.yaml:13:39: warning: POST /bad3 is left out: \\\$ref '#/components/schemas/Nowhere' leads nowhere$"
cp "$tmp/out" "$tmp/bad"
ok 'the artifact is by its schema' node tests/records/validate.mjs "$tmp/bad"
spec 3.1.0 <<'EOF2'
paths:
  /bad1: {get: {parameters: [{$ref: '#/components/parameters/No'}]}}
EOF2
smelt-intake -q "$tmp/a.yaml" >"$tmp/in"
run 2 'nothing but a bad one' smelt-ast -o "$tmp/none" "$tmp/in"
like 'is an error with its place' "$(cat "$tmp/err")" "^a\.yaml:4:37: error: \\\$ref '#/components/parameters/No' leads nowhere$"
absent 'and no output' "$tmp/none"

# intake refuses these, too, so they are put into the artifact here
for url in https://example.org/x.yaml '//example.org/x' file:///etc/passwd; do
	spec 3.1.0 <<'EOF2'
paths:
  /good: {get: {operationId: good, responses: {'200': {description: ok}}}}
  /far: {get: {parameters: [{$ref: '#/HERE'}]}}
EOF2
	smelt-intake -q "$tmp/a.yaml" >"$tmp/in"
	mutate "$tmp/in" "$tmp/far" "s,#/HERE,$url#/x,"
	run 2 "a reference to $url is refused" smelt-ast -o "$tmp/none" "$tmp/far"
	like 'at its place' "$(cat "$tmp/err")" '^a\.yaml:5:36: error: .* is a URL: nothing is fetched.* \[remote-ref\]$'
	absent 'no output' "$tmp/none"
done

# --- parameters without a name --------------------------------------------------
spec 3.0.3 <<'EOF2'
paths:
  /a/{id}: {get: {operationId: a, parameters: [{name: '', in: header}, {in: path, required: true}, {name: q, in: query}], responses: {}}}
  /b: {get: {operationId: b, parameters: [{name: '', in: query, required: true}], responses: {}}}
EOF2
run 0 'a parameter without a name' sh -c 'smelt-intake -q "$1" | smelt-ast' - "$tmp/a.yaml"
like 'is left out' "$(cat "$tmp/err")" '^a\.yaml:4:63: warning: header parameter without a name: left out$'
like 'a required one is said where it is' "$(cat "$tmp/err")" '^a\.yaml:5:58: warning: GET /b is left out: parameter without a name$'
is 'and costs its operation nothing, unless it is required' \
	"$(q 'select(.kind=="callable")|[(.parameters|map(.name)),.invalid]')" \
	'[["q","id"],null]
[[],"parameter without a name"]'

# --- what is no operation --------------------------------------------------------
spec 3.1.0 <<'EOF2'
paths:
  /a: {get: {operationId: a, responses: {}}}
webhooks:
  changed: {post: {operationId: changed, responses: {}}}
EOF2
run 0 'webhooks are read past' sh -c 'smelt-intake -q "$1" | smelt-ast' - "$tmp/a.yaml"
like 'with a note' "$(cat "$tmp/err")" '^a\.yaml:5:1: warning: 1 webhook is left out: '
is 'and are no callables' "$(q 'select(.kind=="callable").name')" '"a"'
spec 3.1.0 <<'EOF2'
webhooks: {}
EOF2
run 0 'a document without operations' sh -c 'smelt-intake -q "$1" | smelt-ast' - "$tmp/a.yaml"
like 'says so' "$(cat "$tmp/err")" ': OpenAPI: 0 operations, 0 types'

# --- several files --------------------------------------------------------------
mkdir -p "$tmp/api/parts"
cat >"$tmp/api/main.yaml" <<'EOF2'
openapi: 3.1.0
info: {title: T, version: "1"}
paths:
  /a: {$ref: 'parts/a.yaml'}
  /b: {get: {operationId: b, parameters: [{$ref: 'parts/../parts/p.json#/one~1two'}]}}
EOF2
cat >"$tmp/api/parts/a.yaml" <<'EOF2'
get:
  operationId: a
  responses:
    '200': {description: ok, content: {application/json: {schema: {$ref: 's.yaml'}}}}
EOF2
printf '{"one/two":{"name":"p","in":"query","schema":{"$ref":"s.yaml#/properties/x"}}}' >"$tmp/api/parts/p.json"
printf 'type: object\nproperties:\n  x: {type: integer}\n  me: {$ref: "#"}\n' >"$tmp/api/parts/s.yaml"
smelt-intake -q "$tmp/api/main.yaml" >"$tmp/in"
run 0 'references between files' smelt-ast "$tmp/in"
is 'are followed' "$(q 'select(.kind=="callable")|[.name,.invalid,.loc.file]')" \
	'["a",null,"parts/a.yaml"]
["b",null,"main.yaml"]'
is 'to types of their own' "$(q 'select(.kind=="type")|[.name,.loc.file]' | sort)" \
	'["s","parts/s.yaml"]
["x","parts/s.yaml"]'
ok 'the artifact is by its schema' node tests/records/validate.mjs "$tmp/out"

# --- the machine's side ---------------------------------------------------------
run 2 'cut off input' sh -c 'head -n 2 "$1" | smelt-ast' - "$tmp/in"
like 'is said' "$(cat "$tmp/err")" 'cut off: no end record'
run 2 'no room for the output' sh -c 'smelt-ast "$1" >/dev/full' - "$tmp/in"
done_testing
