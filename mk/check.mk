# check.mk: the tests.
#
#   check            everything; T=tests/smelt-ast (a folder or *.t files): a part
#   check-unit       the C unit tests
#   check-style      what tests/checks/ looks at: layers, style, manuals, ...
#   regen            rewrite the golden files from what the tools say now
#
# A test prints TAP and is run by prove through tests/run, which sets the one
# environment that tests may count on. tests/unit/NAME.c becomes a program
# linked with libsmelt.a.

T ?=
JOBS ?= 2

UNIT_SRC := $(wildcard tests/unit/*.c)
UNIT_TESTS := $(UNIT_SRC:tests/unit/%.c=$(O)/tests/unit/%.t)
SCRIPT_TESTS := $(wildcard tests/*/*.t tests/*/*/*.t)

ifeq ($(strip $(T)),)
CHECKED := $(UNIT_TESTS) $(SCRIPT_TESTS)
else
# A folder means the tests below it; tests/unit means the programs.
CHECKED := $(foreach t,$(T),$(if $(filter tests/unit tests/unit/,$(t)), \
	$(UNIT_TESTS),$(if $(filter %.t,$(t)),$(t), \
	$(filter $(t:/=)/%,$(SCRIPT_TESTS)))))
endif

PROVE = O='$(O)' CC='$(CC)' prove -j$(JOBS) --exec tests/run

# A test of one tool's own noun names its objects: UNIT_OBJS_name := smelt-x/y.o
UNIT_OBJS_toml := smelt-intake/deps/toml.o
UNIT_OBJS_tooldef := smelt-tooldef/pattern.o smelt-tooldef/budget/tokens.o
UNIT_LIBS := $(LIBS_code) -larchive -lxml2 -lhs -lpcre2-8 -lz -lseccomp \
	-lpthread $(LIBS_base)
UNIT_ARCHIVES := $(filter %.a,$(UNIT_LIBS))

.SECONDEXPANSION:
$(O)/tests/unit/%.t: tests/unit/%.c tests/unit/tap.h $$(addprefix \
	$(O)/obj/,$$(UNIT_OBJS_$$*)) $(O)/libsmelt.a \
	$(UNIT_ARCHIVES) $(O)/flags.key | $(DEPS_READY)
	@mkdir -p $(@D)
	@$(if $(V),,echo '  CC $<';)$(if $(V),set -x;) \
		$(CC) $(ALL_CPPFLAGS) -Itools -Itests/unit $(ALL_CFLAGS) -MMD -MP \
		$(ALL_LDFLAGS) -o $@ $(filter %.c %.o,$^) $(O)/libsmelt.a \
		$(UNIT_LIBS)
-include $(UNIT_TESTS:.t=.d)

.PHONY: check check-unit check-style regen
check: deps all $(filter $(UNIT_TESTS),$(CHECKED))
	@$(if $(strip $(CHECKED)),$(PROVE) $(CHECKED),echo 'no test: T=$(T)' >&2; exit 2)
check-unit: deps-build $(UNIT_TESTS)
	@$(PROVE) $(UNIT_TESTS)
check-style: deps all
	@$(PROVE) $(wildcard tests/checks/*.t)
regen: deps all
	@REGEN=1 $(PROVE) $(SCRIPT_TESTS)
