#include "smelt-attest/verify.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/json.h"
#include "form/bundle.h"
#include "form/intoto.h"
#include "form/key.h"
#include "smelt-attest/predicate.h"

enum { GOOD = 0, NO = 1, TROUBLE = 2, KINDS = 4 };

struct kind {
	const char *suffix, *type;
};

static const struct kind kinds[KINDS] = {
	{ ".slsa.sigstore.json", INTOTO_SLSA },
	{ ".sbom.sigstore.json", INTOTO_CYCLONEDX },
	{ ".gates.sigstore.json", INTOTO_TEST_RESULT },
	{ ".score.sigstore.json", PREDICATE_SCORE }
};

static int
refuse(const char *file, const char *rule, const char *text)
{
	struct err err;

	err_at(&err, file, 0, 0, "%s", text);
	snprintf(err.rule, sizeof(err.rule), "%s", rule);
	diag_err(&err);
	return NO;
}

static int
trouble(const struct err *err)
{
	diag_err(err);
	return TROUBLE;
}

/* The gates' own statement must not say that a gate was red. */
static int
check_gates(const struct statement *st, const char *file)
{
	const struct json *result = json_get(st->predicate, "result");
	const struct json *failed = json_get(st->predicate, "failedTests");

	if (strcmp(st->type, INTOTO_TEST_RESULT) != 0)
		return GOOD;
	if ((json_str_is(result, "PASSED") || json_str_is(result, "WARNED")) &&
	    json_is(failed, JSON_ARRAY) && json_size(failed) == 0)
		return GOOD;
	return refuse(file, "verdict-red", "signed, but the gates did not "
		"pass");
}

static bool
known_type(const char *type)
{
	size_t i;

	for (i = 0; i < KINDS; i++)
		if (strcmp(kinds[i].type, type) == 0)
			return true;
	return false;
}

/* Read, verify and parse one bundle.  GOOD: st is the caller's to release. */
static int
open_bundle(struct statement *st, const char *path, const struct key *key)
{
	struct bundle b;
	struct err err;
	struct str text;
	int rc = GOOD;

	str_init(&text, BUNDLE_MAX);
	if (io_read(path, &text, &err) < 0) {
		str_release(&text);
		return trouble(&err);
	}
	if (bundle_read(&b, str_s(&text), text.len, path, &err) < 0) {
		diag_err(&err);
		rc = NO;
	} else {
		if (bundle_verify(&b, key, path, &err) < 0 ||
		    statement_read(st, b.payload, b.payload_len, path,
			&err) < 0) {
			diag_err(&err);
			rc = NO;
		}
		bundle_release(&b);
	}
	str_release(&text);
	if (rc == GOOD && !known_type(st->type))
		rc = refuse(path, "predicate-type", "a predicate type that "
			"smelt does not make");
	else if (rc == GOOD)
		rc = check_gates(st, path);
	else
		return rc;
	if (rc != GOOD)
		statement_release(st);
	return rc;
}

static int
digest_file(const char *path, char hex[65])
{
	struct err err;
	struct str data;

	str_init(&data, IO_MAX);
	if (io_read(path, &data, &err) < 0) {
		str_release(&data);
		return trouble(&err);
	}
	sha256_hex(str_s(&data), data.len, hex);
	str_release(&data);
	return GOOD;
}

/* The file at path has that subject's digest. */
static int
check_file(const struct subject *subject, const char *path)
{
	char hex[65];
	int rc = digest_file(path, hex);

	if (rc == GOOD && strcmp(hex, subject->sha256) != 0)
		rc = refuse(path, "subject-mismatch", "not the bytes that "
			"were signed: the digest differs");
	return rc;
}

static int
verify_bundle(const char *path, const char *artifact, const struct key *key)
{
	const struct subject *subject;
	struct statement st;
	char hex[65];
	int rc;

	if (!artifact) {
		diag_error("--verify of a bundle needs the file that it is "
			"about: smelt-attest --verify BUNDLE --key KEY FILE");
		return TROUBLE;
	}
	rc = open_bundle(&st, path, key);
	if (rc != GOOD)
		return rc;
	rc = digest_file(artifact, hex);
	subject = statement_find(&st, hex);
	if (rc == GOOD && !subject)
		rc = refuse(artifact, "subject-mismatch",
			"not a subject of this bundle: no digest is its");
	if (rc == GOOD)
		diag_say("verified: %s is %s, %s", artifact, subject->name,
			st.type);
	statement_release(&st);
	return rc;
}

/* --- a directory ----------------------------------------------------------- */

struct seen {
	const char *dir;
	char *names[KINDS];		/* file names of the bundles */
	char *paths[KINDS];
	struct statement st[KINDS];
	size_t open;			/* of st */
};

static int
note_bundle(struct seen *s, const char *name)
{
	size_t i;

	for (i = 0; i < KINDS; i++)
		if (str_ends(name, kinds[i].suffix))
			break;
	if (i == KINDS)
		return refuse(name, "unknown-bundle", "a bundle of no kind "
			"that smelt makes");
	if (s->names[i])
		return refuse(name, "unknown-bundle", "a second bundle of "
			"one kind in this directory");
	s->names[i] = xstrdup(name);
	s->paths[i] = xasprintf("%s/%s", s->dir, name);
	return GOOD;
}

static int
find_bundles(struct seen *s)
{
	const struct dirent *entry;
	DIR *dir = opendir(s->dir);
	struct err err;
	int rc = GOOD;
	size_t i;

	if (!dir) {
		err_at(&err, s->dir, 0, 0, "cannot open: %s", strerror(errno));
		return trouble(&err);
	}
	while (rc == GOOD && (entry = readdir(dir)) != NULL)
		if (str_ends(entry->d_name, ".sigstore.json"))
			rc = note_bundle(s, entry->d_name);
	closedir(dir);
	for (i = 0; rc == GOOD && i < KINDS; i++)
		if (!s->names[i])
			rc = refuse(s->dir, "no-bundle",
				"one of the four bundles is missing: NAME."
				"{slsa,sbom,gates,score}.sigstore.json");
	return rc;
}

static bool
same_subjects(const struct statement *a, const struct statement *b)
{
	size_t i;

	if (a->nsubjects != b->nsubjects)
		return false;
	for (i = 0; i < a->nsubjects; i++)
		if (strcmp(a->subjects[i].name, b->subjects[i].name) != 0 ||
		    strcmp(a->subjects[i].sha256, b->subjects[i].sha256) != 0)
			return false;
	return true;
}

/* NAME is the same in front of all four suffixes. */
static bool
same_name(const struct seen *s, size_t i)
{
	size_t n = strlen(s->names[0]) - strlen(kinds[0].suffix);

	return strlen(s->names[i]) - strlen(kinds[i].suffix) == n &&
		memcmp(s->names[0], s->names[i], n) == 0;
}

static int
open_all(struct seen *s, const struct key *key)
{
	int rc;

	for (; s->open < KINDS; s->open++) {
		size_t i = s->open;

		if (!same_name(s, i))
			return refuse(s->paths[i], "unknown-bundle",
				"bundles of two servers in one directory");
		rc = open_bundle(&s->st[i], s->paths[i], key);
		if (rc != GOOD)
			return rc;
		if (strcmp(s->st[i].type, kinds[i].type) != 0 ||
		    !same_subjects(&s->st[0], &s->st[i])) {
			statement_release(&s->st[i]);
			return refuse(s->paths[i], "predicate-type", "says "
				"something else than its name, or of other "
				"files than its neighbours");
		}
	}
	return GOOD;
}

/* The signed predicate is the bill of materials that lies beside it. */
static int
check_sbom(const struct seen *s, const char *path)
{
	struct json_doc doc;
	struct err err;
	struct str text;
	bool same = false;

	str_init(&text, IO_MAX);
	if (io_read(path, &text, &err) < 0) {
		str_release(&text);
		return trouble(&err);
	}
	if (json_parse(&doc, str_s(&text), text.len, path, &err) == 0) {
		same = json_equal(json_root(&doc), s->st[1].predicate);
		json_release(&doc);
	}
	str_release(&text);
	return same ? GOOD : refuse(path, "subject-mismatch",
		"not the bill of materials that was signed");
}

static int
check_subject(const struct seen *s, const struct subject *subject,
	const char *artifact)
{
	char *path;
	int rc;

	if (strcmp(subject->name, "tools.json") == 0)
		return GOOD;	/* inside the archive */
	if (strchr(subject->name, '/') ||
	    !path_is_clean(subject->name, strlen(subject->name)))
		return refuse(s->paths[0], "subject-mismatch",
			"a subject that is not a file name");
	path = xasprintf("%s/%s", s->dir, subject->name);
	rc = check_file(subject, artifact && str_ends(subject->name,
		".tar.gz") ? artifact : path);
	if (rc == GOOD && str_ends(subject->name, ".cdx.json"))
		rc = check_sbom(s, path);
	free(path);
	return rc;
}

static int
check_subjects(const struct seen *s, const char *artifact)
{
	const struct statement *st = &s->st[0];
	bool archive = false, sbom = false, tools = false;
	size_t i;
	int rc = GOOD;

	for (i = 0; i < st->nsubjects; i++) {
		const char *name = st->subjects[i].name;

		archive |= str_ends(name, ".tar.gz");
		sbom |= str_ends(name, ".cdx.json");
		tools |= strcmp(name, "tools.json") == 0;
	}
	if (st->nsubjects != 3 || !archive || !sbom || !tools)
		return refuse(s->paths[0], "subject-mismatch", "the subjects "
			"are not an archive, tools.json and a bill of "
			"materials");
	for (i = 0; i < st->nsubjects && rc == GOOD; i++)
		rc = check_subject(s, &st->subjects[i], artifact);
	return rc;
}

/* What the gates did not look at is no part of "passed". */
static void
say_unscanned(const struct statement *gates)
{
	struct json_iter it;
	struct str names;

	str_init(&names, STR_LINE);
	for (json_each(&it, json_get(gates->predicate, "warnedTests"));
	    json_next(&it); )
		if (json_str(it.value) &&
		    str_ends(json_str(it.value), "/not-scanned"))
			str_addf(&names, "%s%.*s", names.len ? ", " : "",
				(int)(json_len(it.value) -
				strlen("/not-scanned")), json_str(it.value));
	if (names.len)
		diag_say("not scanned: %s", str_s(&names));
	str_release(&names);
}

static int
verify_dir(const char *dir, const char *artifact, const struct key *key)
{
	struct seen s = { .dir = dir };
	size_t i;
	int rc;

	rc = find_bundles(&s);
	if (rc == GOOD)
		rc = open_all(&s, key);
	if (rc == GOOD)
		rc = check_subjects(&s, artifact);
	if (rc == GOOD)
		diag_say("verified: %s, 4 statements, gates %s, grade %s",
			s.st[0].subjects[0].name,
			json_get_str(s.st[2].predicate, "result"),
			json_get_str(s.st[3].predicate, "grade") ?
			json_get_str(s.st[3].predicate, "grade") : "unknown");
	if (rc == GOOD)
		say_unscanned(&s.st[2]);
	for (i = 0; i < KINDS; i++) {
		if (i < s.open)
			statement_release(&s.st[i]);
		free(s.names[i]);
		free(s.paths[i]);
	}
	return rc;
}

int
verify(const char *what, const char *artifact, const struct key *key)
{
	struct err err;
	struct stat st;

	if (stat(what, &st) < 0) {
		err_at(&err, what, 0, 0, "cannot open: %s", strerror(errno));
		return trouble(&err);
	}
	if (S_ISDIR(st.st_mode))
		return verify_dir(what, artifact, key);
	return verify_bundle(what, artifact, key);
}
