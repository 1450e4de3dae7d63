#!/bin/sh
# Each folder of samples/ is a source tree; NAME.jsonl is what smelt-ast finds in it.
. tests/lib.sh
need python3 node
here=tests/smelt-ast

for name in docs effects fast languages routes space types visible; do
	"$here/artifact" "$here/samples/$name" >"$tmp/in"
	run 0 "$name is analysed" smelt-ast "$tmp/in" -o "$tmp/$name"
	cp "$tmp/err" "$tmp/$name.err"
	grep -E '^\{"kind":"(unit|type|callable)"' "$tmp/$name" >"$tmp/own"
	golden "$name: the records" "$tmp/own" "$here/samples/$name.jsonl"
	run 0 "$name: the records conform" node tests/records/validate.mjs \
		"$tmp/$name"
	note "$(head -n 5 "$tmp/out")"
	run 0 "$name: the schemas compile" node "$here/schemas.mjs" "$tmp/$name"
	note "$(head -n 5 "$tmp/out")"
	grep -vE '^\{"kind":"(unit|type|callable|smelt)"' "$tmp/$name" >"$tmp/rest"
	grep -v '^{"kind":"smelt"' "$tmp/in" >"$tmp/before"
	same "$name: all else is passed through" "$tmp/rest" "$tmp/before"
	run 0 "$name: by pipe, with four threads" \
		sh -c "smelt-ast -q -j 4 <'$tmp/in' >'$tmp/again'"
	same "$name: the same bytes" "$tmp/again" "$tmp/$name"
	run 0 "$name: its own output once more" smelt-ast -q "$tmp/$name" \
		-o "$tmp/twice"
	same "$name: changes nothing" "$tmp/twice" "$tmp/$name"
	ok "$name: -q says nothing" sh -c \
		"[ -z \"\$(smelt-ast -q '$tmp/in' 2>&1 >/dev/null |
			grep -v 'warning:')\" ]"
done

like 'the summary counts files and functions' "$(cat "$tmp/routes.err")" \
	'6 files \(6 python\), 34 functions, 3 classes'
like 'a route without a constant path is named' "$(cat "$tmp/routes.err")" \
	'^shop/web/extra\.py:49:2: warning: a route whose path is not constant'
like 'it counts routes by method, and auth' "$(cat "$tmp/routes.err")" \
	'21 routes: GET 14, POST 3, PUT 2, DELETE 1, PATCH 1; 8 require auth'
like 'it says what was filtered and why' "$(cat "$tmp/visible.err")" \
	'15 filtered: 4 underscore, 3 deprecated, 3 local to a function'
like 'it says how many are left' "$(cat "$tmp/visible.err")" '5 candidates'
like 'it says what is not analysed' "$(cat "$tmp/languages.err")" \
	'not analysed: types, routes and effects of 1 c, 1 csharp'
like 'a file that does not parse is named' "$(cat "$tmp/languages.err")" \
	'^sample\.kt:[0-9]+:[0-9]+: warning: does not parse cleanly'
done_testing
