# bench.mk: `make bench` measures speed and memory on this machine, and says what
# each figure is held against.

$(O)/tests/parse-only: tests/bench/parse-only.c $(O)/libsmelt.a $(LIBS_code) \
	$(YYJSON_LIB) $(O)/flags.key | $(DEPS_READY)
	@mkdir -p $(@D)
	@echo '  CC $<'
	@$(CC) $(ALL_CPPFLAGS) -Itools $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $< \
		$(O)/libsmelt.a $(LIBS_code) $(LIBS_base)

.PHONY: bench
bench: deps-build deps-bench all $(O)/tests/parse-only
	@O='$(O)' tests/run tests/bench/bench.py
