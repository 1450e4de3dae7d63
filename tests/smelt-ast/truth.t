#!/bin/sh
# Routes as smelt-ast finds them, against the tables of the frameworks that run
# the same code.
. tests/lib.sh
need python3
python3 -c 'import flask' 2>/dev/null || skip_all 'no flask in this python'
here=tests/smelt-ast

# truth NAME FRAMEWORK ROOT MODULE: the routes of MODULE's app
truth() {
	"$here/artifact" "$3" | smelt-ast -q -o "$tmp/found"
	run 0 "$1: $2 has the same routes" python3 "$here/truth" "$2" "$3" "$4" \
		"$tmp/found"
	like "$1: there are some" "$(cat "$tmp/found.n" 2>/dev/null || cat "$tmp/err")" \
		'^[1-9][0-9]* routes'
	note "$(head -n 20 "$tmp/err")"
}
truth example flask examples/flask notes:create_app
truth routes flask "$here/samples/routes" shop.wsgi:app
if python3 -c 'import fastapi, multipart' 2>/dev/null; then
	truth fast fastapi "$here/samples/fast" api.main:app
else
	skip 'fast: fastapi has the same routes' 'no fastapi in this python'
fi
done_testing
