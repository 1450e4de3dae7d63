#include "smelt-codegen/place/place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "smelt-codegen/place/base.h"
#include "smelt-codegen/place/compare.h"
#include "smelt-codegen/place/folder.h"
#include "smelt-codegen/place/update.h"
#include "smelt-codegen/tree.h"

/* -1: cannot be read */
static int
count_entries(int fd)
{
	DIR *d = fdopendir(dup(fd));
	int n = 0;

	if (!d)
		return -1;
	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

static int
make_fresh(struct place *p, struct err *err)
{
	mode_t mask = umask(0);

	umask(mask);
	p->fresh = xasprintf("%s.XXXXXX", p->dir);
	if (!mkdtemp(p->fresh)) {
		err_errno(err, "cannot make '%s'", p->fresh);
		free(p->fresh);
		p->fresh = NULL;
		return -1;
	}
	p->fd = open(p->fresh, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (p->fd < 0 || fchmod(p->fd, 0777 & ~mask) < 0)
		return err_errno(err, "cannot open '%s'", p->fresh);
	return 0;
}

static void
look(struct place *p, const char *dir)
{
	size_t n = strlen(dir);

	memset(p, 0, sizeof(*p));
	while (n > 1 && dir[n - 1] == '/')
		n--;
	p->dir = xstrndup(dir, n);
	p->fd = open(p->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int
place_look(struct place *p, const char *dir, struct err *err)
{
	look(p, dir);
	return p->fd < 0 ? err_errno(err, "cannot open '%s'", p->dir) : 0;
}

int
place_open(struct place *p, const char *dir, struct err *err)
{
	look(p, dir);
	if (p->fd < 0 && errno != ENOENT)
		return err_errno(err, "cannot open '%s'", p->dir);
	if (p->fd >= 0 && count_entries(p->fd) != 0)
		return 0;
	if (p->fd >= 0)
		close(p->fd);
	return make_fresh(p, err);
}

static void
remove_made(struct folder *folder, struct bases *bases, const struct tree *t)
{
	size_t i;

	for (i = 0; i < t->n; i++)
		folder_remove(folder, t->files[i].path);
	bases_undo(bases, t);
}

static int
fill_fresh(struct place *p, struct folder *folder, const struct tree *t,
	struct err *err)
{
	struct bases bases;
	size_t i;
	int rc = 0;

	bases_init(&bases, folder);
	for (i = 0; i < t->n && rc == 0; i++)
		rc = folder_make(folder, t->files[i].path,
			t->files[i].executable, t->files[i].text, err);
	if (rc == 0)
		rc = bases_make(&bases, t, err);
	if (rc == 0 && rename(p->fresh, p->dir) < 0)
		rc = err_errno(err, "cannot rename '%s' to '%s'", p->fresh,
			p->dir);
	if (rc < 0)
		remove_made(folder, &bases, t);
	bases_release(&bases);
	return rc;
}

int
place_fill(struct place *p, const struct tree *t, size_t *conflicts,
	struct err *err)
{
	struct folder folder;
	int rc;

	*conflicts = 0;
	folder_init(&folder, p->fd, p->dir);
	if (p->fresh) {
		rc = fill_fresh(p, &folder, t, err);
		if (rc == 0) {
			free(p->fresh);
			p->fresh = NULL;
		}
	} else {
		rc = update_tree(&folder, t, conflicts, err);
	}
	folder_release(&folder);
	return rc;
}

int
place_compare(const struct place *p, const struct tree *t,
	size_t *differences, struct err *err)
{
	struct folder folder;
	int rc;

	folder_init(&folder, p->fd, p->dir);
	rc = compare_tree(&folder, t, differences, err);
	folder_release(&folder);
	return rc;
}

void
place_close(struct place *p)
{
	if (p->fresh)
		rmdir(p->fresh);
	if (p->fd >= 0 && p->dir)
		close(p->fd);
	free(p->fresh);
	free(p->dir);
	memset(p, 0, sizeof(*p));
}
