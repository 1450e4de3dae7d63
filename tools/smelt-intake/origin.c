#include "smelt-intake/origin.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/path.h"
#include "base/str.h"
#include "smelt-intake/request.h"
#include "smelt-intake/tree/clone.h"
#include "sys/box.h"
#include "sys/http.h"
#include "sys/tar.h"
#include "sys/tempdir.h"
#include "sys/url.h"

enum { HEAD = 4096, FETCH_SECONDS = 120 };
#define FETCH_MAX ((size_t)64 * 1024 * 1024)

static bool
one_of(const char *text, const char *const *list)
{
	for (; *list; list++)
		if (strcasecmp(text, *list) == 0)
			return true;
	return false;
}

static bool
is_document_name(const char *name)
{
	static const char *const exts[] = { "json", "yaml", "yml", "xml",
		NULL };

	return one_of(path_ext(name), exts);
}

static bool
is_text_name(const char *name)
{
	static const char *const exts[] = { "txt", "text", "md", "markdown",
		"html", "htm", "rst", NULL };

	return one_of(path_ext(name), exts);
}

static bool
is_archive_name(const char *name)
{
	static const char *const ends[] = { ".tar", ".tgz", ".tbz2", ".txz",
		".zip", ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst" };
	size_t i;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (str_ends(name, ends[i]))
			return true;
	return false;
}

/* Does the text look like JSON, XML or the start of an OpenAPI document? */
static bool
is_document_text(const char *p, size_t n)
{
	static const char *const starts[] = { "{", "[", "<?xml", "openapi:",
		"\"openapi\"", "'openapi'", "swagger:", "%YAML", "---" };
	const char *end = p + n, *nl;
	size_t i;

	if (mem_starts(p, n, "\xef\xbb\xbf"))
		p += 3;
	while (p < end && strchr(" \t\r\n", *p))
		p++;
	for (; p < end; p = nl + 1) {
		for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
			if (mem_starts(p, (size_t)(end - p), starts[i]))
				return true;
		/* comments may stand before */
		nl = memchr(p, '\n', (size_t)(end - p));
		if (*p != '#' || !nl)
			return false;
	}
	return false;
}

static bool
wanted_type(struct origin *o, const struct request *q)
{
	static const struct {
		const char *name;
		enum origin_type type;
	} types[] = {
		{ "openapi", ORIGIN_DOCUMENT }, { "text", ORIGIN_TEXT },
		{ "archive", ORIGIN_ARCHIVE },
		{ "directory", ORIGIN_DIRECTORY },
		{ "git", ORIGIN_DIRECTORY }
	};
	size_t i;

	for (i = 0; q->type && i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(q->type, types[i].name) == 0) {
			o->type = types[i].type;
			return true;
		}
	}
	return false;
}

/* By name, else by the first bytes. */
static void
guess(struct origin *o, const struct request *q, const char *p, size_t n)
{
	if (wanted_type(o, q))
		return;
	if (tar_is_archive(p, n) || is_archive_name(o->base))
		o->type = ORIGIN_ARCHIVE;
	else if (is_document_name(o->base))
		o->type = ORIGIN_DOCUMENT;
	else if (is_text_name(o->base))
		o->type = ORIGIN_TEXT;
	else
		o->type = is_document_text(p, n) ? ORIGIN_DOCUMENT :
			ORIGIN_TEXT;
}

static struct str *
new_str(size_t max)
{
	struct str *s = xmalloc(sizeof(*s));

	str_init(s, max);
	return s;
}

static int
open_stdin(struct origin *o, const struct request *q, struct err *err)
{
	if (isatty(STDIN_FILENO))
		return err_set(err, "no SOURCE, and stdin is a terminal");
	o->label = xstrdup("<stdin>");
	o->location = xstrdup("stdin");
	o->base = xstrdup("");
	if (wanted_type(o, q) && o->type == ORIGIN_ARCHIVE) {
		tar_init();
		o->fd = dup(STDIN_FILENO);
		fcntl(o->fd, F_SETFD, FD_CLOEXEC);
		return 0;
	}
	o->bytes = new_str(IO_MAX);
	if (io_read(NULL, o->bytes, err) < 0)
		return -1;
	guess(o, q, str_s(o->bytes), o->bytes->len);
	if (o->type == ORIGIN_ARCHIVE)
		return err_at(err, o->label, 0, 0, "an archive on stdin "
			"needs --type archive");
	if (o->type == ORIGIN_DIRECTORY)
		return err_at(err, o->label, 0, 0, "not a directory");
	return 0;
}

static int
open_text(struct origin *o, const struct request *q)
{
	o->type = ORIGIN_TEXT;
	o->label = xstrdup("--text");
	o->location = xstrdup("");
	o->base = xstrdup("");
	o->bytes = new_str(IO_MAX);
	str_puts(o->bytes, q->text);
	return 0;
}

/*
 * Is there a "$ref" that is followed by something else than "#"?  Only then is
 * the directory opened to the parsers.
 */
static bool
refers_elsewhere(const struct str *text)
{
	const char *at = str_s(text), *end = at + text->len;

	while (at && (at = memchr(at, '$', (size_t)(end - at))) != NULL) {
		at++;
		if (!mem_starts(at, (size_t)(end - at), "ref"))
			continue;
		at += 3;
		while (at < end && strchr("\"' :\t\r\n|>-", *at) && *at)
			at++;
		if (at < end && *at != '#')
			return true;
	}
	return false;
}

static int
read_bytes(struct origin *o, const struct request *q, struct err *err)
{
	const char *slash;
	int rc;

	o->bytes = new_str(IO_MAX);
	rc = io_read_fd(o->fd, o->label, o->bytes, err);
	close(o->fd);
	o->fd = -1;
	if (rc < 0)
		return -1;
	guess(o, q, str_s(o->bytes), o->bytes->len);
	if (o->type == ORIGIN_DOCUMENT && (q->overlays->n ||
	    refers_elsewhere(o->bytes))) {
		slash = strrchr(o->path, '/');
		o->dir = slash ? xstrndup(o->path, slash == o->path ? 1 :
			(size_t)(slash - o->path)) : xstrdup(".");
	}
	return 0;
}

static int
open_file(struct origin *o, const struct request *q, struct err *err)
{
	char head[HEAD];
	struct stat st;
	ssize_t n = 0;

	o->fd = open(o->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (o->fd < 0 || fstat(o->fd, &st) < 0)
		return err_at(err, o->path, 0, 0, "cannot open: %s",
			strerror(errno));
	if (S_ISDIR(st.st_mode) != (wanted_type(o, q) ?
	    o->type == ORIGIN_DIRECTORY : S_ISDIR(st.st_mode)))
		return err_at(err, o->path, 0, 0, S_ISDIR(st.st_mode) ?
			"is a directory" : "is not a directory");
	if (S_ISDIR(st.st_mode)) {
		close(o->fd);
		o->fd = -1;
		o->type = ORIGIN_DIRECTORY;
		return 0;
	}
	/* a fifo is what the shell makes of <(command): wait for its writer */
	if (S_ISFIFO(st.st_mode))
		fcntl(o->fd, F_SETFL, 0);
	else if (!S_ISREG(st.st_mode))
		return err_at(err, o->path, 0, 0,
			"neither a file nor a directory");
	else
		n = pread(o->fd, head, sizeof(head), 0);
	if (n < 0)
		return err_at(err, o->path, 0, 0, "cannot read: %s",
			strerror(errno));
	guess(o, q, head, (size_t)n);
	if (o->type != ORIGIN_ARCHIVE)
		return read_bytes(o, q, err);
	tar_init();
	return 0;
}

static bool
is_git_url(const struct origin *o, const struct request *q,
	const char *url)
{
	static const char *const forges[] = { "github.com/", "gitlab.com/",
		"bitbucket.org/", "codeberg.org/", "git.sr.ht/" };
	const char *host = strstr(url, "://"), *at;
	size_t i;

	if (q->type)
		return strcmp(q->type, "git") == 0;
	if (clone_is_ssh(url) || q->ref || str_ends(o->base, ".git"))
		return true;
	if (is_document_name(o->base) || is_archive_name(o->base) ||
	    is_text_name(o->base))
		return false;
	host = host ? host + 3 : url;
	at = strchr(host, '@');
	if (at && at < host + strcspn(host, "/"))
		host = at + 1;
	for (i = 0; i < sizeof(forges) / sizeof(forges[0]); i++)
		if (str_starts(host, forges[i]))
			return true;
	return false;
}

/* For a key the name of the commit is enough. */
static int
ask_git_url(struct origin *o, const struct request *q, struct err *err)
{
	size_t n = q->ref ? strspn(q->ref, "0123456789abcdef") : 0;

	o->type = ORIGIN_TEXT;
	o->bytes = new_str(STR_LINE * 16);
	if ((n == 40 || n == 64) && !q->ref[n]) {
		str_puts(o->bytes, q->ref);
		return 0;
	}
	return clone_tip(q->operand, q, o->bytes, err);
}

static int
open_git_url(struct origin *o, const struct request *q, struct err *err)
{
	if (q->key)
		return ask_git_url(o, q, err);
	o->type = ORIGIN_DIRECTORY;
	o->temp = xcalloc(1, sizeof(*o->temp));
	if (tempdir_make(o->temp, err) < 0)
		return -1;
	o->path = xstrdup(o->temp->path);
	return clone_fetch(q->operand, o->path, q, err);
}

static int
open_url(struct origin *o, const struct request *q, struct err *err)
{
	struct http_request r = { .url = q->operand, .max = FETCH_MAX };
	struct str safe;
	char *end;

	str_init(&safe, STR_LINE);
	url_safe(&safe, q->operand);
	o->label = str_detach(&safe);
	o->location = xstrdup(o->label);
	free(o->base);
	o->base = xstrdup(path_base(o->label));
	o->base[strcspn(o->base, "?#")] = '\0';
	end = strrchr(o->base, '/');
	if (end)
		*end = '\0';
	o->remote = true;
	diag_progress("fetching %s", o->label);
	if (is_git_url(o, q, q->operand))
		return open_git_url(o, q, err);
	r.seconds = q->timeout ? (unsigned)q->timeout : FETCH_SECONDS;
	r.allow_http = q->allow_http;
	r.hosts = q->hosts->items;
	r.nhosts = q->hosts->n;
	o->bytes = new_str(FETCH_MAX);
	o->media_type = new_str(STR_LINE);
	if (http_get(&r, o->bytes, o->media_type, err) < 0)
		return -1;
	guess(o, q, str_s(o->bytes), o->bytes->len);
	if (o->type == ORIGIN_TEXT && !q->type && !is_text_name(o->base))
		return err_at(err, o->label, 0, 0, "neither an OpenAPI document "
			"nor a text by its name: say which by --type (or "
			"--type git)");
	if (o->type == ORIGIN_ARCHIVE)
		return err_at(err, o->label, 0, 0, "an archive by URL is not "
			"read: fetch it, and name the file");
	return 0;
}

static bool
is_url(const char *text)
{
	return url_is_http(text) || (clone_is_ssh(text) &&
		access(text, F_OK) != 0);
}

int
origin_open(struct origin *o, const struct request *q, struct err *err)
{
	char *real;

	memset(o, 0, sizeof(*o));
	o->fd = -1;
	if (q->text && q->operand)
		return err_set(err, "--text and a SOURCE: give one of them");
	if (q->text)
		return open_text(o, q);
	if (!q->operand)
		return open_stdin(o, q, err);
	if (is_url(q->operand))
		return open_url(o, q, err);
	if (strstr(q->operand, "://"))
		return err_at(err, q->operand, 0, 0,
			"neither https:// nor ssh://");
	o->path = xstrdup(q->operand);
	o->label = xstrdup(q->operand);
	/* "." and ".." have a name only when they are resolved */
	real = realpath(q->operand, NULL);
	o->base = xstrdup(path_base(real ? real : q->operand));
	free(real);
	o->location = xstrdup(q->operand[0] == '/' ? o->base : q->operand);
	return open_file(o, q, err);
}

void
origin_close(struct origin *o)
{
	if (o->temp)
		tempdir_remove(o->temp);
	if (o->bytes)
		str_release(o->bytes);
	if (o->media_type)
		str_release(o->media_type);
	if (o->fd >= 0 && o->label)
		close(o->fd);
	free(o->bytes);
	free(o->media_type);
	free(o->temp);
	free(o->label);
	free(o->location);
	free(o->base);
	free(o->path);
	free(o->dir);
	memset(o, 0, sizeof(*o));
	o->fd = -1;
}

void
origin_box(const struct origin *o, struct box *box)
{
	if (o->type == ORIGIN_DIRECTORY)
		box_read(box, o->path);
	box_read(box, o->dir);
}

char *
origin_name(const struct origin *o)
{
	static const char *const ends[] = { ".git", ".tar.gz", ".tar.bz2",
		".tar.xz", ".tar.zst", ".tgz", ".tbz2", ".txz", ".zip",
		".tar", ".json", ".yaml", ".yml", ".txt", ".md", ".html" };
	size_t n = strlen(o->base), i, k;
	struct str name;
	char *stem;

	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		k = strlen(ends[i]);
		if (n > k && strcasecmp(o->base + n - k, ends[i]) == 0) {
			n -= k;
			break;
		}
	}
	stem = xstrndup(o->base, n);
	str_init(&name, STR_LINE);
	path_server_name(&name, stem);
	free(stem);
	return str_detach(&name);
}
