# smelt: see README.md.  `make demo`, `make check`, `make help`.
#
#   make [CC=clang] [SAN=1] [O=dir] [WERROR=1] [TARGET]
#
# One make, no recursion: mk/deps.mk brings what we need, mk/build.mk compiles,
# mk/check.mk tests, mk/install.mk installs.  mk/smelt.mk is for users' own
# Makefiles.

VERSION := 0.1.0

.DEFAULT_GOAL := all
.SUFFIXES:
.DELETE_ON_ERROR:

# Fuzzing has a compiler, flags and objects of its own (mk/fuzz.mk).
ifneq ($(filter fuzz,$(MAKECMDGOALS)),)
CC := clang
SAN := 1
O := build/fuzz
CFLAGS := -O1 -g -fsanitize=fuzzer-no-link
endif

include mk/deps.mk
include mk/build.mk
-include mk/demo.mk
-include mk/bench.mk
-include mk/corpus.mk
-include mk/install.mk
-include mk/check.mk
-include mk/fuzz.mk
