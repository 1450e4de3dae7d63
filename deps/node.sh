#!/bin/sh
# node.sh BIN TO: links in BIN to a node (20 or later) and its npm: the system's
# own, or where that is older, the locked packages put into TO.
set -eu

bin=$1
to=$2

mkdir -p "$bin"
rm -f "$bin/node" "$bin/npm"
if node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null
then
	ln -s "$(command -v node)" "$bin/node"
	ln -s "$(command -v npm)" "$bin/npm"
	cp deps/node-runtime/package-lock.json "$bin"
	exit 0
fi
sh deps/npm.sh deps/node-runtime "$to"
for node in "$to"/node_modules/node-linux-*/bin/node; do
	chmod +x "$node"
	ln -sf "../${to##*/}/${node#"$to"/}" "$bin/node"
done
"$bin/node" --version >/dev/null
# npm's own first line looks for a node on the PATH: hand it ours.
cat >"$bin/npm" <<EOF
#!/bin/sh
here=\${0%/*}
PATH=\$here:\$PATH exec "\$here/node" \\
	"\$here/../${to##*/}/node_modules/npm/bin/npm-cli.js" "\$@"
EOF
chmod +x "$bin/npm"
cp deps/node-runtime/package-lock.json "$bin"
