#!/bin/sh
# Hostile text never drives the terminal: escapes in names, in documents, in code.
. tests/faults/faults.sh

# safe NAME: the last status printed no control byte but line ends and tabs
safe() {
	is "$1" "$(LC_ALL=C tr -d '\n\t -~\200-\377' <"$tmp/err" | od -An -c | head -n 3)" ''
	unlike "$1: nor a C1 or bidi control" "$(LC_ALL=C od -An -tx1 <"$tmp/err" | tr -d '\n')" \
		'c2 [89][0-9a-f]|e2 80 a[a-e]|e2 81 a[6-9]'
}
esc=$(printf '\033')
evil="${esc}]0;owned$(printf '\007')${esc}[2J$(printf '\302\233')31m$(printf '\342\200\256')"
for f in $filters; do
	status filter "$f" -o /dev/null "$tmp/$evil"
	is "smelt-$f: a file that is not there" "$rc" 2
	safe "smelt-$f: its name"
	status "smelt-$f" "--$evil"
	safe "smelt-$f: an option of that name"
	status "smelt-$f" -o "$tmp/none/$evil" "$tmp/$f.in"
	safe "smelt-$f: an output of that name"
	[ "$f" = intake ] || {
		mutate "$tmp/$f.in" "$tmp/evil.in" "1s/\"name\":\"library\"/\"name\":\"x\\\\u001b[2J\"/"
		status filter "$f" -v -o /dev/null "$tmp/evil.in"
		safe "smelt-$f: an artifact of that name"
		clean
	}
done
status smelt -o "$tmp/work/o" "$tmp/$evil"
safe 'smelt: a source of that name'
status smelt --"$evil"
safe 'smelt: an option of that name'

mkdir "$tmp/src"
printf 'openapi: 3.1.0\ninfo: {title: "\\e[2J\\a\\u202e", version: "\\e]0;x\\a"}\npaths:\n  "/\\e[2J":\n    get: {operationId: "\\e[31m", summary: "\\e[2J\\x9b31m", responses: {"200": {description: "\\e"}}}\n' \
	>"$tmp/src/evil.yaml"
status smelt -v --unsigned -o "$tmp/work/o" "$tmp/src/evil.yaml"
safe "smelt: a document full of escapes ($rc)"
printf 'openapi: 3.1.0\n"\033[2J": [\n' >"$tmp/src/broken.yaml"
status smelt-intake "$tmp/src/broken.yaml"
is 'a broken document' "$rc" 2
safe 'its message'
rm "$tmp/src"/*.yaml
printf 'def a():\n    """\033[2J\033]0;x\007"""\n    return eval("\033[2J" + input())\n' >"$tmp/src/$evil.py"
status smelt -v --unsigned -o "$tmp/work/p" "$tmp/src"
safe "smelt: a source full of escapes ($rc)"
clean
done_testing
