#!/bin/sh
# --dir: what is kept, moved aside, removed; what is refused.
. tests/lib.sh
here=tests/smelt-codegen
d=$tmp/server

# shellcheck disable=SC2120
gen() {
	smelt-codegen --dir "$d" "${1:-$here/library.jsonl}" >/dev/null
}
run 0 'new' gen
run 0 'no temporary file is left' test -z "$(find "$tmp" -name '*.new' -o -name 'server.??????')"

touch -d '2001-01-01 UTC' "$d/server.py"
run 0 'again' gen
is 'what is the same is not written' "$(date -u -r "$d/server.py" +%Y)" 2001

echo '# mine' >>"$d/handlers/get_book.py"
echo '# mine' >>"$d/server.py"
mkdir "$d/.venv"
echo yes >"$d/.venv/keep"
echo 'KEY=1' >"$d/.env"
run 0 'over edits' gen
like 'an edited handler is kept' "$(cat "$d/handlers/get_book.py")" '^# mine$'
like 'and said' "$(cat "$tmp/err")" 'kept the edited handlers/get_book.py'
unlike 'another file is not' "$(cat "$d/server.py")" '^# mine$'
like 'but moved aside' "$(cat "$d/server.py.orig")" '^# mine$'
like 'and said, too' "$(cat "$tmp/err")" "'server.py' was edited: moved to 'server.py.orig'"
is 'unknown files stay' "$(cat "$d/.venv/keep" "$d/.env" | xargs)" 'yes KEY=1'
run 0 'once more' gen
like 'it stays edited' "$(cat "$tmp/err")" 'kept the edited handlers/get_book.py'

grep -v -e '"name":"get_book"' -e '"name":"add_book"' $here/library.jsonl >"$tmp/fewer.jsonl"
run 0 'fewer tools' gen "$tmp/fewer.jsonl"
absent 'a handler that is no longer made goes' "$d/handlers/add_book.py"
absent 'an edited one, too' "$d/handlers/get_book.py"
like 'but it is kept aside' "$(cat "$d/handlers/get_book.py.orig")" '^# mine$'
like 'which is said' "$(cat "$tmp/err")" "'handlers/get_book.py' was edited and is no longer made: moved to"
run 0 'the tools come back' gen
echo '# mine again' >>"$d/handlers/get_book.py"

run 0 'another target in the same place' smelt-codegen -q -t typescript --dir "$d" $here/library.jsonl
absent 'the files of the first go' "$d/smelt_runtime"
absent 'all of them' "$d/server.py"
like 'what was kept aside stays' "$(cat "$d/handlers/get_book.py.orig")" '^# mine$'
like 'beside what is kept now' "$(cat "$d/handlers/get_book.py.orig.1")" '^# mine again$'
ok 'the new files are there' test -f "$d/src/server.ts"

# Directories that are not ours
mkdir "$tmp/empty"
run 0 'an empty one is taken' smelt-codegen -q --dir "$tmp/empty" $here/library.jsonl
ok 'and filled' test -f "$tmp/empty/smelt.json"
mkdir "$tmp/foreign"
echo mine >"$tmp/foreign/server.py"
run 2 'a foreign one is refused' smelt-codegen -o "$tmp/o" --dir "$tmp/foreign" $here/library.jsonl
like 'by name' "$(cat "$tmp/err")" "foreign' is not empty and not made by smelt"
is 'and left alone' "$(ls "$tmp/foreign"; cat "$tmp/foreign/server.py")" 'server.py
mine'
absent 'no artifact either' "$tmp/o"
echo '{"tool":"other"}' >"$tmp/foreign/smelt.json"
run 2 'another smelt.json' smelt-codegen --dir "$tmp/foreign" $here/library.jsonl
like 'is not ours' "$(cat "$tmp/err")" 'smelt.json is not ours'
echo x >"$tmp/file"
run 2 'a file is no directory' smelt-codegen --dir "$tmp/file" $here/library.jsonl
run 2 'a parent that is not there' smelt-codegen --dir "$tmp/no/such" $here/library.jsonl

# Links inside the directory lead nowhere
mkdir "$tmp/outside"
rm -rf "$d"
gen
rm -r "$d/handlers"
ln -s "$tmp/outside" "$d/handlers"
run 2 'a link in place of a directory' gen
is 'nothing was written behind it' "$(ls "$tmp/outside")" ''
rm "$d/handlers"
ln -sf "$tmp/outside/x" "$d/server.py"
run 2 'a link in place of a file' gen
absent 'is not followed' "$tmp/outside/x"
like 'but named' "$(cat "$tmp/err")" "'server.py' is in the way and no regular file"
rm "$d/server.py"
# A list of earlier files that reaches out of the directory
echo precious >"$tmp/precious"
digest=$(sha256sum "$tmp/precious" | cut -d' ' -f1)
mutate "$d/smelt.json" "$tmp/s.json" \
	"s|\"files\": \[|\"files\": [{\"path\": \"../precious\", \"role\": \"data\", \"sha256\": \"sha256:$digest\"},|"
cp "$tmp/s.json" "$d/smelt.json"
run 0 'a list with ../' gen
is 'removes nothing outside' "$(cat "$tmp/precious")" precious

# Files that can not be written
run 2 'a file that is cut off' sh -c "ulimit -f 8; exec smelt-codegen --dir '$tmp/cut' $here/library.jsonl >/dev/null"
like 'is named' "$(cat "$tmp/err")" "cannot write '.*/cut/.*': File too large"
is 'and nothing is left of it' "$(find "$tmp" -name 'cut*')" ''
rm -rf "$d"
gen
echo '# other' >>"$d/smelt_runtime/body.py"
run 2 'the same in a directory that is there' \
	sh -c "ulimit -f 8; exec smelt-codegen --dir '$d' $here/library.jsonl >/dev/null"
is 'no temporary file is left there' "$(find "$d" -name '*.new')" ''
run 0 'a later run' gen
run 0 'makes it whole' smelt-codegen -q --check --dir "$d" $here/library.jsonl

# Ends in the middle
rm -rf "$d"
gen
rm "$d/smelt_runtime/body.py" "$d/tools.json"
run 0 'files that are missing come back' gen
ok 'they do' test -f "$d/tools.json" -a -f "$d/smelt_runtime/body.py"
done_testing
