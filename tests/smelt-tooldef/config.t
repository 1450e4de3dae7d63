#!/bin/sh
# smelt.yaml: include, exclude, rename, describe, tighten.
. tests/lib.sh
. tests/smelt-tooldef/defs.sh
need jq

smelt-intake -q examples/openapi/library.yaml | smelt-ast -q >"$tmp/ast"
# with YAML: the tools under this configuration, or exit 2
with() {
	printf '%s\n' "$1" >"$tmp/smelt.yaml"
	smelt-tooldef -q -c "$tmp/smelt.yaml" "$tmp/ast" >"$tmp/tools" 2>"$tmp/err"
}
names() {
	t .name | tr -d '"' | tr '\n' ' '
}
all='list_books create_book get_book replace_book update_book delete_book upload_cover reserve_book list_categories '

with '# nothing'"
deprecated: false"
is 'an empty wish' "$(names)" "$all"
with '# include: [nothing]

# yet'
is 'comments only' "$(names)" "$all"
with 'deprecated: true'
is 'deprecated ones' "$(names)" "${all}search_books "
with 'include: [list_*, "tag:desk"]'
is 'include by name and tag' "$(names)" 'list_books reserve_book list_categories '
is 'the others are excluded' "$(skips | sed -n 1p)" '["create_book","excluded","no include pattern names it"]'
with 'exclude: ["path:/books/*/**", "method:DELETE", "library.yaml#create*"]'
is 'exclude by path, method and id' "$(names)" 'list_books get_book replace_book update_book list_categories '
is 'with the pattern that did it' "$(skips | grep create)" '["create_book","excluded","library.yaml#create*"]'
with 'include: ["*book*"]
exclude: [list_books]'
is 'exclude wins' "$(names)" 'create_book get_book replace_book update_book delete_book reserve_book '
sound 'a part'

with 'tools:
  list_books: {name: find_books, title: Find, description: "Finds \"books\"."}
  library.yaml#createBook:
    annotations: {destructiveHint: true, idempotentHint: false}'
is 'a new name, title, description' "$(t 'select(.binding.path == "/books") | [.name, .title, .description, .annotations.title]' | sed -n 1p)" \
	'["find_books","Find","Finds \"books\".","Find"]'
is 'tighter annotations, by the callable'"'"'s id' "$(t 'select(.name == "create_book").annotations.destructiveHint')" true
sound 'overrides'
one=$(head -n 1 "$tmp/tools")
with 'tools: {list_books: {title: X}}'
unlike 'another file is another config' "$(head -n 1 "$tmp/tools")" "$(echo "$one" | sed 's/.*"config":"//')"

# refused NAME YAML ERROR
refused() {
	printf '%s\n' "$2" >"$tmp/smelt.yaml"
	run 2 "$1" smelt-tooldef -o "$tmp/none" -c "$tmp/smelt.yaml" "$tmp/ast"
	like "$1: where and why" "$(cat "$tmp/err")" "$3"
	absent "$1: no output" "$tmp/none"
}
refused 'an unknown key' 'exclude: [a]
excluded: [b]' "smelt\.yaml:2:1: error: unknown key 'excluded'"
refused 'an unknown key of a tool' 'tools: {get_book: {descripton: x}}' "smelt\.yaml:1:20: error: unknown key 'descripton'"
refused 'an unknown hint' 'tools: {get_book: {annotations: {readOnly: true}}}' "error: unknown key 'readOnly'"
refused 'no list' 'include: list_*' "smelt\.yaml:1:1: error: not a list: 'include'"
refused 'no pattern' 'include: [[a]]' 'error: patterns are texts'
refused 'no boolean' 'tools: {get_book: {annotations: {readOnlyHint: yes}}}' "error: neither true nor false: 'readOnlyHint'"
refused 'no tool' 'tools: {get_bok: {title: x}}' "smelt\.yaml:1:9: error: no tool or callable is called 'get_bok'"
refused 'no tool name' 'tools: {get_book: {name: Get-Book}}' "smelt\.yaml:1:26: error: not a tool name .*: 'Get-Book'"
refused 'a name that is taken' 'tools: {get_book: {name: list_books}}' "error: two tools would be called 'list_books'"
refused 'a loosened annotation' 'tools: {delete_book: {annotations: {destructiveHint: false}}}' \
	"smelt\.yaml:1:37: error: annotations can only be tightened, not 'destructiveHint'"
refused 'no mapping' '- a' 'smelt\.yaml:1:1: error: not a mapping'
refused 'no YAML' 'a: [' 'smelt\.yaml:[0-9]+:[0-9]+: error: '
run 2 'no such file' smelt-tooldef -c "$tmp/nowhere" "$tmp/ast"
done_testing
