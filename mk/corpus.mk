# corpus.mk: the real world's OpenAPI documents (deps-bench) through the tools.
#
#   bench-corpus  all 2,770 through intake, ast and tooldef: nothing may crash or
#                 be lost, every tool is held against strict clients. Five
#                 minutes; says what CPU and memory it took.
#   bench-sample  60 of them, chosen for what is in them (tests/bench/sample.txt),
#                 through the whole chain: what is emitted in both languages is
#                 type-checked, started, and listed by the official clients. An
#                 hour; what was good before and is the same is left out.
#   ONLY=TEXT     those with TEXT in their name.

.PHONY: bench-corpus bench-sample
bench-corpus bench-sample: deps deps-bench all
bench-corpus:
	@O='$(O)' ONLY='$(ONLY)' TEST_SECONDS=7200 tests/run tests/bench/corpus.mjs
bench-sample:
	@O='$(O)' ONLY='$(ONLY)' TEST_SECONDS=7200 tests/run tests/bench/sample.mjs
