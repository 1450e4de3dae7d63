#include "smelt-intake/tree/clone.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "smelt-intake/request.h"
#include "sys/proc.h"
#include "sys/url.h"

enum { ARGS = 32, CLONE_SECONDS = 900 };

bool
clone_is_ssh(const char *url)
{
	const char *colon, *at;

	if (strncasecmp(url, "ssh://", 6) == 0)
		return true;
	/* user@host:path, as git takes it */
	at = strchr(url, '@');
	colon = strchr(url, ':');
	return at && colon && at > url && at < colon && *url != '-' &&
		!strstr(url, "://") && !memchr(url, '/', (size_t)(colon - url));
}

/* Without what stands before the @ of a URL: git may print it. */
static void
hide(struct str *text, const char *url)
{
	const char *start = strstr(url, "://"), *at, *found;
	struct str out;
	char *secret;

	start = start ? start + 3 : url;
	at = strchr(start, '@');
	if (!at || at == start || clone_is_ssh(url))
		return;
	secret = xstrndup(start, (size_t)(at - start) + 1);
	str_init(&out, text->max);
	for (at = str_s(text); (found = strstr(at, secret)) != NULL;
	    at = found + strlen(secret))
		str_add(&out, at, (size_t)(found - at));
	str_puts(&out, at);
	str_release(text);
	*text = out;
	free(secret);
}

/* The line that tells what went wrong. */
static const char *
last_line(struct str *text)
{
	char *at;
	size_t n;

	while (text->len && strchr(" \n\r", text->buf[text->len - 1]))
		text->len--;
	str_seal(text);
	for (at = text->buf; at && *at; at += n + (at[n] == '\n')) {
		n = strcspn(at, "\n");
		if (str_starts(at, "fatal: ") || str_starts(at, "error: ")) {
			at[n] = '\0';
			return at + 7;
		}
	}
	at = text->buf ? strrchr(text->buf, '\n') : NULL;
	return at ? at + 1 : str_s(text);
}

static int
git(const char *url, const char *const *args, const struct request *q,
	struct str *out, struct err *err)
{
	static const char *const fixed[] = {
		"git", "-c", "core.hooksPath=/dev/null", "-c",
		"core.fsmonitor=false", "-c", "gc.auto=0", "-c",
		"maintenance.auto=false", "-c", "submodule.recurse=false",
		"-c", "fetch.recurseSubmodules=false", "-c",
		"core.alternateRefsCommand=", "-c", "protocol.ext.allow=never"
	};
	const char *set[] = {
		q->allow_http ? "GIT_ALLOW_PROTOCOL=https:ssh:http" :
			"GIT_ALLOW_PROTOCOL=https:ssh",
		"GIT_TERMINAL_PROMPT=1", "LC_ALL=C", "GIT_DIR",
		"GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY",
		"GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR",
		"GIT_NAMESPACE", NULL
	};
	const char *argv[ARGS];
	struct proc p = { .argv = argv, .set = set };
	struct str errors, safe;
	size_t n = 0, i;
	int rc;

	for (i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		argv[n++] = fixed[i];
	for (i = 0; args[i] && n + 1 < ARGS; i++)
		argv[n++] = args[i];
	argv[n] = NULL;
	if (!isatty(STDIN_FILENO)) {
		set[1] = "GIT_TERMINAL_PROMPT=0";
		p.detached = true;
	}
	p.seconds = q->timeout ? (unsigned)q->timeout : CLONE_SECONDS;
	str_init(&errors, STR_LINE);
	str_init(&safe, STR_LINE);
	url_safe(&safe, url);
	rc = proc_run(&p, out, &errors, err);
	if (rc > 0) {
		hide(&errors, url);
		rc = err_at(err, str_s(&safe), 0, 0, "git: %s",
			last_line(&errors));
	}
	str_release(&errors);
	str_release(&safe);
	return rc;
}

static int
check_ref(const char *ref, struct err *err)
{
	size_t i;

	for (i = 0; ref && ref[i]; i++)
		if ((unsigned char)ref[i] <= ' ' || ref[i] == 0x7f ||
		    strchr(":*?[\\^~+", ref[i]))
			break;
	if (ref && (!*ref || ref[i] || *ref == '-'))
		return err_set(err, "--ref: '%s' is not the name of a "
			"branch, tag or commit", ref);
	return 0;
}

/* HEAD of the new repository becomes what FETCH_HEAD starts with. */
static int
set_head(const char *dir, const char *url, struct err *err)
{
	char *from = xasprintf("%s/FETCH_HEAD", dir);
	char *to = xasprintf("%s/HEAD", dir);
	struct str text;
	size_t n;
	int rc;

	str_init(&text, STR_LINE * 16);
	rc = io_read(from, &text, err);
	n = strspn(str_s(&text), "0123456789abcdef");
	if (rc == 0 && n != 40 && n != 64)
		rc = err_at(err, url, 0, 0, "git fetched nothing");
	if (rc == 0) {
		text.buf[n] = '\n';
		rc = io_write(to, text.buf, n + 1, err);
	}
	str_release(&text);
	free(from);
	free(to);
	return rc;
}

static int
fetch(const char *url, const char *dir, const struct request *q,
	const char *depth, struct str *out, struct err *err)
{
	const char *args[] = { "-C", dir, "fetch", "-q", "--no-tags",
		"--no-recurse-submodules", depth, "--", url,
		q->ref ? q->ref : "HEAD", NULL };

	return git(url, args, q, out, err);
}

int
clone_fetch(const char *url, const char *dir, const struct request *q,
	struct err *err)
{
	const char *init[] = { "init", "-q", "--bare", "--template=", "--",
		dir, NULL };
	struct str out;
	int rc;

	if (check_ref(q->ref, err) < 0)
		return -1;
	str_init(&out, STR_LINE);
	rc = git(url, init, q, &out, err);
	if (rc == 0) {
		rc = fetch(url, dir, q, "--depth=1", &out, err);
		/* a plain file server can not cut a history */
		if (rc < 0 && strstr(err->text, "shallow"))
			rc = fetch(url, dir, q, "--no-auto-gc", &out, err);
	}
	if (rc == 0)
		rc = set_head(dir, url, err);
	str_release(&out);
	return rc;
}

int
clone_tip(const char *url, const struct request *q, struct str *out,
	struct err *err)
{
	const char *args[] = { "ls-remote", "--", url,
		q->ref ? q->ref : "HEAD", NULL };
	int rc;

	if (check_ref(q->ref, err) < 0)
		return -1;
	rc = git(url, args, q, out, err);
	if (rc == 0 && out->len == 0)
		rc = err_at(err, url, 0, 0, "no ref '%s' there",
			q->ref ? q->ref : "HEAD");
	return rc;
}
