#!/bin/sh
# Directories, work trees and commits: which files are read, and as what.
. tests/lib.sh
need git

# files / omitted FILE: what the artifact has, a line each
files() {
	sed -n 's/^{"kind":"file","path":"\(\([^"\\]\|\\.\)*\)","language":"\([^"]*\)".*/\1 \3/p' "$1"
}
omitted() {
	grep -m 1 '^{"kind":"source"' "$1" | grep -o '{"path":"[^}]*}' |
		sed 's/{"path":"\(.*\)","reason":"\([^"]*\)".*/\1 \2/'
}
source_of() {
	grep -m 1 '^{"kind":"source"' "$1"
}

d=$tmp/Some.Project
mkdir -p "$d/src/deep" "$d/node_modules/x" "$d/a" "$d/empty"
printf 'def f():\n    return 1\n' >"$d/src/app.py"
printf 'x\n' >"$d/a.b"
printf 'x\n' >"$d/a/b"
printf '#!/usr/bin/env python3.11\nprint(1)\n' >"$d/src/tool"
printf '#!/bin/sh\n' >"$d/src/script"
printf 'a\0b' >"$d/blob.bin"
printf 'caf\351\n' >"$d/latin.txt"
printf 'x' >"$d/node_modules/x/i.js"
head -c 2000000 /dev/zero | tr '\0' 'x' >"$d/large.txt"
head -c 2000000 /dev/zero | tr '\0' ' ' >"$d/package-lock.json"
printf '{}' >>"$d/package-lock.json"
ln -s /etc/passwd "$d/link.py"
ln -s . "$d/self"
mkfifo "$d/pipe.py"
: >"$d/src/deep/none.TS"
run 0 'a directory is read' smelt-intake "$d"
cp "$tmp/out" "$tmp/one"
is 'its files, sorted by bytes' "$(files "$tmp/one")" 'a.b other
a/b other
latin.txt text
package-lock.json json
src/app.py python
src/deep/none.TS typescript
src/script other
src/tool python'
is 'what was left out, and why' "$(omitted "$tmp/one")" 'blob.bin binary
large.txt size
link.py symlink
node_modules ignored
pipe.py special
self symlink'
like 'and how many' "$(source_of "$tmp/one")" '"omittedTotal":6,"truncated":false\}$'
like 'type, name' "$(source_of "$tmp/one")" '"type":"directory","name":"some-project","location":"Some.Project"'
like 'bytes that are no UTF-8 are kept' "$(grep latin.txt "$tmp/one" | tail -n 1)" \
	'"encoding":"base64","text":"Y2Fm6Qo="\}$'
like 'the summary has it too' "$(cat "$tmp/err")" \
	'left out: 1 ignored, 1 binary, 1 size, 2 symlink, 1 special'
ok 'every record is by its schema' node tests/records/validate.mjs "$tmp/one"
(cd "$d" && smelt-intake -q . -n some-project) >"$tmp/two"
(cd "$d" && smelt-intake -q .) >"$tmp/three"
like '. has a name' "$(head -n 1 "$tmp/three")" '"name":"some-project"'
is 'the files are the same from inside' "$(files "$tmp/two")" "$(files "$tmp/one")"
run 0 'larger files, when asked' smelt-intake --max-file 3000000 "$d"
like 'are there' "$(files "$tmp/out")" '^large.txt text'
run 0 'a total' smelt-intake --max-total 2000050 "$d"
like 'that cuts' "$(source_of "$tmp/out")" '"reason":"limit".*"truncated":true\}$'
like 'is said' "$(cat "$tmp/err")" 'warning: .*cut'
run 0 'patterns to leave out' smelt-intake --exclude src/deep/ --exclude '*.txt' "$d"
unlike 'they are left out' "$(files "$tmp/out")" 'none|txt'
run 0 'nothing ignored, when asked' smelt-intake --no-ignore "$d"
like 'it is there' "$(files "$tmp/out")" 'node_modules/x/i.js javascript'
run 2 'a directory without files' smelt-intake "$d/empty"
like 'is an error' "$(cat "$tmp/err")" 'empty: error: no files to read'
run 2 'a fifo' smelt-intake --type directory "$d/pipe.py"
run 2 'a type that does not fit' smelt-intake --type openapi "$d"

# what this run writes is not of the source
d=$tmp/own
mkdir "$d"
printf 'x = 1\n' >"$d/a.py"
for i in 1 2; do
	run 0 "an output in the source, $i" smelt-intake -n own -o "$d/out.jsonl" "$d"
	is 'is not read' "$(files "$d/out.jsonl")" 'a.py python'
done
(cd "$d" && smelt-intake -q -n own . >stdout.jsonl && smelt-intake -q -n own . >stdout.jsonl)
unlike 'nor is stdout' "$(files "$d/stdout.jsonl")" stdout

# names that nobody expects
d=$tmp/names
mkdir "$d"
for n in '$(touch x).py' '`touch x`.py' ';touch x;.py' '-x.py' '--upload-pack=x.py' 'a b.py' \
	'"q".py' "'q'.py" 'a\b.py' '#h.py' '%s%n.py' 'é.py' "$(printf 'a\nb.py')" \
	"$(printf 'esc\033[31m.py')" "$(printf 'tab\t.py')" '.hidden.py' '*.py'; do
	printf 'x = 1\n' >"$d/$n"
done
printf 'x' >"$d/$(printf 'bad\377.py')"
run 0 'hostile names' smelt-intake "$d"
is 'are all there' "$(files "$tmp/out" | wc -l)" 17
is 'but those that are no UTF-8' "$(grep -c 'not-utf8-path' "$tmp/out")" 1
unlike 'none reaches the terminal raw' "$(cat "$tmp/err" "$tmp/out")" "$(printf '\033')"
ok 'by their schemas' node tests/records/validate.mjs "$tmp/out"
absent 'none is run' x
absent 'none is run there' "$d/x"

# a work tree
d=$tmp/work
git init -q -b main "$d"
mkdir "$d/out"
printf 'print(1)\n' >"$d/app.py"
printf 'kept\n' >"$d/out/kept.txt"
printf 'out/\n*.log\n!keep.log\n' >"$d/.gitignore"
printf 'x\n' >"$d/keep.log"
git -C "$d" add -f .
git -C "$d" commit -q -m one
one=$(git -C "$d" rev-parse HEAD)
printf 'ignored\n' >"$d/out/new.txt"
printf 'ignored\n' >"$d/a.log"
run 0 'a work tree' smelt-intake "$d"
is 'tracked files, whatever the rules say' "$(files "$tmp/out")" '.gitignore other
app.py python
keep.log text
out/kept.txt text'
is 'what the rules leave out' "$(omitted "$tmp/out")" 'a.log ignored
out/new.txt ignored'
like 'the commit' "$(source_of "$tmp/out")" "\"type\":\"git\".*\"revision\":\"$one\",\"dirty\":false"
printf 'new\n' >"$d/new.py"
run 0 'a new file' smelt-intake "$d"
like 'is there, and tells' "$(source_of "$tmp/out")" "\"revision\":\"$one\",\"dirty\":true.*\"files\":5"
rm "$d/new.py"
printf 'print(2)\n' >"$d/app.py"
run 0 'a changed file' smelt-intake "$d"
like 'tells' "$(source_of "$tmp/out")" '"dirty":true'
rm "$d/app.py"
run 0 'a removed file' smelt-intake "$d"
like 'tells' "$(source_of "$tmp/out")" '"dirty":true'
printf 'exclude.me\n' >"$d/.git/info/exclude"
printf 'x' >"$d/exclude.me"
run 0 'local rules' smelt-intake "$d"
like 'hold' "$(omitted "$tmp/out")" 'exclude.me ignored'
git -C "$d" checkout -q -b other
printf 'print(3)\n' >"$d/app.py"
ln -s app.py "$d/link.py"
git -C "$d" add app.py link.py
git -C "$d" commit -q -m two
git -C "$d" tag -a -m t v2
two=$(git -C "$d" rev-parse HEAD)
for ref in main "$one" refs/heads/main "$(printf %.9s "$one")"; do
	run 0 "--ref $ref" smelt-intake --ref "$ref" "$d"
	like 'reads that commit' "$(cat "$tmp/out")" "\"revision\":\"$one\".*|print\(1\)"
	unlike 'and nothing of the work tree' "$(cat "$tmp/out")" 'print\(3\)|"dirty"'
done
run 0 '--ref v2' smelt-intake --ref v2 "$d"
like 'peels a tag' "$(source_of "$tmp/out")" "\"revision\":\"$two\""
is 'a link is left out' "$(omitted "$tmp/out")" 'link.py symlink'
git clone -q --bare "$d" "$tmp/bare.git"
git -C "$tmp/bare.git" gc -q --prune=now
run 0 'a bare repository' smelt-intake "$tmp/bare.git"
like 'its name' "$(source_of "$tmp/out")" "\"name\":\"bare\".*\"revision\":\"$two\""
run 0 'with --ref' smelt-intake --ref main "$tmp/bare.git"
cp "$tmp/out" "$tmp/one"
run 0 'and the work tree with it' smelt-intake -n bare --ref main "$d"
is 'are the same' "$(grep '"kind":"file"' "$tmp/out")" "$(grep '"kind":"file"' "$tmp/one")"
for ref in nowhere HEAD~1 ../../x -x 'a b'; do
	run 2 "no --ref $ref" smelt-intake --ref="$ref" "$d"
done
run 2 '--ref without a repository' smelt-intake --ref main "$tmp/names"
run 0 '--plain' smelt-intake --plain "$d"
unlike 'knows of no commit' "$(source_of "$tmp/out")" 'revision'
git init -q "$tmp/fresh"
printf 'x\n' >"$tmp/fresh/a.py"
run 0 'a repository without a commit' smelt-intake "$tmp/fresh"
like 'says so' "$(cat "$tmp/err")" 'warning: HEAD names no commit'
if git init -q --object-format=sha256 "$tmp/sha256" 2>/dev/null; then
	printf 'x\n' >"$tmp/sha256/a.py"
	git -C "$tmp/sha256" add .
	git -C "$tmp/sha256" commit -q -m one
	run 0 'a repository of SHA-256' smelt-intake --ref HEAD "$tmp/sha256"
	like 'its commit' "$(source_of "$tmp/out")" "\"revision\":\"$(git -C "$tmp/sha256" rev-parse HEAD)\""
	ok 'by its schema' node tests/records/validate.mjs "$tmp/out"
else
	skip 'a repository of SHA-256' 'git has none'
fi

# .git that leads elsewhere
git -C "$d" worktree add -q "$tmp/linked" main
run 2 'a .git file' smelt-intake "$tmp/linked"
like 'is not followed' "$(cat "$tmp/err")" 'its .git is a file: not followed'
run 0 'its files can be read' smelt-intake --plain "$tmp/linked"
mkdir "$tmp/sly"
ln -s "$d/.git" "$tmp/sly/.git"
printf 'x' >"$tmp/sly/a.py"
run 2 'a .git link' smelt-intake "$tmp/sly"
like 'is not followed' "$(cat "$tmp/err")" 'symbolic link: not followed'
mv "$d/.git/objects" "$tmp/objects"
ln -s "$tmp/objects" "$d/.git/objects"
run 2 'objects behind a link' smelt-intake --ref main "$d"
run 0 'the files without them' smelt-intake "$d"
like 'a warning' "$(cat "$tmp/err")" 'work/\.git: warning: not a git repository'
unlike 'no commit is known' "$(source_of "$tmp/out")" 'revision|dirty'
mkdir -p "$tmp/lost/.git/objects" "$tmp/lost/.git/refs"
printf 'x\n' >"$tmp/lost/a.py"
ln -s /etc/passwd "$tmp/lost/.git/HEAD"
run 0 'a HEAD that leads out' smelt-intake "$tmp/lost"
unlike 'is not read' "$(cat "$tmp/out" "$tmp/err")" 'root:'
git init -q -b main "$tmp/lender"
printf 'x\n' >"$tmp/lender/a.py"
git -C "$tmp/lender" add . && git -C "$tmp/lender" commit -q -m one
git clone -q --shared "$tmp/lender" "$tmp/borrower"
run 0 'objects of another repository' smelt-intake "$tmp/borrower"
like 'are not looked for' "$(cat "$tmp/err")" 'warning: object [0-9a-f]* is not here: it borrows'
run 2 'nor for --ref' smelt-intake --ref main "$tmp/borrower"

# a commit whose files would be a repository, or lie elsewhere
d=$tmp/sly-tree
git init -q -b main "$d"
blob=$(echo x | git -C "$d" hash-object -w --stdin)
inner=$(printf '100644 blob %s\tconfig\n' "$blob" | git -C "$d" mktree)
tree=$(printf '100644 blob %s\ta.py\n040000 tree %s\t.git\n040000 tree %s\t..\n' "$blob" "$inner" "$inner" |
	git -C "$d" mktree)
git -C "$d" update-ref refs/heads/main "$(git -C "$d" commit-tree -m x "$tree")"
run 0 'names that lead elsewhere in a commit' smelt-intake --ref main "$d"
is 'are no files' "$(files "$tmp/out")" 'a.py python'
is 'but told' "$(omitted "$tmp/out")" '../config special
.git/config ignored'

# very many packs
d=$tmp/packs
git init -q -b main "$d"
i=0
while [ $i -lt 300 ]; do
	printf '%d\n' $i >"$d/f$i.txt"
	i=$((i + 1))
done
git -C "$d" add . && git -C "$d" commit -q -m one
git -C "$d" rev-list --objects --all | cut -d' ' -f1 | while read -r oid; do
	echo "$oid" | git -C "$d" pack-objects -q .git/objects/pack/pack >"$tmp/.log"
done
git -C "$d" prune-packed
run 0 'more packs than files may be open' smelt-intake --ref main "$d"
is 'every file is read' "$(files "$tmp/out" | wc -l)" 300

# what runs when git(1) looks
d=$tmp/hostile
git init -q -b main "$d"
printf 'x\n' >"$d/a.py"
printf '*.py filter=bad diff=bad\n' >"$d/.gitattributes"
git -C "$d" add . && git -C "$d" commit -q -m one
printf '#!/bin/sh\ntouch "%s/ran"\n' "$tmp" >"$tmp/bad.sh"
chmod +x "$tmp/bad.sh"
for key in core.fsmonitor core.pager diff.external filter.bad.clean filter.bad.smudge \
	core.sshCommand core.alternateRefsCommand diff.bad.command core.editor; do
	git -C "$d" config "$key" "$tmp/bad.sh"
done
for hook in fsmonitor-watchman post-checkout post-index-change pre-commit; do
	mkdir -p "$d/.git/hooks"
	cp "$tmp/bad.sh" "$d/.git/hooks/$hook"
done
printf 'y\n' >"$d/a.py"
run 0 'a repository with programs' smelt-intake "$d"
run 0 'its commit' smelt-intake --ref main "$d"
run 0 'its key' smelt-intake --key "$d"
absent 'none was run' "$tmp/ran"
done_testing
