#!/bin/sh
# OAuth 2.0 and OpenID Connect towards upstreams, in both targets.
. tests/auth/lib.sh

suite oauth "$(pki)"
