#!/bin/sh
# Hostile documents: text stays text, the other operations stay, refusals are
# located. Cases: ../shared/attacks.
. tests/lib.sh
. tests/smelt-tooldef/defs.sh
need jq

# Every kind of text comes out byte for byte.
python3 - >"$tmp/naughty.json" <<'EOF2'
import json
strings = ["\"; drop table x; --", "'''\"\"\"`${x}`{{y}}{%z%}", "\\u0000\\x00\\", "a\u0000b", "\u202eabc\u202c\u2066",
    "</script><!--", "\r\n\t\u000b\u001b[31mred\u001b]0;t\u0007", "\ufeff\u200b\u00ad", "😀👩‍👩‍👧‍👦", "Ω≈ç√∫˜µ≤≥÷",
    "undefined", "null", "NaN", "-1e308", "%s%n%x", "$(id)`id`;id", "../../etc/passwd", "CON", "ÅÍÎÏ˝ÓÔ", "田中さん",
    "اختبار", "\u0301\u0301\u0301x", "__proto__", "constructor", "__class__", "import os", "*/ //", "#!/bin/sh", " x"]
paths = {f"/p{i}": {"get": {"operationId": f"op{i}", "summary": s, "description": s + " twice " + s, "parameters": [
    {"name": "q", "in": "query", "description": s, "schema": {"type": "string", "enum": [s, "a"], "default": s, "title": s}}],
    "responses": {"200": {"description": s}}}} for i, s in enumerate(strings)}
print(json.dumps({"openapi": "3.1.0", "info": {"title": strings[0], "version": "1"}, "paths": paths}))
EOF2
ok 'naughty strings' define "$tmp/naughty.json" -q --tools "$tmp/file"
sound 'naughty strings'
jq '[.paths[].get] | map([.summary, .parameters[0].description, .parameters[0].schema.enum[0], .parameters[0].schema.default])' \
	"$tmp/naughty.json" >"$tmp/want"
jq '.tools | map([.title, .inputSchema.properties.q.description, .inputSchema.properties.q.enum[0], .inputSchema.properties.q.default])' \
	"$tmp/file" >"$tmp/got"
same 'come out byte for byte' "$tmp/got" "$tmp/want"
is 'in the description, too' "$(jq -s '.[0] as $d | [.[1].tools[] | .description] | to_entries | map(. as $e |
	($d.paths | to_entries[$e.key].value.get) as $op | select($e.value | contains($op.description) | not)) | length' \
	"$tmp/naughty.json" "$tmp/file")" 0
unlike 'none drives the terminal' "$(cat "$tmp/tools.err" "$tmp/ast.err")" "$(printf '\033')"

# Artifacts that nobody's ast wrote: read with what makes sense in them.
define examples/openapi/library.yaml -q
cp "$tmp/ast" "$tmp/good"
# odd NAME JQ
odd() {
	jq -c "if .kind == \"callable\" then $2 else . end" "$tmp/good" >"$tmp/ast"
	ok "$1: it is changed" sh -c '! cmp -s "$1" "$2"' - "$tmp/good" "$tmp/ast"
	run 0 "$1" smelt-tooldef -v -o "$tmp/tools" "$tmp/ast"
	ok "$1: sound schemas" node tests/smelt-tooldef/check.mjs "$tmp/tools"
}
odd 'a pattern that is a number' '.parameters[].schema.pattern = 7'
odd 'a pattern that is null' '.parameters[].schema.pattern = null'
odd 'a server that is a number' '.route.servers = [7, {}]'
is 'stands for none' "$(t .binding.server | sort -u)" '"http://127.0.0.1:5000"'
odd 'a server behind a number' '.route.servers = [7, "/v2"]'
is 'is the one' "$(t .binding.server | sort -u)" '"/v2"'
odd 'a very long name' '.name = "aB" * 100000'
is 'is cut' "$(t .name | grep -cE '^"a_b[ab_]{20,60}_[0-9a-f]{4}"$')" "$(t .name | wc -l)"
odd 'required of another shape' '.parameters[].schema.required = [7, null]'

need_shared attacks/dev/manifest.jsonl
dev=$shared/attacks/dev
jq -r 'select(.kind == "openapi" or .kind == "raw") | [.id, .expect, .file] | @tsv' "$dev/manifest.jsonl" >"$tmp/cases"
# The whole front: exit status 0 or 2, never a signal, nothing half done.
front() {
	smelt-intake -q -o "$tmp/1" "$1" && smelt-ast -q -o "$tmp/2" "$tmp/1" &&
		smelt-tooldef -q -o "$tmp/tools" --tools "$tmp/file" "$tmp/2"
}
while read -r id expect file; do
	rm -f "$tmp/1" "$tmp/2" "$tmp/tools" "$tmp/file"
	rc=0
	front "$shared/attacks/$file" >"$tmp/out" 2>"$tmp/err" || rc=$?
	case $expect in
	accept) is "$id is accepted" "$rc" 0 ;;
	refuse) is "$id is refused" "$rc" 2 ;;
	*) like "$id is accepted or refused" "$rc" '^[02]$' ;;
	esac
	unlike "$id: nothing drives the terminal" "$(cat "$tmp/err")" "$(printf '\033|\302\233')"
	if [ "$rc" -ne 0 ]; then
		absent "$id: no tools" "$tmp/tools"
		like "$id: where and why" "$(cat "$tmp/err")" '^[^ ]*:[0-9]+:[0-9]+: error: |error: '
		continue
	fi
	sound "$id"
	for op in $(jq -r --arg id "$id" 'select(.id == $id).checks[] |
		select(.type == "other_operations_kept").operations[]' "$dev/manifest.jsonl"); do
		like "$id: $op is there" "$(t .callable)" "#$op\"\$"
	done
	jq -r --arg id "$id" 'select(.id == $id).checks[] | select(.type == "roundtrip_text") |
		[.tool, .contains_marker] | @tsv' "$dev/manifest.jsonl" >"$tmp/trips"
	while read -r op marker; do
		words=$(jq -r --arg op "$op" --arg m "$marker" '[.paths[][] | select(.operationId == $op) |
			.summary, .description | strings | select(contains($m))][0]' "$shared/attacks/$file")
		got=$(t "select(.callable | endswith(\"#$op\")).description" | jq -r .)
		case $got in
		*"$words"*) pass "$id: the text of $op is whole" ;;
		*) fail "$id: the text of $op is whole" ;;
		esac
	done <"$tmp/trips"
done <"$tmp/cases"
done_testing
