#!/bin/sh
# An OpenAPI document as a source: what is read, what is refused and where.
. tests/lib.sh

# record KIND FILE: the first record of that kind
record() {
	grep -m 1 "^{\"kind\":\"$1\"" "$2"
}
# refused NAME LOCATION-AND-TEXT INPUT: exit 2, that message, no output file
refused() {
	run 2 "$1" smelt-intake -o "$tmp/none" "$3"
	like "$1: where and why" "$(cat "$tmp/err")" "$2"
	is "$1: one line" "$(wc -l <"$tmp/err")" 1
	absent "$1: no output" "$tmp/none"
}

cat >"$tmp/pet.store.yaml" <<'EOF'
openapi: 3.1.0
info:
  title: "Pet Store: the \"best\" \u2603"
  version: 1.2.3
paths: {}
EOF
run 0 'a YAML document is read' smelt-intake "$tmp/pet.store.yaml"
cp "$tmp/out" "$tmp/one"
like 'the name comes from the file' "$(head -n 1 "$tmp/one")" \
	'^\{"kind":"smelt","format":1,"name":"pet-store","stage":"intake","chain":\[\{"tool":"smelt-intake","version":"[0-9.]+","config":"sha256:[0-9a-f]{64}"\}\]\}$'
like 'title, version, entry' "$(record source "$tmp/one")" \
	'"type":"openapi","name":"pet-store","title":"Pet Store: the \\"best\\" ☃","version":"1.2.3","location":"pet.store.yaml","entry":"pet.store.yaml"'
unlike 'no path of this machine' "$(cat "$tmp/one")" "$tmp"
like 'the text is kept' "$(record file "$tmp/one")" \
	"\"language\":\"openapi\",\"size\":$(wc -c <"$tmp/pet.store.yaml"),\"sha256\":\"$(
		sha256sum <"$tmp/pet.store.yaml" | cut -d' ' -f1)\",\"encoding\":\"utf-8\""
is 'the end record is last' "$(tail -n 1 "$tmp/one")" '{"kind":"end"}'
ok 'every record is by its schema' node tests/records/validate.mjs "$tmp/one"
like 'the summary' "$(cat "$tmp/err")" '^smelt-intake: openapi: 1 file, '

run 0 'on stdin' smelt-intake <"$tmp/pet.store.yaml"
like 'it has a name all the same' "$(head -n 1 "$tmp/out")" '"name":"server"'
run 0 'with another name' smelt-intake -q -n pets "$tmp/pet.store.yaml"
like 'that is taken' "$(head -n 1 "$tmp/out")" '"name":"pets"'
is 'quiet is quiet' "$(cat "$tmp/err")" ''
run 2 'a name that is none' smelt-intake -n 'Pets!' "$tmp/pet.store.yaml"
run 0 'into a file' smelt-intake -o "$tmp/two" "$tmp/pet.store.yaml"
same 'the same bytes' "$tmp/two" "$tmp/one"
(cd "$tmp" && umask 077 && mkdir else && TZ=Asia/Tokyo LC_ALL=C \
	smelt-intake -q pet.store.yaml >else/three)
same 'from another place' "$tmp/else/three" "$tmp/one"
printf '\357\273\277{"openapi":"3.0.3","info":{"title":"x","version":"1"},"paths":{}}' >"$tmp/bom.json"
run 0 'JSON behind a byte order mark' smelt-intake "$tmp/bom.json"

# what is refused
# w FILE FORMAT: a file below $tmp
w() {
	# shellcheck disable=SC2059 # the format is the text
	printf "$2" >"$tmp/$1"
}
w swagger.json '{"swagger":"1.2","info":{}}'
refused 'Swagger 1.2' 'swagger\.json:1:12: error: Swagger 1\.2 is not read' "$tmp/swagger.json"
w v4.yaml '# a comment\nopenapi: 4.0.0\n'
refused 'another version' 'v4\.yaml:2:10: error: OpenAPI 4\.0\.0 is not read' "$tmp/v4.yaml"
w number.yaml 'openapi: 3.1\n'
refused 'a number' 'number\.yaml:1:10: error: .*not a string' "$tmp/number.yaml"
w empty.yaml ''
refused 'empty' 'empty\.yaml:1:1: error: empty document' "$tmp/empty.yaml"
w list.yaml '[1]\n'
refused 'a list' 'list\.yaml:1:1: error: not an OpenAPI document' "$tmp/list.yaml"
w other.yaml 'a: 1\n'
refused 'something else' "other\.yaml:1:1: error: .*no key 'openapi'" "$tmp/other.yaml"
w broken.yaml 'openapi: 3.0.3\ninfo: [\n'
refused 'broken YAML' 'broken\.yaml:[0-9]+:[0-9]+: error: ' "$tmp/broken.yaml"
w latin.yaml 'openapi: 3.0.3\ninfo: \351\n'
refused 'not UTF-8' 'latin\.yaml:2:7: error: not valid UTF-8' "$tmp/latin.yaml"
printf 'openapi: 3.0.3\n' | iconv -f UTF-8 -t UTF-16 >"$tmp/utf16.yaml"
refused 'UTF-16' 'utf16\.yaml:1:1: error: not valid UTF-8' "$tmp/utf16.yaml"
w twice.yaml 'openapi: 3.0.3\ninfo: {}\ninfo: {}\n'
refused 'a key twice' "twice\.yaml:3:1: error: duplicate key 'info'" "$tmp/twice.yaml"
head -c 200000 /dev/zero | tr '\0' '[' >"$tmp/deep.yaml"
refused '200 kB of [' 'deep\.yaml:1:[0-9]+: error: ' "$tmp/deep.yaml"
{
	printf 'openapi: 3.0.3\nx: &a0 [1,1,1,1,1,1,1,1,1]\n'
	for i in 1 2 3 4 5 6 7 8 9; do
		p=$((i - 1))
		printf 'x%d: &a%d [*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d]\n' \
			$i $i $p $p $p $p $p $p $p $p $p
	done
} >"$tmp/laughs.yaml"
refused 'a bomb of aliases' 'laughs\.yaml:[0-9]+:[0-9]+: error: ' "$tmp/laughs.yaml"
refused 'not there' 'nowhere\.yaml: error: cannot open: ' "$tmp/nowhere.yaml"
ln -s /dev/zero "$tmp/zero.yaml"
refused 'a device' 'zero\.yaml: error: neither a file nor a directory' "$tmp/zero.yaml"
if [ "$(id -u)" -eq 0 ]; then
	skip 'not readable' 'root reads everything'
else
	cp "$tmp/pet.store.yaml" "$tmp/shut.yaml"
	chmod 0 "$tmp/shut.yaml"
	refused 'not readable' 'shut\.yaml: error: cannot open' "$tmp/shut.yaml"
fi
run 2 'two sources' smelt-intake "$tmp/one" "$tmp/two"
run 2 'an output that can not be' smelt-intake -o "$tmp/no/dir" "$tmp/pet.store.yaml"
printf 'was here\n' >"$tmp/kept"
run 2 'a refusal' smelt-intake -o "$tmp/kept" "$tmp/v4.yaml"
is 'leaves what was there' "$(cat "$tmp/kept")" 'was here'

cp "$tmp/pet.store.yaml" "$tmp/same.yaml"
run 2 'an output that is the source' smelt-intake -o "$tmp/same.yaml" "$tmp/same.yaml"
same 'is not written over' "$tmp/same.yaml" "$tmp/pet.store.yaml"

# references
mkdir -p "$tmp/api/schemas/deep"
cat >"$tmp/api/main.yaml" <<'EOF'
openapi: 3.0.3
info: {title: parts, version: '1'}
paths:
  /a: {$ref: 'paths%20and/a.yaml'}
components:
  schemas:
    Pet: {$ref: './schemas/pet.yaml#/Pet'}
    Own: {$ref: '#/components/schemas/Pet'}
    Names:
      type: object
      properties:
        $ref: {type: string}
        example: {$ref: 'schemas/pet.yaml'}
      example: {$ref: 'http://example.org/data/not/a/reference'}
      x-note: {$ref: '/etc/passwd'}
EOF
mkdir "$tmp/api/paths and"
printf 'get: {responses: {"200": {$ref: "../schemas/deep/ok.json"}}}\n' >"$tmp/api/paths and/a.yaml"
printf 'Pet: {type: object, properties: {self: {$ref: "#/Pet"}, up: {$ref: "../main.yaml"}}}\n' >"$tmp/api/schemas/pet.yaml"
printf '{"description":"ok"}' >"$tmp/api/schemas/deep/ok.json"
printf 'secret' >"$tmp/outside.yaml"
run 0 'files beside the document are taken along' smelt-intake "$tmp/api/main.yaml"
is 'all that it leads to' "$(sed -n 's/^{"kind":"file","path":"\([^"]*\)","language":"\([^"]*\)".*/\1 \2/p' "$tmp/out")" \
	'main.yaml openapi
paths and/a.yaml yaml
schemas/deep/ok.json json
schemas/pet.yaml yaml'
ok 'by their schemas' node tests/records/validate.mjs "$tmp/out"
(cd "$tmp/api" && smelt-intake -q main.yaml) >"$tmp/two"
run 0 'in its directory' grep -c '"kind":"file"' "$tmp/two"
is 'it is the same' "$(cat "$tmp/out")" 4

# ref TEXT: a document in api/ with this reference on line 5
ref() {
	printf 'openapi: 3.0.3\ninfo: {title: x, version: "1"}\npaths: {}\ncomponents: {schemas: {A:\n  {$ref: "%s"}}}\n' \
		"$1" >"$tmp/api/bad.yaml"
}
for case in 'https://example.org/x.yaml#/A|is remote' 'file:///etc/passwd|is remote' \
	'//example.org/x|is remote' '/etc/passwd#/x|is an absolute path' \
	'../outside.yaml|leads out' '%2e%2e/outside.yaml|leads out' \
	'schemas/../../outside.yaml#/A|leads out' 'link.yaml|symbolic link' \
	'dirlink/x.yaml|cannot open' 'nowhere.yaml|cannot open' 'schemas|not a regular file'; do
	ref "${case%|*}"
	rm -f "$tmp/api/link.yaml" "$tmp/api/dirlink"
	ln -s ../outside.yaml "$tmp/api/link.yaml"
	ln -s .. "$tmp/api/dirlink"
	refused "reference ${case%|*}" "error: .*${case#*|}" "$tmp/api/bad.yaml"
done
ref '../outside.yaml'
run 2 'its place' smelt-intake "$tmp/api/bad.yaml"
like 'is told' "$(cat "$tmp/err")" "bad\.yaml:5:10: error: reference '\.\./outside\.yaml' leads out"
run 2 'a reference of a document on stdin' smelt-intake <"$tmp/api/main.yaml"
like 'has no directory' "$(cat "$tmp/err")" 'needs the document as a file'
printf 'x: {$ref: "../../outside.yaml"}\n' >"$tmp/api/schemas/pet.yaml"
run 2 'a reference in a second file' smelt-intake "$tmp/api/main.yaml"
like 'is told where it stands' "$(cat "$tmp/err")" 'api/schemas/pet\.yaml:1:[0-9]+: error: reference .* leads out'

# faults
run 2 'a full disk' sh -c 'smelt-intake "$1" >/dev/full' sh "$tmp/pet.store.yaml"
like 'is told' "$(cat "$tmp/err")" 'cannot write'
run 2 'the sandbox can be demanded' env SMELT_SANDBOX=nonsense smelt-intake "$tmp/pet.store.yaml"
done_testing
