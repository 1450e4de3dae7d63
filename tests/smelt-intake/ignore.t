#!/bin/sh
# .gitignore rules, held against git itself: the files that we read are those
# that git would add.
. tests/lib.sh
need git

# tree RULES...: a new tree $d with these lines in .gitignore
tree() {
	rm -rf "$tmp/tree"
	d=$tmp/tree
	git init -q "$d"
	mkdir -p "$d/a/b/c" "$d/build/x" "$d/doc/a" "$d/sub/build" "$d/foo"
	for f in a/b/c/x.o a/b/x.o a/x.o x.o x.c a/b/foo build/x/y sub/build/z doc/a/frotz \
		foo/bar foo/baz 'a/sp ace' 'trail ' '#hash' '!bang' 'a/[x]' abc aXc axc 'a/é' \
		.hidden a/.hidden doc/a/b.txt doc/x.txt foo/b.txt 1.log 2.log keep.log; do
		printf 'x' >"$d/$f"
	done
	printf '%s\n' "$@" >"$d/.gitignore"
}
# check NAME: ours and git's lists are the same
check() {
	git -C "$d" -c core.quotePath=false ls-files -co --exclude-standard |
		LC_ALL=C sort >"$tmp/want"
	smelt-intake -q "$d" | sed -n 's/^{"kind":"file","path":"\([^"]*\)".*/\1/p' |
		LC_ALL=C sort >"$tmp/got"
	same "$1" "$tmp/got" "$tmp/want"
}
rules() {
	tree "$@"
	check "$*"
}

rules '*.o'
rules '/*.o'
rules 'x.o' '!a/x.o'
rules 'a/*.o'
rules 'a/**/*.o'
rules '**/x.o'
rules 'a/**'
rules '**/b'
rules 'a/**/c'
rules 'a/**/x.o'
rules 'build'
rules 'build/'
rules '/build'
rules 'build/x'
rules 'sub/build/'
rules 'foo'
rules 'foo/'
rules '/foo/*' '!/foo/bar'
rules 'foo/' '!foo/bar'
rules 'doc/*.txt'
rules 'doc/**/*.txt'
rules '\#hash' '\!bang'
rules '# a comment' '' '   ' '*.log' '!keep.log'
rules 'trail\ ' 'sp*'
rules 'trail '
rules 'a\[x\]' 'a/\[x\]' '[[]x[]]'
rules 'a[A-Z]c'
rules 'a[!A-Z]c' '[^a]*'
rules 'a[[:lower:]]c'
rules 'a?c'
rules '.*' '!.gitignore'
rules '*' '!*/' '!*.c'
# shellcheck disable=SC1003 # backslashes are meant
rules '[' '\' 'a\'
rules "$(printf '*.o\r')"
rules "$(printf '\357\273\277*.o')"
rules '*' '!.gitignore'
tree '*.o'
printf '!x.o\n/b/foo\n' >"$d/a/.gitignore"
printf '*\n' >"$d/a/b/c/.gitignore"
check 'files of rules in other directories'
tree '*.log'
printf '*.txt\n' >"$d/.git/info/exclude"
check '.git/info/exclude'
tree x
rm "$d/.gitignore"
ln -s /etc/passwd "$d/.gitignore"
run 0 'rules behind a link are not read' smelt-intake -q "$d"
tree "$(head -c 100000 /dev/zero | tr '\0' '*')b" \
	"$(i=0; while [ $i -lt 500 ]; do printf '**/a*'; i=$((i + 1)); done)"
mkdir -p "$d/$(head -c 200 /dev/zero | tr '\0' 'a')/$(head -c 200 /dev/zero | tr '\0' 'a')"
run 0 'patterns that are slow elsewhere' timeout 5 smelt-intake -q "$d"
done_testing
