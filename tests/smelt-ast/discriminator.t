#!/bin/sh
# Discriminators: what tells the schemas of a choice apart is plain JSON Schema.
. tests/lib.sh
need jq

ast() {
	smelt-intake -q "$tmp/a.yaml" >"$tmp/in"
	if ! smelt-ast "$tmp/in" >"$tmp/out" 2>"$tmp/err"; then
		cat "$tmp/err"
		return 1
	fi
	node tests/records/validate.mjs "$tmp/out"
}
# spec VERSION SCHEMA: one operation whose body is that; components on stdin
spec() {
	{
		printf 'openapi: %s\ninfo: {title: T, version: "1"}\nservers: [{url: "https://x.example"}]\npaths:\n  /a:\n    post:\n' "$1"
		printf '      operationId: add\n      requestBody: {required: true, content: {application/json: {schema: %s}}}\n' "$2"
		printf '      responses: {"200": {description: ok, content: {application/json: {schema: %s}}}}\ncomponents:\n  schemas:\n' "$2"
		cat
	} >"$tmp/a.yaml"
}
at() {
	jq -c "select(.kind==\"type\" and .id==\"$1\").schema" "$tmp/out"
}
# the branches of type $1 with hashes as they would stand in any document
branches() {
	at "$1" | jq -c '.oneOf[]' | sed 's/-[0-9a-f]\{8\}"/-HASH"/'
}

# --- choices that are listed --------------------------------------------------
spec 3.0.3 '{$ref: "#/components/schemas/Pet"}' <<'EOF2'
    Pet:
      oneOf:
        - {$ref: '#/components/schemas/Cat'}
        - {$ref: '#/components/schemas/Dog'}
        - {$ref: '#/components/schemas/Fish'}
        - {$ref: '#/components/schemas/Says'}
        - {$ref: '#/components/schemas/Closed'}
        - {$ref: '#/components/schemas/Other'}
        - {$ref: '#/components/schemas/Number'}
        - {$ref: '#/components/schemas/Wide'}
        - {type: object}
      discriminator:
        propertyName: kind
        mapping: {cat: '#/components/schemas/Cat', lion: Cat, dog: './a.yaml#/components/schemas/Dog', wide2: Wide, far: 'https://example.org/x', '': nowhere}
    Cat: {type: object, properties: {kind: {type: string}}}
    Dog: {type: object, properties: {kind: {type: string}}, required: [kind]}
    Fish: {type: object, properties: {fins: {type: integer}}}
    Says: {type: object, properties: {kind: {type: string, enum: [says]}}, required: [kind]}
    Closed: {type: object, additionalProperties: false, properties: {a: {type: string}}}
    Other: {oneOf: [{$ref: '#/components/schemas/Cat'}]}
    Number: {type: integer}
    Wide: {type: object, properties: {kind: {type: string, enum: [wide1, wide2]}}}
EOF2
ok 'a choice' ast
branches Pet >"$tmp/got"
cat >"$tmp/want" <<'EOF2'
{"$ref":"#/$defs/Cat","properties":{"kind":{"enum":["cat","lion"]}},"required":["kind"]}
{"$ref":"#/$defs/Dog","properties":{"kind":{"const":"dog"}}}
{"$ref":"#/$defs/Fish","properties":{"kind":{"const":"Fish"}},"required":["kind"]}
{"$ref":"#/$defs/Says"}
{"$ref":"#/$defs/Closed"}
{"$ref":"#/$defs/Other"}
{"$ref":"#/$defs/Number"}
{"$ref":"#/$defs/Wide","properties":{"kind":{"const":"wide2"}},"required":["kind"]}
{"type":"object"}
EOF2
same 'by mapping, by name, by what a schema says itself' "$tmp/got" "$tmp/want"
smelt-tooldef -q "$tmp/out" >"$tmp/tools"
is 'an answer need not say its kind' "$(jq -c 'select(.kind=="tool").outputSchema|..|objects|select(.anyOf and (.anyOf|length>2))|.anyOf[0:2]' "$tmp/tools" | head -n 1)" \
	'[{"$ref":"#/$defs/Cat"},{"$ref":"#/$defs/Dog"}]'
unlike 'a mapping to elsewhere refuses nothing' "$(cat "$tmp/err")" 'error|nothing is fetched'

spec 3.2.0 '{type: array, items: {anyOf: [{$ref: "#/components/schemas/One", description: first}, {$ref: "#/components/schemas/Two"}, {$ref: "#/components/schemas/Rest"}], discriminator: {propertyName: n, mapping: {"1": One, "2": Two}, defaultMapping: Rest}}}' <<'EOF2'
    One: {properties: {n: {type: integer}}, required: [n]}
    Two: {properties: {n: {type: integer}, x: {type: boolean}}, required: [n]}
    Rest: {type: object}
EOF2
ok 'numbers, a default, words beside a $ref' ast
is 'are told apart, too' "$(jq -c 'select(.kind=="callable").body.content[0].schema.items.anyOf[]' "$tmp/out")" \
	'{"allOf":[{"$ref":"#/$defs/One","description":"first"}],"properties":{"n":{"const":1}}}
{"$ref":"#/$defs/Two","properties":{"n":{"const":2}}}
{"$ref":"#/$defs/Rest","properties":{"n":{"not":{"enum":["1","2"]}}}}'

# --- heirs --------------------------------------------------------------------
spec 3.0.3 '{$ref: "#/components/schemas/Pet"}' <<'EOF2'
    Pet:
      description: any pet
      type: object
      required: [petType]
      properties: {petType: {type: string}, friend: {$ref: '#/components/schemas/Pet'}}
      discriminator: {propertyName: petType, mapping: {dog: '#/components/schemas/Dog'}}
    Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {name: {type: string}}}]}
    Dog:
      allOf:
        - $ref: '#/components/schemas/Pet'
        - {type: object, properties: {bark: {type: string}, chases: {allOf: [{$ref: '#/components/schemas/Pet'}]}}}
    Puppy: {allOf: [{$ref: '#/components/schemas/Dog'}], x-ms-discriminator-value: '#pup'}
    Unrelated: {type: object, properties: {pet: {$ref: '#/components/schemas/Pet'}}}
EOF2
ok 'a base' ast
branches Pet >"$tmp/got"
cat >"$tmp/want" <<'EOF2'
{"$ref":"#/$defs/Cat","properties":{"petType":{"const":"Cat"}}}
{"$ref":"#/$defs/Dog","properties":{"petType":{"const":"dog"}}}
{"$ref":"#/$defs/Puppy","properties":{"petType":{"const":"#pup"}}}
EOF2
same 'is a choice of its heirs, near and far' "$tmp/got" "$tmp/want"
is 'with its words' "$(at Pet | jq .description)" '"any pet"'
base=$(jq -r 'select(.kind=="type" and .id=="Pet").base' "$tmp/out")
is 'heirs build on it as it is written' "$(at Cat | jq -c '.allOf[0]')" "{\"\$ref\":\"#/\$defs/$base\"}"
is 'what stands in it means any' "$(at "$base" | jq -c .properties.friend)" '{"$ref":"#/$defs/Pet"}'
is 'what stands in heirs does, too' "$(at Dog | jq -c '.allOf[1].properties.chases')" '{"allOf":[{"$ref":"#/$defs/Pet"}]}'
smelt-tooldef -q "$tmp/out" >"$tmp/tools"
ok 'with tools, by the schemas' node tests/records/validate.mjs "$tmp/tools"
tool() {
	jq -c "select(.kind==\"tool\").$1" "$tmp/tools"
}
is 'arguments are one of the heirs' "$(tool 'inputSchema["$defs"].Pet.oneOf|length')" 3
is 'answers have at least what the base has' "$(tool 'outputSchema|[keys,.properties.friend]')" \
	'[["$defs","properties","required","type"],{"$ref":"#/$defs/Pet"}]'
is 'also inside' "$(tool 'outputSchema["$defs"]|[keys,(.Pet|keys)]')" '[["Pet"],["description","properties","required","type"]]'

cat >"$tmp/check.mjs" <<'EOF2'
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
const require = createRequire(process.env.NODE_PATH + "/x.js");
const Ajv = require("ajv/dist/2020.js").default;
const tool = readFileSync(process.argv[2], "utf8").split("\n").filter(Boolean)
	.map((line) => JSON.parse(line)).find((record) => record.kind === "tool");
const check = new Ajv({ strict: true, strictTypes: false, strictRequired: false }).compile(tool[process.argv[3]]);
for (const value of JSON.parse(process.argv[4])) console.log(check(value));
EOF2
pets='[{"body":{"petType":"dog","bark":"wow"}},{"body":{"petType":"Dog"}},{"body":{"petType":"Cat","name":7}},{"body":{"petType":"#pup","friend":{"petType":"Cat"}}},{"body":{"petType":"#pup","friend":{"petType":"x"}}},{"body":{}}]'
is 'a strict validator tells them apart' "$(node "$tmp/check.mjs" "$tmp/tools" inputSchema "$pets" | paste -sd' ')" \
	'true false false true false false'

mutate "$tmp/a.yaml" "$tmp/b.yaml" "s|mapping: {|mapping: {pet: Pet, any: '#/components/schemas/Pet', |"
mv "$tmp/b.yaml" "$tmp/a.yaml"
ok 'a base that its own mapping has' ast
is 'is one of them' "$(branches Pet | tail -n 1)" '{"$ref":"#/$defs/Pet-HASH","properties":{"petType":{"enum":["pet","any"]}}}'

# --- bases that list their heirs: nothing leads to itself ----------------------
spec 3.0.3 '{$ref: "#/components/schemas/Shape"}' <<'EOF2'
    Shape:
      type: object
      $anchor: shape
      properties: {kind: {type: string}}
      required: [kind]
      discriminator: {propertyName: kind}
      oneOf: [{$ref: '#/components/schemas/Square'}, {$ref: '#/components/schemas/Circle'}]
    Square: {allOf: [{$ref: '#/components/schemas/Shape'}, {type: object, properties: {side: {type: number}}}]}
    Round: {allOf: [{$ref: '#/components/schemas/Shape'}]}
    Circle: {allOf: [{$ref: '#/components/schemas/Round'}, {type: object, properties: {in: {$ref: '#/components/schemas/Shape'}}}]}
EOF2
ok 'a circle of allOf and oneOf' ast
unlike 'costs no operation' "$(cat "$tmp/err")" 'left out|without end'
branches Shape >"$tmp/got"
cat >"$tmp/want" <<'EOF2'
{"$ref":"#/$defs/Square","properties":{"kind":{"const":"Square"}}}
{"$ref":"#/$defs/Circle","properties":{"kind":{"const":"Circle"}}}
EOF2
same 'its heirs build on it without the choice' "$tmp/got" "$tmp/want"
base=$(at Square | jq -r '.allOf[0]["$ref"][8:]')
is 'which has no oneOf' "$(at "$base")" '{"type":"object","properties":{"kind":{"type":"string"}},"required":["kind"]}'
is 'an anchor is on one of them only' "$(grep -o '"$anchor":"shape"' "$tmp/out" | wc -l)" 1
is 'also the heir between' "$(at Round)" "{\"allOf\":[{\"\$ref\":\"#/\$defs/$base\"}]}"
is 'and elsewhere it is the choice' "$(at Circle | jq -c '.allOf[1].properties.in')" '{"$ref":"#/$defs/Shape"}'

# --- bounds -------------------------------------------------------------------
{
	printf '    Base: {type: object, properties: {k: {type: string}}, discriminator: {propertyName: k}}\n'
	for i in $(seq 33); do
		printf "    H%s: {allOf: [{\$ref: '#/components/schemas/Base'}]}\n" "$i"
	done
} >"$tmp/many"
spec 3.0.3 '{$ref: "#/components/schemas/Base"}' <"$tmp/many"
ok 'more heirs than can be listed' ast
is 'leave the base as it is' "$(at Base)" '{"type":"object","properties":{"k":{"type":"string"}}}'
like 'which is said' "$(cat "$tmp/err")" 'a.yaml:[0-9]+:[0-9]+: warning: 33 schemas build on this one: it is no choice of them'
sed '$d' "$tmp/many" >"$tmp/fewer"
spec 3.0.3 '{$ref: "#/components/schemas/Base"}' <"$tmp/fewer"
ok 'as many as can' ast
is 'are listed' "$(branches Base | wc -l)" 32

spec 3.0.3 '{$ref: "#/components/schemas/A"}' <<'EOF2'
    A: {discriminator: {propertyName: k}, allOf: [{$ref: '#/components/schemas/B'}]}
    B: {discriminator: {propertyName: k}, allOf: [{$ref: '#/components/schemas/A'}]}
EOF2
smelt-intake -q "$tmp/a.yaml" >"$tmp/in"
run 2 'two schemas that build on each other' timeout 10 smelt-ast "$tmp/in"
like 'never end' "$(cat "$tmp/err")" 'without end'
for odd in '{propertyName: [x]}' '{mapping: 7}' 'kind' '7' 'null' '{propertyName: k, mapping: [a], defaultMapping: {}}' '{propertyName: k, mapping: {a: 7, b: "#/", c: "%"}}'; do
	spec 3.1.0 '{$ref: "#/components/schemas/A"}' <<EOF2
    A: {discriminator: $odd, oneOf: [{\$ref: '#/components/schemas/B'}, true, {\$ref: '#/components/schemas/C'}]}
    B: {type: object, required: 7, properties: {k: {enum: {}}}}
    C: {type: [object, 'null'], properties: {k: {\$ref: '#/components/schemas/B'}}}
EOF2
	ok "discriminator: $odd" ast
done
done_testing
