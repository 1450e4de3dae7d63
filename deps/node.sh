#!/bin/sh
# node.sh BIN TO: links in BIN to a node (20 or later) and its npm: the system's
# own, or where that is older, the locked packages put into TO.
set -eu

bin=$1
to=$2

mkdir -p "$bin"
rm -f "$bin/node" "$bin/npm"
if node -e 'process.exit(process.versions.node.split(".")[0] < 20)' 2>/dev/null
then
	ln -s "$(command -v node)" "$bin/node"
	ln -s "$(command -v npm)" "$bin/npm"
	exit 0
fi
sh deps/npm.sh deps/node-runtime "$to"
top=$(pwd)
for node in "$top/$to"/node_modules/node-linux-*/bin/node; do
	chmod +x "$node"
	ln -sf "$node" "$bin/node"
done
"$bin/node" --version >/dev/null
# npm's own shebang looks for a node on the PATH: hand it ours.
printf '#!/bin/sh\nPATH=%s:$PATH exec %s %s "$@"\n' "'$top/$bin'" \
	"'$top/$bin/node'" "'$top/$to/node_modules/npm/bin/npm-cli.js'" >"$bin/npm"
chmod +x "$bin/npm"
