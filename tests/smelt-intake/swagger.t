#!/bin/sh
# Swagger 2.0 documents are kept as they are.
. tests/lib.sh
need jq

doc=tests/smelt-ast/golden/kennel.yaml
run 0 'a document is read' smelt-intake -q "$doc"
is 'as OpenAPI' "$(jq -r 'select(.kind=="source")|.type,.title,.version' "$tmp/out")" \
	'openapi
Kennel
1'
jq -j 'select(.kind=="file").text' "$tmp/out" >"$tmp/text"
same 'and kept as it is' "$tmp/text" "$doc"
ok 'by the schemas' node tests/records/validate.mjs "$tmp/out"
printf '{"swagger":"2.0","info":{"title":"T"},"paths":{}}' >"$tmp/a.json"
run 0 'JSON on stdin' smelt-intake -q <"$tmp/a.json"
printf 'swagger: 2.0\n' >"$tmp/a.yaml"
run 0 'the version without quotes' smelt-intake -q "$tmp/a.yaml"
for v in '"1.2"' '"2"' '"2.0.1"' '[]' 2 2.1; do
	printf '{"swagger":%s}' "$v" >"$tmp/a.json"
	run 2 "version $v" smelt-intake -q "$tmp/a.json"
	like 'is refused at its place' "$(cat "$tmp/err")" \
		'a\.json:1:1[0-9]?: error: Swagger .* is not read, only "2\.0"'
done
done_testing
