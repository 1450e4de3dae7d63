#!/bin/sh
# Several OpenAPI documents as one source.
. tests/lib.sh
need jq

t=$tmp/t
# file PATH: stdin becomes this file
file() {
	mkdir -p "$t/$(dirname "$1")"
	cat >"$t/$1"
}
# document PATH TITLE [REF]
document() {
	{
		echo 'openapi: 3.0.3'
		echo "info: {title: $2, version: '1.$2'}"
		echo "servers: [{url: 'https://$2.example.com'}]"
		echo "paths: {/x: {get: {operationId: get$2, responses: {'200': ${3:-{description: ok\}}}}}}"
	} | file "$1"
}
# in_t STATUS NAME ARGUMENT...: intake, in $t
in_t() {
	_st=$1 _nm=$2
	shift 2
	run "$_st" "$_nm" env -C "$t" smelt-intake "$@"
}
q() {
	jq -c "$1" "$tmp/out"
}

document api/a.yaml A "{\$ref: 'shared/common.yaml#/R'}"
document api/b.yaml B "{\$ref: 'shared/common.yaml#/R'}"
document other/a.yaml C "{\$ref: 'shared/common.yaml#/R'}"
echo 'R: {description: of api}' | file api/shared/common.yaml
echo 'R: {description: of other}' | file other/shared/common.yaml

in_t 0 'one document' -q api/a.yaml
is 'is told as ever' "$(q 'select(.kind == "source") |
	[.type, .location, .entry, .title, .entries]')" \
	'["openapi","api/a.yaml","a.yaml","A",null]'
in_t 0 'three documents' api/a.yaml api/b.yaml other/a.yaml
cp "$tmp/out" "$tmp/three"
is 'are one source' "$(q 'select(.kind == "source") |
	[.type, .name, .location, .entry, .title, .version, .entries]')" \
	'["openapi","a-b","api/a.yaml api/b.yaml other/a.yaml",null,null,null,[{"path":"api/a.yaml","location":"api/a.yaml","title":"A","version":"1.A"},{"path":"api/b.yaml","location":"api/b.yaml","title":"B","version":"1.B"},{"path":"other/a.yaml","location":"other/a.yaml","title":"C","version":"1.C"}]]'
is 'with all their files, each once' "$(q 'select(.kind == "file") |
	[.path, .language]' | tr '\n' ' ')" "$(printf '%s ' \
	'["api/a.yaml","openapi"]' '["api/b.yaml","openapi"]' \
	'["api/shared/common.yaml","yaml"]' '["other/a.yaml","openapi"]' \
	'["other/shared/common.yaml","yaml"]')"
ok 'by the schemas' node tests/records/validate.mjs "$tmp/out"
in_t 0 'the same by absolute paths' -q "$t/api/a.yaml" "$t/api/b.yaml" "$t/other/a.yaml"
is 'is the same but for the operands' "$(jq -c 'select(.kind != "source")' \
	"$tmp/out" | sha256sum)" "$(jq -c 'select(.kind != "source")' \
	"$tmp/three" | sha256sum)"
unlike 'and says nothing of this machine' "$(cat "$tmp/out")" "$tmp"
smelt-ast -q "$tmp/three" >"$tmp/ast"
is 'each document is read' "$(jq -c 'select(.kind == "callable") |
	[.id, .document, .responses[0].doc]' "$tmp/ast" | tr '\n' ' ')" \
	"$(printf '%s ' '["api/a.yaml#getA","api-a","of api"]' \
	'["api/b.yaml#getB","b","of api"]' '["other/a.yaml#getC","other-a","of other"]')"
ok 'by the schemas' node tests/records/validate.mjs "$tmp/ast"

# --- one refers to the other: both were named ----------------------------------
document api/c.yaml D "{\$ref: 'd.yaml#/components/responses/R'}"
document api/d.yaml E
echo 'components: {responses: {R: {description: of d}}}' >>"$t/api/d.yaml"
in_t 0 'one refers to the other' -q api/c.yaml api/d.yaml
is 'both are read' "$(smelt-ast -q "$tmp/out" | jq -c 'select(.kind == "callable") |
	.name' | tr '\n' ' ')" '"getD" "getE" '
is 'the directory that both lie in is no part of paths' \
	"$(q 'select(.kind == "file") | .path' | tr '\n' ' ')" '"c.yaml" "d.yaml" '

# --- stdin, JSON, text by name ---------------------------------------------------
cp "$t/api/b.yaml" "$tmp/in"
sed -i 's/shared.*R/..\/x/; s/{$ref: .*}}}}}/{description: ok}}}}}/' "$tmp/in"
run 0 'stdin is one of them' sh -c 'smelt-intake -q --name n - "$1" <"$2"' sh \
	"$t/api/d.yaml" "$tmp/in"
is 'without a name' "$(q 'select(.kind == "source") | [.name, [.entries[].path]]')" \
	'["n",["openapi","d.yaml"]]'

# --- each is looked at -------------------------------------------------------------
for i in api/c.yaml other/a.yaml; do
	sed 's|https://\(.\)|http://\1|' "$t/$i" >"$t/${i%.yaml}-lint.yaml"
done
in_t 0 'what is wrong with them' --lint --sarif lint.sarif -o lint.jsonl \
	api/c-lint.yaml api/d.yaml other/a-lint.yaml
is 'is told of each' "$(sed -n 's/^\([^ :]*yaml\):.*/\1/p' "$tmp/err" | sort -u |
	tr '\n' ' ')" 'api/c-lint.yaml api/d.yaml other/a-lint.yaml '
is 'and written of each' "$(jq -r '.runs[].results[].locations[0] |
	.physicalLocation.artifactLocation.uri' "$t/lint.sarif" | sort -u |
	tr '\n' ' ')" 'api/c-lint.yaml api/d.yaml other/a-lint.yaml '

# --- what is refused ---------------------------------------------------------------
no() {
	_w=$1
	shift
	in_t 2 "refused: $*" -o never "$@"
	like "says: $_w" "$(cat "$tmp/err")" "$_w"
	absent 'nothing is written' "$t/never"
}
no 'api/a.yaml: error: given twice' api/a.yaml api/b.yaml ./api/../api/a.yaml
no 'is no OpenAPI document: only those' api/a.yaml api
no 'is no OpenAPI document: only those' api/a.yaml "$top/README.md"
no '--overlay changes one document' --overlay api/b.yaml api/a.yaml api/b.yaml
no '--fix-overlay mends one document' --fix-overlay fixes api/a.yaml api/b.yaml
no '--ref takes one SOURCE' --ref main api/a.yaml api/b.yaml
no '--text takes one SOURCE' --text words api/a.yaml api/b.yaml
no 'must be an OpenAPI document' --type directory api other
no "gone.yaml: error: cannot open" api/a.yaml gone.yaml
printf 'openapi: 3.0.0\npaths: {a: [\n' | file broken.yaml
no 'broken.yaml:3:1: error: not YAML' api/a.yaml broken.yaml
document out.yaml F "{\$ref: '../t/api/shared/common.yaml#/R'}"
no "out.yaml:4:.* leads out of the document's directory" api/a.yaml out.yaml
echo secret >"$tmp/secret"
ln -s "$tmp/secret" "$t/api/link.yaml"
document api/link-out.yaml G "{\$ref: 'link.yaml'}"
no 'link.yaml: error: .*symbolic link' api/a.yaml api/link-out.yaml
for i in api/a.yaml api/b.yaml; do
	run 2 "the output is no source: $i" env -C "$t" smelt-intake -o "$i" \
		api/a.yaml api/b.yaml
	like 'and stays' "$(cat "$t/$i")" '^openapi: 3.0.3$'
done

# --- keys are a line each --------------------------------------------------------
key() {
	(cd "$t" && smelt-intake --key --key-cache "$tmp/cache" api/a.yaml api/b.yaml \
		other/a.yaml)
}
key >"$tmp/keys"
is 'a key for each' "$(sort -u "$tmp/keys" | grep -c .)" 3
echo '# changed' >>"$t/other/shared/common.yaml"
key >"$tmp/keys.new"
is 'a changed part changes one' "$(diff "$tmp/keys" "$tmp/keys.new" |
	grep -c '^>')" 1
done_testing
