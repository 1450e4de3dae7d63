# deps.mk: what smelt needs and does not carry, brought to build/deps/.
#
#   deps        everything that `make check` and `make demo` need
#   deps-build  what compiling needs: Debian packages, tree-sitter, yyjson
#   deps-test   what the tests need: more packages, a Python environment
#               ($(PYTHON)), Node packages ($(NODE_PATH)), a Node >= 20 ($(NODE))
#               and one >= 22 (node22 beside it)
#   deps-bench  large documents for the benchmarks
#
# Versions are exact and every archive is checked against a hash in deps/; where
# it comes from is the user's own apt, pip and npm setting. What was fetched keeps a
# copy of its list, and is fetched again when that differs; a second `make deps`
# does nothing and needs no network. All of it is relative to the source root and
# shared by every O=.
#
# For the rules that compile and link:
#   DEPS_READY   order-only prerequisite of whatever includes a third-party header
#   DEPS_CFLAGS  include paths of tree-sitter and yyjson
#   TREE_SITTER_LIB, GRAMMARS_LIB   archives, prerequisites and link operands
#   YYJSON_LIB   the same, empty where the system has yyjson; YYJSON_LIBS: what to
#                put on the link line in both cases

DEPS := build/deps

.PHONY: deps deps-build deps-test deps-bench
deps: deps-build deps-test
deps-build: $(DEPS)/build.ok $(DEPS)/lib/libgrammars.a \
	$(DEPS)/lib/libtree-sitter.a
deps-test: $(DEPS)/apt-test.ok $(DEPS)/venv/requirements.txt \
	$(DEPS)/node/package-lock.json
deps-bench: $(DEPS)/bench/package-lock.json

DEPS_READY := $(DEPS)/build.ok
TREE_SITTER := $(DEPS)/grammars/tree-sitter/vendor/tree-sitter/lib
TREE_SITTER_LIB := $(DEPS)/lib/libtree-sitter.a
GRAMMARS_LIB := $(DEPS)/lib/libgrammars.a

ifeq ($(shell pkg-config --atleast-version=0.10 yyjson 2>&1 && echo yes),yes)
YYJSON_CFLAGS := $(shell pkg-config --cflags yyjson)
YYJSON_LIB :=
YYJSON_LIBS := $(shell pkg-config --libs yyjson)
else
YYJSON_CFLAGS := -I$(DEPS)/yyjson
YYJSON_LIB := $(DEPS)/lib/libyyjson.a
YYJSON_LIBS := $(YYJSON_LIB)
$(DEPS)/build.ok: $(DEPS)/yyjson/yyjson.txt
deps-build: $(YYJSON_LIB)
endif
DEPS_CFLAGS := -I$(TREE_SITTER)/include $(YYJSON_CFLAGS)

PYTHON := $(CURDIR)/$(DEPS)/venv/bin/python
NODE := $(CURDIR)/$(DEPS)/bin/node
NODE_PATH := $(CURDIR)/$(DEPS)/node/node_modules

# Debian packages. Asked again whenever dpkg's own record has changed. The stamp is
# an (empty) makefile too: make starts over when it was made, so that what is asked
# of the compiler and of pkg-config at reading time is asked when they are there.
ifneq ($(filter-out help clean distclean dist uninstall,$(or $(MAKECMDGOALS),all)),)
include $(DEPS)/apt-build.ok
endif
DPKG_STATUS := $(wildcard /var/lib/dpkg/status)
$(DEPS)/apt-%.ok: deps/debian.txt deps/apt.sh $(DPKG_STATUS)
	@mkdir -p $(@D)
	@sh deps/apt.sh deps/debian.txt $*
	@touch $@
# One apt-get at a time.
$(DEPS)/apt-test.ok: | $(DEPS)/apt-build.ok

# Sources. The copy of the list is the target: the script leaves it alone where the
# list is newer but no different, and with it the objects. Locked: two makes may
# fetch at once, and the second then finds the copy.
FETCH = @mkdir -p $(DEPS) && flock $(@D).lock
$(DEPS)/grammars/package-lock.json: deps/grammars/package-lock.json \
	| $(DEPS)/apt-build.ok
	$(FETCH) sh deps/grammars.sh $(@D)
$(DEPS)/yyjson/yyjson.txt: deps/python/yyjson.txt | $(DEPS)/apt-build.ok
	$(FETCH) sh deps/yyjson.sh $(@D)
$(DEPS)/build.ok: $(DEPS)/apt-build.ok $(DEPS)/grammars/package-lock.json
	@touch $@

# Libraries: other people's C, so neither our warnings nor our sanitizers.
DEPS_CC = @$(if $(V),set -x,echo '  CC $@'); $(CC) -std=gnu11 -O2 -fPIE -w
# Whole or not at all, two makes at once too.
INTO = -o $@.$$$$ && mv -f $@.$$$$ $@

# LANGUAGE:FOLDER, the folder that has src/parser.c; a scanner.c where it exists.
GRAMMARS := python:tree-sitter-python javascript:tree-sitter-javascript \
	typescript:tree-sitter-typescript/typescript \
	tsx:tree-sitter-typescript/tsx go:tree-sitter-go java:tree-sitter-java \
	ruby:tree-sitter-ruby php:tree-sitter-php/php csharp:tree-sitter-c-sharp \
	rust:tree-sitter-rust kotlin:tree-sitter-kotlin c:tree-sitter-c \
	json:tree-sitter-json yaml:tree-sitter-yaml
GRAMMARS_WITHOUT_SCANNER := go java c json

# $(call grammar_rules,LANGUAGE,FOLDER)
define grammar_rules
GRAMMAR_OBJS += $(DEPS)/lib/$(1)-parser.o
$(DEPS)/lib/$(1)-%.o: GRAMMAR_SRC := $(DEPS)/grammars/$(2)/src
ifeq ($(filter $(1),$(GRAMMARS_WITHOUT_SCANNER)),)
GRAMMAR_OBJS += $(DEPS)/lib/$(1)-scanner.o
endif
endef
$(foreach g,$(GRAMMARS),$(eval $(call grammar_rules,$(firstword \
	$(subst :, ,$(g))),$(lastword $(subst :, ,$(g))))))

$(GRAMMAR_OBJS): $(DEPS)/lib/%.o: $(DEPS)/grammars/package-lock.json
	@mkdir -p $(@D)
	$(DEPS_CC) -DTREE_SITTER_REUSE_ALLOCATOR -I$(GRAMMAR_SRC) \
		-c $(GRAMMAR_SRC)/$(lastword $(subst -, ,$*)).c \
		$(INTO)
$(DEPS)/lib/tree-sitter.o: $(DEPS)/grammars/package-lock.json
	@mkdir -p $(@D)
	$(DEPS_CC) -I$(TREE_SITTER)/include -I$(TREE_SITTER)/src \
		-c $(TREE_SITTER)/src/lib.c $(INTO)
$(DEPS)/lib/yyjson.o: $(DEPS)/yyjson/yyjson.txt
	@mkdir -p $(@D)
	$(DEPS_CC) -c $(DEPS)/yyjson/yyjson.c $(INTO)

$(DEPS)/lib/libgrammars.a: $(GRAMMAR_OBJS)
$(DEPS)/lib/libtree-sitter.a: $(DEPS)/lib/tree-sitter.o
$(DEPS)/lib/libyyjson.a: $(DEPS)/lib/yyjson.o
$(DEPS)/lib/libgrammars.a $(DEPS)/lib/libtree-sitter.a $(DEPS)/lib/libyyjson.a:
	@$(AR) rcsD $@.$$$$ $^ && mv -f $@.$$$$ $@

# Tests.
$(DEPS)/venv/requirements.txt: deps/python/test.txt | $(DEPS)/apt-test.ok
	$(FETCH) sh deps/venv.sh $< $(@D)
# Links to what the system has go stale as that changes.
$(DEPS)/bin/package-lock.json: deps/node-runtime/package-lock.json \
	deps/node.sh $(DPKG_STATUS) \
	| $(DEPS)/apt-test.ok
	$(FETCH) sh deps/node.sh $(@D) $(DEPS)/node-runtime
$(DEPS)/node/package-lock.json: deps/node/package-lock.json \
	| $(DEPS)/bin/package-lock.json
	$(FETCH) env NPM=$(CURDIR)/$(DEPS)/bin/npm sh deps/npm.sh deps/node $(@D) \
		@microsoft/sarif-multitool-linux/Sarif.Multitool
$(DEPS)/bench/package-lock.json: deps/bench/package-lock.json \
	| $(DEPS)/bin/package-lock.json
	$(FETCH) env NPM=$(CURDIR)/$(DEPS)/bin/npm sh deps/npm.sh deps/bench $(@D)
