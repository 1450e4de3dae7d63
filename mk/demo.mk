# demo.mk: `make demo` sets up, builds and runs the main job on the examples.

DEMO := build/demo

.PHONY: demo
# $(call demo_run,NAME,SOURCE,OPTIONS)
define demo_run
	@echo; echo "== $(1): smelt $(2) -o $(DEMO)/$(1) $(3)"
	@SMELT_KEY=$(DEMO)/demo.key $(O)/bin/smelt $(2) -o $(DEMO)/$(1) \
		-n $(1) $(3)
endef

demo: deps-build all
	@mkdir -p $(DEMO)
	$(call demo_run,library,examples/openapi/library.yaml,)
	$(call demo_run,library-ts,examples/openapi/library.yaml,-t typescript)
	$(call demo_run,notes,examples/flask,)
	$(call demo_run,garden,examples/text/garden.txt,)
	@echo; echo '== verified with the public key alone'
	$(O)/bin/smelt-attest --verify $(DEMO)/library/dist \
		--key $(DEMO)/demo.key.pub
	@echo; echo 'Servers are in $(DEMO)/*/server; start the first one with'
	@echo '  cd $(DEMO)/library/server'
	@echo '  python3 -m venv .venv && .venv/bin/pip install' \
		'--require-hashes -r requirements.txt'
	@echo '  .venv/bin/python server.py'
	@echo 'Reports: $(DEMO)/*/report.html. Signed: $(DEMO)/*/dist.'
