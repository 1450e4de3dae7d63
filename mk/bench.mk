# bench.mk: `make bench` measures speed, memory and tokens on this machine, and says
# what each figure is held against. PARTS='github tokens': only these
# (tests/bench/bench.py has their names).

$(O)/tests/parse-only: tests/bench/parse-only.c $(O)/libsmelt.a $(LIBS_code) \
	$(YYJSON_LIB) $(O)/flags.key | $(DEPS_READY)
	@mkdir -p $(@D)
	@echo '  CC $<'
	@$(CC) $(ALL_CPPFLAGS) -Itools $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $< \
		$(O)/libsmelt.a $(LIBS_code) $(LIBS_base)

.PHONY: bench
bench: deps deps-bench all $(O)/tests/parse-only
	@O='$(O)' PARTS='$(PARTS)' ONLY='$(ONLY)' TEST_SECONDS=3600 \
		tests/run tests/bench/bench.py
