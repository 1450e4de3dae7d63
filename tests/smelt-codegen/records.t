#!/bin/sh
# What is emitted: records, files, data, documents.
. tests/lib.sh
here=tests/smelt-codegen

# files OUT DIR: the emit records written below DIR, and their digests checked
files() {
	python3 - "$1" "$2" <<-'END'
		import base64, hashlib, json, os, sys
		for line in open(sys.argv[1], encoding="utf-8"):
		    r = json.loads(line)
		    if r["kind"] != "emit":
		        continue
		    text = r["text"].encode() if r["encoding"] == "utf-8" else base64.b64decode(r["text"])
		    assert len(text) == r["size"], r["path"]
		    assert hashlib.sha256(text).hexdigest() == r["sha256"], r["path"]
		    path = os.path.join(sys.argv[2], r["path"])
		    os.makedirs(os.path.dirname(path), exist_ok=True)
		    open(path, "wb").write(text)
	END
}

for target in python typescript; do
	run 0 "$target: library" smelt-codegen -t "$target" \
		--dir "$tmp/$target" $here/library.jsonl
	mv "$tmp/out" "$tmp/$target.jsonl"
	like "$target: summary" "$(cat "$tmp/err")" "server 'library': 3 tools"
	ok "$target: digests hold" files "$tmp/$target.jsonl" "$tmp/$target.again"
	ok "$target: --dir has the same files" diff -r -x .smelt "$tmp/$target" "$tmp/$target.again"
	is "$target: and one base for all handlers" "$(find "$tmp/$target/.smelt" -type f | wc -l)" 1
	jq -r 'select(.kind == "emit" and .role != "runtime") | "\(.role) \(.mode) \(.path)"' \
		"$tmp/$target.jsonl" >"$tmp/list"
	golden "$target: list of files" "$tmp/list" $here/library.$target.files
	golden "$target: README.md" "$tmp/$target/README.md" $here/library.$target.README.md
	golden "$target: tools.json" "$tmp/$target/tools.json" $here/library.tools.json
	golden "$target: bindings.json" "$tmp/$target/bindings.json" $here/library.bindings.json
	golden "$target: .env.example" "$tmp/$target/.env.example" $here/library.env
	run 0 "$target: once more" smelt-codegen -q -t "$target" "$tmp/$target.jsonl"
	same "$target: running twice changes nothing" "$tmp/out" "$tmp/$target.jsonl"
	run 0 "$target: smelt.json lists all but itself" python3 - "$tmp/$target" <<-'END'
		import hashlib, json, os, sys
		made = json.load(open(sys.argv[1] + "/smelt.json"))
		listed = {f["path"]: f["sha256"] for f in made["files"]}
		found = {}
		for root, dirs, names in os.walk(sys.argv[1]):
		    dirs[:] = [d for d in dirs if d != ".smelt"]
		    for name in names:
		        path = os.path.join(root, name)
		        digest = hashlib.sha256(open(path, "rb").read()).hexdigest()
		        found[os.path.relpath(path, sys.argv[1])] = "sha256:" + digest
		del found["smelt.json"]
		assert found == listed, set(found) ^ set(listed)
	END
done
is 'tools.json has what the records have' \
	"$(jq -cS '.tools' "$tmp/python/tools.json")" \
	"$(jq -cS 'select(.kind == "tool") | {name, title, description, inputSchema, outputSchema, annotations}' \
		$here/library.jsonl | jq -cS -s 'map(with_entries(select(.value != null)))')"
is 'smelt.json comes first' \
	"$(jq -r 'select(.kind == "emit") | .path' "$tmp/python.jsonl" | head -n 1)" smelt.json

# Elsewhere, with another umask and time zone
mkdir "$tmp/elsewhere"
cp $here/library.jsonl "$tmp/elsewhere/"
(cd "$tmp/elsewhere" && umask 077 && TZ=Asia/Tokyo LC_ALL=C \
	smelt-codegen -q --dir s library.jsonl >out)
same 'the same bytes elsewhere' "$tmp/elsewhere/out" "$tmp/python.jsonl"
ok 'and the same files' diff -r "$tmp/elsewhere/s" "$tmp/python"

run 0 'by a pipe' sh -c "cat $here/library.jsonl | smelt-codegen -q -t python"
same 'the same' "$tmp/out" "$tmp/python.jsonl"

# Python functions
run 0 'functions' smelt-codegen --dir "$tmp/notes" $here/notes.jsonl
like 'a package that is none is left out' "$(cat "$tmp/err")" "left out: not a plain"
like 'another version of a pinned one' "$(cat "$tmp/err")" "the source wants Pydantic 1.0.0"
like 'no exact version' "$(cat "$tmp/err")" "'six' of the source has no exact version"
golden 'requirements-source.txt' "$tmp/notes/requirements-source.txt" \
	$here/notes.requirements-source.txt
is 'the source itself' "$(find "$tmp/notes/source" -type f -name '*.py' | wc -l)" 2
like 'README.md installs them' "$(cat "$tmp/notes/README.md")" \
	'&& .venv/bin/pip install -r requirements-source.txt$'
is 'an OpenAPI server has no source/' \
	"$(jq -r 'select(.kind == "emit" and .role == "source") | .path' "$tmp/python.jsonl")" ''
grep -v -e x.n--index -e '"six"' $here/notes.jsonl >"$tmp/hashed.jsonl"
run 0 'all packages with hashes' smelt-codegen -q --dir "$tmp/hashed" "$tmp/hashed.jsonl"
like 'hashes are kept' "$(cat "$tmp/hashed/requirements-source.txt")" '^    --hash=sha256:a{64}$'

run 2 'TypeScript: nothing is left' smelt-codegen -t typescript -o "$tmp/none" \
	--dir "$tmp/none.d" $here/notes.jsonl
like 'and why' "$(cat "$tmp/err")" 'no tool is left'
absent 'no artifact' "$tmp/none"
absent 'no directory' "$tmp/none.d"
{
	grep -v '"kind":"end"' $here/library.jsonl
	grep '"kind":"tool"' $here/notes.jsonl
	echo '{"kind":"end"}'
} >"$tmp/mixed.jsonl"
run 0 'TypeScript: some are left' smelt-codegen -t typescript "$tmp/mixed.jsonl"
is 'the others are skips' "$(jq -r 'select(.kind == "skip" and .reason == "unsupported") |
	.name' "$tmp/out" | xargs)" 'add_note count_notes get_note'
is 'and tools no more' "$(jq -r 'select(.kind == "tool") | .name' "$tmp/out" | xargs)" \
	'list_books get_book add_book'
run 0 'Python: all of them' smelt-codegen -q "$tmp/mixed.jsonl"
is 'six tools' "$(jq -r 'select(.kind == "tool") | .name' "$tmp/out" | wc -l)" 6
done_testing
