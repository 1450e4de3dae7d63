#include "smelt/place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"

static bool
is_empty(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	bool empty = true;

	if (!d)
		return false;
	while (empty && (e = readdir(d)))
		if (strcmp(e->d_name, ".") != 0 &&
		    strcmp(e->d_name, "..") != 0)
			empty = false;
	closedir(d);
	return empty;
}

static int
remove_one(const char *path, const struct stat *st, int type,
	struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int
remove_tree(const char *path)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return errno == ENOENT ? 0 : -1;
	return nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

int
place_open(struct place *p, const char *dir, struct err *err)
{
	static const char text[] =
		"made by smelt: this directory is rewritten by every run\n";
	char *marker, *dist, *artifact, *ignore;
	int rc = 0;

	p->dir = dir;
	marker = place_file(p, ".smelt");
	dist = place_file(p, "dist");
	artifact = place_file(p, "artifact.jsonl");
	ignore = place_file(p, ".gitignore");
	if (mkdir(dir, 0777) != 0 && errno != EEXIST)
		rc = err_at(err, dir, 0, 0, "cannot make directory: %s",
			strerror(errno));
	p->fresh = rc == 0 && is_empty(dir);
	if (rc == 0 && !p->fresh && access(marker, F_OK) != 0)
		rc = err_at(err, dir, 0, 0,
			"is not empty and was not made by smelt");
	else if (rc == 0 && (io_write(marker, text, sizeof(text) - 1,
	    err) < 0 || io_write(ignore, "*\n", 2, err) < 0))
		rc = -1;
	else if (rc == 0 && (remove_tree(dist) != 0 ||
	    remove_tree(artifact) != 0))
		rc = err_at(err, dir, 0, 0, "cannot remove '%s': %s",
			"dist", strerror(errno));
	free(marker);
	free(dist);
	free(ignore);
	free(artifact);
	return rc;
}

void
place_undo(const struct place *p)
{
	char *dist = place_file(p, "dist");
	const char *what = p->fresh ? p->dir : dist;

	if (remove_tree(what) != 0)
		diag_error("cannot remove '%s':", what);
	free(dist);
}

int
place_retire(const struct place *p, const char *name, struct err *err)
{
	char *dir = place_file(p, name);
	struct place own = { .dir = dir };
	char *marker = place_file(&own, ".smelt");
	char *dist = place_file(&own, "dist");
	char *artifact = place_file(&own, "artifact.jsonl");
	struct stat st;
	int rc = 0;

	/* a link to elsewhere is nobody's directory */
	if (lstat(dir, &st) == 0 && S_ISDIR(st.st_mode) &&
	    access(marker, F_OK) == 0)
		rc = remove_tree(dist) == 0 && remove_tree(artifact) == 0 ?
			1 : err_at(err, dir, 0, 0, "cannot remove '%s': %s",
			"dist", strerror(errno));
	free(marker);
	free(dist);
	free(artifact);
	free(dir);
	return rc;
}

char *
place_file(const struct place *p, const char *name)
{
	return xasprintf("%s/%s", p->dir, name);
}

char *
place_inside(const struct place *p, const char *source)
{
	char *around = realpath(source, NULL), *dir = realpath(p->dir, NULL);
	size_t n = around ? strlen(around) : 0;
	struct str pattern;
	const char *at;

	str_init(&pattern, STR_LINE);
	if (n && dir && strncmp(dir, around, n) == 0 && dir[n] == '/') {
		for (at = dir + n; *at; at++) {
			if (strchr("*?[\\ ", *at))
				str_putc(&pattern, '\\');
			str_putc(&pattern, *at);
		}
		str_putc(&pattern, '/');
	}
	free(around);
	free(dir);
	if (pattern.len)
		return str_detach(&pattern);
	str_release(&pattern);
	return NULL;
}

char *
place_programs(void)
{
	char exe[4096];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	char *slash, *probe;

	if (n <= 0)
		return NULL;
	exe[n] = '\0';
	slash = strrchr(exe, '/');
	if (!slash)
		return NULL;
	*slash = '\0';
	probe = xasprintf("%s/smelt-intake", exe);
	n = access(probe, X_OK);
	free(probe);
	return n == 0 ? xstrdup(exe) : NULL;
}

char *
place_key(void)
{
	const char *env = getenv("SMELT_KEY"), *home;
	char *dir, *key;

	if (env && *env)
		return xstrdup(env);
	env = getenv("XDG_CONFIG_HOME");
	home = getenv("HOME");
	if (env && *env == '/')
		dir = xstrdup(env);
	else if (home && *home == '/')
		dir = xasprintf("%s/.config", home);
	else
		die("no home directory: give --key FILE or --unsigned");
	mkdir(dir, 0700);
	key = xasprintf("%s/smelt", dir);
	if (mkdir(key, 0700) != 0 && errno != EEXIST)
		die("cannot make directory '%s':", key);
	free(dir);
	dir = key;
	key = xasprintf("%s/smelt.key", dir);
	free(dir);
	return key;
}

bool
place_is_repository(const char *path)
{
	static const char *const probes[] = { ".git/objects", "objects" };
	char *probe;
	size_t i;
	bool found = false;

	for (i = 0; i < 2 && !found; i++) {
		probe = xasprintf("%s/%s", path, probes[i]);
		found = access(probe, R_OK) == 0;
		free(probe);
	}
	return found;
}
