# shellcheck shell=sh
# gate2.sh: artifacts as smelt-gate2 reads them; source it in place of lib.sh.
# shellcheck disable=SC2034 # for the tests
. tests/lib.sh
need jq

# Of an OpenAPI document, and of Python functions.
library=$tmp/library.jsonl
notes=$tmp/notes.jsonl
mkdir "$tmp/notes"
cp tests/smelt-gate2/notes.py "$tmp/notes"
# chain SOURCE OUT [OPTION...]: up to gate1
chain() {
	_src=$1 _to=$2
	shift 2
	smelt-intake -q "$_src" | smelt-ast -q | smelt-tooldef -q |
		smelt-codegen -q "$@" | smelt-gate1 -q --no-fail -o "$_to"
}
chain examples/openapi/library.yaml "$library"
chain "$tmp/notes" "$notes"

# edit BASE JQ: $tmp/edited.jsonl, where records that JQ takes are changed.
edit() {
	jq -c "$2" "$1" >"$tmp/edited.jsonl"
	if cmp -s "$1" "$tmp/edited.jsonl"; then
		note "edit: changes nothing: $2"
		exit 1
	fi
}
# gate ARTIFACT [OPTION...]: judge it; $tmp/judged.jsonl
gate() {
	_in=$1
	shift
	smelt-gate2 -q --no-fail -o "$tmp/judged.jsonl" "$@" "$_in" 2>"$tmp/err"
}
# found RULE: "LEVEL SUBJECT" of each such finding
found() {
	jq -r --arg rule "$1" 'select(.kind == "finding" and .rule == $rule) |
		"\(.level) \(.subject.tool // .subject.path)"' "$tmp/judged.jsonl"
}
valid() {
	node tests/records/validate.mjs "$1"
}
