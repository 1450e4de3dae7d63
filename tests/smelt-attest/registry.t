#!/bin/sh
# --bundle: server.json with the packed bundle as its package, if the bundle is of
# the server.
. tests/lib.sh
need node jq
mcpb=$NODE_PATH/@anthropic-ai/mcpb/dist/cli/cli.js
url=https://example.org/library-2.3.0.mcpb

# generate DIR [OPTION...]: the chain up to the score in $tmp/scored.jsonl
generate() {
	_dir=$1
	shift
	smelt-intake -q examples/openapi/library.yaml | smelt-ast -q | smelt-tooldef -q |
		smelt-codegen -q --dir "$_dir" "$@" | smelt-gate1 -q | smelt-gate2 -q | smelt-score -q
}
pack() {
	rm -f "$2"
	node "$mcpb" pack "$1" "$2" >"$tmp/.pack" 2>&1
}
attest() {
	smelt-attest -q --unsigned --out "$tmp/dist" -o /dev/null "$@" "$tmp/scored.jsonl"
}
generate "$tmp/server" --registry-name io.github.me/library >"$tmp/scored.jsonl"
pack "$tmp/server" "$tmp/a.mcpb"

run 0 'without --bundle' attest
absent 'no server.json' "$tmp/dist/server.json"
run 0 'with it' attest --bundle "$tmp/a.mcpb" --bundle-url "$url"
run 0 'server.json is valid' node tests/smelt-codegen/registry.mjs "$tmp/dist/server.json"
is 'it has the package' "$(jq -c .packages "$tmp/dist/server.json")" \
	"[{\"registryType\":\"mcpb\",\"identifier\":\"$url\",\"fileSha256\":\"$(sha256sum "$tmp/a.mcpb" |
		cut -d' ' -f1)\",\"transport\":{\"type\":\"stdio\"}}]"
is 'and all else' "$(jq -cS 'del(.packages)' "$tmp/dist/server.json")" "$(jq -cS . "$tmp/server/server.json")"
cp "$tmp/dist/server.json" "$tmp/first"
run 0 'again' attest --bundle "$tmp/a.mcpb" --bundle-url "$url"
same 'the same bytes' "$tmp/dist/server.json" "$tmp/first"
run 0 'without again' attest
absent 'it goes' "$tmp/dist/server.json"

# refuse NAME REGEX OPTION...
refuse() {
	_name=$1 _regex=$2
	shift 2
	run 2 "$_name" attest "$@"
	like "$_name: says why" "$(cat "$tmp/err")" "$_regex"
	absent "$_name: nothing is written" "$tmp/dist/server.json"
}
refuse 'no address' 'go together' --bundle "$tmp/a.mcpb"
refuse 'no bundle' 'go together' --bundle-url "$url"
refuse 'no https' 'is no https address' --bundle "$tmp/a.mcpb" --bundle-url http://example.org/a
refuse 'a blank' 'is no https address' --bundle "$tmp/a.mcpb" --bundle-url 'https://example.org/a b'
refuse 'no such file' 'cannot open' --bundle "$tmp/none" --bundle-url "$url"
echo text >"$tmp/text"
refuse 'no zip' 'not a bundle' --bundle "$tmp/text" --bundle-url "$url"
head -c 9000 "$tmp/a.mcpb" >"$tmp/cut"
refuse 'half of one' 'bundle|cannot read' --bundle "$tmp/cut" --bundle-url "$url"
cp -r "$tmp/server" "$tmp/other"
mutate "$tmp/server/tools.json" "$tmp/other/tools.json" '2s/Search/Serach/'
pack "$tmp/other" "$tmp/b.mcpb"
refuse 'other tools' "its tools.json is not that of the server" --bundle "$tmp/b.mcpb" --bundle-url "$url"
cp "$tmp/server/tools.json" "$tmp/other/tools.json"
echo '# mine' >>"$tmp/other/handlers/get_book.py"
pack "$tmp/other" "$tmp/c.mcpb"
refuse 'an edited handler' 'its handlers/get_book.py is not' --bundle "$tmp/c.mcpb" --bundle-url "$url"
rm "$tmp/other/handlers/get_book.py" "$tmp/other/bindings.json"
pack "$tmp/other" "$tmp/d.mcpb"
refuse 'a part is missing' 'it has no bindings.json' --bundle "$tmp/d.mcpb" --bundle-url "$url"
generate "$tmp/unnamed" >"$tmp/scored.jsonl"
refuse 'a server without server.json' 'with --registry-name' --bundle "$tmp/a.mcpb" --bundle-url "$url"
done_testing
