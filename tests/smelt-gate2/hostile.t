#!/bin/sh
# Artifacts that nobody's codegen wrote.
. tests/smelt-gate2/gate2.sh

esc=$(printf '\033')
# judged NAME JQ: it is judged or refused, in time, and the terminal is safe
judged() {
	edit "$library" "$2"
	_rc=0
	timeout 20 smelt-gate2 -v -o "$tmp/judged.jsonl" --sarif "$tmp/judged.sarif" \
		"$tmp/edited.jsonl" >"$tmp/out" 2>"$tmp/err" || _rc=$?
	like "$1: it ends with 0, 1 or 2 ($_rc)" "$_rc" '^[012]$'
	is "$1: no control byte on the terminal" \
		"$(LC_ALL=C tr -d '\n\t -~\200-\377' <"$tmp/err" | wc -c)" 0
	# what it adds has its form, where what it was given had
	! valid "$tmp/edited.jsonl" >"$tmp/out" || [ "$_rc" = 2 ] ||
		ok "$1: the records have their form" valid "$tmp/judged.jsonl"
	[ "$_rc" != 2 ] || like "$1: it says where" "$(cat "$tmp/err")" \
		'edited\.jsonl:[0-9]+(:[0-9]+)?: error: '
}
t='if .kind == "tool" and .name == "get_book" then'
judged 'escapes in a description' "$t .description = \"\\u001b[2J\\u001b]0;x\\u0007 \\u202e hidden\" else . end"
judged 'escapes in a name' "$t .name = \"\\u001b[31mred\" else . end"
judged 'no name' "$t del(.name) else . end"
judged 'a name that is a number' "$t .name = 7 else . end"
judged 'two tools of a name' "$t ., . else . end"
judged 'no description' "$t del(.description) else . end"
judged 'no binding' "$t del(.binding) else . end"
judged 'a binding of another type' "$t .binding = [1] else . end"
judged 'an unknown binding' "$t .binding.type = \"shell\" else . end"
judged 'no method' "$t del(.binding.method) else . end"
judged 'no schema' "$t del(.inputSchema) else . end"
judged 'a schema that is text' "$t .inputSchema = \"x\" else . end"
judged 'properties that are a list' "$t .inputSchema.properties = [{\"type\": \"string\"}] else . end"
judged 'security of another shape' "$t .security = {\"a\": 1} else . end"
judged 'scopes of another shape' "$t .security = [{\"libraryKey\": 7}] else . end"
judged 'permissions of another shape' "$t .permissions = 3 else . end"
judged 'annotations of another shape' "$t .annotations = [true] else . end"
judged 'no loc' "$t del(.loc) else . end"
judged 'a hostile loc' "$t .loc.file = \"../../etc/passwd\" else . end"
judged 'a server that is no URL' "$t .binding.server = \"://@:\" else . end"
judged 'a very long host' "$t .binding.server = \"https://\" + (\"a\" * 5000) else . end"
judged 'a megabyte of description' "$t .description = (\"word \" * 200000) else . end"
judged 'a hundred thousand words' "$t .description = ([range(100000) | tostring] | join(\" \")) else . end"
judged 'a deep schema' "$t .inputSchema.properties.x = (reduce range(120) as \$i ({}; {\"not\": .})) else . end"
judged 'tools.json that is no JSON' \
	'if .kind == "emit" and .path == "tools.json" then .text = "{" else . end'
judged 'tools.json that is a list' \
	'if .kind == "emit" and .path == "tools.json" then .text = "[[[]]]" else . end'
judged 'tools.json in base64' \
	'if .kind == "emit" and .path == "tools.json" then .encoding = "base64" else . end'
judged 'an emit record without text' 'if .kind == "emit" and .path == "server.py" then del(.text) else . end'
judged 'an emit record without path' 'if .kind == "emit" and .path == "server.py" then del(.path) else . end'
judged 'a callable without effects' 'if .kind == "callable" then del(.effects) else . end'
judged 'effects of another shape' 'if .kind == "callable" then .effects = {"net": 1} else . end'
judged 'evidence of another shape' \
	'if .kind == "callable" then .effects = [{"effect": "proc", "evidence": [1, {"text": 2}, {"loc": []}]}] else . end'
judged 'effects without a name' 'if .kind == "callable" then .effects = [{}] else . end'
judged 'no callable at all' 'if .kind == "callable" then empty else . end'
judged 'no tool at all' 'if .kind == "tool" then empty else . end'
judged 'no emitted file at all' 'if .kind == "emit" then empty else . end'
unlike 'no escape in SARIF either' "$(cat "$tmp/judged.sarif" 2>/dev/null)" "$esc"

run 2 'not gated by gate1' sh -c "smelt-intake -q examples/openapi/library.yaml | smelt-ast -q | smelt-gate2"
run 2 'a rule pack that is not there' env SMELT_SHARE="$tmp" smelt-gate2 "$library"
done_testing
