#include "sys/repo.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/str.h"
#include "sys/beneath.h"
#include "sys/pack.h"
#include "sys/packwalk.h"

struct each {
	struct repo *r;
	unsigned types;
	size_t max, pack;	/* index of the pack being walked */
	repo_meet *visit;
	void *arg;
	struct repo_losses *losses;
	struct str text;
};

/* Is it in one of the first n packs? */
static bool
packed(const struct each *e, const struct oid *oid, size_t n)
{
	uint64_t offset;

	for (size_t i = 0; i < n; i++)
		if (pack_find(&e->r->packs[i], oid, &offset))
			return true;
	return false;
}

static int
on_packed(void *arg, const struct oid *oid, int type, int state,
	const char *data, size_t len)
{
	struct repo_object o = { *oid, (enum repo_type)type, data, len };
	struct each *e = arg;

	if (e->pack && packed(e, oid, e->pack))
		return 0;
	if (state == PACKWALK_GOOD)
		return e->visit(e->arg, &o);
	if (state == PACKWALK_LARGE)
		e->losses->large++;
	else
		e->losses->damaged++;
	return 0;
}

static int
meet_loose(struct each *e, const char *hex)
{
	struct repo_object o;
	struct err ignored;
	int rc;

	if (!repo_oid(e->r, hex, strlen(hex), &o.oid) ||
	    packed(e, &o.oid, e->r->npacks))
		return 0;
	str_clear(&e->text);
	rc = repo_read(e->r, &o.oid, e->max, &o.type, NULL, &e->text,
		&ignored);
	if (rc >= 0 && !(e->types & 1U << o.type))
		return 0;
	if (rc > 0)
		e->losses->large++;
	else if (rc < 0)
		e->losses->damaged++;
	if (rc)
		return 0;
	o.data = str_s(&e->text);
	o.len = e->text.len;
	return e->visit(e->arg, &o);
}

static int
walk_loose(struct each *e, unsigned byte)
{
	char dir[16], hex[REPO_HEX + 8];
	struct dirent *d;
	DIR *open_dir;
	int fd, rc = 0;

	snprintf(dir, sizeof(dir), "objects/%02x", byte);
	fd = beneath_open(e->r->dir, dir, O_RDONLY | O_DIRECTORY);
	open_dir = fd >= 0 ? fdopendir(fd) : NULL;
	while (rc == 0 && open_dir && (d = readdir(open_dir)) != NULL) {
		if (strlen(d->d_name) != e->r->oid_size * 2 - 2)
			continue;
		snprintf(hex, sizeof(hex), "%02x%.62s", byte, d->d_name);
		rc = meet_loose(e, hex);
	}
	if (open_dir)
		closedir(open_dir);
	return rc;
}

int
repo_each(struct repo *r, unsigned types, size_t max, repo_meet *visit,
	void *arg, struct repo_losses *losses, struct err *err)
{
	struct each e = { .r = r, .types = types, .max = max, .visit = visit,
		.arg = arg, .losses = losses };
	int rc = 0;

	memset(losses, 0, sizeof(*losses));
	str_init(&e.text, max + 1);
	for (; rc == 0 && e.pack < r->npacks; e.pack++)
		rc = packwalk(&r->packs[e.pack], types, max, on_packed, &e,
			err);
	for (unsigned i = 0; rc == 0 && i < 256; i++)
		rc = walk_loose(&e, i);
	str_release(&e.text);
	return rc;
}

static bool
has(struct repo *r, const char *path)
{
	int fd = beneath_open(r->dir, path, O_RDONLY);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

void
repo_gaps(struct repo *r, struct repo_gaps *gaps)
{
	int fd = beneath_open(r->dir, "objects/pack", O_RDONLY | O_DIRECTORY);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *d;

	memset(gaps, 0, sizeof(*gaps));
	gaps->shallow = has(r, "shallow");
	gaps->borrowed = has(r, "objects/info/alternates");
	while (dir && (d = readdir(dir)) != NULL)
		gaps->partial = gaps->partial ||
			str_ends(d->d_name, ".promisor");
	if (dir)
		closedir(dir);
}
