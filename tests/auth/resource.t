#!/bin/sh
# The HTTP servers of both targets as OAuth resource servers.
. tests/auth/lib.sh

suite resource
