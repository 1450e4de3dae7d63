#!/bin/sh
# What the target is made of: the manifest, the lock, the compiler's strictness.
. tests/lib.sh
need node

from=$SMELT_SHARE/runtime/typescript

listed() {
	node -p 'JSON.parse(require("fs").readFileSync(process.argv[1])).files.map((f) => f.from).sort().join("\n")' \
		"$from/manifest.json"
}
there() {
	(cd "$from" && find . -type f ! -name manifest.json ! -name handler.ts |
		sed 's|^\./||' | LC_ALL=C sort)
}
is 'the manifest names every file' "$(listed)" "$(there)"
is 'no file is longer than 300 lines' \
	"$(find "$from/src" -name '*.ts' -exec wc -l {} + | awk '$2 != "total" && $1 > 300')" ''
is 'the lock holds no address' "$(grep -c resolved "$from/package-lock.json")" 0

cat >"$tmp/lock.js" <<'E2'
const { readFileSync } = require("fs");
const read = (name) => JSON.parse(readFileSync(`${process.argv[2]}/${name}`));
const lock = read("package-lock.json"), own = read("package.json");
const packages = Object.entries(lock.packages).filter(([path]) => path !== "");
for (const [path, { integrity }] of packages)
	if (!/^sha512-[\w+/]{86}==$/.test(integrity)) throw new Error(`${path} has no sha512`);
for (const section of ["dependencies", "devDependencies"])
	for (const [name, version] of Object.entries(own[section])) {
		if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`${name} ${version} is not exact`);
		if (lock.packages[`node_modules/${name}`].version !== version) throw new Error(`${name} is locked otherwise`);
	}
const runs = packages.filter(([, { dev }]) => !dev).map(([path]) => path.slice(13)).sort().join(" ");
const wanted = "@hono/node-server @modelcontextprotocol/core @modelcontextprotocol/node @modelcontextprotocol/server hono hpagent jose zod";
if (runs !== wanted) throw new Error(`at run time: ${runs}`);
for (const script of Object.keys(own.scripts))
	if (!["build", "start", "test"].includes(script)) throw new Error(`script ${script}`);
E2
ok 'every package is exact and hashed, and only what the runtime needs runs' node "$tmp/lock.js" "$from"

ok 'it compiles' tests/runtime-typescript/assemble.sh "$tmp/project" call index
ok 'a handler may be named index' test -f "$tmp/project/dist/handlers/index.js"
cd "$tmp/project"
printf 'export const x: number = "text";\n' >src/handlers/index.ts
run 2 'and is held to its types' node node_modules/typescript/bin/tsc -p .
cd "$top"
done_testing
