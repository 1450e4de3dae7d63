#!/bin/sh
# Dependencies of manifests and lock files: deps/ and what is broken.
. tests/lib.sh

here=tests/smelt-intake
run 0 'manifests and lock files are read' smelt-intake -n deps "$here/deps"
ok 'by their schemas' node tests/records/validate.mjs "$tmp/out"
grep '^{"kind":"dep"' "$tmp/out" >"$tmp/deps.jsonl"
golden 'as they were' "$tmp/deps.jsonl" "$here/deps.jsonl"
is 'nothing was wrong' "$(grep -c warning "$tmp/err")" 0

# broken FILE PATTERN: its text on stdin; a warning, and the rest is read
broken() {
	rm -rf "$tmp/d"
	mkdir -p "$tmp/d/ok"
	cat >"$tmp/d/$1"
	printf 'flask==3.0.0\n' >"$tmp/d/ok/requirements.txt"
	run 0 "$1: the others are read" timeout 10 smelt-intake "$tmp/d"
	like "$1: a warning" "$(cat "$tmp/err")" "^$1:$2"
	like "$1: the rest" "$(cat "$tmp/out")" 'pkg:pypi/flask@3.0.0'
}
broken pyproject.toml '2:1: warning: this key is set already' <<'EOF'
a = 1
a = 2
EOF
broken pyproject.toml '1:5: warning: expected a value' <<'EOF'
a = nonsense
EOF
broken pyproject.toml '1:[0-9]+: warning: string is not closed' <<'EOF'
a = "x
EOF
broken pyproject.toml '3:2: warning: this table is there already' <<'EOF'
[a]
b = 1
[a]
EOF
head -c 100000 /dev/zero | tr '\0' '[' | sed 's/^/a = /' >"$tmp/deep"
broken pyproject.toml '1:[0-9]+: warning: nested too deep' <"$tmp/deep"
broken package.json '[12]:[0-9]+: warning: not JSON' <<'EOF'
{"dependencies": {
EOF
sed 's/^a = /{"a": /' "$tmp/deep" >"$tmp/deep.json"
broken package-lock.json '1:[0-9]+: warning: (not JSON|nested)' <"$tmp/deep.json"
broken Pipfile.lock '1:1: warning: not an object' <"$tmp/deep"
broken yarn.lock '1:1: warning: only version 1' <<'EOF'
__metadata:
  version: 6
EOF
broken pom.xml '2:1: warning: a DOCTYPE is not read' <<EOF
<?xml version="1.0"?>
<!DOCTYPE project [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<project><dependencies><dependency><groupId>&x;</groupId></dependency></dependencies></project>
EOF
unlike 'no entity is read' "$(cat "$tmp/out")" 'root:x:'
broken pom.xml '[12]:1: warning: not XML' <<'EOF'
<project><dependencies>
EOF

# members that are lists
rm -rf "$tmp/d"
mkdir "$tmp/d"
echo '{"lockfileVersion": 3, "packages": {"": {"dependencies": ["a", 1]}, "node_modules/a": {"version": "1.0.0"}}}' \
	>"$tmp/d/package-lock.json"
run 0 'dependencies that are a list' smelt-intake -o "$tmp/out.jsonl" "$tmp/d"
like 'leave the packages' "$(cat "$tmp/out.jsonl")" '"purl":"pkg:npm/a@1.0.0"'

# what could be slow
rm -rf "$tmp/d"
mkdir "$tmp/d"
awk 'BEGIN { print "[tool.poetry.dependencies]"; for (i = 0; i < 60000; i++) print "p" i " = \"1.0.0\"" }' \
	>"$tmp/d/pyproject.toml"
awk 'BEGIN { for (i = 0; i < 30000; i++) print "require example.org/m" i " v1.0.0"
	for (i = 0; i < 5000; i++) print "replace example.org/m" i " => x.org/y v1.0.0" }' >"$tmp/d/go.mod"
awk 'BEGIN { printf "{\"packages\": {\"\": {\"dependencies\": {\"x\": \"1\""
	for (i = 0; i < 50000; i++) printf ",\"p%d\": \"1\"", i
	printf "}}"; for (i = 0; i < 50000; i++) printf ",\n\"node_modules/p%d\": {\"version\": \"1.0.0\"}", i
	print "}}" }' >"$tmp/d/package-lock.json"
awk 'BEGIN { print "<project><dependencyManagement><dependencies>"
	for (i = 0; i < 4000; i++) print "<dependency><groupId>g</groupId><artifactId>a" i "</artifactId><version>1</version></dependency>"
	print "</dependencies></dependencyManagement><dependencies>"
	for (i = 0; i < 4000; i++) print "<dependency><groupId>g</groupId><artifactId>a" i "</artifactId></dependency>"
	print "</dependencies></project>" }' >"$tmp/d/pom.xml"
run 0 'many dependencies' timeout 20 smelt-intake --max-file 20000000 "$tmp/d"
like 'are all there' "$(cat "$tmp/err")" ' 144000 dependencies'
done_testing
