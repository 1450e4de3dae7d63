#!/bin/sh
# grammars.sh TO: fetch the tree-sitter core and the grammars, locked, and keep
# only their C sources: TO/PACKAGE/**/*.[ch], the licence and the package.json.
set -eu

to=$1
from=deps/grammars

if cmp -s "$from/package-lock.json" "$to/package-lock.json"; then
	exit 0
fi
rm -rf "$to.npm" "$to.new"
sh deps/npm.sh "$from" "$to.npm"
mkdir -p "$to.new"
for dir in "$to.npm"/node_modules/tree-sitter* \
	"$to.npm"/node_modules/@tree-sitter-grammars/tree-sitter-*; do
	name=${dir##*/}
	(cd "$dir" && find . -name node_modules -prune -o -name prebuilds -prune -o \
		-type f \( -path '*/src/*.[ch]' -o -path './common/*.[ch]' -o \
		-path '*/lib/include/*.h' -o -name 'LICENSE*' -o \
		-path ./package.json \) ! -path './bindings/*' ! -path './src/binding*' \
		-print) |
	while read -r file; do
		mkdir -p "$to.new/$name/$(dirname "$file")"
		cp "$dir/$file" "$to.new/$name/$file"
	done
done
rm -rf "$to"
mv "$to.new" "$to"
rm -rf "$to.npm"
# Last: this file says that the folder is whole.
cp "$from/package-lock.json" "$to/package-lock.json"
