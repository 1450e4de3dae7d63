# build.mk: objects, libsmelt.a and one program a folder tools/smelt*/.
#
# User variables: CC, O (where objects and programs go, default build), SAN=1
# (ASan and UBSan), WERROR=1 (warnings are errors), CFLAGS, LDFLAGS, PREFIX.
# A changed compiler or flag makes every object stale: flags.key is rewritten
# only when its text differs; sources.key does the same for the list of sources.

O ?= build
PREFIX ?= /usr/local
CFLAGS ?= -O2 -g
SAN ?=
WERROR ?=
PKG_CONFIG ?= pkg-config

TOOLS := $(sort $(notdir $(patsubst %/main.c,%,$(wildcard tools/smelt*/main.c))))
LIB_SRCS := $(sort $(wildcard tools/lib/*/*.c))
TOOL_SRCS := $(sort $(wildcard tools/smelt*/*.c tools/smelt*/*/*.c))
LIB_OBJS := $(LIB_SRCS:tools/%.c=$(O)/obj/%.o)
PROGRAMS := $(TOOLS:%=$(O)/bin/%)

# --- flags -------------------------------------------------------------------
# $(call cc_has,FLAG): FLAG if the compiler takes it
cc_has = $(shell $(CC) -Werror $(1) -c -x c /dev/null -o /dev/null \
	>/dev/null 2>&1 && echo '$(1)')

ifeq ($(origin HARDEN_FLAGS),undefined)
HARDEN_FLAGS := -fstack-protector-strong -fPIE -fno-strict-aliasing \
	-fno-delete-null-pointer-checks -fno-strict-overflow \
	$(call cc_has,-fstack-clash-protection) \
	$(call cc_has,-fcf-protection=full) \
	$(call cc_has,-ftrivial-auto-var-init=zero) \
	$(call cc_has,-fzero-call-used-regs=used-gpr)
export HARDEN_FLAGS
endif
WARN_FLAGS := -Wall -Wextra -Wformat=2 -Wconversion -Wsign-conversion \
	-Wimplicit-fallthrough -Wvla -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wpointer-arith -Wwrite-strings \
	-Werror=format-security -Werror=implicit \
	-Werror=incompatible-pointer-types -Werror=int-conversion
LD_HARDEN := -pie -Wl,-z,noexecstack -Wl,-z,relro -Wl,-z,now \
	-Wl,-z,nodlopen -Wl,--as-needed

ifeq ($(SAN),1)
SAN_FLAGS := -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
else
SAN_FLAGS :=
FORTIFY := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
endif

PKGS := yaml-0.1 libxml-2.0 libcurl libcrypto libarchive libhs libpcre2-8 \
	libseccomp
ALL_CPPFLAGS = -std=c11 -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 \
	-D_DEFAULT_SOURCE -Itools/lib -include base/banned.h \
	-DSMELT_VERSION='"$(VERSION)"' -DSMELT_PREFIX='"$(PREFIX)"' \
	$(foreach d,$(filter -I%,$(DEPS_CFLAGS)),-isystem $(d:-I%=%)) \
	-isystem /usr/include/libxml2 -isystem /usr/include/hs $(FORTIFY)
ALL_CFLAGS = $(CFLAGS) $(WARN_FLAGS) $(if $(filter 1,$(WERROR)),-Werror) \
	$(HARDEN_FLAGS) $(SAN_FLAGS)
ALL_LDFLAGS = $(LD_HARDEN) $(SAN_FLAGS) $(LDFLAGS)

# $(call key,NAME,TEXT): $(O)/NAME.key is newer than what depends on it when TEXT
# is another than before
define key
ifneq ($$(file <$$(O)/$(1).key),$(2))
$$(O)/$(1).key: FORCE
endif
$$(O)/$(1).key: export KEY_TEXT := $(2)
$$(O)/$(1).key:
	@mkdir -p $$(@D)
	@printf '%s\n' "$$$$KEY_TEXT" >$$@
endef
$(eval $(call key,flags,$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS)))
# A source that is gone must leave the archive and the programs.
$(eval $(call key,sources,$(LIB_SRCS) $(TOOL_SRCS)))

# --- who links what ----------------------------------------------------------
# Static libsmelt.a gives a tool only the objects it uses; --as-needed drops
# the rest.  tests/check holds `readelf -d` against tests/capabilities.
LIBS_base := $(YYJSON_LIBS) -lyaml -lcrypto -lm
# Of libcrypto most tools want SHA-256 alone: out of the archive it costs
# nothing, while loading the library is half of a short run. libseccomp, which
# reads nothing that came from outside, goes with it.
LIBS_sha := -Wl,-Bstatic -lcrypto -lseccomp -Wl,-Bdynamic
LIBCRYPTO := smelt-fetch smelt-intake smelt-gate1 smelt-attest
LIBS_code := $(GRAMMARS_LIB) $(TREE_SITTER_LIB)
LIBS_smelt-fetch := -lcurl -lseccomp
LIBS_smelt-intake := -larchive -lxml2 -lseccomp -lz
LIBS_smelt-ast := $(LIBS_code) -lseccomp -lpthread
LIBS_smelt-tooldef := -lseccomp
LIBS_smelt-codegen := $(LIBS_code) -lseccomp
LIBS_smelt-gate1 := $(LIBS_code) -lhs -lpcre2-8 -larchive -lz -lseccomp -lpthread
LIBS_smelt-gate2 := $(LIBS_code) -lhs -lpcre2-8 -lseccomp
LIBS_smelt-score := -lseccomp
LIBS_smelt-attest := -larchive -lz -lseccomp

# What programs are linked with, as a key: another library links them anew.
$(eval $(call key,libs,$(LIBS_base) $(LIBS_sha) $(LIBCRYPTO) \
	$(foreach t,$(TOOLS),$(t): $(LIBS_$(t)))))

# --- rules -------------------------------------------------------------------
.PHONY: all build FORCE $(TOOLS)
all: build
build: $(PROGRAMS)
$(TOOLS): %: $(O)/bin/%
FORCE:

$(O)/obj/%.o: tools/%.c $(O)/flags.key | $(DEPS_READY) $(YYJSON_LIB)
	@mkdir -p $(@D)
	@$(if $(V),,echo '  CC $<';)$(if $(V),set -x;) \
		$(CC) $(ALL_CPPFLAGS) -Itools $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Digests of the code of the runtimes: smelt-codegen need not parse these.
RUNTIME_CODE := $(sort $(wildcard $(addprefix share/smelt/runtime/,*/*.py */*.ts \
	*/*/*.py */*/*.ts */*/*/*.ts */*/*.mjs)))
$(O)/gen/smelt-codegen/parsed.inc: $(RUNTIME_CODE)
	@mkdir -p $(@D)
	@sha256sum $(RUNTIME_CODE) | sed 's/ .*/",/; s/^/"/' >$@
$(O)/obj/smelt-codegen/check.o: $(O)/gen/smelt-codegen/parsed.inc
$(O)/obj/smelt-codegen/check.o: ALL_CPPFLAGS += -I$(O)/gen

$(O)/libsmelt.a: $(LIB_OBJS) $(O)/sources.key
	@rm -f $@
	@$(AR) rcsD $@ $(filter %.o,$^)

# $(call program,TOOL)
define program
$(O)/bin/$(1): $$(patsubst tools/%.c,$(O)/obj/%.o,$$(filter tools/$(1)/%,\
	$$(TOOL_SRCS))) $(O)/libsmelt.a $$(filter %.a,$$(LIBS_$(1)) \
	$$(YYJSON_LIB)) $(O)/flags.key $(O)/libs.key
	@mkdir -p $$(@D)
	@echo '  LD $$@'
	@$$(CC) $$(ALL_LDFLAGS) -o $$@ $$(filter %.o,$$^) $(O)/libsmelt.a \
		$(if $(filter $(1),$(LIBCRYPTO)),$$(LIBS_$(1)) $(LIBS_base),$$(filter-out \
		-lseccomp,$$(LIBS_$(1))) $(subst -lcrypto,$(LIBS_sha),$(LIBS_base)))
endef
$(foreach t,$(TOOLS),$(eval $(call program,$(t))))

-include $(patsubst %.o,%.d,$(LIB_OBJS) $(TOOL_SRCS:tools/%.c=$(O)/obj/%.o))

.PHONY: clean distclean
clean:
	rm -rf $(O)/obj $(O)/bin $(O)/libsmelt.a $(O)/flags.key \
		$(O)/sources.key $(O)/tests
distclean:
	rm -rf build
