#include "sys/tar.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <string.h>
#include <unistd.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/str.h"

enum {
	BLOCK = 64 * 1024,
	PATH_LONGEST = 4096,
	PART_LONGEST = 255,
	FREE_GROWTH = 1024 * 1024,
	IS_DIR = 1,
	IS_OTHER = 2
};

struct tar {
	struct archive *a;
	const char *name;
	uint64_t max_total, total;
	size_t max_names, names;	/* bytes of seen */
	struct map seen;	/* path -> IS_DIR or IS_OTHER */
	const char *path;	/* of the entry */
	struct err *err;
};

static int
refuse(struct tar *t, const char *why)
{
	return err_at(t->err, t->name, 0, 0, "entry '%s' %s",
		t->path ? t->path : "", why);
}

static int
broken(struct tar *t)
{
	const char *text = archive_error_string(t->a);

	return err_at(t->err, t->name, 0, 0, "cannot read the archive: %s",
		text ? text : "damaged");
}

/* Count bytes that came out against those that went in. */
static int
count(struct tar *t, size_t n)
{
	uint64_t in = (uint64_t)archive_filter_bytes(t->a, -1);

	t->total += n;
	if (t->total > t->max_total)
		return err_at(t->err, t->name, 0, 0,
			"unpacks to more than %llu bytes",
			(unsigned long long)t->max_total);
	if (t->total > FREE_GROWTH && t->total / TAR_RATIO > in)
		return err_at(t->err, t->name, 0, 0,
			"unpacks to more than %d times its size", TAR_RATIO);
	return 0;
}

int
tar_content(struct tar *t, size_t max, struct str *out, struct err *err)
{
	char buf[BLOCK];
	bool over = false;
	la_ssize_t n;

	(void)err;
	while ((n = archive_read_data(t->a, buf, sizeof(buf))) > 0) {
		if (count(t, (size_t)n) < 0)
			return -1;
		over = over || out->len + (size_t)n > max;
		if (!over)
			str_add(out, buf, (size_t)n);
	}
	return n < 0 ? broken(t) : over;
}

static const char *
name_problem(const char *path, size_t n)
{
	size_t i, start = 0, depth = 0;

	if (n == 0 || n > PATH_LONGEST)
		return "has an empty or too long name";
	if (path[0] == '/')
		return "has an absolute name";
	for (i = 0; i <= n; i++) {
		if (i < n && ((unsigned char)path[i] < 0x20 ||
		    path[i] == 0x7f || path[i] == '\\'))
			return "has a control byte or backslash in its name";
		if (i < n && path[i] != '/')
			continue;
		if (mem_is(path + start, i - start, ".."))
			return "leads out of the archive";
		if (i - start > PART_LONGEST || ++depth > TAR_DEPTH)
			return "has a name too long or too deep";
		start = i + 1;
	}
	return NULL;
}

/* Without "./", doubled and final slashes. */
static void
clean_name(struct str *out, const char *path)
{
	size_t n;

	for (; *path; path += n) {
		n = strcspn(path, "/");
		if (n && !mem_is(path, n, ".")) {
			if (out->len)
				str_putc(out, '/');
			str_add(out, path, n);
		}
		n += path[n] == '/';
	}
}

static int
note(struct tar *t, const char *path, size_t n, bool dir)
{
	struct map_entry *m;
	bool added;
	intptr_t is;

	m = map_add(&t->seen, path, n, &added);
	is = (intptr_t)m->value;
	if (added) {
		t->names += n;
		if (t->names > t->max_names)
			return err_at(t->err, t->name, 0, 0,
				"has names of more than %zu bytes in all",
				t->max_names);
		m->value = (void *)(intptr_t)(dir ? IS_DIR : IS_OTHER);
		return 0;
	}
	if (dir && is == IS_DIR)
		return 0;
	return refuse(t, dir ? "lies beneath an entry that is no directory" :
		"comes twice");
}

static int
note_path(struct tar *t, bool dir)
{
	size_t i, n = strlen(t->path);

	for (i = 0; i < n; i++)
		if (t->path[i] == '/' && note(t, t->path, i, true) < 0)
			return -1;
	return note(t, t->path, n, dir);
}

/* Where a link's target, taken from the directory of the link, leads out. */
static bool
leads_out(const char *path, const char *target, bool from_root)
{
	long depth = 0;
	size_t n;

	if (*target == '/' || strchr(target, '\\'))
		return true;
	for (; !from_root && *path; path++)
		depth += *path == '/';
	for (; *target; target += n) {
		n = strcspn(target, "/");
		if (mem_is(target, n, ".."))
			depth--;
		else if (n && !mem_is(target, n, "."))
			depth++;
		if (depth < 0)
			return true;
		n += target[n] == '/';
	}
	return false;
}

static int
visit_entry(struct tar *t, struct archive_entry *ae, tar_visit *visit,
	void *arg)
{
	const char *hard = archive_entry_hardlink(ae);
	const char *soft = archive_entry_symlink(ae);
	struct tar_entry e = { .path = t->path };
	mode_t type = archive_entry_filetype(ae);

	if (archive_entry_is_encrypted(ae))
		return refuse(t, "is encrypted");
	if (hard || type == AE_IFLNK) {
		if (!hard && !soft)
			return refuse(t, "is a link to nowhere");
		if (leads_out(t->path, hard ? hard : soft, hard != NULL))
			return refuse(t, "links out of the archive");
		e.type = TAR_LINK;
	} else if (type != AE_IFREG && type != AE_IFDIR) {
		return refuse(t, "is a device, fifo or socket");
	}
	if (note_path(t, type == AE_IFDIR && !hard) < 0)
		return -1;
	if (type == AE_IFDIR && !hard)
		return 0;
	e.utf8 = utf8_valid(e.path, strlen(e.path));
	e.size = archive_entry_size_is_set(ae) ? archive_entry_size(ae) : -1;
	return visit(arg, &e, t, t->err);
}

static int
next_entry(struct tar *t, struct archive_entry *ae, tar_visit *visit,
	void *arg)
{
	const char *raw = archive_entry_pathname(ae), *problem;
	struct str path, skipped;
	int rc = 0;

	t->path = raw;
	problem = raw ? name_problem(raw, strlen(raw)) :
		"has a name that is not readable";
	if (problem)
		return refuse(t, problem);
	str_init(&path, STR_LINE);
	clean_name(&path, raw);
	if (path.len) {
		t->path = str_s(&path);
		rc = visit_entry(t, ae, visit, arg);
	}
	/* what the visitor did not read counts all the same */
	str_init(&skipped, 0);
	if (rc == 0 && tar_content(t, 0, &skipped, t->err) < 0)
		rc = -1;
	str_release(&skipped);
	str_release(&path);
	t->path = NULL;
	return rc;
}

static struct archive *
reader(void)
{
	struct archive *a = archive_read_new();

	if (!a)
		return NULL;
	/* not filter_all: some filters would start programs */
	archive_read_support_filter_gzip(a);
	archive_read_support_filter_bzip2(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_zstd(a);
	archive_read_support_format_tar(a);
	archive_read_support_format_zip(a);
	return a;
}

void
tar_init(void)
{
	/* names in pax headers and zip are UTF-8; libarchive goes by this */
	setlocale(LC_CTYPE, "C.UTF-8");
}

int
tar_read(int fd, const char *name, uint64_t max_total, tar_visit *visit,
	void *arg, struct err *err)
{
	return tar_read_many(fd, name, max_total, TAR_ENTRIES, visit, arg,
		err);
}

int
tar_read_many(int fd, const char *name, uint64_t max_total,
	size_t max_entries, tar_visit *visit, void *arg, struct err *err)
{
	struct tar t = { .name = name, .max_total = max_total, .err = err,
		.max_names = max_entries * TAR_NAME };
	struct archive_entry *ae;
	size_t entries = 0;
	int rc = 0, got;

	t.a = reader();
	if (!t.a)
		return err_at(err, name, 0, 0, "cannot start libarchive");
	if (archive_read_open_fd(t.a, fd, BLOCK) != ARCHIVE_OK)
		rc = broken(&t);
	while (rc == 0) {
		got = archive_read_next_header(t.a, &ae);
		if (got == ARCHIVE_EOF)
			break;
		if (got != ARCHIVE_OK && got != ARCHIVE_WARN)
			rc = broken(&t);
		else if (++entries > max_entries)
			rc = err_at(err, name, 0, 0,
				"more than %zu entries", max_entries);
		else
			rc = next_entry(&t, ae, visit, arg);
	}
	archive_read_free(t.a);
	map_release(&t.seen);
	return rc;
}

bool
tar_is_archive(const char *p, size_t n)
{
	static const struct {
		const char *magic;
		size_t len, at;
	} kinds[] = {
		{ "\x1f\x8b", 2, 0 }, { "BZh", 3, 0 },
		{ "\xfd" "7zXZ\0", 6, 0 }, { "\x28\xb5\x2f\xfd", 4, 0 },
		{ "PK\x03\x04", 4, 0 }, { "PK\x05\x06", 4, 0 },
		{ "ustar", 5, 257 }
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (n >= kinds[i].at + kinds[i].len && memcmp(p + kinds[i].at,
		    kinds[i].magic, kinds[i].len) == 0)
			return true;
	return false;
}
