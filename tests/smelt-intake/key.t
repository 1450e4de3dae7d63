#!/bin/sh
# --key: it changes when what is read changes, and only then.
. tests/lib.sh
need git

# key NAME SOURCE...: into $key
key() {
	run 0 "$1" smelt-intake --key --key-cache "$tmp/cache" "$2"
	key=$(cat "$tmp/out")
}
changed() {
	unlike "$1" "$key" "^$was\$"
	was=$key
}
same_key() {
	is "$1" "$key" "$was"
}

d=$tmp/d
git init -q -b main "$d"
mkdir "$d/sub"
printf 'a\n' >"$d/a.py"
printf 'b\n' >"$d/sub/b.py"
printf '*.log\n' >"$d/.gitignore"
key 'a directory' "$d"
like 'its key' "$key" '^sha256:[0-9a-f]{64}$'
was=$key
key 'once more' "$d"
same_key 'is the same'
is 'young files are not remembered' "$(wc -l <"$tmp/cache")" 1
touch -d '2020-01-01' "$d/a.py" "$d/sub/b.py" "$d/.gitignore"
sleep 3
key 'later' "$d"
same_key 'is the same still'
is 'old ones are' "$(wc -l <"$tmp/cache")" 4
key 'by what is remembered' "$d"
same_key 'it is the same'
printf 'b\n' >"$d/sub/b.py"
key 'the same bytes, written anew' "$d"
same_key 'have the same key'
printf 'c\n' >"$d/sub/b.py"
key 'other bytes' "$d"
changed 'have another'
touch -d '2020-01-01' "$d/sub/b.py"
printf 'e\n' >"$d/sub/b.py"
touch -d '2020-01-01' "$d/sub/b.py"
key 'other bytes of the same size and time' "$d"
changed 'have another, too'
printf 'x\n' >"$d/x.log"
key 'an ignored file' "$d"
changed 'that is new is listed as left out'
printf 'y\n' >"$d/x.log"
key 'what is in it' "$d"
same_key 'is of no matter'
printf 'new\n' >"$d/new.py"
key 'a new file' "$d"
changed 'changes it'
mv "$d/new.py" "$d/other.py"
key 'another name' "$d"
changed 'changes it, too'
rm "$d/other.py"
key 'a file less' "$d"
changed 'changes it once more'
git -C "$d" add . && git -C "$d" commit -q -m one
key 'a commit' "$d"
changed 'changes it: the artifact has its name'
key 'nothing' "$d"
same_key 'does not'
printf 'garbage\nsmelt-key 1\n"' >"$tmp/cache"
key 'a damaged cache' "$d"
same_key 'is of no matter'
run 2 'a cache that can not be' smelt-intake --key --key-cache "$tmp/no/cache" "$d"
run 0 'without a cache' smelt-intake --key "$d"
is 'it is the same' "$(cat "$tmp/out")" "$was"
run 0 'a commit by name' smelt-intake --key --ref main "$d"
one=$(cat "$tmp/out")
printf 'dirty\n' >"$d/a.py"
run 0 'with other files in the tree' smelt-intake --key --ref main "$d"
is 'is the same' "$(cat "$tmp/out")" "$one"

# documents
printf 'openapi: 3.0.3\ninfo: {title: a, version: "1"}\npaths: {}\n' >"$tmp/a.yaml"
printf 'openapi: 3.0.3\ninfo: {title: a, version: "1"}\npaths: {/x: {$ref: p.yaml}}\n' >"$tmp/b.yaml"
printf 'get: {responses: {}}\n' >"$tmp/p.yaml"
key 'a document' "$tmp/a.yaml"
was=$key
printf '# comment\n' >>"$tmp/a.yaml"
key 'a comment' "$tmp/a.yaml"
changed 'changes it'
key 'a document of two files' "$tmp/b.yaml"
was=$key
printf 'put: {responses: {}}\n' >>"$tmp/p.yaml"
key 'the second one' "$tmp/b.yaml"
changed 'changes it'
printf 'paths: [\n' >>"$tmp/b.yaml"
key 'a broken one' "$tmp/b.yaml"
changed 'has a key, too'
run 2 'one that is not there' smelt-intake --key "$tmp/none.yaml"
tar -C "$d" -cf "$tmp/t.tar" sub
key 'an archive' "$tmp/t.tar"
was=$key
tar -C "$d" -cf "$tmp/t.tar" sub a.py
key 'another one' "$tmp/t.tar"
changed 'has another'

# many at once
run 0 'several sources' smelt-intake --key --key-cache "$tmp/cache" -o "$tmp/keys" \
	"$d" "$tmp/a.yaml" "$tmp/t.tar" "$tmp/b.yaml"
for s in "$d" "$tmp/a.yaml" "$tmp/t.tar" "$tmp/b.yaml"; do
	smelt-intake --key "$s"
done >"$tmp/single"
same 'have the keys that each has alone' "$tmp/keys" "$tmp/single"
run 2 'one that is not there' smelt-intake --key -o "$tmp/none" "$tmp/a.yaml" "$tmp/nowhere"
absent 'none is printed' "$tmp/none"
i=0
while [ $i -lt 300 ]; do
	mkdir "$tmp/many$i"
	printf '%d\n' $i >"$tmp/many$i/a.py"
	i=$((i + 1))
done
run 0 '300 directories' smelt-intake --key "$tmp"/many*
is 'have 300 keys' "$(sort -u "$tmp/out" | wc -l)" 300
done_testing
