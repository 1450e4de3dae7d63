#!/bin/sh
# The same source gives the same bytes: in another directory, time zone, locale,
# umask; only signatures differ.
. tests/lib.sh
export XDG_CONFIG_HOME="$tmp/config"

sums() {
	(cd "$1" && find . -type f ! -name '*.sigstore.json' ! -name .smelt-out \
		! -name VERIFY.txt ! -name artifact.jsonl -exec sha256sum {} +) |
		LC_ALL=C sort -k 2
	# what the artifact says of the signatures is random, too
	grep -v '"kind":"attestation"' "$1/artifact.jsonl" | sha256sum
}
for example in openapi/library.yaml flask; do
	for target in python typescript; do
		name=${example%%/*}-$target
		# each run reads a copy of its own, in a directory of its own
		for n in 1 2; do
			mkdir -p "$tmp/$n/$name"
			cp -R "examples/${example%%/*}/." "$tmp/$n/$name"
		done
		source=.
		[ "$example" = flask ] || source=${example#*/}
		cd "$tmp/1/$name"
		run 0 "$name: here and now" smelt -q -n same "$source" -t $target -o out
		cd "$tmp/2/$name"
		umask 077
		run 0 "$name: elsewhere" env TZ=Pacific/Chatham LC_ALL=C LANG=de_DE \
			smelt -q -n same "$source" -t $target -o out
		umask 022
		cd "$top"
		sums "$tmp/1/$name/out" >"$tmp/a"
		sums "$tmp/2/$name/out" >"$tmp/b"
		same "$name: the same bytes" "$tmp/b" "$tmp/a"
		ok "$name: not nothing" test "$(wc -l <"$tmp/a")" -gt 30
	done
done
is 'what was made in the source is told as one thing' \
	"$(jq -c 'select(.kind=="source").omitted' "$tmp/2/flask-python/out/artifact.jsonl")" \
	'[{"path":"out","reason":"ignored"}]'
run 0 'unsigned, all bytes are the same' smelt -q -n same examples/openapi/library.yaml \
	-o "$tmp/u1" --unsigned
run 0 'and again' smelt -q -n same examples/openapi/library.yaml -o "$tmp/u2" --unsigned
ok 'every file' diff -r "$tmp/u1" "$tmp/u2"
done_testing
