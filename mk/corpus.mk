# corpus.mk: the real world's OpenAPI documents (deps-bench) through the tools.
#
#   bench-corpus  all 2,770 through intake, ast and tooldef: nothing may crash or
#                 be lost, every tool is held against strict clients; and 30 of
#                 them through codegen and the gates.  Ten minutes; says what CPU
#                 and memory it took.  ONLY=TEXT: those with TEXT in their name.

.PHONY: bench-corpus
bench-corpus: deps deps-bench all
	@O='$(O)' ONLY='$(ONLY)' TEST_SECONDS=7200 \
		tests/run tests/bench/corpus.mjs tests/bench/sample.mjs
