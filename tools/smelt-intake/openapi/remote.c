#include "smelt-intake/openapi/remote.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/opt.h"
#include "base/path.h"
#include "base/str.h"
#include "base/uri.h"
#include "smelt-intake/openapi/openapi.h"
#include "smelt-intake/origin.h"
#include "smelt-intake/request.h"
#include "smelt-intake/source.h"
#include "sys/box.h"
#include "sys/http.h"
#include "sys/url.h"

enum { SECONDS = 60, DIGITS = 8, PATH_LEN = 200 };
#define LIST_MAX ((size_t)4 * 1024 * 1024)

int
remotes_init(struct remotes *r, const struct request *q, struct err *err)
{
	struct str url;
	size_t i;

	memset(r, 0, sizeof(*r));
	r->q = q;
	r->prefixes = xcalloc(q->refs->n + 1, sizeof(*r->prefixes));
	for (i = 0; i < q->refs->n; i++) {
		const char *text = q->refs->items[i];

		str_init(&url, STR_LINE);
		if (strpbrk(text, "?#") || !url_canonical(&url, text))
			return err_set(err, "--allow-ref: '%s' is no plain "
				"https URL", text);
		if (str_starts(str_s(&url), "http:") && !q->allow_http)
			return err_set(err, "--allow-ref: '%s' needs "
				"--allow-http", text);
		r->prefixes[r->nprefixes++] = str_detach(&url);
	}
	return 0;
}

void
remotes_release(struct remotes *r)
{
	size_t i;

	for (i = 0; i < r->n; i++) {
		str_release(r->v[i].bytes);
		free(r->v[i].bytes);
		free(r->v[i].url);
		free(r->v[i].path);
	}
	for (i = 0; i < r->nprefixes; i++)
		free((void *)(uintptr_t)r->prefixes[i]);
	free(r->prefixes);
	free(r->v);
	memset(r, 0, sizeof(*r));
}

const struct remote *
remotes_find(const struct remotes *r, const char *url)
{
	size_t i;

	for (i = 0; r && i < r->n; i++)
		if (strcmp(r->v[i].url, url) == 0)
			return &r->v[i];
	return NULL;
}

bool
remotes_has_path(const struct remotes *r, const char *path)
{
	size_t i;

	for (i = 0; r && i < r->n; i++)
		if (strcmp(r->v[i].path, path) == 0)
			return true;
	return false;
}

bool
remotes_allow(const struct remotes *r, const char *url)
{
	size_t i;

	for (i = 0; r && i < r->nprefixes; i++)
		if (url_within(url, r->prefixes[i]))
			return true;
	return false;
}

void
remotes_want(struct remotes *r, const char *url)
{
	if (!r->wanted)
		return;
	str_puts(r->wanted, url);
	str_putc(r->wanted, '\n');
}

/* Append "HOST/PATH" in plain characters; true: it says the whole URL. */
static bool
add_plain(struct str *path, const struct uri *u)
{
	const char *p = u->authority.p;
	size_t n = u->authority.n + u->path.n, i;
	bool same = !u->query.p && !memchr(p, '_', u->authority.n);

	for (i = 0; i < n && path->len < PATH_LEN; i++) {
		bool plain = strchr("./_-", p[i]) || (p[i] >= '0' &&
			p[i] <= '9') || (char_lower(p[i]) >= 'a' &&
			char_lower(p[i]) <= 'z');

		if (p[i] == '/' && path->buf[path->len - 1] == '/') {
			same = false;
			continue;
		}
		/* before a port no other "_" stands */
		same = same && (plain || (p[i] == ':' && *p != '['));
		str_putc(path, plain ? p[i] : '_');
	}
	return same && i == n && path->buf[path->len - 1] != '/';
}

/* remote/HOST/PATH, with a digest where that is not the whole URL */
static char *
path_for(const char *url, bool json, bool digest)
{
	static const char *const ends[] = { "json", "yaml", "yml", NULL };
	char hex[SHA256_HEX + 1];
	struct str path;
	struct uri u;

	uri_split(&u, url, strlen(url));
	str_init(&path, STR_LINE);
	str_puts(&path, "remote/");
	digest = !add_plain(&path, &u) || digest;
	while (digest && path.buf[path.len - 1] == '/')
		path.len--;
	if (digest) {
		sha256_hex(url, strlen(url), hex);
		str_addf(&path, "-%.*s", DIGITS, hex);
	}
	if (digest || !str_in(path_ext(str_s(&path)), ends))
		str_puts(&path, json ? ".json" : ".yaml");
	return str_detach(&path);
}

/* --- what is needed ------------------------------------------------------- */

/* In the child: read the document as the stage would, and say the URLs. */
static void
look(struct remotes *r, const struct origin *o, const struct source *template,
	int fd)
{
	struct box box = { .profile = BOX_FILTER };
	struct source s = *template;
	struct str text, wanted;
	struct err ignored;
	size_t at;
	ssize_t n;
	int dir = -1;

	setenv("SMELT_SANDBOX_TOLD", "1", 1);
	diag_set_level(DIAG_QUIET);
	if (o->dir)
		dir = open(o->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	box_read(&box, o->dir);
	if (box_enter(&box, &ignored) < 0)
		_exit(2);
	str_init(&text, IO_MAX);
	str_add(&text, str_s(o->bytes), o->bytes->len);
	str_init(&wanted, LIST_MAX);
	r->wanted = &wanted;
	s.remotes = r;
	s.lint = NULL;
	openapi_read(&s, &text, o->label, *o->base ? o->base : "openapi",
		dir, &ignored);
	for (at = 0; at < wanted.len; at += (size_t)n)
		if ((n = write(fd, wanted.buf + at, wanted.len - at)) <= 0)
			_exit(2);
	_exit(0);
}

/* -1: the child came to no end of its own */
static int
ask(struct remotes *r, const struct origin *o, const struct source *template,
	struct str *list, struct err *err)
{
	int fds[2], status = 0, rc;
	pid_t pid;

	if (pipe(fds) < 0 || (pid = fork()) < 0)
		return err_set(err, "cannot start a process: %s",
			strerror(errno));
	if (pid == 0) {
		close(fds[0]);
		/* what is not is closed by the box */
		fcntl(fds[1], F_SETFD, FD_CLOEXEC);
		look(r, o, template, fds[1]);
	}
	close(fds[1]);
	rc = io_read_fd(fds[0], o->label, list, err);
	close(fds[0]);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (rc == 0 && (!WIFEXITED(status) || WEXITSTATUS(status) != 0))
		rc = err_at(err, o->label, 0, 0, "cannot be looked through "
			"for references");
	return rc;
}

/* --- fetching ------------------------------------------------------------- */

static int
add(struct remotes *r, const char *url, unsigned seconds, struct err *err)
{
	struct http_request request = { .url = url, .seconds = seconds,
		.allow_http = r->q->allow_http, .hosts = r->q->hosts->items,
		.nhosts = r->q->hosts->n, .within = r->prefixes,
		.nwithin = r->nprefixes };
	struct remote *x;
	struct str type;
	bool json;
	int rc;

	if (r->n == REMOTE_FILES)
		return err_at(err, url, 0, 0, "is one document too many: at "
			"most %d are fetched", REMOTE_FILES);
	request.max = REMOTE_TOTAL - r->total < REMOTE_FILE ?
		REMOTE_TOTAL - r->total : REMOTE_FILE;
	if (!request.max)
		return err_at(err, url, 0, 0, "is too much: at most %d bytes "
			"are fetched", REMOTE_TOTAL);
	r->v = vec_grow(r->v, r->n, &r->cap, sizeof(*r->v));
	x = &r->v[r->n];
	x->bytes = xmalloc(sizeof(*x->bytes));
	str_init(x->bytes, REMOTE_FILE);
	str_init(&type, STR_LINE);
	diag_progress("fetching %s", url);
	rc = http_get(&request, x->bytes, &type, err);
	str_release(&type);
	if (rc < 0) {
		str_release(x->bytes);
		free(x->bytes);
		return -1;
	}
	r->total += x->bytes->len;
	x->url = xstrdup(url);
	json = x->bytes->len && *x->bytes->buf == '{';
	x->path = path_for(url, json, false);
	if (remotes_has_path(r, x->path)) {
		free(x->path);
		x->path = path_for(url, json, true);
	}
	r->n++;
	return 0;
}

static time_t
now(void)
{
	struct timespec t;

	return clock_gettime(CLOCK_MONOTONIC, &t) < 0 ? 0 : t.tv_sec;
}

/* Fetch the URLs of the list that are allowed; how many, or -1. */
static int
add_all(struct remotes *r, char *list, time_t end, struct err *err)
{
	char *line, *next;
	struct str url;
	time_t left;
	long limit = r->q->timeout ? r->q->timeout : SECONDS;
	int n = 0;

	for (line = list; *line && n >= 0; line = next) {
		next = line + strcspn(line, "\n");
		if (*next)
			*next++ = '\0';
		str_init(&url, STR_LINE);
		left = end - now();
		if (!url_canonical(&url, line) ||
		    !remotes_allow(r, str_s(&url)) ||
		    remotes_find(r, str_s(&url)))
			;	/* the stage says what is wrong with it */
		else if (left <= 0)
			n = err_at(err, str_s(&url), 0, 0, "not fetched: all "
				"took more than %d seconds", REMOTE_SECONDS);
		else if (add(r, str_s(&url), (unsigned)(limit < left ? limit :
		    left), err) < 0)
			n = -1;
		else
			n++;
		str_release(&url);
	}
	return n;
}

int
remotes_fetch(struct remotes *r, const struct origin *o,
	const struct source *template, struct err *err)
{
	time_t end = now() + REMOTE_SECONDS;
	struct str list;
	int round, n = 1;

	if (!r->nprefixes || o->type != ORIGIN_DOCUMENT || !o->bytes)
		return 0;
	for (round = 0; n > 0; round++) {
		if (round > REMOTE_ROUNDS)
			return err_at(err, o->label, 0, 0, "references lead "
				"on and on: more than %d documents in a row",
				REMOTE_ROUNDS);
		str_init(&list, LIST_MAX);
		n = ask(r, o, template, &list, err);
		if (n == 0 && list.len)
			n = add_all(r, list.buf, end, err);
		str_release(&list);
	}
	return n;
}
