#!/bin/sh
# Edited handlers against what another smelt generates: merged, or marked.
. tests/lib.sh
here=tests/smelt-codegen
d=$tmp/server
h=$d/handlers/get_book.py

# share NAME [SED-SCRIPT]: a share/smelt whose handlers have another text
share() {
	mkdir -p "$tmp/$1"
	cp -r "$SMELT_SHARE/." "$tmp/$1"
	[ -z "${2-}" ] || mutate "$SMELT_SHARE/runtime/python/handler.py" \
		"$tmp/$1/runtime/python/handler.py" "$2"
}
share old '1s/of this file/of that file/
	s/^async def handle.*/&\n    # older/'
share new '$s/call(arguments)/call(dict(arguments))/'
share next '$s/call(arguments)/call({**arguments})/
	s/^async def handle.*/&\n    # next/'
# gen SHARE [ARGUMENT...]: exits as smelt-codegen does
gen() {
	_share=$1
	shift
	SMELT_SHARE=$tmp/$_share smelt-codegen "$@" --dir "$d" "$here/library.jsonl" >"$tmp/artifact"
}
bases() {
	find "$d/.smelt/base" -type f | wc -l
}
cp -r "$SMELT_SHARE" "$tmp/now"

run 0 'an older server' gen old
is 'one base for three handlers' "$(bases)" 1
cp "$h" "$tmp/theirs"
# Edits far from what changes in between
sed -i '/^from smelt_runtime/i import os' "$h"
sed -i '/^from smelt_runtime/a \
\
LIMIT = os.environ.get("LIMIT")' "$h"
sed 's/That file/that file/' "$h" >"$tmp/mine"
run 0 'generated anew' gen now
like 'the edited handler is merged' "$(cat "$tmp/err")" 'merged the edited handlers/get_book.py'
like 'edits stay' "$(cat "$h")" '^LIMIT = os'
unlike 'what was generated before goes' "$(cat "$h")" 'of that file|# older'
like 'what is generated now is there' "$(cat "$h")" 'of this file'
{
	sed '/^from smelt_runtime/i import os' "$SMELT_SHARE/runtime/python/handler.py" |
		sed '/^from smelt_runtime/a \
\
LIMIT = os.environ.get("LIMIT")'
} >"$tmp/want"
same 'no other byte' "$h" "$tmp/want"
same 'others are as generated' "$d/handlers/add_book.py" "$SMELT_SHARE/runtime/python/handler.py"
is 'the older base is gone' "$(bases)" 1
same 'the base is that of now' "$(find "$d/.smelt/base" -type f)" "$SMELT_SHARE/runtime/python/handler.py"
run 0 'once more' gen now
same 'nothing changes' "$h" "$tmp/want"
like 'it counts as edited' "$(cat "$tmp/err")" 'kept the edited handlers/get_book.py'

# Both changed one line
cp "$h" "$tmp/was"
sed -i '$s/call(arguments)/call({"a": 1})/' "$h"
run 1 'a conflict' gen new
like 'is located' "$(cat "$tmp/err")" "server/handlers/get_book.py:[0-9]+:1: error: your edit and what.*\[conflict\]$"
line=$(sed -n 's/.*get_book.py:\([0-9]*\):1: error.*/\1/p' "$tmp/err")
is 'at its mark' "$(sed -n "${line}p" "$h")" '<<<<<<< yours'
is 'all three are there' "$(sed -n "$line,\$p" "$h")" '<<<<<<< yours
    return await call({"a": 1})
||||||| generated before
    return await call(arguments)
=======
    return await call(dict(arguments))
>>>>>>> generated now'
like 'the others are written' "$(cat "$d/handlers/add_book.py")" 'call\(dict'
is 'the artifact is whole' "$(tail -n 1 "$tmp/artifact")" '{"kind":"end"}'
like 'and is not of the edits' "$(cat "$tmp/err")" '1 edited handlers are not merged'
cp "$h" "$tmp/marked"
run 1 'again' gen new
same 'marks are left alone' "$h" "$tmp/marked"
like 'and said' "$(cat "$tmp/err")" "get_book.py:$line:1: error: marks of an earlier conflict.*\[conflict\]$"
run 0 'with --no-fail' gen new --no-fail
absent 'nothing is pending' "$d/.smelt/pending.json"
run 1 'yet another text, marks unresolved' gen next
same 'they are left alone' "$h" "$tmp/marked"
is 'two bases are kept' "$(bases)" 2
is 'that of the marks is noted' "$(jq -r '.handlers | keys[]' "$d/.smelt/pending.json")" handlers/get_book.py
run 1 'and once more' gen next
is 'still noted' "$(jq -r '.handlers | keys[]' "$d/.smelt/pending.json")" handlers/get_book.py
# Resolved: yours
sed -i -e '/^|||||||/,/^>>>>>>>/d' -e '/^<<<<<<</d' "$h"
run 1 'what came in between is merged when the marks are gone' gen next
like 'the line that both changed' "$(cat "$h")" '^<<<<<<< yours$'
like 'the line that one changed' "$(cat "$h")" '^    # next$'
absent 'nothing is pending any more' "$d/.smelt/pending.json"
sed -i -e '/^|||||||/,/^>>>>>>>/d' -e '/^<<<<<<</d' "$h"
run 0 'resolved' gen next
is 'one base is left' "$(bases)" 1
like 'edits are there' "$(cat "$h")" 'call\(\{"a": 1\}\)'

# fresh NAME: an older server, its handler yours to spoil
fresh() {
	rm -rf "$d"
	SMELT_SHARE=$tmp/old smelt-codegen -q --dir "$d" $here/library.jsonl >/dev/null
}
fresh
sed -i 's/$/\r/' "$h"
run 0 'CRLF by an editor' gen now
is 'is kept' "$(grep -c "$(printf '\r')\$" "$h")" "$(wc -l <"$h")"
unlike 'and merged' "$(cat "$h")" '# older|of that'
fresh
printf '%s\n# end' "$(cat "$h")" >"$tmp/x" && cp "$tmp/x" "$h"
run 0 'no end of line' gen now
is 'stays so' "$(tail -c 5 "$h")" '# end'
like 'and is merged' "$(cat "$h")" 'of this file'
fresh
printf 'a\0b\n' >"$h"
run 1 'NUL' gen now
like 'is no text' "$(cat "$tmp/err")" 'get_book.py:1:1: error: your edit is no text.*\[conflict\]$'
is 'it is kept aside' "$(od -c "$h.orig" | head -n 1)" '0000000   a  \0   b  \n'
same 'the handler is as generated' "$h" "$SMELT_SHARE/runtime/python/handler.py"
run 0 'once' gen now
fresh
head -c 17000000 /dev/zero | tr '\0' '\n' >"$h"
run 1 'more than 16 MiB' gen now
is 'are kept aside' "$(wc -c <"$h.orig")" 17000000
fresh
python3 -c 'import random; random.seed(7); print("\n".join(str(random.random()) for _ in range(300000)))' >"$h"
run 1 'much that has nothing in common' timeout 20 env SMELT_SHARE="$tmp/now" \
	smelt-codegen --dir "$d" $here/library.jsonl
fresh
printf '\033]0;x\007<<<<<<< yours\n\377\376\n' >>"$h"
run 0 'bytes that are no UTF-8' gen now
like 'stay' "$(tail -n 1 "$h" | od -An -tx1)" 'ff fe'
unlike 'stderr is clean' "$(LC_ALL=C tr -d '\n\40-\176' <"$tmp/err" | od -c)" '033'

# What smelt keeps is not what it was
fresh
echo '# mine' >>"$h"
rm -r "$d/.smelt"
run 1 'no base any more: all that differs is marked' gen now
like 'and why' "$(cat "$tmp/err")" 'what was generated before is not there \[conflict\]$'
like 'marks' "$(cat "$h")" '^<<<<<<< yours$'
like 'nothing is lost' "$(cat "$h")" '^# mine$'
fresh
echo '# mine' >>"$h"
find "$d/.smelt/base" -type f -exec sh -c 'echo "import evil" >>"$1"' _ {} \;
run 1 'a base that is not what its name says is none' gen now
unlike 'its text is not used' "$(cat "$h")" evil
fresh
echo '# mine' >>"$h"
mkdir "$tmp/outside"
rm -r "$d/.smelt"
ln -s "$tmp/outside" "$d/.smelt"
run 2 'a link in place of .smelt' gen now
is 'nothing was written behind it' "$(ls "$tmp/outside")" ''
fresh
echo '# mine' >>"$h"
printf '{"handlers":{"handlers/get_book.py":"sha256:../../../x","../x":1}}' >"$d/.smelt/pending.json"
run 0 'pending.json that lies' gen now
like 'is not believed' "$(cat "$h")" 'of this file'
fresh
cp "$d/smelt.json" "$tmp/s.json"
python3 - "$d/smelt.json" <<-'END'
	import json, sys
	m = json.load(open(sys.argv[1]))
	m["files"] = [f for f in m["files"] if f["path"] != "handlers/get_book.py"]
	json.dump(m, open(sys.argv[1], "w"))
END
echo 'mine before smelt had one' >"$h"
run 0 'a handler that was there before smelt made one' gen now
is 'is kept' "$(cat "$h")" 'mine before smelt had one'
# A run that ended in the middle: handlers written, smelt.json not
fresh
echo '# mine' >>"$h"
cp "$d/smelt.json" "$tmp/s.json"
cp -r "$d/.smelt" "$tmp/dot"
run 0 'a whole run' gen now
cp "$h" "$tmp/merged"
cp "$tmp/s.json" "$d/smelt.json"
cp -r "$tmp/dot/." "$d/.smelt"
run 0 'the same again' gen now
same 'merges to the same' "$h" "$tmp/merged"
done_testing
