# smelt.mk - MCP servers from sources, as part of your own Makefile.
#
#	SMELT_SERVERS         = petstore notes
#	SMELT_SOURCE.petstore = api/petstore.yaml     # an OpenAPI document
#	SMELT_SOURCE.notes    = .                     # this repository
#	SMELT_TARGET          = python                # all servers ...
#	SMELT_TARGET.petstore = typescript            # ... but this one
#	include smelt.mk                              # last
#
# SMELT_X.server overrides SMELT_X.  Per server:
#	SOURCE   file, directory, repository, archive, URL (required)
#	TARGET   python (default) or typescript
#	CONFIG   smelt.yaml: include, exclude, rename, describe
#	POLICY, WAIVERS, OSV   files for the gates
#	MIN_GRADE   the score must reach it
#	KEY      signing key (default: the one that smelt(1) uses; made if missing)
#	UNSIGNED 1: sign nothing
#	FLAGS_<STAGE>   more options for one stage: FLAGS_GATE1 = --import x.sarif
# For all:
#	OUT      where to (default build/smelt)      BIN, SHARE   where smelt lies
#	RUN, RUN_<STAGE>   put before a stage's command, as CMake's compiler
#	         launcher: srun -n1 -Q, parallel, ...; RUN alone leaves intake and
#	         attest local.  The launcher must keep the working directory.
#	V        1: show commands, 2: and why
#
# Targets: smelt (all of it), smelt.SERVER, smelt-code, smelt-gate,
# smelt-score, smelt-sarif, smelt-sbom, smelt-clients, smelt-refresh (read URLs
# anew), smelt-why, smelt-clean, smelt-help.
#
# Files, a stable interface, in $(SMELT_OUT)/SERVER/:
#	intake ast tooldef codegen gate1 gate2 score attest, each .jsonl
#	tools.json  server/  gate1.sarif  gate2.sarif  report.html  dist/
#
# GNU make 4.2 or later.  Nothing is set that does not begin with SMELT_ or
# smelt; internal names end in _.  See smelt.mk(7).

ifeq ($(filter 4.2% 4.3% 4.4% 4.5% 4.6% 4.7% 4.8% 4.9% 5.%,$(MAKE_VERSION)),)
$(error smelt.mk needs GNU make 4.2 or later, this is $(MAKE_VERSION))
endif

smelt_here_ := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
# $(call smelt_var_,NAME): its value, nothing when not set
smelt_var_ = $(if $(filter-out undefined,$(origin $(1))),$(strip $($(1))))
# $(call smelt_get_,server,PROPERTY)
smelt_get_ = $(if $(filter-out undefined,$(origin \
	SMELT_$(2).$(1))),$(strip $(SMELT_$(2).$(1))),$(call \
	smelt_var_,SMELT_$(2)))

smelt_out_ := $(or $(call smelt_var_,SMELT_OUT),build/smelt)
smelt_bin_ := $(or $(call smelt_var_,SMELT_BIN),$(patsubst \
	%/smelt-intake,%,$(firstword $(wildcard $(addsuffix /smelt-intake,\
	$(smelt_here_)/../bin $(smelt_here_)/../../../bin \
	$(smelt_here_)/../build/bin $(subst :, ,$(PATH)))))))
ifeq ($(smelt_bin_),)
$(error smelt.mk: smelt-intake is not installed: set SMELT_BIN)
endif
smelt_share_ := $(or $(call smelt_var_,SMELT_SHARE),$(patsubst \
	%/policy.yaml,%,$(firstword $(wildcard $(addsuffix /policy.yaml,\
	$(smelt_bin_)/../share/smelt $(smelt_bin_)/../../share/smelt \
	$(smelt_here_)/../share/smelt)))))
smelt_key_ := $(or $(call smelt_var_,SMELT_KEY),$(or \
	$(call smelt_var_,XDG_CONFIG_HOME),$(HOME)/.config)/smelt/smelt.key)

smelt_servers_ := $(call smelt_var_,SMELT_SERVERS)
ifeq ($(smelt_servers_),)
$(error smelt.mk: SMELT_SERVERS names no server)
endif
ifneq ($(words $(smelt_servers_)),$(words $(sort $(smelt_servers_))))
$(error smelt.mk: a server stands twice in SMELT_SERVERS)
endif

# A name is [a-z0-9][a-z0-9-]*: take those letters out, a hyphen may remain
smelt_letters_ := a b c d e f g h i j k l m n o p q r s t u v w x y z \
	0 1 2 3 4 5 6 7 8 9
# $(call smelt_strip_,text,letters)
smelt_strip_ = $(if $(2),$(call smelt_strip_,$(subst \
	$(firstword $(2)),,$(1)),$(wordlist 2,99,$(2))),$(1))
smelt_odd_ := $(strip $(subst -,,$(call \
	smelt_strip_,$(smelt_servers_),$(smelt_letters_))) $(filter -%,\
	$(smelt_servers_)))
ifneq ($(smelt_odd_),)
$(error smelt.mk: server names are [a-z0-9][a-z0-9-]*, not '$(smelt_servers_)')
endif

# Knowledge that stages read; a changed file makes its readers stale
smelt_files_ = $(wildcard $(addprefix $(smelt_share_)/,$(1)))
smelt_know_intake_ := $(call smelt_files_,languages* catalogue/*)
smelt_know_ast_ := $(call smelt_files_,languages* languages/* frameworks/* \
	effects/* queries/* queries/*/*)
smelt_know_tooldef_ := $(call smelt_files_,tooldef*)
smelt_know_codegen_ := $(call smelt_files_,runtime/*/* runtime/*/*/* \
	runtime/*/*/*/*)
smelt_know_gate1_ := $(call smelt_files_,policy.yaml rules/* rules/*/* \
	rules/*/*/*)
smelt_know_gate2_ := $(smelt_know_gate1_)
smelt_know_score_ := $(call smelt_files_,score.yaml)
smelt_know_attest_ := $(call smelt_files_,clients/*)

smelt_v_ := $(or $(call smelt_var_,SMELT_V),0)
smelt_at_ := $(if $(filter 0,$(smelt_v_)),@)
smelt_q_ := $(if $(filter 0,$(smelt_v_)),-q)
# shown by SMELT_V=2 and, through make -n, by smelt-why
smelt_say_ = $(if $(filter 2,$(smelt_v_)),@echo 'smelt-why: $@: $(if \
	$?,$(notdir $?),missing)')

# $(call smelt_launch_,server,STAGE): what stands before the command
smelt_launch_ = $(if $(filter-out undefined,$(origin \
	SMELT_RUN_$(2)) $(origin SMELT_RUN_$(2).$(1))),$(call \
	smelt_get_,$(1),RUN_$(2)),$(if $(filter INTAKE ATTEST,$(2)),,$(call \
	smelt_get_,$(1),RUN)))
# $(call smelt_opt_,server,PROPERTY,--option)
smelt_opt_ = $(addprefix $(3) ,$(call smelt_get_,$(1),$(2)))

smelt_opts_intake_ = --name $(1)
smelt_opts_ast_ =
smelt_opts_tooldef_ = $(call smelt_opt_,$(1),CONFIG,--config) \
	--tools $(2)/tools.json
smelt_opts_codegen_ = --target $(or $(call smelt_get_,$(1),TARGET),python) \
	--dir $(2)/server
smelt_opts_gate_ = --no-fail $(call smelt_opt_,$(1),POLICY,--policy) \
	$(call smelt_opt_,$(1),WAIVERS,--waivers)
smelt_opts_gate1_ = $(smelt_opts_gate_) $(call smelt_opt_,$(1),OSV,--osv) \
	$(if $(wildcard $(call smelt_get_,$(1),SOURCE)/.git/objects),--repo \
	$(call smelt_get_,$(1),SOURCE)) --sarif $(2)/gate1.sarif
smelt_opts_gate2_ = $(smelt_opts_gate_) --sarif $(2)/gate2.sarif
smelt_opts_score_ = --no-fail $(call smelt_opt_,$(1),MIN_GRADE,--min-grade) \
	--report $(2)/report.html
smelt_opts_attest_ = $(if $(call smelt_get_,$(1),UNSIGNED),--unsigned,--key \
	$(or $(call smelt_get_,$(1),KEY),$(smelt_key_))) --out $(2)/dist

# $(call smelt_cmd_,server,dir,stage,STAGE): the whole command
smelt_cmd_ = $(strip $(call smelt_launch_,$(1),$(4)) $(smelt_bin_)/smelt-$(3) \
	$(smelt_q_) $(call smelt_opts_$(3)_,$(1),$(2)) \
	$(call smelt_get_,$(1),FLAGS_$(4)))

# The key file holds the command that made a stage's output; a different one
# makes just that stage stale.  Compared here, without a process.
# $(call smelt_key_rule_,server,dir,stage,STAGE)
define smelt_key_rule_
$(2)/$(3).key: $(if $(filter-out x$(file <$(2)/$(3).key),x$(subst \
	$(smelt_q_) ,,$(call smelt_cmd_,$(1),$(2),$(3),$(4)))),smelt-force_)
	$$(shell mkdir -p $(2))$$(file >$$@,$(subst \
		$(smelt_q_) ,,$(call smelt_cmd_,$(1),$(2),$(3),$(4))))@:
endef

# A stage writes x.new; x.jsonl changes only when its bytes do, so a stage that
# makes no difference is the last one to run.
# $(call smelt_stage_,server,dir,stage,STAGE,input,side outputs,more inputs)
define smelt_stage_
$(call smelt_key_rule_,$(1),$(2),$(3),$(4))
$(2)/$(3).new: $(5) $(2)/$(3).key $(smelt_bin_)/smelt-$(3) \
	$(smelt_know_$(3)_) $(7) $(if $(filter-out $(wildcard $(6)),$(6)),smelt-force_)
	$$(smelt_say_)
	$$(smelt_at_)$(call smelt_cmd_,$(1),$(2),$(3),$(4)) <$(5) \
		>$$@.$$$$$$$$ && mv -f $$@.$$$$$$$$ $$@ || \
		{ s=$$$$?; rm -f $$@.$$$$$$$$; exit $$$$s; }
$(2)/$(3).jsonl: $(2)/$(3).new
	@cmp -s $$< $$@ || { cp $$< $$@.$$$$$$$$ && mv -f $$@.$$$$$$$$ $$@; }
$(6): $(2)/$(3).jsonl ;
endef

# The verdict of a gate, apart from its scan.  Red removes what an earlier
# green run signed.
# $(call smelt_verdict_,dir,stage,command)
define smelt_verdict_
$(1)/$(2).ok: $(1)/$(2).jsonl
	@$(3) $$< || { s=$$$$?; rm -rf $(1)/$(2).ok $(1)/attest.new \
		$(1)/attest.jsonl $(1)/dist; exit $$$$s; }
	@touch $$@
endef

smelt_is_url_ = $(findstring ://,$(1))

# $(call smelt_server_,server,dir,source)
define smelt_server_
$(2)/source.key: $(smelt_out_)/.keys ;
$(call smelt_key_rule_,$(1),$(2),intake,INTAKE)
$(2)/intake.new: $(2)/source.key $(2)/intake.key $(smelt_bin_)/smelt-intake \
	$(smelt_know_intake_)
	$$(smelt_say_)
	$$(smelt_at_)$(call smelt_cmd_,$(1),$(2),intake,INTAKE) -o $$@ -- $(3)
$(2)/intake.jsonl: $(2)/intake.new
	@cmp -s $$< $$@ || { cp $$< $$@.$$$$$$$$ && mv -f $$@.$$$$$$$$ $$@; }
$(call smelt_stage_,$(1),$(2),ast,AST,$(2)/intake.jsonl,,)
$(call smelt_stage_,$(1),$(2),tooldef,TOOLDEF,$(2)/ast.jsonl,$(2)/tools.json,\
	$(call smelt_get_,$(1),CONFIG))
$(call smelt_stage_,$(1),$(2),codegen,CODEGEN,$(2)/tooldef.jsonl,\
	$(2)/server/smelt.json,)
$(call smelt_stage_,$(1),$(2),gate1,GATE1,$(2)/codegen.jsonl,\
	$(2)/gate1.sarif,$(call smelt_get_,$(1),POLICY) $(call \
	smelt_get_,$(1),WAIVERS) $(call smelt_get_,$(1),OSV))
$(call smelt_verdict_,$(2),gate1,$(smelt_bin_)/smelt-gate1 --verdict)
$(call smelt_stage_,$(1),$(2),gate2,GATE2,$(2)/gate1.jsonl,\
	$(2)/gate2.sarif,$(call smelt_get_,$(1),POLICY) $(call \
	smelt_get_,$(1),WAIVERS))
$(call smelt_verdict_,$(2),gate2,$(smelt_bin_)/smelt-gate2 --verdict)
$(call smelt_stage_,$(1),$(2),score,SCORE,$(2)/gate2.jsonl,\
	$(2)/report.html,)
$(call smelt_verdict_,$(2),score,$(smelt_bin_)/smelt-score -q $(call \
	smelt_opt_,$(1),MIN_GRADE,--min-grade) -o /dev/null)
$(call smelt_stage_,$(1),$(2),attest,ATTEST,$(2)/score.jsonl,\
	$(2)/dist/VERIFY.txt,$(2)/gate1.ok $(2)/gate2.ok $(2)/score.ok \
	$(if $(call smelt_get_,$(1),UNSIGNED),,$(or $(call \
	smelt_get_,$(1),KEY),$(smelt_key_))))
.PHONY: smelt.$(1)
smelt.$(1): $(2)/attest.jsonl $(2)/dist/VERIFY.txt
endef

# $(call smelt_check_,server): what must be set
smelt_check_ = $(if $(call smelt_get_,$(1),SOURCE),,$(error smelt.mk: \
	SMELT_SOURCE.$(1) is not set))$(if $(filter python typescript,$(or \
	$(call smelt_get_,$(1),TARGET),python)),,$(error smelt.mk: \
	SMELT_TARGET.$(1) is neither python nor typescript))

$(foreach s_,$(smelt_servers_),$(call smelt_check_,$(s_))$(eval $(call \
	smelt_server_,$(s_),$(smelt_out_)/$(s_),$(call \
	smelt_get_,$(s_),SOURCE))))

# One process finds out which sources changed (content, not times).  A URL is
# read anew only by smelt-refresh.
smelt_local_ := $(foreach s_,$(smelt_servers_),$(if $(call smelt_is_url_,$(call \
	smelt_get_,$(s_),SOURCE)),,$(s_)))
smelt_remote_ := $(filter-out $(smelt_local_),$(smelt_servers_))
.PHONY: smelt-force_
smelt-force_:
$(smelt_out_)/.keys: smelt-force_
	@mkdir -p $(addprefix $(smelt_out_)/,$(smelt_servers_))
	@$(if $(smelt_local_),$(smelt_bin_)/smelt-intake --key --key-cache \
		$(smelt_out_)/.key-cache -o $@ -- $(foreach s_,\
		$(smelt_local_),$(call smelt_get_,$(s_),SOURCE)),: >$@)
	@set -- $(smelt_local_); while read -r new rest; do \
		f=$(smelt_out_)/$$1/source.key; old=; \
		[ ! -f $$f ] || read -r old <$$f; \
		[ "$$old" = "$$new" ] || printf '%s\n' "$$new" >$$f; shift; \
		done <$@; for s in $(smelt_remote_); do \
		f=$(smelt_out_)/$$s/source.key; \
		[ -f $$f ] || printf 'url\n' >$$f; done

ifeq ($(call smelt_var_,SMELT_KEY),)
$(smelt_key_):
	@mkdir -p $(@D)
	@echo 'smelt: no signing key: making $@'
	@test -f $@ || $(smelt_bin_)/smelt-attest --gen-key $@
endif

.PHONY: smelt smelt-code smelt-gate smelt-score smelt-sarif smelt-sbom \
	smelt-clients smelt-refresh smelt-why smelt-clean smelt-help
smelt: $(addprefix smelt.,$(smelt_servers_))
smelt_each_ = $(foreach s_,$(smelt_servers_),$(foreach f_,$(1),\
	$(smelt_out_)/$(s_)/$(f_)))
smelt-code: $(call smelt_each_,server/smelt.json)
smelt-gate: $(call smelt_each_,gate1.ok gate2.ok)
smelt-score: $(call smelt_each_,report.html score.ok)
smelt-sarif: $(call smelt_each_,gate1.sarif gate2.sarif)
smelt-sbom smelt-clients: $(call smelt_each_,dist/VERIFY.txt)
smelt-refresh:
	@rm -f $(addprefix $(smelt_out_)/,$(addsuffix \
		/source.key,$(smelt_remote_)))
smelt-clean:
	rm -rf $(addprefix $(smelt_out_)/,$(smelt_servers_) .keys .key-cache)
smelt-why:
	@$(MAKE) --no-print-directory -n SMELT_V=2 smelt 2>&1 | \
		sed -n "s/^echo 'smelt-why: \(.*\)'$$/\1/p"
smelt-help:
	@sed -n '/^[^#]/q; s/^# \{0,1\}//p' $(smelt_here_)/smelt.mk
