# fuzz.mk: hostile input for the parsers (tests/fuzz/).
#
#   fuzz             every target, FUZZ_SECONDS (60) each, led by coverage;
#                    F=toml: only this one
#
# tests/fuzz/NAME.c is a target. As a program of make check (tests/fuzz/short.t)
# it meets mutants of its seeds, the same each time. make fuzz compiles into
# build/fuzz with clang's libFuzzer, ASan and UBSan (the Makefile sets that) and
# keeps inputs and crashes in build/fuzz/NAME/.

FUZZ_SECONDS ?= 60
F ?=
FUZZ_TARGETS := $(filter-out driver help,$(patsubst tests/fuzz/%.c,%,\
	$(wildcard tests/fuzz/*.c)))
FUZZ_PROGRAMS := $(FUZZ_TARGETS:%=$(O)/tests/fuzz/%)
FUZZ_CHOSEN := $(or $(F),$(FUZZ_TARGETS))

# Nouns of tools that a target has, by their objects.
# $(call fuzz_tool,TOOL): all of it but main()
fuzz_tool = $(filter-out %/main.o,$(patsubst tools/%.c,%.o,\
	$(wildcard tools/$(1)/*.c tools/$(1)/*/*.c)))
FUZZ_OBJS_openapi := $(call fuzz_tool,smelt-ast)
FUZZ_OBJS_toml := smelt-intake/deps/toml.o
FUZZ_OBJS_html := smelt-intake/docs/html.o
FUZZ_OBJS_deps := $(call fuzz_tool,smelt-intake)
FUZZ_OBJS_lint := $(call fuzz_tool,smelt-intake)
FUZZ_OBJS_words := smelt-gate1/example.o smelt-gate1/poison/normal.o \
	smelt-gate1/poison/structure.o smelt-intake/tree/ignore.o smelt-tooldef/pattern.o

# $(call fuzz_link,FLAGS,WITHOUT)
fuzz_link = mkdir -p $(@D) && $(if $(V),,echo '  CC $<' &&)$(if $(V),set -x;) \
	$(CC) $(ALL_CPPFLAGS) -Itools -Itests/fuzz $(ALL_CFLAGS) \
	$(ALL_LDFLAGS) $(1) -o $@ $(filter-out $(2),$(filter %.c %.o,$^)) \
	$(O)/libsmelt.a $(UNIT_LIBS)
FUZZ_FROM := tests/fuzz/help.c tests/fuzz/driver.c tests/fuzz/fuzz.h \
	$(O)/libsmelt.a $(UNIT_ARCHIVES) $(O)/flags.key

$(O)/tests/fuzz/%.run: tests/fuzz/%.c \
	$$(addprefix $(O)/obj/,$$(FUZZ_OBJS_$$*)) $(FUZZ_FROM) | $(DEPS_READY)
	@$(call fuzz_link,-fsanitize=fuzzer,%/driver.c)
$(O)/tests/fuzz/%: tests/fuzz/%.c \
	$$(addprefix $(O)/obj/,$$(FUZZ_OBJS_$$*)) $(FUZZ_FROM) | $(DEPS_READY)
	@$(call fuzz_link)

ifneq ($(filter tests/fuzz/%,$(CHECKED)),)
check: $(FUZZ_PROGRAMS)
endif

.PHONY: fuzz fuzz-build
fuzz-build: deps-build $(FUZZ_PROGRAMS)

# One after the other: each has the whole machine. The driver writes the seeds,
# for some targets put a selector before a file.
fuzz: deps-build all $(FUZZ_CHOSEN:%=$(O)/tests/fuzz/%) \
	$(FUZZ_CHOSEN:%=$(O)/tests/fuzz/%.run)
	@$(if $(filter-out $(FUZZ_TARGETS),$(F)),echo 'no target: F=$(F)' >&2; exit 2;) \
	set -e; export SMELT_SHARE=$(CURDIR)/share/smelt \
		PATH=$(CURDIR)/$(O)/bin:$$PATH; \
	for name in $(FUZZ_CHOSEN); do \
		echo "  FUZZ $$name"; mkdir -p $(O)/$$name/seeds; \
		tests/fuzz/seeds $$name $(O)/$$name/from >$(O)/$$name/list; \
		xargs -d '\n' $(O)/tests/fuzz/$$name -w $(O)/$$name/seeds \
			<$(O)/$$name/list; \
		(cd $(O)/$$name && ../tests/fuzz/$$name.run -timeout=10 \
			-rss_limit_mb=2048 -max_len=20000 -verbosity=0 \
			-print_final_stats=1 \
			-max_total_time=$(FUZZ_SECONDS) seeds); \
	done
