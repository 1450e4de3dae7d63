#!/bin/sh
# manifest.json and server.json: the official validator takes them, and a packed
# server starts by its own manifest.
. tests/lib.sh
here=tests/smelt-codegen
need node npm
mcpb=$NODE_PATH/@anthropic-ai/mcpb/dist
validate() {
	node "$mcpb/cli/cli.js" validate "$1"
}

for target in python typescript; do
	for mode in static dynamic; do
		d=$tmp/$target-$mode
		smelt-codegen -q -t $target -m $mode --registry-name io.github.me/library --author 'A. U. Thor' \
			--dir "$d" $here/library.jsonl >"$tmp/$target.jsonl"
		run 0 "$target, $mode: manifest.json is valid" validate "$d/manifest.json"
		like "$target, $mode: says the validator" "$(cat "$tmp/out")" 'Manifest schema validation passes'
		is "$target, $mode: tools" "$(jq -c '[.tools[].name]' "$d/manifest.json")" \
			"$(jq -c '[.tools[].name]' "$d/tools.json")"
		is "$target, $mode: a variable for each entry" \
			"$(jq -r '.server.mcp_config.env[]' "$d/manifest.json" | sed -n 's/^${user_config\.\(.*\)}$/\1/p' | LC_ALL=C sort)" \
			"$(jq -r '.user_config | keys[]' "$d/manifest.json" | LC_ALL=C sort)"
		run 0 "$target, $mode: server.json is valid" node tests/smelt-codegen/registry.mjs "$d/server.json"
	done
	golden "$target: manifest.json" "$tmp/$target-static/manifest.json" $here/library.$target.manifest.json
done
golden 'server.json' "$tmp/python-static/server.json" $here/library.server.json
is 'of the tools that are served' "$(jq -r '._meta[]."tools.json"' "$tmp/python-static/server.json")" \
	"sha256:$(sha256sum "$tmp/python-static/tools.json" | cut -d' ' -f1)"
smelt-codegen -q --dir "$tmp/plain" $here/library.jsonl >/dev/null
absent 'no server.json without a name' "$tmp/plain/server.json"
is 'a dynamic server asks what may be destroyed' \
	"$(jq -c '[.user_config.smelt_allow_destructive | .required, .default]' "$tmp/python-dynamic/manifest.json")" '[false,""]'
is 'no author but smelt' "$(jq -r .author.name "$tmp/plain/manifest.json")" smelt

# The validator and our schema can say no
jq 'del(.server.entry_point)' "$tmp/plain/manifest.json" >"$tmp/manifest.json"
run 1 'a manifest without entry_point' validate "$tmp/manifest.json"
for change in 'del(.name)' '.name = "library"' '.description = ("x" * 101)' '.description = ""' 'del(.version)' \
	'.version = "^1.0.0"' '.packages = [{}]' '.packages = [{registryType: "mcpb", identifier: "https://x.example/a.mcpb", transport: {type: "stdio"}}]' \
	'.extra = 1'; do
	jq "$change" "$tmp/python-static/server.json" >"$tmp/server.json"
	run 1 "server.json: $change" node tests/smelt-codegen/registry.mjs "$tmp/server.json"
done

# Names in the registry
for name in library a/b/c /b a/ 'a b/c' a/b:c -/_x ../x "a/$(printf '%0200d' 0)" 'é/x' '$(id)/x'; do
	case $name in
	-/_x | ../x) want=0 ;;	# odd, but of the registry's pattern
	*) want=2 ;;
	esac
	run $want "--registry-name $(printf %.20s "$name")" smelt-codegen --registry-name "$name" -o /dev/null $here/library.jsonl
done
run 2 'no author' smelt-codegen --author '' -o /dev/null $here/library.jsonl

# version WANT SOURCE: versions are made semantic
version() {
	mutate $here/library.jsonl "$tmp/v.jsonl" "2s/\"version\":\"[^\"]*\"/\"version\":\"$2\"/"
	is "version $2" "$(smelt-codegen -q "$tmp/v.jsonl" | jq -r 'select(.path == "manifest.json").text | fromjson.version')" "$1"
}
version 1.0.0 1
version 1.4.0 v1.4
version 2022.11.28 2022-11-28
version 1.2.3-rc.1 1.2.3-rc.1
version 1.2.3 1.2.3-
version 1.2.3 01.2.3
version 0.0.0 latest
version 0.2.0 99999999999.2

# Text of the source: values only, cut; names of variables that meet
python3 - $here/library.jsonl "$tmp/odd.jsonl" <<'END'
import json, sys
with open(sys.argv[2], "w") as out:
    for line in open(sys.argv[1]):
        r = json.loads(line)
        if r["kind"] == "source":
            r["title"] = "${user_config.x} \u0000\u001b[31m\u2028\"'`" + "lang" * 90 + "\U0001f600"
        if r["kind"] == "tool":
            r["title"] = "t\n\u0007" * 500
            r["security"] = [{"cl\u00e9-\u00df\U0001f600": [], "cl____": []}]
            r["binding"]["server"] = "/v1"
        if r["kind"] == "unit":
            r["openapi"]["securitySchemes"] = {"cl\u00e9-\u00df\U0001f600": {"type": "apiKey", "in": "header", "name": "X-A"},
                "cl____": {"type": "apiKey", "in": "query", "name": "a"}, "a-b": {"type": "mutualTLS"}, "a.b": {"type": "mutualTLS"}}
            r["openapi"]["securitySchemes"] |= {"used": {"type": "openIdConnect", "openIdConnectUrl": "https://x.example/"}}
        print(json.dumps(r), file=out)
END
run 0 'odd texts' smelt-codegen --registry-name a/b --dir "$tmp/odd" "$tmp/odd.jsonl"
run 0 'odd texts: manifest.json is valid' validate "$tmp/odd/manifest.json"
run 0 'odd texts: server.json is valid' node tests/smelt-codegen/registry.mjs "$tmp/odd/server.json"
is 'no control character' "$(jq -r '.. | strings' "$tmp/odd/manifest.json" | LC_ALL=C grep -c '[[:cntrl:]]')" 0
is 'two schemes of one variable: once' "$(grep -c '"LIBRARY_CL_____API_KEY": \|"library_cl_____api_key": {' "$tmp/odd/manifest.json")" 2
like 'a base URL is needed' "$(jq -c .user_config.smelt_base_url "$tmp/odd/manifest.json")" '"required":true'
like 'and in .env.example' "$(cat "$tmp/odd/.env.example")" '^SMELT_BASE_URL=$'
like 'a letter, one _' "$(cat "$tmp/odd/.env.example")" '^LIBRARY_CL_____API_KEY=$'

# Packed, unpacked, started by its manifest, in a place with a blank
unpacked() {
	_d=$tmp/$1-static
	run 0 "$1: packs" node "$mcpb/cli/cli.js" pack "$_d" "$tmp/$1.mcpb"
	run 0 "$1: unpacks" node "$mcpb/cli/cli.js" unpack "$tmp/$1.mcpb" "$tmp/un packed/$1"
	is "$1: what it has not" "$(cd "$tmp/un packed/$1" && ls -d tests src .smelt .env .env.example .venv Dockerfile 2>/dev/null)" ''
	run 0 "$1: starts by its manifest" node tests/smelt-codegen/bundle.mjs "$tmp/un packed/$1"
}
mkdir "$tmp/un packed"
python3 tests/smelt-codegen/lib.py "$tmp/python-static"
unpacked python
(cd "$tmp/typescript-static" && ln -s "$NODE_PATH" node_modules && node node_modules/typescript/bin/tsc -p . &&
	rm node_modules && node "$top/tests/smelt-codegen/modules.mjs")
unpacked typescript
done_testing
