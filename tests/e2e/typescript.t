#!/bin/sh
# The typescript server of the example, by stdio and HTTP, with clients of both eras.
. tests/lib.sh
need node

tests/e2e/generate typescript "$tmp/server"
node tests/e2e/e2e.mjs typescript "$tmp/server"
