#!/bin/sh
# The server as a process: both eras, starting and ending, limits, handlers.
. tests/lib.sh
need node

dir=tests/runtime-typescript
$dir/assemble.sh "$tmp/project" call
node $dir/protocol.mjs "$tmp/project" "$tmp/projects"
