#!/bin/sh
# OpenTelemetry of both targets, with an SDK that keeps all in memory.
. tests/auth/lib.sh

suite otel
