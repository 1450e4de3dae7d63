#include "smelt-attest/seal.h"

#include <stdbool.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/document.h"
#include "data/emit.h"
#include "data/json.h"
#include "data/stage.h"
#include "form/bundle.h"
#include "form/intoto.h"
#include "form/key.h"
#include "smelt-attest/artifact.h"
#include "smelt-attest/clients.h"
#include "smelt-attest/inventory.h"
#include "smelt-attest/outdir.h"
#include "smelt-attest/predicate.h"
#include "smelt-attest/tarball.h"

enum { SUBJECTS = 3, BUNDLES = 4 };

struct job {
	struct outdir *out;
	const struct artifact *a;
	const struct seal_request *req;
	char tar[65];			/* digest of the uncompressed archive */
	struct subject subjects[SUBJECTS];
	const char *names[BUNDLES + 1];	/* of the bundles */
};

static const char *const kinds[BUNDLES] = { "slsa", "sbom", "gates", "score" };

static const char *
add(struct job *j, const char *name, const struct str *data)
{
	outdir_add(j->out, name, data);
	return j->out->files[j->out->n - 1].sha256;
}

static void
set_subject(struct job *j, size_t i, const char *name, const char *sha256)
{
	j->subjects[i].name = name;
	memcpy(j->subjects[i].sha256, sha256, 65);
}

static int
put_archive(struct job *j, struct err *err)
{
	struct arena *arena = j->a->arena;
	const char *root = arena_printf(arena, "%s-%s", j->a->name,
		j->a->version);
	const char *name = arena_printf(arena, "%s.tar.gz", root);
	struct str data;
	int rc;

	str_init(&data, STR_RECORD);
	rc = tarball_make(&data, j->a, root, j->req->time, j->tar, err);
	if (rc == 0)
		set_subject(j, 0, name, add(j, name, &data));
	str_release(&data);
	return rc;
}

static int
put_sbom(struct job *j, struct err *err)
{
	const char *name = arena_printf(j->a->arena, "%s.cdx.json",
		j->a->name);
	struct inventory_request req = {
		.author = j->req->author, .supplier = j->req->supplier,
		.time = j->req->time, .archive = j->subjects[0].name,
		.archive_sha256 = j->subjects[0].sha256,
		.attestations = j->names
	};
	struct document packages;
	struct str table, text;
	int rc;

	str_init(&table, STR_RECORD);
	str_init(&text, STR_RECORD);
	rc = document_share(&packages, &table, "components.yaml", err);
	if (rc == 0) {
		req.packages = json_get(document_root(&packages), "packages");
		rc = inventory_make(&text, j->a, &req, err);
		document_release(&packages);
	}
	if (rc == 0)
		set_subject(j, 2, name, add(j, name, &text));
	str_release(&table);
	str_release(&text);
	return rc;
}

static const char *
predicate(struct job *j, size_t kind, struct str *out)
{
	const struct outdir_file *sbom = outdir_find(j->out,
		j->subjects[2].name);

	switch (kind) {
	case 0:
		predicate_slsa(out, j->a, j->req->builder, j->tar);
		return INTOTO_SLSA;
	case 1:
		str_add(out, sbom->data, sbom->len - 1);
		return INTOTO_CYCLONEDX;
	case 2:
		predicate_gates(out, j->a);
		return INTOTO_TEST_RESULT;
	default:
		predicate_score(out, j->a);
		return PREDICATE_SCORE;
	}
}

/* Signatures are random: one that holds is kept, so that nothing changes. */
static bool
keep_current(struct job *j, const char *name, const struct str *statement)
{
	struct bundle b;
	struct err ignored;
	struct str text;
	bool same = false;

	str_init(&text, BUNDLE_MAX);
	if (outdir_current(j->out, name, &text) == 0 &&
	    bundle_read(&b, str_s(&text), text.len, name, &ignored) == 0) {
		same = b.payload_len == statement->len &&
			memcmp(b.payload, statement->buf, b.payload_len) == 0 &&
			bundle_verify(&b, j->req->key, name, &ignored) == 0;
		bundle_release(&b);
	}
	if (same)
		outdir_add(j->out, name, &text);
	str_release(&text);
	return same;
}

static int
put_bundle(struct job *j, size_t kind, struct err *err)
{
	struct str about, statement, text;
	struct bundle b;
	const char *type;
	int rc = 0;

	str_init(&about, STR_RECORD);
	str_init(&statement, STR_RECORD);
	str_init(&text, BUNDLE_MAX);
	type = predicate(j, kind, &about);
	statement_write(&statement, type, j->subjects, SUBJECTS, &about);
	if (!keep_current(j, j->names[kind], &statement)) {
		bundle_sign(&b, j->req->key, statement.buf, statement.len);
		bundle_write(&b, &text);
		bundle_release(&b);
		rc = str_over(&text) ? err_set(err, "%s would be larger than "
			"%zu bytes", j->names[kind], BUNDLE_MAX) : 0;
		if (rc == 0)
			outdir_add(j->out, j->names[kind], &text);
	}
	str_release(&about);
	str_release(&statement);
	str_release(&text);
	return rc;
}

static void
put_key(struct job *j)
{
	static const char root[] = "{\"mediaType\":\"application/vnd.dev."
		"sigstore.trustedroot+json;version=0.1\"}\n";
	struct str text;

	str_init(&text, STR_LINE);
	key_public_pem(j->req->key, &text);
	outdir_add(j->out, "smelt.pub", &text);
	str_clear(&text);
	str_puts(&text, root);
	outdir_add(j->out, "trusted_root.json", &text);
	str_release(&text);
}

/* VERIFY.txt is a template of three words, all of them file names. */
static int
put_recipe(struct job *j, struct err *err)
{
	struct str from, to;
	const char *p, *at;
	int rc;

	str_init(&from, STR_LINE);
	str_init(&to, STR_LINE);
	rc = io_read_share(j->req->key ? "clients/VERIFY.txt" :
		"clients/UNSIGNED.txt", &from, err);
	for (p = str_s(&from); rc == 0 && (at = strchr(p, '@')) != NULL; ) {
		str_add(&to, p, (size_t)(at - p));
		if (str_starts(at, "@NAME@"))
			str_puts(&to, j->a->name);
		else if (str_starts(at, "@ARCHIVE@"))
			str_puts(&to, j->subjects[0].name);
		else
			str_putc(&to, '@');
		p = at + 1;
		if (str_starts(at, "@NAME@") || str_starts(at, "@ARCHIVE@"))
			p = strchr(p, '@') + 1;
	}
	if (rc == 0) {
		str_puts(&to, p);
		outdir_add(j->out, "VERIFY.txt", &to);
	}
	str_release(&from);
	str_release(&to);
	return rc;
}

int
seal(struct outdir *out, const struct artifact *a,
	const struct seal_request *req, struct err *err)
{
	struct job j = { .out = out, .a = a, .req = req };
	size_t i;

	for (i = 0; req->key && i < BUNDLES; i++)
		j.names[i] = arena_printf(a->arena, "%s.%s.sigstore.json",
			a->name, kinds[i]);
	if (put_archive(&j, err) < 0)
		return -1;
	set_subject(&j, 1, "tools.json",
		artifact_file(a, "tools.json")->sha256);
	if (put_sbom(&j, err) < 0)
		return -1;
	for (i = 0; req->key && i < BUNDLES; i++)
		if (put_bundle(&j, i, err) < 0)
			return -1;
	if (req->key)
		put_key(&j);
	if (put_recipe(&j, err) < 0)
		return -1;
	return clients_make(out, a, req->server_dir, err);
}

static void
put_record(struct stage *s, const struct outdir_file *f)
{
	struct statement st;
	struct bundle b;
	struct err ignored;
	struct str line;
	struct emit e;
	size_t i;

	if (bundle_read(&b, f->data, f->len, f->name, &ignored) < 0)
		return;
	if (statement_read(&st, b.payload, b.payload_len, f->name,
	    &ignored) == 0) {
		str_init(&line, STR_RECORD);
		emit_init(&e, &line);
		emit_object(&e);
		emit_pair(&e, "kind", "attestation");
		emit_pair(&e, "file", f->name);
		emit_pair(&e, "sha256", f->sha256);
		emit_pair(&e, "predicateType", st.type);
		emit_key(&e, "subjects");
		emit_array(&e);
		for (i = 0; i < st.nsubjects; i++) {
			emit_object(&e);
			emit_pair(&e, "name", st.subjects[i].name);
			emit_pair(&e, "sha256", st.subjects[i].sha256);
			emit_end(&e);
		}
		emit_end(&e);
		emit_end(&e);
		stage_put(s, &line);
		str_release(&line);
		statement_release(&st);
	}
	bundle_release(&b);
}

void
seal_records(struct stage *s, const struct outdir *out)
{
	size_t i;

	for (i = 0; i < out->n; i++)
		if (str_ends(out->files[i].name, ".sigstore.json"))
			put_record(s, &out->files[i]);
}
