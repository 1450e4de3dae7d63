#!/bin/sh
# The example document as tools, and what all artifacts keep.
. tests/lib.sh
. tests/smelt-tooldef/defs.sh
need jq

ok 'the library is defined' define examples/openapi/library.yaml --tools "$tmp/file"
jq --tab 'select(.kind == "tool" or .kind == "skip")' "$tmp/tools" >"$tmp/got"
golden 'its tools' "$tmp/got" tests/smelt-tooldef/golden/library.json
sound 'the library'
like 'the summary' "$(cat "$tmp/tools.err")" \
	"^smelt-tooldef: 9 tools, about $(t .tokens | jq -s add) tokens \\(2[0-9]{3} without outputSchemas\\); 1 skipped: 1 deprecated\$"
t '{name,title,description,inputSchema,outputSchema,annotations}
	| with_entries(select(.value != null))' | jq -s '{tools:.}' >"$tmp/want"
same '--tools has the same definitions' "$tmp/file" "$tmp/want"
is 'its keys are in their order' "$(jq -c '.tools[0] | keys_unsorted' "$tmp/file")" \
	'["name","title","description","inputSchema","outputSchema","annotations"]'
smelt-tooldef -q "$tmp/tools" >"$tmp/again"
same 'a second run changes nothing' "$tmp/again" "$tmp/tools"
run 0 'deprecated ones on request' smelt-tooldef --include-deprecated "$tmp/ast"
cp "$tmp/out" "$tmp/tools"
is 'say so' "$(t 'select(.name == "search_books").description')" \
	'"Search the catalogue (first version).\nReplaced by listBooks.\nDeprecated. Needs authorization."'
unlike 'the config is another' "$(head -n 1 "$tmp/tools")" \
	"$(head -n 1 "$tmp/again" | sed 's/.*"config":"//')"
run 0 'with -v' smelt-tooldef -v "$tmp/ast"
like 'the skipped are named' "$(cat "$tmp/err")" \
	'note: skipped search_books \(deprecated\): deprecated: true$'

run 2 'an artifact without ast' smelt-tooldef "$tmp/intake"
like 'is said' "$(cat "$tmp/err")" 'no output of smelt-ast'
head -n 5 "$tmp/ast" >"$tmp/cut"
run 2 'a cut off one' smelt-tooldef -o "$tmp/none" --tools "$tmp/none2" "$tmp/cut"
absent 'no output' "$tmp/none"
absent 'no tools file' "$tmp/none2"
run 2 'a full disk' sh -c 'smelt-tooldef "$1" >/dev/full' - "$tmp/ast"
grep -v '"kind":"callable"' "$tmp/ast" >"$tmp/empty"
run 2 'nothing to call' smelt-tooldef "$tmp/empty"
like 'is said' "$(cat "$tmp/err")" 'library\.yaml: error: nothing in this source can be called'
done_testing
