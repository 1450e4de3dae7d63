#!/bin/sh
# The cases that both runtimes share, and those of this one.
. tests/lib.sh
need node

dir=tests/runtime-typescript
$dir/assemble.sh "$tmp/project" call
node $dir/wire.mjs "$tmp/project" "$tmp/cases" tests/wire/*.json
