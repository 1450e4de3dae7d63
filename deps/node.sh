#!/bin/sh
# node.sh BIN TO: links in BIN to a node (20 or later) and its npm, and to a
# node22 (22 or later): the system's own, or where that is older, the locked
# packages put into TO.
set -eu

bin=$1
to=$2

major=$(node -e 'console.log(parseInt(process.versions.node))' 2>/dev/null) || major=0
mkdir -p "$bin"
rm -f "$bin/node" "$bin/node22" "$bin/npm"
if [ "$major" -ge 20 ]; then
	ln -s "$(command -v node)" "$bin/node"
	ln -s "$(command -v npm)" "$bin/npm"
fi
if [ "$major" -ge 22 ]; then
	ln -s "$(command -v node)" "$bin/node22"
	cp deps/node-runtime/package-lock.json "$bin"
	exit 0
fi
sh deps/npm.sh deps/node-runtime "$to"
for node in "$to"/node_modules/node-linux-*/bin/node; do
	chmod +x "$node"
	ln -sf "../${to##*/}/${node#"$to"/}" "$bin/node22"
done
"$bin/node22" --version >/dev/null
if [ "$major" -lt 20 ]; then
	ln -s node22 "$bin/node"
	# npm's own first line looks for a node on the PATH: hand it ours.
	cat >"$bin/npm" <<EOF
#!/bin/sh
here=\${0%/*}
PATH=\$here:\$PATH exec "\$here/node" \\
	"\$here/../${to##*/}/node_modules/npm/bin/npm-cli.js" "\$@"
EOF
	chmod +x "$bin/npm"
fi
cp deps/node-runtime/package-lock.json "$bin"
