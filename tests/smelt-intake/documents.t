#!/bin/sh
# OpenAPI documents inside a tree of files: which files are taken for one.
. tests/lib.sh
need jq

t=$tmp/tree
# file PATH: stdin becomes this file of the tree
file() {
	mkdir -p "$t/$(dirname "$1")"
	cat >"$t/$1"
}
# languages: path and language of each JSON and YAML file
languages() {
	jq -r 'select(.kind == "file" and (.path | test("json$|ya?ml$"))) |
		"\(.path) \(.language)"' "$tmp/out"
}

file yes/a.yaml <<'EOF2'
# a comment
%YAML 1.2
---
info:
  title: openapi
openapi: 3.0.3
EOF2
file yes/b.yml <<'EOF2'
"openapi" : '3.1.0' # so
EOF2
file yes/c.json <<'EOF2'
{"info": {"x": "\"openapi\":\"3.0.0\"", "a": [{"b": 1}, "}"]}, "openapi"
:"3.2.0"}
EOF2
file yes/d.json <<'EOF2'
{
  "swagger": "2.0"
}
EOF2
file yes/e.yaml <<'EOF2'
{paths: {}, "openapi": "3.0.1"}
EOF2
file yes/f.yaml <<'EOF2'
swagger: 2.0
EOF2
printf '\357\273\277openapi: 3\n' | file yes/g.yaml
{
	printf '{"components": {"pad": ["%02000000d"]}, ' 0
	echo '"openapi": "3.0.0"}'
} | file yes/late-openapi.json

file no/old.yaml <<'EOF2'
swagger: "1.2"
EOF2
file no/four.yaml <<'EOF2'
openapi: 4.0.0
EOF2
file no/longer.yaml <<'EOF2'
openapi_version: 3.0.0
openapis: 3.0.0
EOF2
file no/below.yaml <<'EOF2'
x:
  openapi: 3.0.0
EOF2
file no/second.yaml <<'EOF2'
a: 1
---
openapi: 3.0.0
EOF2
file no/below.json <<'EOF2'
{"x": {"openapi": "3.0.0"}, "y": ["openapi", "3.0.0"], "z": "openapi"}
EOF2
file no/list.json <<'EOF2'
[{"openapi": "3.0.0"}]
EOF2
file no/template.yaml <<'EOF2'
openapi: {{ .Values.openapi }}
EOF2
file no/cut.json <<'EOF2'
{"a": "openapi": "3.0
EOF2
file no/quote.json <<'EOF2'
{"a": "\
EOF2
file no/empty.yaml </dev/null
file no/words.md <<'EOF2'
openapi: 3.0.0
EOF2

run 0 'a directory is read' smelt-intake "$t"
languages >"$tmp/languages"
is 'every document is marked' "$(grep -c '^yes/.* openapi$' "$tmp/languages")" 8
is 'all of yes are' "$(grep -c ^yes/ "$tmp/languages")" 8
is 'nothing else is' "$(grep -v ^yes/ "$tmp/languages" | grep -c openapi$)" 0
like 'and how many is said' "$(cat "$tmp/err")" ': 8 OpenAPI documents$'
ok 'by the schemas' node tests/records/validate.mjs "$tmp/out"

# --- what is somebody's test, example or copy ----------------------------------
rm -rf "$t"
i=0
for d in test tests/deep Tests src/__tests__ testdata fixtures api/fixture mocks \
	examples Example sample golden vendor third_party e2e; do
	echo 'openapi: 3.0.0' | file "$d/openapi.yaml"
	i=$((i + 1))
done
echo 'openapi: 3.0.0' | file src/api.test.yaml
echo 'openapi: 3.0.0' | file attestation/contest.yaml
echo 'openapi: 3.0.0' | file spec/latest.yaml
run 0 'folders that are set aside' smelt-intake "$t"
is 'only those beside them are documents' \
	"$(languages | sed -n 's/ openapi$//p' | tr '\n' ' ')" \
	'attestation/contest.yaml spec/latest.yaml '
is 'the others are what they were' "$(languages | grep -c ' yaml$')" $((i + 1))
like 'they are told' "$(cat "$tmp/err")" \
	'not read as such \(name one to read it\): .*openapi.yaml.* and 11 more$'
run 0 'the tree begins where the source does' smelt-intake "$t/tests"
is 'its own folder does not count' "$(languages)" 'deep/openapi.yaml openapi'

# --- commits and archives say the same ------------------------------------------
need git tar
(
	cd "$t"
	git -c init.defaultBranch=main init -q .
	git add .
	git -c user.name=t -c user.email=t@example.org commit -q -m x
)
smelt-intake -q --ref main "$t" >"$tmp/out"
is 'of a commit' "$(languages | grep -c ' openapi$')" 2
tar -C "$t" -cf "$tmp/t.tar" attestation spec tests
smelt-intake -q "$tmp/t.tar" >"$tmp/out"
is 'of an archive' "$(languages | grep -c ' openapi$')" 2

# --- what they refer to is a file as any other ----------------------------------
rm -rf "$t"
mkdir "$t"
echo 'openapi: 3.0.0' >"$tmp/outside.yaml"
ln -s ../outside.yaml "$t/openapi.yaml"
echo '{}' | file other.json
run 0 'a link is no document' smelt-intake "$t"
is 'it is not followed' "$(jq -c 'select(.kind == "source") | .omitted' \
	"$tmp/out")" '[{"path":"openapi.yaml","reason":"symlink"}]'
rm "$t/openapi.yaml"
{
	echo 'openapi: 3.0.0'
	printf '#%02000000d\n' 0
} | file openapi.yaml
{
	echo 'openapi: 3.0.0'
	printf '#%02000000d\n' 0
} | file other.yaml
run 0 'a document of 2 MB' smelt-intake "$t"
is 'is read when its name says what it is' "$(jq -c 'select(.kind == "source") |
	[.files, [.omitted[] | .path]]' "$tmp/out")" '[2,["other.yaml"]]'
done_testing
