#include "smelt-attest/inventory.h"

#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/json.h"
#include "form/purl.h"
#include "form/sbom.h"
#include "smelt-attest/artifact.h"
#include "smelt-attest/closure.h"
#include "smelt-attest/packagelock.h"
#include "smelt-attest/requirements.h"

/* Is some tool a function of the source, called in the server's process? */
static bool
runs_source(const struct artifact *a)
{
	size_t i;

	for (i = 0; i < a->tools.n; i++)
		if (json_str_is(json_get(json_get(records_at(&a->tools, i),
		    "binding"), "type"), "python"))
			return true;
	return false;
}

static int
read_locks(struct closure *c, const struct artifact *a, struct err *err)
{
	bool in_process = runs_source(a);
	const struct artifact_file *f;
	size_t i;

	f = artifact_file(a, "requirements.txt");
	if (f && requirements_read(c, f->data, f->path, err) < 0)
		return -1;
	f = artifact_file(a, "package-lock.json");
	if (f && packagelock_read(c, f->data, f->len, f->path, err) < 0)
		return -1;
	for (i = 0; i < a->deps.n; i++)
		closure_dep(c, records_at(&a->deps, i), in_process);
	return 0;
}

static const char *
own_purl(const struct artifact *a)
{
	const char *kept;
	struct str text;

	str_init(&text, STR_LINE);
	purl_write(&text, "generic", a->name, a->version);
	kept = arena_strdup(a->arena, str_s(&text));
	str_release(&text);
	return kept;
}

static void
set_properties(struct sbom_component *c, const struct artifact *a)
{
	size_t i;

	c->properties = arena_array(a->arena, a->ndefs + 2,
		sizeof(*c->properties));
	c->properties[c->nproperties].name = "smelt:target";
	c->properties[c->nproperties++].value = a->target;
	if (a->mode) {
		c->properties[c->nproperties].name = "smelt:mode";
		c->properties[c->nproperties++].value = a->mode;
	}
	for (i = 0; i < a->ndefs; i++) {
		struct sbom_pair *p = &c->properties[c->nproperties++];

		p->name = arena_printf(a->arena, "smelt:tool:%s:sha256",
			a->defs[i].name);
		p->value = a->defs[i].sha256;
	}
}

static void
set_links(struct sbom_component *c, const struct artifact *a,
	const struct inventory_request *req)
{
	size_t n = 0;

	while (req->attestations[n])
		n++;
	c->links = arena_array(a->arena, n + 1, sizeof(*c->links));
	c->links[0].type = "distribution";
	c->links[0].url = req->archive;
	c->links[0].sha256 = req->archive_sha256;
	c->nlinks = 1;
	for (n = 0; req->attestations[n]; n++) {
		c->links[c->nlinks].type = "attestation";
		c->links[c->nlinks++].url = req->attestations[n];
	}
}

static void
set_main(struct sbom *b, const struct artifact *a, const struct closure *c,
	const struct inventory_request *req)
{
	struct sbom_component *main = &b->main;
	size_t i;

	main->type = "application";
	main->ref = main->purl = own_purl(a);
	main->name = a->name;
	main->version = a->version;
	main->supplier = req->supplier;
	main->hashes = arena_array(a->arena, 1, sizeof(*main->hashes));
	main->hashes[0].alg = "SHA-256";
	main->hashes[0].hex = req->archive_sha256;
	main->nhashes = 1;
	main->closed = true;
	main->depends = arena_array(a->arena, c->roots->n + 1,
		sizeof(*main->depends));
	for (i = 0; i < c->roots->n; i++)
		main->depends[main->ndepends++] = c->roots->entries[i].key;
	set_properties(main, a);
	set_links(main, a, req);
}

static struct sbom_service *
service_of(struct sbom *b, const struct artifact *a, struct map *seen,
	const char *url)
{
	struct sbom_service *s;
	struct map_entry *entry;
	bool added;

	entry = map_add(seen, url, strlen(url), &added);
	if (!added)
		return entry->value;
	s = &b->services[b->nservices++];
	entry->value = s;
	s->ref = arena_printf(a->arena, "service:%s", *url ? url : "upstream");
	s->name = *url ? arena_strdup(a->arena, url) : "upstream";
	/* a relative one stands for what SMELT_BASE_URL will name */
	if (strstr(url, "://"))
		s->endpoint = s->name;
	s->data = arena_array(a->arena, 1, sizeof(*s->data));
	s->data[0].name = "unclassified";
	s->data[0].value = "bi-directional";
	s->ndata = 1;
	return s;
}

/* One service per upstream. */
static void
set_services(struct sbom *b, const struct artifact *a)
{
	struct map seen = { 0 };
	size_t i;

	b->services = arena_array(a->arena, a->tools.n + 1,
		sizeof(*b->services));
	for (i = 0; i < a->tools.n; i++) {
		const struct json *tool = records_at(&a->tools, i);
		const struct json *binding = json_get(tool, "binding");
		const char *url = json_get_str(binding, "server");
		struct sbom_service *s;

		if (!json_str_is(json_get(binding, "type"), "http"))
			continue;
		s = service_of(b, a, &seen, url ? url : "");
		if (json_size(json_get(tool, "security")))
			s->authenticated = true;
	}
	map_release(&seen);
}

static void
set_tools(struct sbom *b, const struct artifact *a)
{
	const struct json *chain = records_at(&a->chain, 0);
	struct json_iter it;

	b->tools = arena_array(a->arena, json_size(chain) + 1,
		sizeof(*b->tools));
	for (json_each(&it, chain); json_next(&it); ) {
		const char *name = json_get_str(it.value, "tool");
		const char *version = json_get_str(it.value, "version");

		b->tools[b->ntools].name = name ? name : "unknown";
		b->tools[b->ntools++].value = version ? version : "unknown";
	}
	b->tools[b->ntools].name = "smelt-attest";
	b->tools[b->ntools++].value = SMELT_VERSION;
}

int
inventory_make(struct str *out, const struct artifact *a,
	const struct inventory_request *req, struct err *err)
{
	struct sbom bom = { 0 };
	struct closure c;
	int rc;

	closure_init(&c, a->arena);
	rc = read_locks(&c, a, err);
	if (rc == 0) {
		closure_describe(&c, req->packages);
		bom.author = req->author;
		bom.supplier = req->supplier;
		bom.time = req->time;
		bom.components = c.v;
		bom.ncomponents = c.n;
		set_main(&bom, a, &c, req);
		set_services(&bom, a);
		set_tools(&bom, a);
		rc = sbom_check(&bom, err);
	}
	if (rc == 0)
		sbom_write(&bom, out);
	closure_release(&c);
	return rc;
}
