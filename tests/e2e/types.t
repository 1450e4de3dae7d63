#!/bin/sh
# Type checkers and linters, as strict as they can be, on servers of documents of
# several kinds; make bench-sample does so for 60 of other people's.
. tests/lib.sh
need node mypy ruff

mkdir "$tmp/cache"
# check KIND OPTION...: servers of $tmp/tooldef have nothing to say to them
check() {
	kind=$1
	shift
	for target in python typescript; do
		dir=$tmp/$kind-$target
		smelt-codegen -q -t "$target" "$@" --dir "$dir" -o "$tmp/codegen" "$tmp/tooldef"
		[ "$target" = python ] || ln -s "$NODE_PATH" "$dir/node_modules"
		run 0 "$kind, $target" tests/e2e/typecheck "$target" "$dir" "$tmp/cache"
		is "$kind, $target: no word" "$(cat "$tmp/out" "$tmp/err")" ''
	done
}
tools() {
	smelt-intake -q "$@" | smelt-ast -q | smelt-tooldef -q -o "$tmp/tooldef"
}
tools examples/openapi/library.yaml
check library
check dynamic --mode dynamic
tools --text 'A tool that finds a book by title. A tool that deletes a book.' -n words
check words
done_testing
