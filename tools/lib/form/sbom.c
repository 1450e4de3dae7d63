#include "form/sbom.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/diag.h"
#include "base/enc.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"

/* namespace of our serial numbers, a random UUID of our own */
static const unsigned char serials[16] = {
	0x32, 0x2d, 0x6d, 0xa3, 0xd5, 0x73, 0x45, 0x64,
	0xaf, 0xcc, 0x50, 0xc7, 0x05, 0x26, 0x36, 0x73
};

void
uuid_v5(const unsigned char ns[16], const void *name, size_t n, char out[37])
{
	unsigned char d[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	struct str hex;

	if (!ctx || EVP_DigestInit_ex(ctx, EVP_sha1(), NULL) != 1 ||
	    EVP_DigestUpdate(ctx, ns, 16) != 1 ||
	    EVP_DigestUpdate(ctx, name, n) != 1 ||
	    EVP_DigestFinal_ex(ctx, d, NULL) != 1)
		die("cannot compute SHA-1");
	EVP_MD_CTX_free(ctx);
	d[6] = (unsigned char)((d[6] & 0x0f) | 0x50);
	d[8] = (unsigned char)((d[8] & 0x3f) | 0x80);
	str_init(&hex, STR_LINE);
	hex_encode(&hex, d, 16);
	snprintf(out, 37, "%.8s-%.4s-%.4s-%.4s-%.12s", hex.buf, hex.buf + 8,
		hex.buf + 12, hex.buf + 16, hex.buf + 20);
	str_release(&hex);
}

bool
spdx_is_id(const char *license)
{
	static const char set[] = "abcdefghijklmnopqrstuvwxyz"
		"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-+";

	return *license && license[strspn(license, set)] == '\0' &&
		strlen(license) < 64;
}

/* The next word of an expression: "(", ")" or a run of other characters. */
static size_t
word(const char **p)
{
	*p += strspn(*p, " ");
	if (**p == '(' || **p == ')')
		return 1;
	return strcspn(*p, " ()");
}

static bool
is_operand(const char *p, size_t n)
{
	char id[64];

	if (n == 0 || n >= sizeof(id))
		return false;
	memcpy(id, p, n);
	id[n] = '\0';
	return spdx_is_id(id) && !mem_is(p, n, "AND") && !mem_is(p, n, "OR") &&
		!mem_is(p, n, "WITH");
}

bool
spdx_is_expression(const char *license)
{
	bool operand = true;	/* wanted next */
	int depth = 0;
	size_t n;

	for (n = word(&license); n; license += n, n = word(&license)) {
		if (operand && *license == '(') {
			depth++;
		} else if (!operand && *license == ')') {
			if (--depth < 0)
				return false;
		} else if (operand) {
			if (!is_operand(license, n))
				return false;
			operand = false;
		} else if (mem_is(license, n, "AND") ||
		    mem_is(license, n, "OR") || mem_is(license, n, "WITH")) {
			operand = true;
		} else {
			return false;
		}
	}
	return !operand && depth == 0;
}

static void
put_license(struct emit *e, const char *license)
{
	if (!license || !*license)
		return;
	emit_key(e, "licenses");
	emit_array(e);
	emit_object(e);
	if (!spdx_is_id(license) && spdx_is_expression(license)) {
		emit_pair(e, "expression", license);
	} else {
		emit_key(e, "license");
		emit_object(e);
		emit_pair(e, spdx_is_id(license) ? "id" : "name", license);
		emit_end(e);
	}
	emit_end(e);
	emit_end(e);
}

static void
put_supplier(struct emit *e, const char *name)
{
	if (!name)
		return;
	emit_key(e, "supplier");
	emit_object(e);
	emit_pair(e, "name", name);
	emit_end(e);
}

static void
put_hash(struct emit *e, const char *alg, const char *hex)
{
	emit_object(e);
	emit_pair(e, "alg", alg);
	emit_pair(e, "content", hex);
	emit_end(e);
}

static void
put_hashes(struct emit *e, const struct sbom_component *c)
{
	size_t i;

	if (!c->nhashes)
		return;
	emit_key(e, "hashes");
	emit_array(e);
	for (i = 0; i < c->nhashes; i++)
		put_hash(e, c->hashes[i].alg, c->hashes[i].hex);
	emit_end(e);
}

static void
put_links(struct emit *e, const struct sbom_component *c)
{
	size_t i;

	if (!c->nlinks)
		return;
	emit_key(e, "externalReferences");
	emit_array(e);
	for (i = 0; i < c->nlinks; i++) {
		emit_object(e);
		emit_pair(e, "url", c->links[i].url);
		emit_pair(e, "type", c->links[i].type);
		if (c->links[i].sha256) {
			emit_key(e, "hashes");
			emit_array(e);
			put_hash(e, "SHA-256", c->links[i].sha256);
			emit_end(e);
		}
		emit_end(e);
	}
	emit_end(e);
}

static void
put_properties(struct emit *e, const struct sbom_component *c)
{
	size_t i;

	if (!c->nproperties)
		return;
	emit_key(e, "properties");
	emit_array(e);
	for (i = 0; i < c->nproperties; i++) {
		emit_object(e);
		emit_pair(e, "name", c->properties[i].name);
		emit_pair(e, "value", c->properties[i].value);
		emit_end(e);
	}
	emit_end(e);
}

static void
put_component(struct emit *e, const struct sbom_component *c)
{
	emit_object(e);
	emit_pair(e, "type", c->type);
	emit_pair(e, "bom-ref", c->ref);
	put_supplier(e, c->supplier);
	emit_pair(e, "group", c->group);
	emit_pair(e, "name", c->name);
	emit_pair(e, "version", c->version);
	emit_pair(e, "scope", c->scope);
	put_hashes(e, c);
	put_license(e, c->license);
	emit_pair(e, "purl", c->purl);
	put_links(e, c);
	put_properties(e, c);
	emit_end(e);
}

static void
put_tools(struct emit *e, const struct sbom *b)
{
	size_t i;

	emit_key(e, "tools");
	emit_object(e);
	emit_key(e, "components");
	emit_array(e);
	for (i = 0; i < b->ntools; i++) {
		emit_object(e);
		emit_pair(e, "type", "application");
		emit_pair(e, "name", b->tools[i].name);
		emit_pair(e, "version", b->tools[i].value);
		emit_end(e);
	}
	emit_end(e);
	emit_end(e);
}

static void
put_metadata(struct emit *e, const struct sbom *b)
{
	time_t t = (time_t)b->time;
	char stamp[32];
	struct tm tm;

	if (!gmtime_r(&t, &tm) || !strftime(stamp, sizeof(stamp),
	    "%Y-%m-%dT%H:%M:%SZ", &tm))
		die("a time out of range: %lld", (long long)b->time);
	emit_key(e, "metadata");
	emit_object(e);
	emit_pair(e, "timestamp", stamp);
	emit_key(e, "lifecycles");
	emit_array(e);
	emit_object(e);
	emit_pair(e, "phase", "build");
	emit_end(e);
	emit_end(e);
	put_tools(e, b);
	emit_key(e, "authors");
	emit_array(e);
	emit_object(e);
	emit_pair(e, "name", b->author);
	emit_end(e);
	emit_end(e);
	emit_key(e, "component");
	put_component(e, &b->main);
	put_supplier(e, b->supplier);
	emit_end(e);
}

static void
put_service(struct emit *e, const struct sbom_service *s)
{
	size_t i;

	emit_object(e);
	emit_pair(e, "bom-ref", s->ref);
	emit_pair(e, "name", s->name);
	if (s->endpoint) {
		emit_key(e, "endpoints");
		emit_array(e);
		emit_str(e, s->endpoint);
		emit_end(e);
	}
	emit_pair_bool(e, "authenticated", s->authenticated);
	emit_pair_bool(e, "x-trust-boundary", true);
	emit_key(e, "data");
	emit_array(e);
	for (i = 0; i < s->ndata; i++) {
		emit_object(e);
		emit_pair(e, "flow", s->data[i].value);
		emit_pair(e, "classification", s->data[i].name);
		emit_end(e);
	}
	emit_end(e);
	emit_end(e);
}

static void
put_depends(struct emit *e, const struct sbom_component *c)
{
	if (!c->ndepends && !c->closed)
		return;
	emit_object(e);
	emit_pair(e, "ref", c->ref);
	if (c->ndepends)
		emit_pair_list(e, "dependsOn", c->depends, c->ndepends);
	emit_end(e);
}

static void
put_aggregate(struct emit *e, const struct sbom *b, bool closed)
{
	size_t i, n = b->main.closed == closed;

	for (i = 0; i < b->ncomponents; i++)
		n += b->components[i].closed == closed;
	if (!n)
		return;
	emit_object(e);
	emit_pair(e, "aggregate", closed ? "complete" : "incomplete");
	emit_key(e, "dependencies");
	emit_array(e);
	if (b->main.closed == closed)
		emit_str(e, b->main.ref);
	for (i = 0; i < b->ncomponents; i++)
		if (b->components[i].closed == closed)
			emit_str(e, b->components[i].ref);
	emit_end(e);
	emit_end(e);
}

static void
put_body(struct emit *e, const struct sbom *b)
{
	size_t i;

	emit_pair_int(e, "version", 1);
	put_metadata(e, b);
	emit_key(e, "components");
	emit_array(e);
	for (i = 0; i < b->ncomponents; i++)
		put_component(e, &b->components[i]);
	emit_end(e);
	if (b->nservices) {
		emit_key(e, "services");
		emit_array(e);
		for (i = 0; i < b->nservices; i++)
			put_service(e, &b->services[i]);
		emit_end(e);
	}
	emit_key(e, "dependencies");
	emit_array(e);
	put_depends(e, &b->main);
	for (i = 0; i < b->ncomponents; i++)
		put_depends(e, &b->components[i]);
	emit_end(e);
	emit_key(e, "compositions");
	emit_array(e);
	put_aggregate(e, b, true);
	put_aggregate(e, b, false);
	emit_end(e);
}

static void
put_bom(const struct sbom *b, const char *serial, int indent, struct str *out)
{
	struct emit e;

	emit_init(&e, out);
	emit_pretty(&e, indent);
	emit_object(&e);
	emit_pair(&e, "$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
	emit_pair(&e, "bomFormat", "CycloneDX");
	emit_pair(&e, "specVersion", "1.6");
	emit_pair(&e, "serialNumber", serial);
	put_body(&e, b);
	emit_end(&e);
}

static int
by_ref(const void *a, const void *b)
{
	const struct sbom_component *x = a, *y = b;

	return strcmp(x->ref, y->ref);
}

static void
sort_depends(struct sbom_component *c)
{
	if (c->ndepends)
		qsort(c->depends, c->ndepends, sizeof(*c->depends), str_order);
}

void
sbom_write(struct sbom *b, struct str *out)
{
	char serial[64] = "urn:uuid:";
	struct str plain;
	size_t i;

	if (b->ncomponents)
		qsort(b->components, b->ncomponents, sizeof(*b->components),
			by_ref);
	sort_depends(&b->main);
	for (i = 0; i < b->ncomponents; i++)
		sort_depends(&b->components[i]);
	str_init(&plain, STR_RECORD);
	put_bom(b, NULL, 0, &plain);
	uuid_v5(serials, str_s(&plain), plain.len, serial + strlen(serial));
	str_release(&plain);
	put_bom(b, serial, 2, out);
	str_putc(out, '\n');
}

static int
check_depends(const struct sbom_component *c, const struct map *refs,
	struct err *err)
{
	size_t i;

	for (i = 0; i < c->ndepends; i++)
		if (!map_has(refs, c->depends[i]))
			return err_set(err, "%s depends on %s, which is not "
				"in the bill of materials", c->ref,
				c->depends[i]);
	return 0;
}

int
sbom_check(const struct sbom *b, struct err *err)
{
	struct map refs = { 0 };
	bool added;
	size_t i;
	int rc = 0;

	map_add(&refs, b->main.ref, strlen(b->main.ref), &added);
	for (i = 0; i < b->ncomponents && rc == 0; i++) {
		map_add(&refs, b->components[i].ref,
			strlen(b->components[i].ref), &added);
		if (!added)
			rc = err_set(err, "%s is twice in the bill of "
				"materials", b->components[i].ref);
	}
	for (i = 0; i < b->nservices && rc == 0; i++) {
		map_add(&refs, b->services[i].ref,
			strlen(b->services[i].ref), &added);
		if (!added)
			rc = err_set(err, "two services of one reference");
	}
	if (rc == 0)
		rc = check_depends(&b->main, &refs, err);
	for (i = 0; i < b->ncomponents && rc == 0; i++)
		rc = check_depends(&b->components[i], &refs, err);
	map_release(&refs);
	return rc;
}
