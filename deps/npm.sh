#!/bin/sh
# npm.sh FROM TO [PROGRAM...]: install FROM/package.json as FROM/package-lock.json
# says (every archive is checked against its sha512) into TO, whole or not at all.
# No package's own script is run; PROGRAMs are made executable in their place.
# $NPM is the npm command.
set -eu

from=$1
to=$2
shift 2

if cmp -s "$from/package-lock.json" "$to/package-lock.json"; then
	exit 0
fi
rm -rf "$to.new"
mkdir -p "$to.new"
cp "$from/package.json" "$from/package-lock.json" "$to.new"
cp deps/npmrc "$to.new/.npmrc"
echo "npm ci: $from" >&2
(cd "$to.new" && "${NPM:-npm}" ci --ignore-scripts --legacy-peer-deps \
	--no-audit --no-fund --loglevel=error >&2)
for program in "$@"; do
	chmod +x "$to.new/node_modules/$program"
done
rm -rf "$to"
mv "$to.new" "$to"
