#include "sys/repo.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/beneath.h"
#include "sys/pack.h"

enum { SYMREFS = 5, TAGS = 16, PREFIX_MIN = 7, REF_DEPTH = 16 };

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool
repo_oid(const struct repo *r, const char *hex, size_t n, struct oid *oid)
{
	size_t i;

	memset(oid, 0, sizeof(*oid));
	if (n != r->oid_size * 2)
		return false;
	for (i = 0; i < n; i++) {
		if (digit(hex[i]) < 0)
			return false;
		oid->b[i / 2] = (unsigned char)(oid->b[i / 2] << 4 |
			digit(hex[i]));
	}
	return true;
}

/* What git-check-ref-format(1) allows, as far as names of files go. */
static bool
name_ok(const char *name)
{
	size_t i, n = strlen(name);

	if (n == 0 || n > 1024 || name[0] == '/' || name[n - 1] == '/' ||
	    strstr(name, "..") || strstr(name, "//") || strstr(name, "@{"))
		return false;
	for (i = 0; i < n; i++)
		if ((unsigned char)name[i] <= ' ' || name[i] == 0x7f ||
		    strchr("~^:?*[\\", name[i]))
			return false;
	return true;
}

static bool
packed(struct repo *r, const char *name, struct oid *oid)
{
	size_t n = strlen(name), len, hex = r->oid_size * 2;
	const char *line;
	struct err ignored;
	bool found = false;
	struct str s;

	str_init(&s, REPO_META_MAX);
	if (beneath_read(r->dir, "packed-refs", "packed-refs", &s,
	    &ignored) == 0) {
		for (line = str_s(&s); *line && !found;
		    line += len + (line[len] == '\n')) {
			len = strcspn(line, "\n");
			found = len == hex + 1 + n && line[hex] == ' ' &&
				memcmp(line + hex + 1, name, n) == 0 &&
				repo_oid(r, line, hex, oid);
		}
	}
	str_release(&s);
	return found;
}

/* Resolve a full ref name. */
static bool
resolve(struct repo *r, const char *name, struct oid *oid, int depth)
{
	struct err ignored;
	bool found = false;
	struct str s;
	char *target;

	if (depth == 0 || !name_ok(name))
		return false;
	str_init(&s, STR_LINE);
	if (beneath_read(r->dir, name, name, &s, &ignored) < 0) {
		str_release(&s);
		return packed(r, name, oid);
	}
	if (str_starts(str_s(&s), "ref: refs/")) {
		target = xstrndup(s.buf + 5, strcspn(s.buf + 5, "\r\n"));
		found = resolve(r, target, oid, depth - 1);
		free(target);
	} else {
		found = repo_oid(r, str_s(&s),
			strcspn(str_s(&s), " \t\r\n"), oid);
	}
	str_release(&s);
	return found;
}

static bool
resolve_short(struct repo *r, const char *name, struct oid *oid)
{
	static const char *const forms[] = {
		"%s", "refs/%s", "refs/tags/%s", "refs/heads/%s",
		"refs/remotes/%s", "refs/remotes/%s/HEAD"
	};
	const char *gap;
	struct str full;
	bool found = false;
	size_t i;

	str_init(&full, STR_LINE);
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]) && !found; i++) {
		/* at the top only HEAD and full names: the rest are files */
		if (i == 0 && strcmp(name, "HEAD") != 0 &&
		    !str_starts(name, "refs/"))
			continue;
		gap = strchr(forms[i], '%');
		str_clear(&full);
		str_add(&full, forms[i], (size_t)(gap - forms[i]));
		str_puts(&full, name);
		str_puts(&full, gap + 2);
		found = resolve(r, str_s(&full), oid, SYMREFS);
	}
	str_release(&full);
	return found;
}

static unsigned
loose_prefix(struct repo *r, const char *hex, size_t n, struct oid *oid)
{
	char dir[16], whole[REPO_HEX + 8];
	unsigned found = 0;
	struct dirent *e;
	DIR *d;
	int fd;

	snprintf(dir, sizeof(dir), "objects/%.2s", hex);
	fd = beneath_open(r->dir, dir, O_RDONLY | O_DIRECTORY);
	d = fd >= 0 ? fdopendir(fd) : NULL;
	while (d && (e = readdir(d)) != NULL) {
		if (strlen(e->d_name) != r->oid_size * 2 - 2)
			continue;
		snprintf(whole, sizeof(whole), "%.2s%.62s", hex, e->d_name);
		if (strncmp(whole, hex, n) == 0 &&
		    repo_oid(r, whole, strlen(whole), oid))
			found++;
	}
	if (d)
		closedir(d);
	return found;
}

static bool
is_prefix(const struct repo *r, const char *name)
{
	size_t n = strlen(name), i;

	if (n < PREFIX_MIN || n >= r->oid_size * 2)
		return false;
	for (i = 0; i < n; i++)
		if (digit(name[i]) < 0)
			return false;
	return true;
}

static int
resolve_prefix(struct repo *r, const char *name, struct oid *oid,
	struct err *err)
{
	struct oid packed_oid = { { 0 } };
	unsigned found;
	size_t i;

	found = loose_prefix(r, name, strlen(name), oid);
	for (i = 0; i < r->npacks; i++) {
		unsigned n = pack_prefix(&r->packs[i], name, strlen(name),
			&packed_oid);

		/* the same object may be in several places */
		if (n && found && memcmp(&packed_oid, oid, sizeof(*oid)) == 0)
			n--;
		if (n)
			*oid = packed_oid;
		found += n;
	}
	if (found > 1)
		return err_at(err, r->name, 0, 0,
			"'%s' names more than one object", name);
	return found ? 0 : err_at(err, r->name, 0, 0,
		"no ref or object '%s'", name);
}

static int
peel(struct repo *r, struct oid *oid, struct err *err)
{
	char hex[REPO_HEX + 1];
	enum repo_type type;
	struct str s;
	int i, rc = 0;

	str_init(&s, REPO_META_MAX);
	for (i = 0; i < TAGS && rc == 0; i++) {
		str_clear(&s);
		rc = repo_read(r, oid, s.max, &type, NULL, &s, err);
		if (rc == 0 && type == REPO_COMMIT) {
			str_release(&s);
			return 0;
		}
		if (rc == 0 && (type != REPO_TAG ||
		    !str_starts(str_s(&s), "object ") ||
		    !repo_oid(r, s.buf + 7, strcspn(s.buf + 7, "\n"), oid)))
			break;
	}
	str_release(&s);
	if (rc < 0)
		return -1;
	repo_hex(r, oid, hex);
	return err_at(err, r->name, 0, 0, "object %s is not a commit", hex);
}

int
repo_find(struct repo *r, const char *name, struct oid *commit,
	struct err *err)
{
	if (!name_ok(name))
		return err_at(err, r->name, 0, 0, "'%s' is not the name of a "
			"branch, tag or commit", name);
	if (!repo_oid(r, name, strlen(name), commit) &&
	    !resolve_short(r, name, commit)) {
		if (is_prefix(r, name)) {
			if (resolve_prefix(r, name, commit, err) < 0)
				return -1;
		} else if (strcmp(name, "HEAD") == 0) {
			return err_at(err, r->name, 0, 0,
				"HEAD names no commit yet");
		} else {
			return err_at(err, r->name, 0, 0,
				"no ref or object '%s'", name);
		}
	}
	return peel(r, commit, err);
}
