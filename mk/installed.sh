#!/bin/sh
# installed.sh O PREFIX: what `make install` installs, one file a line: mode, source
# and target below DESTDIR, split by tabs. `make uninstall` reads the same list.
set -eu
o=$1
prefix=$2

put() {
	printf '%s\t%s\t%s\n' "$1" "$2" "$prefix/$3"
}
for tool in tools/smelt*/main.c; do
	tool=${tool%/main.c}
	put 0755 "$o/bin/${tool##*/}" "bin/${tool##*/}"
done
for page in man/*.[1-8]; do
	[ ! -e "$page" ] || put 0644 "$page" "share/man/man${page##*.}/${page##*/}"
done
# A bare `include smelt.mk` looks in PREFIX/include.
put 0644 mk/smelt.mk include/smelt.mk
put 0644 mk/smelt.mk share/smelt/mk/smelt.mk
find share/smelt \( -name node_modules -o -name __pycache__ -o -name dist \) -prune \
	-o -type f -print | LC_ALL=C sort | while read -r file; do
	mode=0644
	[ ! -x "$file" ] || mode=0755
	put "$mode" "$file" "$file"
done
