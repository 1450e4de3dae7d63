#!/bin/sh
# What refers to what: URIs of $id and $self, anchors, $dynamicRef, pointers.
. tests/lib.sh
need jq

# ast FILE: its artifact in $tmp/out, valid; what was said in $tmp/err
ast() {
	smelt-intake -q "$1" >"$tmp/in"
	if ! smelt-ast "$tmp/in" >"$tmp/out" 2>"$tmp/err"; then
		cat "$tmp/err"
		return 1
	fi
	node tests/records/validate.mjs "$tmp/out"
}
q() {
	jq -c "$1" "$tmp/out"
}
# schema VERSION SCHEMA: a document whose one body is that; more on stdin
schema() {
	{
		printf 'openapi: %s\ninfo: {title: T, version: "1"}\npaths:\n  /a:\n    post:\n' "$1"
		printf '      requestBody: {content: {application/json: {schema: %s}}}\n' "$2"
		printf '      responses: {"200": {description: ok}}\n'
		cat
	} >"$tmp/a.yaml"
}
body='select(.kind=="callable").body.content[0].schema'
# at ID: the schema of that type
at() {
	q "select(.kind==\"type\" and .id==\"$1\").schema"
}
# --- $id ----------------------------------------------------------------------
schema 3.1.0 '{$ref: "https://example.org/schemas/tree"}' <<'EOF2'
components:
  schemas:
    Tree:
      $id: https://example.org/schemas/tree
      type: object
      properties:
        down: {$ref: '#'}
        leaf: {$ref: leaf}
        own: {$ref: '#/$defs/own'}
        named: {$ref: '#name'}
        far: {$ref: 'leaf#vein'}
        root: {$ref: '#/components/schemas/Plain'}
      $defs:
        own: {type: integer}
        name: {$anchor: name, type: boolean}
    Leaf:
      $id: ./leaf
      $anchor: ignored
      type: string
    Leaf2:
      $id: HTTPS://EXAMPLE.org/schemas/x/../leaf
      type: object
      properties:
        vein: {$anchor: vein, type: 'null'}
        # neither an id nor a reference
        $id: {const: {$ref: nowhere, $id: 'https://example.org/schemas/tree'}}
    Plain: {type: number}
EOF2
ok 'URIs of $id' ast "$tmp/a.yaml"
is 'lead to their schema' "$(q "$body")" '{"$ref":"#/$defs/Tree"}'
at Tree >"$tmp/tree"
ref() {
	at "$(jq -r ".properties.$1.\"\$ref\"[8:]" "$tmp/tree")"
}
is 'and to itself' "$(jq -r '.properties.down["$ref"]' "$tmp/tree")" '#/$defs/Tree'
is 'a pointer starts at the $id' "$(ref own)" '{"type":"integer"}'
is 'an anchor is looked for there' "$(ref named)" '{"type":"boolean"}'
is 'a relative one is resolved against it, dots and case aside' "$(ref far)" '{"type":"null"}'
is 'else at the root of the document' "$(ref root)" '{"type":"number"}'
is 'no id or anchor stays' "$(jq -c 'select(.kind=="type").schema|has("$id"),has("$anchor")' "$tmp/out" | sort -u)" false

schema 3.0.3 '{$ref: "https://example.org/schemas/tree"}' <<'EOF2'
components: {schemas: {Tree: {$id: 'https://example.org/schemas/tree'}}}
EOF2
run 2 'in 3.0 there is no $id' smelt-intake "$tmp/a.yaml"

schema 3.1.0 '{$ref: "#/components/schemas/A"}' <<'EOF2'
components:
  schemas:
    A: {$id: 'urn:x:a', properties: {b: {$ref: 'urn:x:b#c'}, d: {$ref: 'urn:x:a#/properties/e'}, e: {type: string}}}
    B: {$id: 'urn:x:b', properties: {c: {$anchor: c, type: integer}}}
EOF2
ok 'names that are no URLs' ast "$tmp/a.yaml"
is 'are found' "$(q 'select(.kind=="type" and .id!="A").schema' | sort | paste -sd' ')" '{"type":"integer"} {"type":"string"}'
mutate "$tmp/a.yaml" "$tmp/b.yaml" 's/urn:x:b#c/urn:x:c#c/'
run 2 'others are refused' smelt-intake "$tmp/b.yaml"

# --- $self --------------------------------------------------------------------
mkdir "$tmp/shared"
schema 3.2.0 '{$ref: "https://example.org/api/shared/pets#/components/schemas/Pet"}' <<'EOF2'
$self: https://example.org/api/openapi
components: {schemas: {Own: {$ref: 'openapi#/components/schemas/Other'}, Other: {type: string}, Beside: {$ref: 'shared/pets.yaml#/components/schemas/Pet'}}}
EOF2
cat >"$tmp/shared/pets.yaml" <<'EOF2'
openapi: 3.2.0
$self: https://example.org/api/shared/pets
info: {title: T, version: '1'}
components: {schemas: {Pet: {properties: {back: {$ref: '../openapi#/components/schemas/Own'}}}}}
EOF2
ok 'documents by $self' ast "$tmp/a.yaml"
like 'the other one' "$(q "$body")" 'Pet-[0-9a-f]{8}'
like 'and back' "$(at "$(q "$body" | sed 's|.*/||; s|".*||')")" '"#/\$defs/Own"'
is 'a URI of its own' "$(at Own)" '{"$ref":"#/$defs/Other"}'

# --- $dynamicRef --------------------------------------------------------------
schema 3.1.0 '{$ref: "#/components/schemas/Tree"}' <<'EOF2'
components:
  schemas:
    Tree: {$dynamicAnchor: node, type: object, properties: {kids: {type: array, items: {$dynamicRef: '#node'}}}}
EOF2
ok 'one candidate' ast "$tmp/a.yaml"
is 'is an ordinary reference' "$(at Tree)" '{"type":"object","properties":{"kids":{"type":"array","items":{"$ref":"#/$defs/Tree"}}}}'
unlike 'nothing to say' "$(cat "$tmp/err")" candidate

schema 3.1.0 '{type: object, properties: {s: {$ref: names}, n: {$ref: "#/components/schemas/Numbers"}, any: {$ref: list}}}' <<'EOF2'
components:
  schemas:
    List:
      $id: list
      type: array
      items: {$dynamicRef: '#item'}
      $defs: {all: {$dynamicAnchor: item}}
    Names:
      $id: names
      $ref: list
      $defs: {one: {$dynamicAnchor: item, type: string}}
    Numbers:
      $id: numbers
      $ref: list
      minItems: 1
      $defs: {one: {$dynamicAnchor: item, type: number}}
EOF2
ok 'several candidates' ast "$tmp/a.yaml"
like 'are said' "$(cat "$tmp/err")" "a.yaml:[0-9]+:[0-9]+: warning: .dynamicRef '#item' has 3 candidates"
# the items of what property $1 says, after all references
items() {
	jq -n -c --arg p "$1" '[inputs] as $all
		| (reduce ($all[]|select(.kind=="type")) as $t ({}; .[$t.id]=$t.schema)) as $defs
		| def go: if has("$ref") then $defs[.["$ref"][8:]] | go else . end;
		$all[]|select(.kind=="callable").body.content[0].schema.properties[$p]|go|.items|go' "$tmp/out"
}
is 'each begins where it is used: strings' "$(items s)" '{"type":"string"}'
is 'numbers' "$(items n)" '{"type":"number"}'
is 'anything' "$(items any)" '{}'
is 'what stands beside stays' "$(at Numbers | jq .minItems)" 1
cp "$tmp/out" "$tmp/first"
ok 'again' ast "$tmp/a.yaml"
same 'the same bytes' "$tmp/out" "$tmp/first"

schema 3.1.0 '{oneOf: [{$ref: "#/components/schemas/Wide"}, {$ref: "#/components/schemas/Tree"}]}' <<'EOF2'
components:
  schemas:
    Tree: {$dynamicAnchor: node, type: object, properties: {kids: {items: {$dynamicRef: '#node'}}}}
    Wide: {$dynamicAnchor: node, $ref: '#/components/schemas/Tree', properties: {wide: {const: true}}}
EOF2
ok 'without $id, a schema that extends another' ast "$tmp/a.yaml"
is 'the plain one is as it is' "$(at Tree | jq -c .properties.kids.items)" '{"$ref":"#/$defs/Tree"}'
wide=$(at Wide | jq -r '.["$ref"][8:]')
is 'inside of the other it is the other' "$(at "$wide" | jq -c .properties.kids.items)" '{"$ref":"#/$defs/Wide"}'

# --- pointers -----------------------------------------------------------------
schema 3.1.0 '{$ref: "#/paths/~1b~1%7Bid%7D/get/responses/200/content/application~1json/schema"}' <<'EOF2'
  /b/{id}:
    get:
      parameters: [{$ref: '#/components/parameters/id'}]
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema:
                type: object
                properties:
                  odd: {$ref: '#/components/schemas/a~1b~0c%25d%20e'}
                  through: {$ref: '#/paths/~1b~1{id}/get/parameters/0/schema'}
                  item: {$ref: '#/components/schemas/List/prefixItems/1'}
components:
  parameters: {id: {name: id, in: path, required: true, schema: {type: integer}}}
  schemas:
    'a/b~c%d e': {type: string}
    List: {type: array, prefixItems: [{}, {type: boolean}]}
    Loop: {$ref: '#/components/schemas/Loop/properties/x'}
EOF2
ok 'pointers' ast "$tmp/a.yaml"
is 'escapes, elements, a way through a reference' \
	"$(q 'select(.kind=="type").schema|select(.type!="object")' | sort | paste -sd' ')" \
	'{"type":"boolean"} {"type":"integer"} {"type":"string"}'
mutate "$tmp/a.yaml" "$tmp/b.yaml" 's|schema: {.ref: "#/paths/.*schema"}|schema: {$ref: "#/components/schemas/Loop"}|'
run 0 'a way that never ends' timeout 10 sh -c 'smelt-intake -q "$1" | smelt-ast >"$2"' - "$tmp/b.yaml" "$tmp/out"
like 'costs its operation' "$(cat "$tmp/err")" "POST /a is left out: .ref '#/components/schemas/Loop/properties/x' leads nowhere"
for bad in '#/components/schemas/List/prefixItems/01' '#/components/schemas/List/prefixItems/2' '#/components/schemas/a~1b~0c%25d%20f' '#nobody'; do
	printf '%s\n' "s|'#/components/schemas/a~1b~0c%25d%20e'|'$bad'|" >"$tmp/sed"
	sed -f "$tmp/sed" "$tmp/a.yaml" >"$tmp/b.yaml"
	smelt-intake -q "$tmp/b.yaml" | smelt-ast >"$tmp/out" 2>"$tmp/err" || :
	like "$bad leads nowhere" "$(cat "$tmp/err")" "leads nowhere"
done

# --- beside a $ref ------------------------------------------------------------
schema 3.0.3 '{$ref: "#/components/schemas/A", nullable: true, description: gone}' <<'EOF2'
components: {schemas: {A: {properties: {b: {$ref: '#/components/schemas/B', description: gone}}}, B: {type: string}}}
EOF2
ok '3.0: keywords beside a $ref' ast "$tmp/a.yaml"
is 'go' "$(q "$body")" '{"$ref":"#/$defs/A"}'
like 'which is said once' "$(cat "$tmp/err")" "a.yaml:6:[0-9]+: warning: 'nullable' beside a .ref is ignored, as OpenAPI 3.0 says$"
cat >"$tmp/a.yaml" <<'EOF2'
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a/{p}:
    $ref: '#/components/pathItems/A'
    parameters: [{$ref: '#/components/parameters/P', description: of the path}]
    delete:
      responses: {'204': {$ref: '#/components/responses/None', description: went away}}
components:
  pathItems:
    A:
      parameters: [{name: q, in: query, schema: {type: string}}]
      get:
        requestBody: {$ref: '#/components/requestBodies/B', description: mine}
        responses: {'200': {$ref: '#/components/responses/None'}}
      delete: {responses: {'204': {description: never seen}}}
  parameters: {P: {name: p, in: path, required: true, description: own, schema: {type: integer}}}
  requestBodies: {B: {description: own, content: {text/plain: {schema: {type: string}}}}}
  responses: {None: {description: nothing}}
EOF2
ok '3.1: words beside a $ref' ast "$tmp/a.yaml"
is 'replace those of the component' "$(q 'select(.kind=="callable")|[.route.method,.parameters[0].doc,.body.doc,.responses[0].doc]')" \
	'["DELETE","of the path",null,"went away"]
["GET",null,"mine","nothing"]'
is 'a path item and what it refers to are one' \
	"$(q 'select(.kind=="callable")|[.route.method,[.parameters[].name]]')" \
	'["DELETE",["p"]]
["GET",["q","p"]]'
sed -i 's/^openapi: 3.1.0/openapi: 3.0.3/' "$tmp/a.yaml"
ok '3.0' ast "$tmp/a.yaml"
is 'does not have that' "$(q 'select(.kind=="callable" and .route.method=="DELETE")|[.parameters[0].doc,.responses[0].doc]')" \
	'["own","nothing"]'
done_testing
