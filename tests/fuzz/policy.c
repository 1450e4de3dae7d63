/*
 * form/policy, form/rule: any text as a policy, as waivers, as a rule pack.
 */
#include "base/err.h"
#include "form/policy.h"
#include "form/rule.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *path = fuzz_file(0, data, size);
	struct policy p = { 0 };
	struct rules rules = { 0 };
	struct err err;

	if (policy_load(&p, path, NULL, &err) == 0)
		policy_release(&p);
	p = (struct policy){ 0 };
	if (policy_load(&p, NULL, path, &err) == 0) {
		policy_set_day(&p, "2026-11-20", &err);
		policy_release(&p);
	}
	if (rules_load(&rules, "sast", path, &err) == 0)
		for (size_t i = 0; i < rules_count(&rules); i++) {
			const struct rule *r = rules_at(&rules, i);

			FUZZ_MUST(r->id && r->level && r->message);
			FUZZ_MUST(r->nargs <= RULE_ARGS);
			FUZZ_MUST(rules_get(&rules, r->id) == r);
		}
	rules_release(&rules);
	return 0;
}
