#!/bin/sh
# The tests that a generated server carries: they pass, and they can fail.
. tests/lib.sh
here=tests/smelt-codegen
need node npm

# Every example tool, over HTTP; and the same behind meta-tools
smelt-intake -q examples/openapi/library.yaml | smelt-ast -q | smelt-tooldef -q >"$tmp/library.jsonl"
# make TARGET MODE ARTIFACT: the server in $d, its packages those of the tests
make() {
	d=$tmp/$1-$2
	rm -rf "$d"
	smelt-codegen -q -t "$1" -m "$2" --dir "$d" "$3" >/dev/null
	[ "$1" = python ] || ln -s "$NODE_PATH" "$d/node_modules"
}
python_tests() {
	(cd "$d" && python3 -m unittest "$@")
}
typescript_tests() {
	(cd "$d" && npm test --silent)
}
for target in python typescript; do
	for mode in static dynamic; do
		make $target $mode "$tmp/library.jsonl"
		run 0 "$target, $mode: they pass" ${target}_tests
		unlike "$target, $mode: none is skipped" "$(cat "$tmp/out" "$tmp/err")" 'skipped[= ][1-9]|# SKIP'
		is "$target, $mode: nothing is left behind" "$(cd "$d" && find . -path ./node_modules -prune -o \
			\( -name '*.new' -o -name 'server-*' \) -print)" ''
	done
	make $target static $here/library.jsonl
done

# Schemes that tests have no credentials for, and one whose name is no variable's
python3 - $here/library.jsonl "$tmp/schemes.jsonl" <<'END'
import json, sys
key, digest = {"type": "apiKey", "in": "header", "name": "X-Key"}, {"type": "http", "scheme": "digest"}
with open(sys.argv[2], "w") as out:
    for line in open(sys.argv[1]):
        r = json.loads(line)
        if r["kind"] == "unit":
            r["openapi"]["securitySchemes"] = {"cl\u00e9-\u00df\U0001f600": key, "digest": digest, "cert": {"type": "mutualTLS"}}
        if r["kind"] == "tool":
            r["security"] = {"get_book": [{"digest": []}], "add_book": [{"cert": []}]}.get(r["name"], [{"cl\u00e9-\u00df\U0001f600": []}])
        print(json.dumps(r), file=out)
END
for target in python typescript; do
	make $target static "$tmp/schemes.jsonl"
	run 0 "$target: odd schemes" ${target}_tests
	unlike "$target: none is skipped for them" "$(cat "$tmp/out" "$tmp/err")" 'skipped[= ][1-9]|# SKIP'
	make $target static $here/library.jsonl
done

# broken NAME FILE SED-SCRIPT REGEX: with this fault they fail, there
d=$tmp/python-static
broken() {
	cp "$d/$2" "$tmp/keep"
	mutate "$tmp/keep" "$d/$2" "$3"
	run 1 "$1: noticed" ${target}_tests
	like "$1: there" "$(cat "$tmp/out" "$tmp/err")" "$4"
	cp "$tmp/keep" "$d/$2"
}
target=python
broken 'a definition is missing' smelt_runtime/service.py 's/in config\.listed:/in config.listed[1:]:/' \
	'^FAIL: test_definitions_are_served_unchanged'
broken 'a schema that is none' tools.json 's/"type":"string"/"type":"strung"/' '^ERROR: test_schemas_compile'
broken 'arguments are not checked' smelt_runtime/runtime.py 's/checker\.check(arguments)/checker/' \
	'^FAIL: test_wrong_arguments_are_refused'
broken 'nothing is sent' smelt_runtime/runtime.py 's/return await handler(arguments, call)/return Result.text("")/' \
	'^FAIL: test_each_http_tool_sends'
broken 'a server that does not start' server.py 's/^import handlers/import handlerz/' 'No module named .handlerz'
sed -i 's/return await call(arguments)/raise ValueError/' "$d/handlers/get_book.py"
run 0 'an edited handler' python_tests -v
like 'is said to be its own affair' "$(cat "$tmp/err")" "tool='get_book'.*skipped 'its handler was edited"

d=$tmp/typescript-static
target=typescript
broken 'a definition is missing' src/runtime/tools.ts 's/= config\.listed\.map/= config.listed.slice(1).map/' \
	'^not ok 1 - definitions are served unchanged'
broken 'a schema that is none' tools.json 's/"type":"string"/"type":"strung"/' '^not ok 2 - schemas compile'
broken 'arguments are not checked' src/runtime/call.ts 's/const arguments_ = checkArguments(tool, given, maxDepth);/const arguments_ = given as Arguments; void checkArguments; void maxDepth;/' \
	'^not ok 3 - wrong arguments'
broken 'nothing is sent' src/runtime/call.ts 's/const result: unknown = await orAborted.*/const result: unknown = (void handle, void arguments_, void call, void orAborted, { content: [] });/' \
	'^not ok 4 - each http tool sends'
sed -i 's/return call(arguments_)/throw new Error(String(arguments_) + String(call))/' "$d/src/handlers/get_book.ts"
run 0 'an edited handler' typescript_tests
like 'is said to be its own affair' "$(cat "$tmp/out")" 'get_book # SKIP its handler was edited'

# What arguments are made of
cp -r "$SMELT_SHARE/runtime/python/tests" "$tmp/tests"
cp -r "$SMELT_SHARE/runtime/typescript/tests" "$tmp/mjs"
cat >"$tmp/schemas.json" <<'END'
[{"type":"string","pattern":"^[A-Z]{2}-\\d{4}$"}, {"type":"string","pattern":"^(97[89])?[0-9]{9}[0-9X]$"},
{"type":"string","pattern":"^(?:a|b)+c*$","minLength":12}, {"type":"string","pattern":"[^a-z]"},
{"type":"string","format":"uuid"}, {"type":"string","format":"date-time","minLength":3},
{"type":"string","minLength":9,"maxLength":9}, {"type":"string","maxLength":2},
{"type":"integer","minimum":7}, {"type":"integer","exclusiveMinimum":7,"multipleOf":5},
{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1}, {"type":"integer","maximum":-3},
{"type":"array","items":{"type":"integer"},"minItems":3,"uniqueItems":true},
{"type":"array","items":{"enum":["x","y","z"]},"minItems":2,"uniqueItems":true},
{"type":"array","prefixItems":[{"type":"boolean"},{"const":3}],"minItems":2},
{"type":["null","string"]}, {"enum":[null,"a"]}, {"const":{"a":1}}, {},
{"type":"object","required":["a"],"properties":{"a":{"$ref":"#/$defs/A"}},"$defs":{"A":{"type":"object","required":["b"],"properties":{"b":{"type":"null"},"a":{"$ref":"#/$defs/A"}}}}},
{"allOf":[{"type":"object","required":["a"],"properties":{"a":{"type":"integer"}}},{"required":["b"],"properties":{"b":{"type":"string"}}}]},
{"anyOf":[{"type":"null"},{"type":"integer","minimum":4}]}, {"type":"object","minProperties":2,"additionalProperties":{"type":"integer"}},
{"type":"string","pattern":"^#[0-9a-fA-F]{6}$"}, {"type":"string","pattern":"^\\w+([-+.']\\w+)*@\\w+\\.\\w{2,}$"}]
END
run 0 'Python makes values that their schemas take' env PYTHONPATH="$tmp" python3 - "$tmp/schemas.json" <<'END'
import json, sys
from jsonschema import Draft202012Validator
from tests.pattern import Unmade
from tests.sample import sample
for schema in json.load(open(sys.argv[1])):
    Draft202012Validator(schema).validate(sample(schema, schema))
for schema in ({"type": "string", "pattern": "(?=a)b"}, {"type": "string", "pattern": "("}, {"type": "integer", "minimum": 2, "maximum": 1},
    {"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/A"}}}, {"type": "string", "pattern": "a{99999}"},
    {"type": "object", "required": ["a"], "properties": {"a": False}}):
    try:
        print(sample(schema, schema))
    except Unmade:
        continue
    sys.exit(f"{schema} was made")
END
cat >"$tmp/values.mjs" <<END
import { readFileSync } from "node:fs";
import { sample } from "$tmp/mjs/sample.mjs";
import { Unmade } from "$tmp/mjs/pattern.mjs";
const values = JSON.parse(readFileSync("$tmp/schemas.json", "utf8")).map((schema) => [schema, sample(schema, schema)]);
for (const schema of [{ type: "string", pattern: "(?=a)b" }, { type: "string", pattern: "(" }, { type: "integer", minimum: 2, maximum: 1 },
    { \$ref: "#/\$defs/A", \$defs: { A: { \$ref: "#/\$defs/A" } } }, { type: "string", pattern: "a{99999}" },
    { type: "object", required: ["a"], properties: { a: false } }]) {
	try {
		sample(schema, schema);
	} catch (error) {
		if (error instanceof Unmade)
			continue;
	}
	throw new Error(JSON.stringify(schema) + " was made");
}
console.log(JSON.stringify(values));
END
run 0 'TypeScript makes values' node "$tmp/values.mjs"
mv "$tmp/out" "$tmp/values"
run 0 'that their schemas take' python3 - "$tmp/values" <<'END'
import json, sys
from jsonschema import Draft202012Validator
for schema, value in json.load(open(sys.argv[1])):
    Draft202012Validator(schema).validate(value)
END
done_testing
