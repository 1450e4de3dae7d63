#!/bin/sh
# Files that a dynamic server can not start with: one line, exit 2.
. tests/lib.sh
need node jq

for target in python typescript; do
	tests/dynamic/generate $target "$tmp/$target"
	case $target in
	python) start="python $tmp/$target/server.py" ;;
	*) start="node $tmp/$target/dist/server.js" ;;
	esac
	cp "$tmp/$target/catalogue.json" "$tmp/good.json"
	cp "$tmp/$target/bindings.json" "$tmp/bindings.json"
	# broken NAME REGEX: it does not start
	broken() {
		# shellcheck disable=SC2086 # words
		run 2 "$target: $1" $start </dev/null
		like "$target: $1: says so" "$(cat "$tmp/err")" "$2"
		is "$target: $1: in one line" "$(wc -l <"$tmp/err")" 1
		cp "$tmp/good.json" "$tmp/$target/catalogue.json"
		cp "$tmp/bindings.json" "$tmp/$target/bindings.json"
	}
	rm "$tmp/$target/catalogue.json"
	broken 'no catalogue' catalogue.json
	jq . "$tmp/good.json" >"$tmp/$target/catalogue.json"
	broken 'a definition in many lines' 'catalogue\.json.*one definition a line'
	head -n 3 "$tmp/good.json" >"$tmp/$target/catalogue.json"
	broken 'half a catalogue' 'catalogue\.json.*one definition a line'
	mutate "$tmp/good.json" "$tmp/$target/catalogue.json" '3s/"name"/name/'
	broken 'a line that is no JSON' catalogue.json
	mutate "$tmp/good.json" "$tmp/$target/catalogue.json" '3s/.*/7,/'
	broken 'a line that is no object' catalogue.json
	mutate "$tmp/good.json" "$tmp/$target/catalogue.json" '3s/"name":"[a-z_]*"/"name":"..\/x"/'
	broken 'a name that is none' 'json: a tool (name that is not|without a usable name)'
	jq 'del(.bindings.get_shelf)' "$tmp/bindings.json" >"$tmp/$target/bindings.json"
	broken 'a tool without its binding' 'bindings\.json: no binding for get_shelf'

	# What is not as smelt writes it, but right
	mutate "$tmp/good.json" "$tmp/$target/catalogue.json" '3s/^{/{ /'
	# shellcheck disable=SC2086 # words
	run 0 "$target: a line with a blank more" $start </dev/null
done
done_testing
