#!/bin/sh
# The server over HTTP: both eras, who may come in, and how it ends.
. tests/lib.sh
need node

dir=tests/runtime-typescript
$dir/assemble.sh "$tmp/project" call
node $dir/http.mjs "$tmp/project" "$tmp/projects"
