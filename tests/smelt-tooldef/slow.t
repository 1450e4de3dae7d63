#!/bin/sh
# Documents made to be slow: quadratic or exponential work would never end here.
. tests/lib.sh
. tests/smelt-tooldef/defs.sh

# make SHAPE N: such a document on stdout
make_document() {
	python3 - "$@" <<'EOF2'
import json, sys
shape, n = sys.argv[1], int(sys.argv[2])
ref = lambda i: {"$ref": f"#/components/schemas/T{i}"}
schemas = {"T0": {"type": "object"}, f"T{n}": {"type": "object", "properties": {"a": {"type": "string"}}}}
parameters = []
if shape == "chain":
    schemas |= {f"T{i}": {"type": "object", "properties": {"a": ref(i + 1)}} for i in range(n)}
elif shape == "back":
    schemas |= {f"T{i}": {"allOf": [ref(i - 1)]} for i in range(2, n)}
    schemas |= {"T0": {"type": "object", "properties": {f"p{i}": ref(i) for i in range(1, n)}}, "T1": {"type": "string"}}
elif shape == "wide":
    schemas["T0"] = {"type": "object", "required": [f"p{i}" for i in range(n)],
        "properties": {f"p{i}": {"type": "string", "readOnly": i % 2 == 0} for i in range(n)}}
elif shape == "tree":
    schemas |= {f"T{i}": {"allOf": [ref(i + 1)] * 12 + [{"required": ["a"]}]} for i in range(n)}
elif shape == "parameters":
    parameters = [{"name": f"p{i}", "in": "query", "schema": {}} for i in range(n)]
content = {"content": {"application/json": {"schema": ref(0)}}}
paths = {"/good": {"get": {"operationId": "good", "responses": {"204": {"description": "ok"}}}},
    "/slow": {"post": {"operationId": "slow", "parameters": parameters, "requestBody": {"required": True, **content},
    "responses": {"200": {"description": "ok", **content}}}}}
if shape == "names":
    paths |= {f"/p{i}": {"get": {"operationId": "same" + "_" * (i % 7) + "id" + "-" * (i // 7), "responses": {}}} for i in range(n)}
print(json.dumps({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths, "components": {"schemas": schemas}}))
EOF2
}
for case in 'chain 20000' 'back 20000' 'wide 20000' 'tree 40' 'parameters 20000' 'names 5000'; do
	# shellcheck disable=SC2086 # two words
	make_document $case >"$tmp/slow.json"
	smelt-intake -q "$tmp/slow.json" >"$tmp/intake"
	run 0 "$case: ast" timeout 30 smelt-ast -q -o "$tmp/ast" "$tmp/intake"
	run 0 "$case: tooldef" timeout 30 smelt-tooldef -q -o "$tmp/tools" "$tmp/ast"
	ok "$case: the other operation is there" grep -q '"kind":"tool","name":"good"' "$tmp/tools"
done
done_testing
