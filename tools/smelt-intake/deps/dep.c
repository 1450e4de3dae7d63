#include "smelt-intake/deps/dep.h"

#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "form/package.h"
#include "form/purl.h"
#include "smelt-intake/source.h"

struct dep *
dep_add(struct source *s, const char *ecosystem, const char *name,
	size_t name_len, const char *file)
{
	struct str normal;
	struct dep *d;

	str_init(&normal, STR_LINE);
	s->deps = vec_grow(s->deps, s->ndeps, &s->deps_cap, sizeof(*s->deps));
	d = &s->deps[s->ndeps++];
	memset(d, 0, sizeof(*d));
	d->ecosystem = ecosystem;
	if (strcmp(ecosystem, "PyPI") == 0)
		package_name(&normal, ecosystem, name, name_len);
	else
		str_add(&normal, name, name_len);
	d->name = str_detach(&normal);
	d->scope = "runtime";
	d->file = xstrdup(file);
	d->line = d->col = d->end_line = d->end_col = 1;
	return d;
}

void
dep_place(struct dep *d, unsigned line, unsigned col, unsigned end_line,
	unsigned end_col)
{
	d->line = line;
	d->col = col;
	d->end_line = end_line;
	d->end_col = end_col;
}

void
dep_set(char **field, const char *text, size_t len)
{
	free(*field);
	*field = text ? xstrndup(text, len) : NULL;
}

static void
add_hash(struct dep *d, char *text)
{
	size_t i;

	for (i = 0; i < d->nhashes; i++) {
		if (strcmp(d->hashes[i], text) == 0) {
			free(text);
			return;
		}
	}
	d->hashes = vec_grow(d->hashes, d->nhashes, &d->hashes_cap,
		sizeof(*d->hashes));
	d->hashes[d->nhashes++] = text;
}

static size_t
hash_size(const char *algorithm)
{
	if (strcmp(algorithm, "sha256") == 0)
		return 32;
	return strcmp(algorithm, "sha512") == 0 ? 64 : 0;
}

void
dep_hash_hex(struct dep *d, const char *algorithm, const char *hex,
	size_t len)
{
	size_t want = hash_size(algorithm), i;
	char *text;

	if (!want || len != want * 2)
		return;
	text = xasprintf("%s:%.*s", algorithm, (int)len, hex);
	for (i = strlen(algorithm) + 1; text[i]; i++) {
		text[i] = char_lower(text[i]);
		if (hex_digit(text[i]) < 0) {
			free(text);
			return;
		}
	}
	add_hash(d, text);
}

void
dep_hash_base64(struct dep *d, const char *algorithm, const char *text,
	size_t len)
{
	struct str raw, hex;

	str_init(&raw, STR_LINE);
	str_init(&hex, STR_LINE);
	if (base64_decode(&raw, text, len) == 0 &&
	    raw.len == hash_size(algorithm)) {
		hex_encode(&hex, str_s(&raw), raw.len);
		dep_hash_hex(d, algorithm, str_s(&hex), hex.len);
	}
	str_release(&raw);
	str_release(&hex);
}

void
dep_release(struct dep *d)
{
	size_t i;

	for (i = 0; i < d->nhashes; i++)
		free(d->hashes[i]);
	free(d->hashes);
	free(d->name);
	free(d->version);
	free(d->requirement);
	free(d->license);
	free(d->file);
}

static int
compare(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

int
dep_order(const void *pa, const void *pb)
{
	const struct dep *a = pa, *b = pb;
	int c;

	if ((c = compare(a->ecosystem, b->ecosystem)) != 0 ||
	    (c = compare(a->name, b->name)) != 0 ||
	    (c = compare(a->version, b->version)) != 0 ||
	    (c = compare(a->file, b->file)) != 0)
		return c;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	if (a->col != b->col)
		return a->col < b->col ? -1 : 1;
	if ((c = compare(a->requirement, b->requirement)) != 0)
		return c;
	return compare(a->scope, b->scope);
}

void
dep_record(struct str *out, const struct dep *d)
{
	struct loc loc = { d->file, d->line, d->col, d->end_line,
		d->end_col };
	struct str purl;
	struct emit e;

	str_init(&purl, STR_RECORD);
	purl_write(&purl, purl_type(d->ecosystem), d->name, d->version);
	emit_init(&e, out);
	emit_object(&e);
	emit_pair(&e, "kind", "dep");
	emit_pair(&e, "ecosystem", d->ecosystem);
	emit_pair(&e, "name", d->name);
	emit_pair(&e, "version", d->version && *d->version ? d->version :
		NULL);
	emit_pair(&e, "requirement", d->requirement);
	emit_pair(&e, "purl", str_s(&purl));
	emit_pair(&e, "scope", d->scope);
	emit_pair_bool(&e, "direct", d->direct);
	emit_pair_list(&e, "hashes", (const char *const *)d->hashes,
		d->nhashes);
	emit_pair(&e, "license", d->license);
	emit_pair_loc(&e, "loc", &loc);
	emit_end(&e);
	str_release(&purl);
}
