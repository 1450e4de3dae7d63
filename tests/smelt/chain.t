#!/bin/sh
# The driver runs the whole chain: each example, both targets.
. tests/lib.sh
need jq

valid() {
	node tests/records/validate.mjs "$1"
}
export XDG_CONFIG_HOME="$tmp/config"
for target in python typescript; do
	for example in openapi/library.yaml flask text/garden.txt; do
		name=${example%%/*}-$target
		dir=$tmp/$name
		run 0 "$name: the chain is run" smelt "examples/$example" -o "$dir" \
			-t $target
		like "$name: the server is there" "$(ls "$dir/server")" '^tools\.json$'
		like "$name: in its language" "$(ls -R "$dir/server")" \
			"$([ $target = python ] && echo '^server\.py$' || echo '^server\.ts$')"
		is "$name: tools.json stands beside it" \
			"$(jq -cS . "$dir/tools.json")" "$(jq -cS . "$dir/server/tools.json")"
		ok "$name: each stage left its reports" test -s "$dir/gate1.sarif" -a \
			-s "$dir/gate2.sarif" -a -s "$dir/report.html"
		ok "$name: the artifact has the records' form" valid "$dir/artifact.jsonl"
		is "$name: all stages are in the chain" \
			"$(jq -r 'select(.kind=="smelt").chain[].tool' "$dir/artifact.jsonl" | tr '\n' ' ')" \
			'smelt-intake smelt-ast smelt-tooldef smelt-codegen smelt-gate1 smelt-gate2 smelt-score smelt-attest '
		ok "$name: the signatures hold" smelt-attest -q --verify "$dir/dist" \
			--key "$XDG_CONFIG_HOME/smelt/smelt.key.pub"
		like "$name: it says how to start" "$(cat "$tmp/err")" \
			"^smelt: start: +cd $dir/server && $([ $target = python ] &&
			echo 'python3' || echo 'npm ci && npm start')"
	done
done

# Messages: the stages in their order, then the driver's summary.
run 0 'once more' smelt examples/openapi/library.yaml -o "$tmp/order"
is 'messages come in the order of the chain' \
	"$(sed -n 's/^\(smelt[a-z0-9-]*\): .*/\1/p' "$tmp/err" | uniq | tr '\n' ' ')" \
	'smelt-intake smelt-ast smelt-tooldef smelt-codegen smelt-gate1 smelt-gate2 smelt-score smelt-attest smelt '
is 'nothing on stdout' "$(cat "$tmp/out")" ''
run 0 'quiet' smelt -q examples/openapi/library.yaml -o "$tmp/order"
is 'nothing at all with -q' "$(cat "$tmp/out" "$tmp/err")" ''
run 0 'verbose' smelt -v examples/openapi/library.yaml -o "$tmp/order"
like 'more with -v' "$(cat "$tmp/err")" 'sandbox'

# The same as by pipe.
smelt -q examples/openapi/library.yaml -o "$tmp/by-driver" --unsigned
smelt-intake -q examples/openapi/library.yaml | smelt-ast -q |
	smelt-tooldef -q --tools "$tmp/tools.json" |
	smelt-codegen -q --dir "$tmp/server" | smelt-gate1 -q --sarif "$tmp/g1" |
	smelt-gate2 -q --sarif "$tmp/g2" | smelt-score -q --report "$tmp/report" |
	smelt-attest -q --unsigned --out "$tmp/by-driver.dist" >"$tmp/artifact.jsonl"
same 'the pipe makes the same artifact' "$tmp/artifact.jsonl" "$tmp/by-driver/artifact.jsonl"
same 'the same report' "$tmp/report" "$tmp/by-driver/report.html"
same 'the same SARIF' "$tmp/g1" "$tmp/by-driver/gate1.sarif"
ok 'the same server' diff -r "$tmp/server" "$tmp/by-driver/server"

# Options reach their stage.
printf 'exclude: [delete_book]\n' >"$tmp/smelt.yaml"
run 0 '--config, --name, -W' smelt examples/openapi/library.yaml -o "$tmp/opts" \
	-c "$tmp/smelt.yaml" -n books -W attest,--author=Somebody --unsigned
is '--config is tooldef'"'"'s' "$(jq -r '.tools[].name' "$tmp/opts/tools.json" | grep -c delete_book)" 0
is '--name is intake'"'"'s' "$(jq -r 'select(.kind=="smelt").name' "$tmp/opts/artifact.jsonl")" books
like '-W is the stage'"'"'s' "$(cat "$tmp/opts/dist"/*.cdx.json)" Somebody
run 0 '--mode' smelt examples/openapi/library.yaml -o "$tmp/mode" --mode dynamic --unsigned
is '--mode is codegen'"'"'s' "$(jq -r '.tools[0].name' "$tmp/mode/server/tools.json")" search_tools
is 'and no other stage'"'"'s' "$(jq -cS . "$tmp/mode/tools.json")" \
	"$(jq -cS . "$tmp/mode/server/catalogue.json")"
run 0 '--text' smelt --text 'A server that lists the plants of a garden.' \
	-o "$tmp/text" --unsigned
like '--text becomes a server' "$(ls "$tmp/text/server")" tools.json
done_testing
