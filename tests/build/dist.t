#!/bin/sh
# dist: the same commit gives the same bytes, in another folder, time and umask.
. tests/lib.sh
[ -e .git ] || skip_all 'not a git tree'

git clone -q --no-hardlinks . "$tmp/one"
mkdir "$tmp/other"
git clone -q --no-hardlinks . "$tmp/other/two"
# dist DIR: its archive
dist() {
	(cd "$1" && make -s O="$1/o" dist)
}
first=$(dist "$tmp/one")
touch "$tmp/other/two/README.md" "$tmp/other/two/not-ours"
chmod -R go-rwx "$tmp/other/two"
second=$(umask 077 && export TZ=Pacific/Apia && sleep 1 && dist "$tmp/other/two")
same 'two archives of one commit' "$second" "$first"
is 'all of one folder' \
	"$(tar -tzf "$first" | sed 's,/.*,,' | sort -u)" \
	"smelt-$(sed -n 's/^VERSION := //p' Makefile)"
is 'the files of the commit' \
	"$(tar -tzf "$first" | sed 's,^[^/]*/,,' | grep -v '/$' | grep . | LC_ALL=C sort)" \
	"$(git -C "$tmp/one" ls-files | LC_ALL=C sort)"
run 0 'make help needs nothing' make -s help
for target in $(sed -n 's/^make \([a-z][a-z-]*\).*/\1/p' "$tmp/out"); do
	run 0 "help names a target that there is: $target" make -n O="$tmp/o" "$target"
done
done_testing
