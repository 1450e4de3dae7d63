#include "smelt-intake/docs/doc.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "smelt-intake/source.h"

void
doc_add(struct source *s, const char *type, const char *title,
	const char *location, const char *text, size_t len)
{
	struct doc *d;

	s->docs = vec_grow(s->docs, s->ndocs, &s->docs_cap, sizeof(*s->docs));
	d = &s->docs[s->ndocs++];
	d->type = type;
	d->title = xstrdup(title);
	d->location = xstrdup(location);
	d->text = xstrndup(text, len);
	d->len = len;
}

void
doc_release(struct doc *d)
{
	free(d->title);
	free(d->location);
	free(d->text);
}

void
doc_record(struct str *out, const struct doc *d)
{
	char digest[SHA256_HEX + 1];
	struct emit e;

	sha256_hex(d->text, d->len, digest);
	emit_init(&e, out);
	emit_object(&e);
	emit_pair(&e, "kind", "doc");
	emit_pair(&e, "type", d->type);
	emit_pair(&e, "title", d->title);
	emit_pair(&e, "location", d->location);
	emit_pair(&e, "sha256", digest);
	emit_key(&e, "text");
	emit_strn(&e, d->text, d->len);
	emit_end(&e);
}
