#!/bin/sh
# HTTP proxies, in both targets.
. tests/auth/lib.sh

suite proxy "$(pki)"
