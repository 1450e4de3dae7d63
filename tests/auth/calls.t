#!/bin/sh
# The call log of both targets, held against its schema.
. tests/auth/lib.sh

suite calls
