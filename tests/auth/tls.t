#!/bin/sh
# Client certificates and trusted authorities, in both targets.
. tests/auth/lib.sh

suite tls "$(pki)"
