#include "smelt-intake/language.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/hash.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "data/document.h"
#include "data/json.h"

/* what a file record's language may be (smelt-records(5)) */
static const char *const known[] = {
	"python", "javascript", "typescript", "tsx", "go", "java", "ruby",
	"php", "csharp", "rust", "kotlin", "c", "json", "yaml", "toml",
	"markdown", "html", "text"
};

static int
add_language(struct languages *l, const char *name, const struct json *v,
	const char *file, struct err *err)
{
	static const char *const keys[] = {
		"extensions", "names", "interpreters"
	};
	struct map *const maps[] = { l->extensions, l->names,
		l->interpreters };
	struct json_iter it;
	const char *language = NULL;
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(known[i], name) == 0)
			language = known[i];
	if (!language)
		return err_at(err, file, 0, 0, "unknown language '%s'", name);
	for (i = 0; i < 3; i++)
		for (json_each(&it, json_get(v, keys[i])); json_next(&it); )
			if (json_str(it.value))
				map_put(maps[i], json_str(it.value),
					(void *)(uintptr_t)language);
	return 0;
}

static int
read_table(struct languages *l, const struct json *root, const char *file,
	struct err *err)
{
	struct json_iter it;
	struct str ignored;

	for (json_each(&it, json_get(root, "languages")); json_next(&it); )
		if (add_language(l, json_str(it.key), it.value, file,
		    err) < 0)
			return -1;
	if (l->extensions->n == 0)
		return err_at(err, file, 0, 0, "no languages in this table");
	str_init(&ignored, STR_LINE);
	for (json_each(&it, json_get(root, "ignored")); json_next(&it); )
		if (json_str(it.value))
			str_addf(&ignored, "%s\n", json_str(it.value));
	l->ignored = str_detach(&ignored);
	return 0;
}

int
languages_load(struct languages *l, struct sha256 *h, struct err *err)
{
	char *path = share_path("languages.yaml");
	struct document d;
	struct str text;
	int rc;

	l->extensions = xcalloc(1, sizeof(*l->extensions));
	l->names = xcalloc(1, sizeof(*l->names));
	l->interpreters = xcalloc(1, sizeof(*l->interpreters));
	l->ignored = NULL;
	str_init(&text, STR_LINE * 16);
	rc = document_read(&d, &text, path, err);
	if (rc == 0) {
		rc = read_table(l, document_root(&d), path, err);
		document_release(&d);
		sha256_add(h, str_s(&text), text.len);
	}
	str_release(&text);
	free(path);
	return rc;
}

void
languages_release(struct languages *l)
{
	map_release(l->extensions);
	map_release(l->names);
	map_release(l->interpreters);
	free(l->extensions);
	free(l->names);
	free(l->interpreters);
	free(l->ignored);
}

/* "#!/usr/bin/env -S python3.11 -u" names python */
static const char *
interpreter(const struct languages *l, const char *text, size_t len)
{
	char line[256], *word, *end, *base;
	size_t n = 0;

	if (!mem_starts(text, len, "#!"))
		return NULL;
	while (n + 2 < len && n + 1 < sizeof(line) && text[n + 2] != '\n' &&
	    text[n + 2]) {
		line[n] = text[n + 2];
		n++;
	}
	line[n] = '\0';
	for (word = line; *word; word = end) {
		word += strspn(word, " \t\r");
		end = word + strcspn(word, " \t\r");
		if (*end)
			*end++ = '\0';
		base = strrchr(word, '/');
		base = base ? base + 1 : word;
		if (*base == '-' || strchr(base, '=') ||
		    strcmp(base, "env") == 0)
			continue;
		base[strcspn(base, "0123456789.")] = '\0';
		return map_get(l->interpreters, base);
	}
	return NULL;
}

const char *
languages_of(const struct languages *l, const char *path, const char *text,
	size_t len)
{
	const char *base = path_base(path), *found;
	char ext[16];
	size_t i;

	found = map_get(l->names, base);
	if (found)
		return found;
	for (i = 0; path_ext(path)[i] && i + 1 < sizeof(ext); i++)
		ext[i] = char_lower(path_ext(path)[i]);
	ext[i] = '\0';
	found = *ext ? map_get(l->extensions, ext) : NULL;
	if (!found)
		found = interpreter(l, text, len);
	return found ? found : "other";
}
