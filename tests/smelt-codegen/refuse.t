#!/bin/sh
# Bad input: one located message, exit 2, no output.
. tests/lib.sh
here=tests/smelt-codegen
lib=$here/library.jsonl

# refuse NAME SED-SCRIPT REGEX
refuse() {
	mutate $lib "$tmp/bad.jsonl" "$2"
	run 2 "$1" smelt-codegen -o "$tmp/o" --dir "$tmp/d" "$tmp/bad.jsonl"
	like "$1: says so" "$(cat "$tmp/err")" "$3"
	is "$1: in one line" "$(wc -l <"$tmp/err")" 1
	absent "$1: no artifact" "$tmp/o"
	absent "$1: no directory" "$tmp/d"
}
refuse 'a name that is none' 's/"name":"get_book"/"name":"..\/x"/' \
	'bad.jsonl:6:1: error: tool .*\[a-z\]'
refuse 'a capital' 's/"name":"get_book"/"name":"getBook"/' 'getBook'
refuse 'a line end in a name' 's/"name":"get_book"/"name":"get\\nbook"/' ':6:1: error: tool'
refuse 'an empty name' 's/"name":"get_book"/"name":""/' ':6:1:'
refuse 'a name of 65' "s/\"name\":\"get_book\"/\"name\":\"a$(printf '%064d' 0)\"/" ':6:1:'
refuse 'two of one name' 's/"name":"get_book"/"name":"list_books"/' 'there already'
refuse 'no binding' 's/"binding":{[^}]*"\/books\/{book_id}"/"bindin":{"x":"y"/' 'binding'
refuse 'an unknown binding' 's/"type":"http","method":"POST"/"type":"exec","method":"POST"/' 'binding is neither'
refuse 'no inputSchema' 's/"inputSchema":{"type":"object","properties":{"title"/"inputSchem":{"type":"object","properties":{"title"/' 'inputSchema'
refuse 'an inputSchema of no object' 's/"inputSchema":{"type":"object","properties":{"title"/"inputSchema":{"type":"array","properties":{"title"/' 'inputSchema'
refuse 'no end' '/"kind":"end"/d' 'end'
refuse 'no tools' '/"kind":"tool"/d' 'no tool definitions'
refuse 'not JSON' '5s/^{"kind":"tool",/{"kind":"tool",,/' 'bad.jsonl:5:'
refuse 'before tooldef' 's/"smelt-tooldef"/"smelt-other"/' 'smelt-tooldef'

run 2 'an unknown target' smelt-codegen -t cobol $lib
like 'is named' "$(cat "$tmp/err")" "'cobol' is neither"
run 2 'no such artifact' smelt-codegen "$tmp/none"
run 2 'an output that can not be written' smelt-codegen -o "$tmp/no/o" $lib
run 2 'a full disk' sh -c "smelt-codegen $lib >/dev/full"
run 2 'a missing runtime' env SMELT_SHARE="$tmp" smelt-codegen $lib
like 'is named, too' "$(cat "$tmp/err")" 'manifest.json'

# The build knows the digests of texts that parse. One line more in each, and it
# knows none: all are parsed, and do.
cp -R "$SMELT_SHARE" "$tmp/share"
find "$tmp/share/runtime" -name '*.py' -exec sh -c 'for f; do echo "#" >>"$f"; done' sh {} +
find "$tmp/share/runtime" \( -name '*.ts' -o -name '*.mjs' \) -exec sh -c 'for f; do echo "//" >>"$f"; done' sh {} +
for target in python typescript; do
	run 0 "the runtime parses: $target" \
		env SMELT_SHARE="$tmp/share" smelt-codegen -t $target -o "$tmp/o" $lib
done

# A runtime that was changed behind our back is refused, not shipped
echo 'def f(:' >>"$tmp/share/runtime/python/smelt_runtime/body.py"
run 2 'a runtime that does not parse' env SMELT_SHARE="$tmp/share" smelt-codegen --dir "$tmp/d" $lib
like 'is our fault' "$(cat "$tmp/err")" "own output refused: 'smelt_runtime/body.py' does not parse"
absent 'and nothing is written' "$tmp/d"
done_testing
