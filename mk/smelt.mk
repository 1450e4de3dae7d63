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
#	SOURCE   file, directory, repository, archive, URL (required), or
#	         several OpenAPI documents.  A file may be made by a rule of
#	         yours.
#	DOCS     documentation files for a source in words
#	OVERLAY  files that change an OpenAPI document (OpenAPI Overlay 1.0)
#	TARGET   python (default) or typescript
#	MODE     static (default), or dynamic: meta-tools for a large API
#	CONFIG   smelt.yaml: include, exclude, rename, describe
#	TAG      only operations of these tags, by name or slug; UNTAGGED 1: and
#	         those without.  Several servers may share a source.
#	TOKENS, TOOLS   what tools/list may cost, and how many tools there may be
#	POLICY, WAIVERS, OSV   files for the gates
#	MIN_GRADE   the score must reach it
#	KEY      signing key (default: the one that smelt(1) uses; made if missing)
#	UNSIGNED 1: sign nothing
#	FLAGS_<STAGE>   more options for one stage: FLAGS_GATE1 = --rules own.yaml
# For all:
#	OUT      where to (default build/smelt)      BIN, SHARE   where smelt lies
#	RUN, RUN_<STAGE>   put before a stage's command, as CMake's compiler
#	         launcher: srun -n1 -Q, parallel, ...; RUN alone leaves intake and
#	         attest local.  The launcher must keep the working directory.
#	V        1: show commands, 2: and why
#
# Targets: smelt (all of it), smelt.SERVER, smelt-code, smelt-gate,
# smelt-score, smelt-sarif, smelt-sbom, smelt-clients, smelt-check (is server/
# what would be generated?), smelt-refresh (read URLs anew), smelt-why (what
# would run, and why; runs nothing), smelt-clean, smelt-help.
#
# Files, a stable interface, in $(SMELT_OUT)/SERVER/:
#	intake ast tooldef codegen gate1 gate2 score attest, each .jsonl
#	tools.json  server/  gate1.sarif  gate2.sarif  report.html  dist/
#	intake.sarif (smelt-sarif: what is wrong with OpenAPI documents)
#
# GNU make 4.2 or later.  Nothing is set that does not begin with SMELT_ or
# smelt; internal names end in _.  See smelt.mk(7).

ifeq ($(filter 4.2% 4.3% 4.4% 4.5% 4.6% 4.7% 4.8% 4.9% 5.%,$(MAKE_VERSION)),)
$(error smelt.mk needs GNU make 4.2 or later, this is $(MAKE_VERSION))
endif

.PHONY: smelt smelt-code smelt-gate smelt-score smelt-sarif smelt-sbom \
	smelt-clients smelt-check smelt-refresh smelt-why smelt-clean smelt-help smelt-force_
# The first target, so that a Makefile with nothing else makes all servers.
smelt:
smelt-force_:

smelt_here_ := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))
# $(call smelt_var_,NAME): its value, nothing when not set
smelt_var_ = $(if $(filter-out undefined,$(origin $(1))),$(strip $($(1))))
smelt_names_ := $(filter SMELT_%,$(.VARIABLES))
smelt_stages_ := INTAKE AST TOOLDEF CODEGEN GATE1 GATE2 SCORE ATTEST
# What nobody has set is not asked for a hundred times.
$(foreach p_,SOURCE DOCS OVERLAY TARGET MODE CONFIG TAG UNTAGGED TOKENS TOOLS POLICY WAIVERS OSV MIN_GRADE KEY UNSIGNED RUN \
	$(addprefix RUN_,$(smelt_stages_)) $(addprefix FLAGS_,$(smelt_stages_)),$(eval \
	smelt_any_$(p_)_ := $(filter SMELT_$(p_) SMELT_$(p_).%,$(smelt_names_))))
# $(call smelt_get_,server,PROPERTY)
smelt_get_ = $(if $(smelt_any_$(2)_),$(if $(filter-out undefined,$(origin \
	SMELT_$(2).$(1))),$(strip $(SMELT_$(2).$(1))),$(call \
	smelt_var_,SMELT_$(2))))
# $(call smelt_differ_,a,b): something when the texts are not equal
smelt_differ_ = $(subst x$(1)x,,x$(2)x)$(subst x$(2)x,,x$(1)x)
# $(call smelt_quote_,text): one word of the shell
smelt_quote_ = '$(subst ','\'',$(1))'

smelt_out_ := $(or $(call smelt_var_,SMELT_OUT),build/smelt)
smelt_abs_ := $(abspath $(smelt_out_))
smelt_path_ := $(subst :, ,$(PATH))
smelt_bin_ := $(or $(call smelt_var_,SMELT_BIN),$(patsubst \
	%/smelt-intake,%,$(firstword $(wildcard $(addsuffix /smelt-intake,\
	$(smelt_here_)/../bin $(smelt_here_)/../../../bin \
	$(smelt_here_)/../build/bin $(smelt_path_))))))
ifeq ($(smelt_bin_),)
$(error smelt.mk: smelt-intake is not installed: set SMELT_BIN)
endif
smelt_share_ := $(or $(call smelt_var_,SMELT_SHARE),$(patsubst \
	%/policy.yaml,%,$(firstword $(wildcard $(addsuffix /policy.yaml,\
	$(smelt_bin_)/../share/smelt $(smelt_bin_)/../../share/smelt \
	$(smelt_here_)/../share/smelt)))))
ifneq ($(smelt_share_),)
# what stages depend on is what they read
export SMELT_SHARE := $(abspath $(smelt_share_))
endif
smelt_home_ := $(or $(call smelt_var_,XDG_CONFIG_HOME),$(call \
	smelt_var_,HOME)/.config)/smelt/smelt.key
smelt_flock_ := $(wildcard $(addsuffix /flock,$(smelt_path_)))
# $(call smelt_lock_,dir,temporary names): two makes fill a directory one after
# the other; what a killed one left goes
smelt_lock_ = $(if $(smelt_flock_),exec 9>$(1)/.lock && flock 9 && for f in \
	$(2); do [ ! -e "$$f" ] || rm -rf "$$f"; done && )

# --- what is asked for -------------------------------------------------------

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

smelt_tilde_ = $(patsubst ~/%,$(HOME)/%,$(1))
$(foreach s_,$(smelt_servers_),$(eval smelt_source_.$(s_) := $$(call \
	smelt_tilde_,$$(call smelt_get_,$(s_),SOURCE))))
smelt_source_ = $(smelt_source_.$(1))
# $(call smelt_single_,server): its source, where it has one
smelt_single_ = $(if $(word 2,$(smelt_source_.$(1))),,$(smelt_source_.$(1)))
# $(call smelt_here_are_,server): those of its sources that are no URLs
smelt_here_are_ = $(foreach o_,$(smelt_source_.$(1)),$(if $(findstring \
	://,$(o_)),,$(o_)))
smelt_docs_ = $(foreach d_,$(call smelt_get_,$(1),DOCS),$(if $(findstring \
	://,$(d_)),,$(d_)))
smelt_target_ = $(or $(call smelt_get_,$(1),TARGET),python)
smelt_mode_ = $(or $(call smelt_get_,$(1),MODE),static)
# $(call smelt_check_,server): what must be set
smelt_check_ = $(if $(call smelt_source_,$(1)),,$(error \
	smelt.mk: SMELT_SOURCE.$(1) is not set))$(if $(filter \
	python typescript,$(call smelt_target_,$(1))),,$(error smelt.mk: \
	SMELT_TARGET.$(1) is neither python nor typescript))$(if $(filter \
	static dynamic,$(call smelt_mode_,$(1))),,$(error smelt.mk: \
	SMELT_MODE.$(1) is neither static nor dynamic))
$(foreach s_,$(smelt_servers_),$(call smelt_check_,$(s_)))

# URLs are read anew only by smelt-refresh; a local source that is not there
# yet is made by a rule of the user's, or smelt-intake says that it is missing.
smelt_urls_ := $(foreach s_,$(smelt_servers_),$(if $(findstring ://,$(call \
	smelt_source_,$(s_))),$(s_)))
smelt_remote_ := $(foreach s_,$(smelt_urls_),$(if $(call \
	smelt_here_are_,$(s_)),,$(s_)))
smelt_late_ := $(foreach s_,$(filter-out $(smelt_remote_),$(smelt_servers_)),\
	$(if $(filter-out $(wildcard $(call smelt_here_are_,$(s_))),$(call \
	smelt_here_are_,$(s_))),$(s_)))
smelt_local_ := $(filter-out $(smelt_remote_) $(smelt_late_),$(smelt_servers_))

# Knowledge that stages read; a changed file makes its readers stale, and so
# does a directory where one came or went.
smelt_files_ = $(wildcard $(addprefix $(smelt_share_)/,$(1)))
smelt_know_intake_ := $(call smelt_files_,languages* documents* catalogue \
	catalogue/*)
smelt_know_lint_ := $(call smelt_files_,rules/openapi rules/openapi/*)
smelt_know_ast_ := $(call smelt_files_,languages* languages/* documents* \
	frameworks frameworks/* effects effects/* auth auth/* types types/* \
	queries queries/* queries/*/*)
smelt_know_tooldef_ := $(call smelt_files_,tooldef*)
smelt_know_codegen_ := $(call smelt_files_,languages languages/* runtime/* \
	runtime/*/* runtime/*/*/* runtime/*/*/*/*)
smelt_know_gate1_ := $(filter-out $(smelt_know_lint_),$(call \
	smelt_files_,languages languages/* policy.yaml rules rules/* rules/*/* \
	rules/*/*/*))
smelt_know_gate2_ := $(smelt_know_gate1_) $(call \
	smelt_files_,drift.yaml runtime/common/dynamic.json)
smelt_know_score_ := $(call smelt_files_,score* policy.yaml)
smelt_know_attest_ := $(call smelt_files_,clients clients/* components*)
# Nobody makes them: without this make looks for a way to, a long time.
$(sort $(foreach s_,intake lint ast tooldef codegen gate1 gate2 score attest,$(value \
	smelt_know_$(s_)_))): ;

# --- commands ----------------------------------------------------------------

# $(call smelt_launch_,server,STAGE): what stands before the command
smelt_launch_ = $(if $(and $(smelt_any_RUN_$(2)_),$(filter \
	SMELT_RUN_$(2) SMELT_RUN_$(2).$(1),$(smelt_names_))),$(call \
	smelt_get_,$(1),RUN_$(2)),$(if $(filter INTAKE ATTEST,$(2)),,$(call \
	smelt_get_,$(1),RUN)))
# $(call smelt_opt_,server,PROPERTY,--option)
smelt_opt_ = $(if $(smelt_any_$(2)_),$(addprefix $(3) ,$(call \
	smelt_get_,$(1),$(2))))

# $(call smelt_opts_<stage>_,server,dir)
# what is made below the source is no part of it
smelt_opts_intake_ = --name $(1) $(call smelt_opt_,$(1),DOCS,--docs) $(call \
	smelt_opt_,$(1),OVERLAY,--overlay) $(if $(smelt_single_),$(patsubst \
	$(abspath $(smelt_single_))%,--exclude %/,$(filter $(abspath \
	$(smelt_single_))/%,$(smelt_abs_))))
smelt_opts_ast_ =
smelt_tags_ = $(if $(smelt_any_TAG_),$(foreach t_,$(call \
	smelt_get_,$(1),TAG),--tag $(call smelt_quote_,$(t_)))) $(if $(and \
	$(smelt_any_UNTAGGED_),$(call smelt_get_,$(1),UNTAGGED)),--untagged)
smelt_opts_tooldef_ = $(call smelt_opt_,$(1),CONFIG,--config) $(call \
	smelt_tags_,$(1)) $(call \
	smelt_opt_,$(1),TOKENS,--max-tokens) $(call \
	smelt_opt_,$(1),TOOLS,--max-tools) --tools $(2)/tools.json
smelt_opts_codegen_ = --target $(smelt_target_) $(call \
	smelt_opt_,$(1),MODE,--mode) --dir $(2)/server
# A waiver holds until a day, so the day is part of the command.
smelt_today_ := $(if $(smelt_any_WAIVERS_),$(if $(call \
	smelt_var_,SOURCE_DATE_EPOCH),,--today $(shell date -u +%Y-%m-%d)))
smelt_opts_gate_ = --no-fail $(call smelt_opt_,$(1),POLICY,--policy) $(and \
	$(call smelt_opt_,$(1),WAIVERS,--waivers),$(call \
	smelt_opt_,$(1),WAIVERS,--waivers) $(smelt_today_)) --sarif $(2)/$(3).sarif
smelt_opts_gate1_ = $(call smelt_opts_gate_,$(1),$(2),gate1) $(call \
	smelt_opt_,$(1),OSV,--osv) $(if $(wildcard $(addsuffix \
	/.git/objects,$(smelt_single_))),--repo $(smelt_single_))
smelt_opts_gate2_ = $(call smelt_opts_gate_,$(1),$(2),gate2)
smelt_opts_score_ = --no-fail $(call smelt_opt_,$(1),MIN_GRADE,--min-grade) \
	--report $(2)/report.html
smelt_sign_ = $(if $(call smelt_get_,$(1),UNSIGNED),,$(or $(call \
	smelt_get_,$(1),KEY),$(smelt_home_)))
smelt_opts_attest_ = $(or $(addprefix --key ,$(smelt_sign_)),--unsigned) \
	--out $(2)/dist

# $(call smelt_cmd_,server,dir,stage,STAGE,more): the whole command
smelt_cmd_ = $(strip $(call smelt_launch_,$(1),$(4)) $(smelt_bin_)/smelt-$(3) \
	$(5) $(call smelt_opts_$(3)_,$(1),$(2)) \
	$(call smelt_get_,$(1),FLAGS_$(4)) $(if $(filter intake,$(3)),-- $(foreach \
	o_,$(smelt_source_),$(call smelt_quote_,$(o_)))))

smelt_v_ := $(or $(call smelt_var_,SMELT_V),0)
smelt_q_ := $(if $(filter 0,$(smelt_v_)),-q)
smelt_goals_ := $(call smelt_var_,MAKECMDGOALS)
smelt_why_ := $(filter smelt-why,$(smelt_goals_))

# Why a recipe runs, from within it.  $(call smelt_reason_,server,stage,outputs)
smelt_reason_ = $(1)/$(2): $(if $(wildcard $@),$(strip $(if $(filter \
	smelt-force_,$?),$(or $(addprefix missing: ,$(filter-out $(wildcard \
	$(3)),$(3))),another command)) $(addprefix changed: ,$(filter-out \
	smelt-force_,$?))),never made)
# $(call smelt_say_,server,stage,outputs,command)
smelt_say_ = $(if $(filter 2,$(smelt_v_)),echo $(call \
	smelt_quote_,$(smelt_reason_)) && )echo $(if $(smelt_q_),'  SMELT \
	$(1)/$(2)',$(call smelt_quote_,$(4)))

# --- one stage ---------------------------------------------------------------
#
# STAGE.key holds the command that made STAGE.jsonl and has the time when it
# began; another command makes just this stage stale, compared here without a
# process.  STAGE.jsonl is replaced only when its bytes differ, so a stage that
# makes no difference is the last one to run.

# $(call smelt_do_,server,dir,stage,STAGE,input,side outputs): the recipe
smelt_do_ = @$(if $(smelt_why_),echo $(call smelt_quote_,$(call \
	smelt_reason_,$(1),$(3),$(2)/$(3).jsonl $(6))),$(call \
	smelt_say_,$(1),$(3),$(2)/$(3).jsonl $(6),$(call \
	smelt_cmd_,$(1),$(2),$(3),$(4),)) && $(call smelt_lock_,$(2),$(2)/.$(3).[0-9]* \
	$(addsuffix .??????,$(patsubst %/server/smelt.json,%/server,$(filter-out \
	%/dist/VERIFY.txt,$(6)))))t=$(2)/.$(3).$$$$ && \
	trap 'rm -f $$t.*' EXIT && trap 'exit 130' HUP INT TERM && \
	printf '%s\n' $(call smelt_quote_,$(call \
	smelt_cmd_,$(1),$(2),$(3),$(4),)) >$$t.key && $(call \
	smelt_cmd_,$(1),$(2),$(3),$(4),$(smelt_q_)) <$(5) >$$t.out && if [ -f \
	$(2)/$(3).jsonl ] && cmp -s $$t.out $(2)/$(3).jsonl; then rm -f $$t.out; else mv -f $$t.out \
	$(2)/$(3).jsonl; fi && mv -f $$t.key $@ && trap - EXIT)

# $(call smelt_stage_,server,dir,stage,STAGE,input,side outputs,more inputs)
define smelt_stage_
$(2)/$(3).key: $(if $(call smelt_differ_,$(file <$(2)/$(3).key),$(call \
	smelt_cmd_,$(1),$(2),$(3),$(4),))$(filter-out $(wildcard \
	$(2)/$(3).jsonl $(6)),$(2)/$(3).jsonl $(6)),smelt-force_) $(filter-out \
	/dev/null,$(5)) $(smelt_bin_)/smelt-$(3) $(smelt_know_$(3)_) $(7)
	$$(call smelt_do_,$(1),$(2),$(3),$(4),$(5),$(6))
$(2)/$(3).jsonl $(6): $(2)/$(3).key ;
endef

# The verdict of a gate, apart from its scan.  Red removes what an earlier
# green run signed.  $(call smelt_judge_,server,dir,stage,command)
smelt_judge_ = @$(if $(smelt_why_),echo $(call smelt_quote_,$(call \
	smelt_reason_,$(1),$(3).ok,)),$(4) $(smelt_q_) $(2)/$(3).jsonl || { s=$$?; \
	rm -rf $@ $(2)/attest.key $(2)/attest.jsonl $(2)/dist; exit $$s; }; : >$@)
# $(call smelt_verdict_,server,dir,stage,command,more inputs)
define smelt_verdict_
$(2)/$(3).ok: $(2)/$(3).jsonl $(5)
	$$(call smelt_judge_,$(1),$(2),$(3),$(4))
endef

# What is wrong with the OpenAPI documents of a source: made when it is asked
# for, and not of URLs, which are read once.  $(call smelt_lint_,server,dir)
smelt_lint_ = @$(if $(smelt_why_),echo $(call smelt_quote_,$(call \
	smelt_reason_,$(1),lint,)),$(call smelt_say_,$(1),lint,,$(call \
	smelt_cmd_,$(1),$(2),intake,INTAKE,-q -o /dev/null --sarif $@)) && $(call \
	smelt_cmd_,$(1),$(2),intake,INTAKE,-q -o /dev/null --sarif $@) </dev/null)
smelt_linted_ := $(filter-out $(smelt_remote_),$(smelt_servers_))

# --- what a stage is given ---------------------------------------------------
#
# The text of the source and what identifies it (revision, digest) are kept from
# stages that do not read them, so that a comment or a commit that changes no
# tool does not run them.  STAGE.in is the artifact before without file records
# and with a short source record; for stages that do read them, with the records
# of intake put back.  It is replaced only when its bytes differ; STAGE.cut has
# the time when that was looked at.

# $(call smelt_short_,artifact)
smelt_short_ = sed -e '/^{"kind":"file"/d' -e \
	'/^{"kind":"source"/s/,"\(revision\|dirty\|digest\)":.*/}/' $(1)
# $(call smelt_rest_,artifact): without header, source and files
smelt_rest_ = sed -e 1d -e '/^{"kind":"\(source\|file\)"/d' $(1)
# $(call smelt_pick_,kinds,artifact)
smelt_pick_ = { grep '^{"kind":"\($(1)\)"' $(2) || :; }
# Functions that are called in process travel with the server.
smelt_view_tooldef_ = $(call smelt_short_,$(1)/ast.jsonl)
smelt_view_codegen_ = sed -n 1p $(1)/tooldef.jsonl; $(call \
	smelt_pick_,source,$(1)/tooldef.jsonl); if grep -q \
	'"binding":{"type":"python"' $(1)/tooldef.jsonl; then $(call \
	smelt_pick_,file,$(1)/intake.jsonl); fi; $(call \
	smelt_rest_,$(1)/tooldef.jsonl)
smelt_view_gate1_ = sed -n 1p $(1)/codegen.jsonl; $(call \
	smelt_pick_,source\|file,$(1)/intake.jsonl); $(call \
	smelt_rest_,$(1)/codegen.jsonl)
smelt_view_gate2_ = $(call smelt_short_,$(1)/gate1.jsonl)
smelt_view_attest_ = sed -n 1p $(1)/score.jsonl; $(call \
	smelt_pick_,source,$(1)/intake.jsonl); $(call \
	smelt_rest_,$(1)/score.jsonl)
# $(call smelt_look_,dir,stage): the recipe
smelt_look_ = @$(if $(smelt_why_),:,$(call smelt_lock_,$(1),$(1)/.$(2).[0-9]*) \
	t=$(1)/.$(2).$$$$.in; { $(call smelt_view_$(2)_,$(1)); } >$$t && if cmp -s \
	$$t $(1)/$(2).in; then rm -f $$t; else mv -f $$t $(1)/$(2).in; fi && : >$@)
# $(call smelt_cut_,dir,stage,artifacts)
define smelt_cut_
$(1)/$(2).cut: $(3) $(if $(wildcard $(1)/$(2).in),,smelt-force_)
	$$(call smelt_look_,$(1),$(2))
$(1)/$(2).in: $(1)/$(2).cut ;
endef

# --- one server --------------------------------------------------------------

# $(call smelt_server_,server,dir)
define smelt_server_
$(if $(filter $(1),$(smelt_late_)),,$(2)/source.key: $(smelt_out_)/.keys ;)
$(call smelt_stage_,$(1),$(2),intake,INTAKE,/dev/null,,$(2)/source.key $(call \
	smelt_docs_,$(1)) $(call smelt_get_,$(1),OVERLAY))
$(2)/intake.sarif: $(2)/intake.key $(smelt_know_lint_)
	$$(call smelt_lint_,$(1),$(2))
$(call smelt_stage_,$(1),$(2),ast,AST,$(2)/intake.jsonl,,)
$(call smelt_cut_,$(2),tooldef,$(2)/ast.jsonl)
$(call smelt_stage_,$(1),$(2),tooldef,TOOLDEF,$(2)/tooldef.in,$(2)/tools.json,$(call \
	smelt_get_,$(1),CONFIG))
$(call smelt_cut_,$(2),codegen,$(2)/tooldef.jsonl $(2)/intake.jsonl)
$(call smelt_stage_,$(1),$(2),codegen,CODEGEN,$(2)/codegen.in,$(2)/server/smelt.json,)
$(call smelt_cut_,$(2),gate1,$(2)/codegen.jsonl $(2)/intake.jsonl)
$(call smelt_stage_,$(1),$(2),gate1,GATE1,$(2)/gate1.in,$(2)/gate1.sarif,$(call \
	smelt_get_,$(1),POLICY) $(call smelt_get_,$(1),WAIVERS) $(call \
	smelt_get_,$(1),OSV))
$(call smelt_cut_,$(2),gate2,$(2)/gate1.jsonl)
$(call smelt_stage_,$(1),$(2),gate2,GATE2,$(2)/gate2.in,$(2)/gate2.sarif,$(call \
	smelt_get_,$(1),POLICY) $(call smelt_get_,$(1),WAIVERS))
$(call smelt_stage_,$(1),$(2),score,SCORE,$(2)/gate2.jsonl,$(2)/report.html,)
$(call smelt_cut_,$(2),attest,$(2)/score.jsonl $(2)/intake.jsonl)
$(call smelt_stage_,$(1),$(2),attest,ATTEST,$(2)/attest.in,$(2)/dist/VERIFY.txt,$(call \
	smelt_sign_,$(1)) | $(2)/gate1.ok $(2)/gate2.ok $(2)/score.ok)
$(call smelt_verdict_,$(1),$(2),gate1,$(smelt_bin_)/smelt-gate1 --verdict,)
$(call smelt_verdict_,$(1),$(2),gate2,$(smelt_bin_)/smelt-gate2 --verdict,)
$(call smelt_verdict_,$(1),$(2),score,$(smelt_bin_)/smelt-score $(call \
	smelt_opt_,$(1),MIN_GRADE,--min-grade) -o /dev/null,$(2)/score.key)
smelt.$(1): $(2)/attest.jsonl $(2)/dist/VERIFY.txt
endef

.PHONY: $(addprefix smelt.,$(smelt_servers_))
$(foreach s_,$(smelt_servers_),$(eval $(call \
	smelt_server_,$(s_),$(smelt_out_)/$(s_))))
smelt: $(addprefix smelt.,$(smelt_servers_))

# --- sources -----------------------------------------------------------------

# $(call smelt_source_key_,dir,key): what the intake of a server depends on
smelt_source_key_ = f=$(1)/source.key; old=; [ ! -f $$f ] || read -r old <$$f; \
	[ "$$old" = "$(2)" ] || printf '%s\n' "$(2)" >$$f
smelt_dirs_ := $(addprefix $(smelt_out_)/,$(smelt_servers_))
# The directories; no source that lies around them holds what we make there, but
# its key has the names that are left out: so none of ours comes later.
smelt_mkdir_ := $(if $(filter-out $(wildcard $(smelt_dirs_) \
	$(smelt_out_)/.gitignore),$(smelt_dirs_) $(smelt_out_)/.gitignore),mkdir \
	-p $(smelt_dirs_) && : >>$(smelt_out_)/.keys && : \
	>>$(smelt_out_)/.servers && printf '*\n' >$(smelt_out_)/.gitignore &&)
# All that is looked at, and beside it whose each is: a key of several is the
# keys of all.
smelt_all_ := $(foreach s_,$(smelt_local_),$(call smelt_here_are_,$(s_)))
smelt_whose_ := $(foreach s_,$(smelt_local_),$(foreach o_,$(call \
	smelt_here_are_,$(s_)),$(s_)))
smelt_words_ := $(foreach o_,$(smelt_all_),$(call smelt_quote_,$(o_)))
smelt_keys_ = $(smelt_bin_)/smelt-intake --key --key-cache \
	$(smelt_out_)/.key-cache -o $$new -- $(smelt_words_)

# A file may have a rule; directories are as they are.
smelt_file_ = $(if $(wildcard $(1)/.),,$(1))
# One process finds out which sources changed (content, not times).  When one
# can not be read each is asked alone, and the intake of the bad one will fail.
smelt_each_key_ = for s in $(smelt_words_); do $(smelt_bin_)/smelt-intake \
	--key -- "$$s" 2>/dev/null || echo unreadable; done
# Something when servers have come or a key has gone: no comparison then.
smelt_anew_ := $(call smelt_differ_,$(file <$(smelt_out_)/.servers),$(strip \
	$(smelt_local_) : $(smelt_remote_)))$(filter-out $(wildcard $(addsuffix \
	/source.key,$(smelt_dirs_))),$(addsuffix /source.key,$(smelt_dirs_)))
$(smelt_out_)/.keys: smelt-force_ $(filter \
	smelt-refresh,$(smelt_goals_)) $(if $(smelt_why_),,| $(foreach \
	o_,$(smelt_all_),$(call smelt_file_,$(o_))))
	@$(smelt_mkdir_) new=$@.$$$$; $(if $(smelt_local_),$(smelt_keys_) \
	2>/dev/null || { $(smelt_each_key_); } >$$new,: >$$new); $(if \
	$(smelt_anew_),,cmp -s $@ $$new ||) { set -- $(smelt_whose_); k=; while \
	read -r key rest; do k=$$k$$key; if [ "$${2-}" = "$$1" ]; then k=$$k,; else \
	$(call smelt_source_key_,$(smelt_out_)/$$1,$$k); k=; fi; shift; \
	done <$$new; $(if $(smelt_remote_),for s in $(smelt_remote_); do $(call \
	smelt_source_key_,$(smelt_out_)/$$s,url); done;) printf '%s\n' \
	'$(strip $(smelt_local_) : $(smelt_remote_))' >$(smelt_out_)/.servers; }; \
	mv -f $$new $@

# $(call smelt_made_,server,dir): the source is made by a rule outside
define smelt_made_
$(2)/source.key: smelt-force_ $(if $(smelt_why_),,| $(smelt_here_are_))
	@$$(smelt_mkdir_) new=$$$$($(smelt_bin_)/smelt-intake --key -- $(foreach \
		o_,$(smelt_here_are_),$(call smelt_quote_,$(o_))) 2>/dev/null) || \
		new=unreadable; new=$$$$(printf %s "$$$$new" | tr '\n' ,); \
		$$(call smelt_source_key_,$(2),$$$$new)
endef
$(foreach s_,$(smelt_late_),$(eval $(call \
	smelt_made_,$(s_),$(smelt_out_)/$(s_))))

ifeq ($(call smelt_var_,SMELT_KEY),)
$(smelt_home_):
	@mkdir -p $(@D) && echo 'smelt: no signing key: making $@'
	@$(smelt_bin_)/smelt-attest -q --gen-key $@ || test -f $@
endif

# --- targets -----------------------------------------------------------------

smelt_each_ = $(foreach s_,$(smelt_servers_),$(foreach f_,$(1),\
	$(smelt_out_)/$(s_)/$(f_)))
smelt-code: $(call smelt_each_,server/smelt.json)
smelt-gate: $(call smelt_each_,gate1.ok gate2.ok)
smelt-score: $(call smelt_each_,report.html score.ok)
smelt-sarif: $(call smelt_each_,gate1.sarif gate2.sarif) $(foreach \
	s_,$(smelt_linted_),$(smelt_out_)/$(s_)/intake.sarif)
smelt-sbom smelt-clients: $(call smelt_each_,dist/VERIFY.txt)
# Looks at the servers as they lie there: nothing is generated before.
smelt_checks_ := $(addprefix smelt-check_.,$(smelt_servers_))
.PHONY: $(smelt_checks_)
smelt-check: $(smelt_checks_)
# $(call smelt_check_rule_,server,dir)
define smelt_check_rule_
smelt-check_.$(1): $(2)/codegen.in
	@$(if $(smelt_why_),:,$(call smelt_cmd_,$(1),$(2),codegen,CODEGEN,--check \
		$(smelt_q_)) <$(2)/codegen.in)
endef
$(foreach s_,$(smelt_servers_),$(eval $(call \
	smelt_check_rule_,$(s_),$(smelt_out_)/$(s_))))
smelt-refresh:
	@rm -f $(addprefix $(smelt_out_)/,$(addsuffix \
		/source.key,$(smelt_urls_)))
smelt-why: smelt
smelt-clean:
	rm -rf $(smelt_dirs_) $(addprefix $(smelt_out_)/.,keys keys.[0-9]* \
		key-cache servers gitignore)
smelt-help:
	@sed -n '/^[^#]/q; s/^# \{0,1\}//p' $(smelt_here_)/smelt.mk
