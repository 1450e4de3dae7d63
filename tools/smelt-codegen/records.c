#include "smelt-codegen/records.h"

#include <string.h>

#include "base/enc.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/stage.h"
#include "smelt-codegen/model.h"
#include "smelt-codegen/tree.h"

static void
put_file(struct stage *s, const struct tree_file *f)
{
	bool utf8 = utf8_valid(str_s(f->text), f->text->len);
	struct str line, text;
	struct emit e;

	str_init(&line, STR_RECORD);
	str_init(&text, STR_RECORD);
	emit_init(&e, &line);
	emit_object(&e);
	emit_pair(&e, "kind", "emit");
	emit_pair(&e, "path", f->path);
	emit_pair(&e, "mode", f->executable ? "0755" : "0644");
	emit_pair(&e, "role", role_name(f->role));
	emit_pair_int(&e, "size", (int64_t)f->text->len);
	emit_pair(&e, "sha256", f->sha256);
	emit_pair(&e, "encoding", utf8 ? "utf-8" : "base64");
	emit_key(&e, "text");
	if (!utf8)
		base64_encode(&text, str_s(f->text), f->text->len);
	emit_strn(&e, utf8 ? str_s(f->text) : str_s(&text),
		utf8 ? f->text->len : text.len);
	emit_end(&e);
	stage_put(s, &line);
	str_release(&text);
	str_release(&line);
}

static void
put_line(struct stage *s, const char *text)
{
	struct str line;

	str_init(&line, STR_RECORD);
	str_puts(&line, text);
	stage_put(s, &line);
	str_release(&line);
}

void
records_put(struct stage *s, const struct model *m, const struct tree *t)
{
	size_t i;

	for (i = 0; i < m->ntools && m->tools[i].line; i++)
		put_line(s, m->tools[i].line);
	for (i = 0; i < m->nskips; i++)
		put_line(s, m->skips[i]);
	put_file(s, tree_find(t, "smelt.json"));
	for (i = 0; i < t->n; i++)
		if (strcmp(t->files[i].path, "smelt.json") != 0)
			put_file(s, &t->files[i]);
}
