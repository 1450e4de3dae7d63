#!/bin/sh
# --mode dynamic: the same tools, the same handlers, another list.
. tests/lib.sh
need jq node
here=tests/smelt-codegen

for target in python typescript; do
	static=$tmp/$target.static
	dynamic=$tmp/$target.dynamic
	smelt-codegen -q -t $target --dir "$static" $here/library.jsonl >"$tmp/static.jsonl"
	run 0 "$target: dynamic" smelt-codegen -t $target -m dynamic --dir "$dynamic" $here/library.jsonl
	mv "$tmp/out" "$tmp/dynamic.jsonl"
	like "$target: summary" "$(cat "$tmp/err")" "server 'library': 3 tools behind meta-tools"
	is "$target: what differs" "$(LC_ALL=C diff -rq "$static" "$dynamic" | sed "s|$static|s|g; s|$dynamic|d|g")" \
		"Files s/.env.example and d/.env.example differ
Files s/README.md and d/README.md differ
Files s/bindings.json and d/bindings.json differ
Only in d: catalogue.json
Files s/manifest.json and d/manifest.json differ
Files s/smelt.json and d/smelt.json differ
Files s/tools.json and d/tools.json differ"
	same "$target: the definitions are those of static mode" "$dynamic/catalogue.json" $here/library.tools.json
	is "$target: the list is the meta-tools" "$(jq -c .tools "$dynamic/tools.json")" \
		"$(jq -c .tools "$SMELT_SHARE/runtime/common/dynamic.json")"
	is "$target: a tool a line" "$(wc -l <"$dynamic/catalogue.json") $(wc -l <"$dynamic/tools.json")" '5 6'
	is "$target: smelt.json says the mode" "$(jq -r .mode "$dynamic/smelt.json")" dynamic
	is "$target: and has the catalogue" \
		"$(jq -r '.files[] | select(.path == "catalogue.json").role' "$dynamic/smelt.json")" data
	is "$target: bindings.json says it, too" "$(jq -r .mode "$dynamic/bindings.json")" dynamic
	like "$target: clients are told the order" "$(jq -r .server.instructions "$dynamic/bindings.json")" \
		'search_tools.*describe_tool.*call_read_only_tool.*call_tool'
	is "$target: the bindings are the same" \
		"$(jq -c '.bindings | map_values(del(.tags))' "$dynamic/bindings.json")" \
		"$(jq -c .bindings "$static/bindings.json")"
	like "$target: README.md names the setting" "$(cat "$dynamic/README.md")" '^\| `SMELT_ALLOW_DESTRUCTIVE` \|'
	unlike "$target: of static servers it does not" "$(cat "$static/README.md" "$static/.env.example")" DESTRUCTIVE
	like "$target: .env.example, too" "$(cat "$dynamic/.env.example")" '^# SMELT_ALLOW_DESTRUCTIVE=$'
	is "$target: the records keep all tools" "$(jq -c 'select(.kind == "tool")' "$tmp/dynamic.jsonl")" \
		"$(jq -c 'select(.kind == "tool")' $here/library.jsonl)"
	run 0 "$target: once more" smelt-codegen -q -t $target -m dynamic "$tmp/dynamic.jsonl"
	same "$target: running twice changes nothing" "$tmp/out" "$tmp/dynamic.jsonl"
	run 0 "$target: from static to dynamic" smelt-codegen -q -t $target -m dynamic --dir "$static" $here/library.jsonl
	ok "$target: is the same" diff -r "$static" "$dynamic"
	run 0 "$target: and back" smelt-codegen -q -t $target --dir "$dynamic" $here/library.jsonl
	absent "$target: the catalogue goes" "$dynamic/catalogue.json"
done
is 'static is the default' "$(smelt-codegen -q -m static $here/library.jsonl | sha256sum)" \
	"$(smelt-codegen -q $here/library.jsonl | sha256sum)"
run 2 'another mode' smelt-codegen -m lazy $here/library.jsonl
like 'is named' "$(cat "$tmp/err")" "'lazy' is neither static nor dynamic"

cat >"$tmp/tokens.cjs" <<'END'
const { readFileSync } = require("node:fs");
const { encode } = require("gpt-tokenizer/encoding/o200k_base");
const { tools } = JSON.parse(readFileSync(process.argv[2], "utf8"));
console.log(encode(JSON.stringify(tools)).length);
END
run 0 'whole definitions are counted' node "$tmp/tokens.cjs" "$tmp/python.static/tools.json"
ok "the list costs $(cat "$tmp/out") tokens, less than 1,000" [ "$(cat "$tmp/out")" -lt 1000 ]

# The tags that a search knows
jq -c 'if .kind == "tool" and .name != "add_book" then .tags = ["books", "a \"tag\""] else . end' \
	$here/library.jsonl >"$tmp/tagged.jsonl"
smelt-codegen -q -m dynamic -d "$tmp/tagged" "$tmp/tagged.jsonl" >"$tmp/o"
is 'tags are in bindings.json' "$(jq -c '.bindings | map_values(.tags)' "$tmp/tagged/bindings.json")" \
	'{"list_books":["books","a \"tag\""],"get_book":["books","a \"tag\""],"add_book":null}'
smelt-codegen -q -d "$tmp/plain" "$tmp/tagged.jsonl" >"$tmp/o"
is 'but not of a static server' "$(jq -c '.bindings | map_values(.tags)' "$tmp/plain/bindings.json")" \
	'{"list_books":null,"get_book":null,"add_book":null}'

# Meta-tools that were changed behind our back
cp -R "$SMELT_SHARE" "$tmp/share"
rm "$tmp/share/runtime/common/dynamic.json"
run 2 'no meta-tools' env SMELT_SHARE="$tmp/share" smelt-codegen -m dynamic $here/library.jsonl
like 'the file is named' "$(cat "$tmp/err")" 'runtime/common/dynamic\.json'
echo '{"tools":[],"search":{},"instructions":""}' >"$tmp/share/runtime/common/dynamic.json"
run 2 'an empty list of them' env SMELT_SHARE="$tmp/share" smelt-codegen -m dynamic $here/library.jsonl
run 0 'static servers do without' env SMELT_SHARE="$tmp/share" smelt-codegen -q $here/library.jsonl
done_testing
