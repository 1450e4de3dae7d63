#!/bin/sh
# assemble.sh TO [TOOL...]: the TypeScript target's runtime as a project in TO, by
# its own manifest, with the handler of each tool, compiled. The packages are the
# tests' own (NODE_PATH), of the same versions.
set -eu

from=$SMELT_SHARE/runtime/typescript
to=$1
shift
mkdir -p "$to"
node - "$from" "$to" "$@" <<'EOF'
const { cpSync, mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const [from, to, ...tools] = process.argv.slice(2);
const manifest = JSON.parse(readFileSync(join(from, "manifest.json"), "utf8"));
const copy = (source, target) => {
	mkdirSync(dirname(join(to, target)), { recursive: true });
	writeFileSync(join(to, target), readFileSync(join(from, source)));
};
for (const file of manifest.files)
	copy(file.from, file.to);
for (const tool of tools)
	copy(manifest.handler.from, manifest.handler.to.replace("<tool>", tool));
EOF
ln -s "$NODE_PATH" "$to/node_modules"
cd "$to"
node node_modules/typescript/bin/tsc -p .
