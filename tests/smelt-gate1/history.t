#!/bin/sh
# Secrets in git history: once each, at the commit and path that brought them,
# from any blob of the object store; hostile repositories end in a message.
# What looks like a secret is put together here, so that none stands in a file.
. tests/lib.sh
need jq git node

# key SEED: an access key's form; pem SEED: a private key's
key() {
	printf 'AK%s%s' IA "$(printf '%s' "$1" | sha256sum | tr -dc 'a-f2-7' |
		tr a-f JKNQWY | cut -c1-16)"
}
pem() {
	printf -- '-----BEGIN %s KEY-----\n' PRIVATE
	for i in 1 2 3 4; do
		printf '%s' "$1 $i" | sha384sum | cut -c1-64 | tr 0-9 K-T
	done
	printf -- '-----END %s KEY-----\n' PRIVATE
}
repo=$tmp/repo
g() { git -C "$repo" "$@"; }
# commit MESSAGE MINUTE: all that is there
commit() {
	_date="$((1700000000 + 60 * $2)) +0000"
	g add -A
	GIT_AUTHOR_DATE=$_date GIT_COMMITTER_DATE=$_date git -C "$repo" commit -q -m "$1"
	g rev-parse HEAD
}
git init -q -b main "$repo"
cat >"$repo/app.py" <<'END'
from flask import Flask

app = Flask(__name__)


@app.get("/ping")
def ping():
    """Answer."""
    return "pong"
END
mkdir "$repo/old"
printf 'first = "%s"\n' "$(key gone)" >"$repo/old/settings.py"
printf 'x = 1\nkept = "%s"\n' "$(key kept)" >"$repo/kept.py"
first=$(commit first 1)
g mv old/settings.py settings.py
printf 'second = "%s"\n' "$(key later)" >>"$repo/settings.py"
pem one >"$repo/one.pem"
second=$(commit second 2)
# the same first line as before, in another key
{ echo 'text before'; pem two; } >"$repo/two.pem"
printf 'a\000%s\n' "$(key binary)" >"$repo/data.bin"
printf '%s\n' "$(key lost)" >"$repo/lost.py"
third=$(commit third 3)
g rm -q one.pem two.pem data.bin lost.py settings.py
printf 'x = 2\ny = 3\nkept = "%s"\n' "$(key kept)" >"$repo/kept.py"
last=$(commit last 4)
# a commit that nothing names, and a blob that no commit has
printf 'b = "%s"\n' "$(key unnamed)" >"$repo/branch.py"
unnamed=$(commit unnamed 5)
g reset -q --hard "$last"
g reflog expire --expire=now --all
printf '%s\n' "$(key blob)" | g hash-object -q -w --stdin >"$tmp/blob" 2>/dev/null ||
	printf '%s\n' "$(key blob)" | g hash-object -w --stdin >"$tmp/blob"

# artifact: of the repository as it is, told relative to $tmp
artifact() {
	(cd "$tmp" && smelt-intake -q repo) | smelt-ast -q |
		smelt-tooldef -q >"$tmp/in.jsonl"
}
# gate [OPTION...]: run where the source's location is meant
gate() {
	(cd "$tmp" && smelt-gate1 -q --no-fail -o out.jsonl "$@" in.jsonl) \
		>"$tmp/log" 2>&1 || note "$(cat "$tmp/log")"
	cat "$tmp/log" "$tmp/out.jsonl" >>"$tmp/all"
}
# told: "RULE COMMIT FILE:LINE" of the findings of history
told() {
	jq -r 'select(.kind == "finding" and .scanner == "secret" and
		(.message.text | test("history|no commit"))) |
		"\(.rule) \(.subject.commit // "-" | .[:7]) \(.loc.file // ""):\(.loc.line // "")"' \
		"$tmp/out.jsonl" | sort
}
scanned() {
	jq -r 'select(.kind == "verdict") | .scanned[] |
		select(.scanner == "history") | "\(.status): \(.text)"' "$tmp/out.jsonl"
}
short() { printf '%.7s' "$1"; }

# --- what is found, and where -------------------------------------------------
artifact
gate --sarif out.sarif
rule=$(jq -r 'select(.kind == "finding" and .loc.file == "kept.py") | .rule' "$tmp/out.jsonl")
ok 'the tree has one' test -n "$rule"
want="$rule $(short "$first") old/settings.py:1
$rule $(short "$second") settings.py:2
$rule $(short "$third") lost.py:1
$rule $(short "$unnamed") branch.py:1
secret-private-key $(short "$second") one.pem:1
secret-private-key $(short "$third") two.pem:2"
is 'each at its first commit and path there' "$(told | grep -v ' - ')" \
	"$(printf '%s\n' "$want" | sort)"
is 'one of no commit is told as such' "$(told | grep -c ' - ')" 1
is 'what the tree has is told once, there' "$(jq -r 'select(.kind == "finding" and
	.loc.file == "kept.py") | "\(.loc.line) \(.subject.commit // "-")"' "$tmp/out.jsonl")" '3 -'
is 'with the commit as evidence' "$(jq -r 'select(.kind == "finding" and
	.loc.file == "kept.py") | .evidence[] | "\(.loc.file):\(.loc.line) \(.text)"' \
	"$tmp/out.jsonl")" "kept.py:2 in the history since commit $(printf '%.12s' "$first")"
like 'the verdict says what was scanned' "$(scanned)" \
	'^scanned: secrets in [0-9]+ blobs of the git repository, [0-9]+ different lines; 1 binary ones left out$'
is 'blobs are those of git' "$(scanned | sed 's/.*in \([0-9]*\) blobs.*/\1/')" \
	"$(g cat-file --batch-all-objects --batch-check='%(objecttype)' | grep -c blob)"
ok 'the records are valid' node tests/records/validate.mjs "$tmp/out.jsonl"
multitool 'the findings' "$tmp/out.sarif"
cat "$tmp/out.sarif" >>"$tmp/all"
cp "$tmp/out.jsonl" "$tmp/first.jsonl"
told >"$tmp/loose"
gate
same 'the same again' "$tmp/out.jsonl" "$tmp/first.jsonl"

# --- however it is stored -------------------------------------------------------
git clone -q --mirror "file://$repo" "$tmp/bare"
g fsck --unreachable --no-reflogs 2>/dev/null | awk '{print $3}' >"$tmp/unreachable"
g rev-list --objects --all --no-object-names |
	cat - "$tmp/unreachable" | g pack-objects -q --depth=20 "$repo/.git/objects/pack/pack" >/dev/null
g prune-packed
is 'no object is loose any more' "$(g count-objects)" '0 objects, 0 kilobytes'
gate
told >"$tmp/packed"
same 'packed, the same' "$tmp/packed" "$tmp/loose"
gate --repo "$tmp/bare"
is 'a bare repository by --repo, without what no ref reaches' "$(told)" \
	"$(grep -v -e ' - ' -e branch.py "$tmp/loose")"
git clone -q --depth=1 "file://$repo" "$tmp/shallow"
gate --repo shallow
like 'a shallow one says so' "$(scanned)" 'a shallow clone: older ones are not here$'
is 'and has nothing of before' "$(told)" ''
g config uploadpack.allowFilter true
git clone -q --bare --filter=blob:none "file://$repo" "$tmp/partial"
gate --repo partial
like 'a partial one says so' "$(scanned)" \
	'^scanned: secrets in 0 blobs .*; a partial clone: others are not here$'
git clone -q --shared "$repo" "$tmp/shared"
gate --repo shared
like 'a borrowing one says so' "$(scanned)" 'those of the repository that it borrows from left out$'
if git init -q -b main --object-format=sha256 "$tmp/wide" 2>/dev/null; then
	printf 'w = "%s"\n' "$(key broad)" >"$tmp/wide/w.py"
	git -C "$tmp/wide" add .
	git -C "$tmp/wide" commit -q -m one
	gate --repo wide
	is 'SHA-256 names' "$(told)" "$rule $(short "$(git -C "$tmp/wide" rev-parse HEAD)") w.py:1"
else
	skip 'SHA-256 names' 'git has none'
fi

# Of one moment: the parent comes first, whatever the names of the commits.
git init -q -b main "$tmp/moment"
printf 'm = "%s"\n' "$(key moment)" >"$tmp/moment/m.py"
for i in 1 2 3 4 5 6; do
	echo "$i" >>"$tmp/moment/other"
	git -C "$tmp/moment" add .
	GIT_AUTHOR_DATE='1700000000 +0000' GIT_COMMITTER_DATE='1700000000 +0000' \
		git -C "$tmp/moment" commit -q -m "$i"
done
gate --repo moment
is 'of commits of one moment, the first' "$(told)" \
	"$rule $(short "$(git -C "$tmp/moment" rev-parse HEAD~5)") m.py:1"

# --- where there is none ---------------------------------------------------------
jq -c 'if .kind == "source" then del(.revision) else . end' "$tmp/in.jsonl" >"$tmp/x" &&
	mv "$tmp/x" "$tmp/in.jsonl"
gate
like 'no revision: not scanned' "$(scanned)" '^not-scanned: .*by --repo$'
artifact
mkdir "$tmp/other"
cp "$tmp/in.jsonl" "$tmp/other"
(cd "$tmp/other" && smelt-gate1 -q --no-fail -o ../out.jsonl in.jsonl 2>"$tmp/log")
like 'not where the source says: not scanned' "$(scanned)" '^not-scanned: .*not here; give it by --repo$'
jq -c 'if .kind == "source" then .revision = ("0" * 40) else . end' "$tmp/in.jsonl" >"$tmp/x" &&
	mv "$tmp/x" "$tmp/in.jsonl"
gate
like 'another revision: not scanned' "$(scanned)" '^not-scanned: .*does not have the revision'
gate --repo repo
like 'but scanned when asked for' "$(scanned)" '^scanned: '
run 2 'a directory that is no repository' smelt-gate1 --repo "$tmp/other" "$tmp/in.jsonl"
like 'is named' "$(cat "$tmp/err")" 'other: error: no git repository there$'
artifact

# --- hostile ones ------------------------------------------------------------------
# damage NAME WANT COMMAND: a copy of the bare repository, spoilt; the gate must
# end by itself, and say WANT of it.
damage() {
	rm -rf "$tmp/bad"
	cp -r "$tmp/bare" "$tmp/bad"
	chmod -R u+w "$tmp/bad"
	pack=$(find "$tmp/bad/objects/pack" -name '*.pack')
	# shellcheck disable=SC2034 # for the command
	idx=${pack%.pack}.idx
	eval "$3"
	rc=0
	(cd "$tmp" && smelt-gate1 -q --no-fail --repo bad -o out.jsonl in.jsonl) \
		>"$tmp/log" 2>&1 || rc=$?
	is "$1: ends" "$rc" 0
	like "$1: says so" "$(scanned)" "$2"
}
poke() { # FILE OFFSET BYTES...: octal escapes
	_file=$1 _at=$2
	shift 2
	# shellcheck disable=SC2059 # that is what it is for
	printf "$@" | dd of="$_file" bs=1 seek="$_at" conv=notrunc 2>/dev/null
}
size() { wc -c <"$1"; }
damage 'a pack cut in half' 'damaged objects' \
	'head -c $(($(size "$pack") / 2)) "$pack" >"$tmp/x"; cp "$tmp/x" "$pack"'
damage 'an empty pack' '^not-scanned|damaged objects' ': >"$pack"'
damage 'an empty index' '^not-scanned: .*index' ': >"$idx"'
damage 'an index cut off' '^not-scanned: .*index' \
	'head -c 1100 "$idx" >"$tmp/x"; cp "$tmp/x" "$idx"'
damage 'no index' '^scanned: secrets in 0 blobs' 'rm -f "$idx" "$pack"'
damage 'deflated bytes spoilt' 'damaged objects|can not be read' \
	'for at in 200 300 400 500 600; do poke "$pack" $at "\377\000\377\000"; done'
damage 'a first object that is a delta on itself' 'damaged objects' \
	'poke "$pack" 12 "\160"'
damage 'a HEAD that is nothing' '^scanned' 'echo nonsense >"$tmp/bad/HEAD"'
damage 'a link for objects' '^not-scanned|^scanned: secrets in 0 blobs' \
	'mv "$tmp/bad/objects" "$tmp/elsewhere"; ln -s ../elsewhere "$tmp/bad/objects"'
rm -rf "$tmp/elsewhere"
damage 'an unknown format' '^not-scanned: .*object format' \
	'printf "[extensions]\n\tobjectformat = sha999\n" >>"$tmp/bad/config"'

# Every byte in a row spoilt, here and there.
cp "$tmp/bare/objects/pack/"*.pack "$tmp/good.pack"
bad=0
at=12
while [ $at -lt "$(size "$tmp/good.pack")" ]; do
	chmod u+w "$pack"
	rm -rf "$tmp/bad"
	cp -r "$tmp/bare" "$tmp/bad"
	chmod -R u+w "$tmp/bad"
	poke "$(find "$tmp/bad/objects/pack" -name '*.pack')" $at '\252'
	rc=0
	(cd "$tmp" && smelt-gate1 -q --no-fail --repo bad -o out.jsonl in.jsonl) \
		>"$tmp/log" 2>&1 || rc=$?
	[ $rc -eq 0 ] || { bad=$((bad + 1)); note "byte $at: exit $rc" "$(cat "$tmp/log")"; }
	at=$((at + 211))
done 2>/dev/null
is 'a spoilt byte never ends the gate' "$bad" 0

# A loose object that unpacks to more than it says.
if command -v python3 >/dev/null; then
	rm -rf "$tmp/bomb"
	git init -q --bare "$tmp/bomb"
	python3 - "$tmp/bomb" <<-'END'
		import os, sys, zlib
		def put(name, data):
		    d = os.path.join(sys.argv[1], 'objects', name[:2])
		    os.makedirs(d, exist_ok=True)
		    open(os.path.join(d, name[2:]), 'wb').write(zlib.compress(data))
		put('aa' + '1' * 38, b'blob 5\0' + b'\n' * 200000000)
		put('aa' + '2' * 38, b'blob 99999999999999999999\0x')
		put('aa' + '3' * 38, b'blob 400000000\0' + b'\n' * 400000000)
		put('aa' + '4' * 38, b'blob -1\0')
	END
	gate --repo bomb
	like 'loose bombs are counted' "$(scanned)" \
		'^scanned: secrets in 0 blobs .*; 1 larger than 16 MiB left out; 3 damaged objects$'
else
	skip 'loose bombs are counted' 'no python3'
fi

# --- and never a value --------------------------------------------------------------
leaks=0
for seed in gone kept later lost unnamed blob broad binary moment; do
	if grep -qF "$(key $seed | cut -c5-)" "$tmp/all"; then
		leaks=$((leaks + 1))
	fi
done
for seed in one two; do
	if grep -qF "$(pem $seed | sed -n 3p)" "$tmp/all"; then
		leaks=$((leaks + 1))
	fi
done
is 'no value is in any output' "$leaks" 0
done_testing
