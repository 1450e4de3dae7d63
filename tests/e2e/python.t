#!/bin/sh
# The python server of the example, by stdio and HTTP, with clients of both eras.
. tests/lib.sh
need node

tests/e2e/generate python "$tmp/server"
node tests/e2e/e2e.mjs python "$tmp/server"
