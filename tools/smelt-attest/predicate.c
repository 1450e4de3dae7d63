#include "smelt-attest/predicate.h"

#include <string.h>

#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-attest/artifact.h"

static const char *
bare_digest(const char *digest)
{
	if (digest && str_starts(digest, "sha256:"))
		return digest + strlen("sha256:");
	return digest;
}

static void
put_digest(struct emit *e, const char *digest)
{
	emit_key(e, "digest");
	emit_object(e);
	emit_pair(e, "sha256", bare_digest(digest));
	emit_end(e);
}

static void
put_source(struct emit *e, const struct json *source)
{
	emit_key(e, "source");
	emit_object(e);
	emit_pair_json(e, "type", json_get(source, "type"));
	emit_pair_json(e, "location", json_get(source, "location"));
	emit_pair_json(e, "entry", json_get(source, "entry"));
	emit_pair_json(e, "entries", json_get(source, "entries"));
	emit_pair_json(e, "revision", json_get(source, "revision"));
	emit_pair_json(e, "dirty", json_get(source, "dirty"));
	emit_end(e);
}

/* smeltTree is over paths and digests of the files: no plain sha256. */
static void
put_source_digest(struct emit *e, const struct json *source)
{
	emit_key(e, "digest");
	emit_object(e);
	emit_pair_json(e, "gitCommit", json_get(source, "revision"));
	emit_pair(e, "smeltTree",
		bare_digest(json_get_str(source, "digest")));
	emit_end(e);
}

static void
put_definition(struct emit *e, const struct artifact *a)
{
	const struct json *source = records_at(&a->source, 0);

	emit_key(e, "buildDefinition");
	emit_object(e);
	emit_pair(e, "buildType", BUILD_TYPE);
	emit_key(e, "externalParameters");
	emit_object(e);
	emit_pair(e, "name", a->name);
	emit_pair(e, "target", a->target);
	put_source(e, source);
	emit_end(e);
	emit_key(e, "internalParameters");
	emit_object(e);
	emit_pair_json(e, "chain", records_at(&a->chain, 0));
	emit_end(e);
	emit_key(e, "resolvedDependencies");
	emit_array(e);
	emit_object(e);
	emit_pair(e, "name", "source");
	put_source_digest(e, source);
	emit_end(e);
	emit_end(e);
	emit_end(e);
}

void
predicate_slsa(struct str *out, const struct artifact *a, const char *builder,
	const char *tar)
{
	struct emit e;

	emit_init(&e, out);
	emit_object(&e);
	put_definition(&e, a);
	emit_key(&e, "runDetails");
	emit_object(&e);
	emit_key(&e, "builder");
	emit_object(&e);
	emit_pair(&e, "id", builder);
	emit_key(&e, "version");
	emit_object(&e);
	emit_pair(&e, "smelt", SMELT_VERSION);
	emit_end(&e);
	emit_end(&e);
	emit_key(&e, "byproducts");
	emit_array(&e);
	emit_object(&e);
	emit_pair(&e, "name", "uncompressed archive");
	put_digest(&e, tar);
	emit_end(&e);
	emit_end(&e);
	emit_end(&e);
	emit_end(&e);
}

/* Name of one scanner's or tool's outcome: "gate1/sast". */
static void
put_name(struct emit *e, const char *stage, const char *what,
	const char *name, const char *suffix)
{
	struct str text;

	str_init(&text, STR_LINE);
	str_addf(&text, "%s/%s%s%s", stage ? stage : "", what,
		name ? name : "", suffix);
	emit_str(e, str_s(&text));
	str_release(&text);
}

/*
 * The outcomes of one kind over both verdicts.  A scanner did its work or did
 * not; what it found is in the gate's own result.
 */
static void
put_outcomes(struct emit *e, const struct artifact *a, const char *key,
	const char *result)
{
	bool warn = strcmp(result, "warn") == 0;
	struct json_iter it;
	size_t i;

	emit_key(e, key);
	emit_array(e);
	for (i = 0; i < a->verdicts.n; i++) {
		const struct json *v = records_at(&a->verdicts, i);
		const char *stage = json_get_str(v, "stage");

		if (json_str_is(json_get(v, "result"), result))
			put_name(e, stage, "verdict", NULL, "");
		for (json_each(&it, json_get(v, "tools")); json_next(&it); )
			if (json_str_is(json_get(it.value, "result"), result))
				put_name(e, stage, "tool/",
					json_get_str(it.value, "name"), "");
		for (json_each(&it, json_get(v, "scanned"));
		    warn && json_next(&it); )
			if (!json_str_is(json_get(it.value, "status"),
			    "scanned"))
				put_name(e, stage, "",
					json_get_str(it.value, "scanner"),
					"/not-scanned");
	}
	emit_end(e);
}

static void
put_configuration(struct emit *e, const struct artifact *a)
{
	struct json_iter it;
	struct str name;
	size_t i;

	emit_key(e, "configuration");
	emit_array(e);
	for (i = 0; i < a->verdicts.n; i++) {
		const struct json *v = records_at(&a->verdicts, i);

		str_init(&name, STR_LINE);
		str_addf(&name, "policy of %s", json_get_str(v, "stage"));
		emit_object(e);
		emit_pair(e, "name", str_s(&name));
		put_digest(e, json_get_str(v, "policy"));
		emit_end(e);
		str_release(&name);
	}
	for (json_each(&it, records_at(&a->chain, 0)); json_next(&it); ) {
		const char *tool = json_get_str(it.value, "tool");

		if (!tool || !str_starts(tool, "smelt-gate"))
			continue;
		str_init(&name, STR_LINE);
		str_addf(&name, "rules and options of %s", tool);
		emit_object(e);
		emit_pair(e, "name", str_s(&name));
		put_digest(e, json_get_str(it.value, "config"));
		emit_end(e);
		str_release(&name);
	}
	emit_end(e);
}

static bool
warned(const struct artifact *a)
{
	size_t i;

	for (i = 0; i < a->verdicts.n; i++)
		if (json_str_is(json_get(records_at(&a->verdicts, i),
		    "result"), "warn"))
			return true;
	return false;
}

void
predicate_gates(struct str *out, const struct artifact *a)
{
	struct emit e;

	emit_init(&e, out);
	emit_object(&e);
	emit_pair(&e, "result", warned(a) ? "WARNED" : "PASSED");
	put_configuration(&e, a);
	put_outcomes(&e, a, "passedTests", "pass");
	put_outcomes(&e, a, "warnedTests", "warn");
	put_outcomes(&e, a, "failedTests", "fail");
	emit_end(&e);
}

static void
put_marks(struct emit *e, const char *key, const struct json *list)
{
	struct json_iter it;

	emit_key(e, key);
	emit_array(e);
	for (json_each(&it, list); json_next(&it); ) {
		emit_object(e);
		emit_pair_json(e, "id", json_get(it.value, "id"));
		emit_pair_json(e, "score", json_get(it.value, "score"));
		emit_pair_json(e, "grade", json_get(it.value, "grade"));
		emit_end(e);
	}
	emit_end(e);
}

void
predicate_score(struct str *out, const struct artifact *a)
{
	const struct json *grade = records_at(&a->grades, 0);
	struct emit e;

	emit_init(&e, out);
	emit_object(&e);
	emit_pair_json(&e, "score", json_get(grade, "score"));
	emit_pair_json(&e, "grade", json_get(grade, "grade"));
	emit_pair_json(&e, "potential", json_get(grade, "potential"));
	put_marks(&e, "dimensions", json_get(grade, "dimensions"));
	put_marks(&e, "security", json_get(grade, "security"));
	emit_pair_json(&e, "cutoffs", json_get(grade, "cutoffs"));
	emit_end(&e);
}
