#include "sys/http.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"
#include "sys/proc.h"
#include "sys/url.h"

enum { ARGS = 16, MARGIN = 2048, SLACK_SECONDS = 5 };

/* argv of smelt-fetch; the URL goes by stdin.  Numbers go to text. */
static const char **
arguments(const struct http_request *r, const char *program, struct str *text)
{
	const char **argv = xcalloc(ARGS + 2 * (r->nhosts +
		r->nwithin), sizeof(*argv));
	size_t i, n = 0, at;

	str_addf(text, "%zu", r->max);
	str_putc(text, '\0');
	at = text->len;
	str_addf(text, "%u", r->seconds);
	argv[n++] = program;
	argv[n++] = "--media-type";
	argv[n++] = "--max";
	argv[n++] = str_s(text);
	argv[n++] = "--timeout";
	argv[n++] = str_s(text) + at;
	if (r->allow_http)
		argv[n++] = "--allow-http";
	for (i = 0; i < r->nhosts; i++) {
		argv[n++] = "--allow-host";
		argv[n++] = r->hosts[i];
	}
	for (i = 0; i < r->nwithin; i++) {
		argv[n++] = "--within";
		argv[n++] = r->within[i];
	}
	return argv;
}

static int
run(const struct http_request *r, struct str *reply, struct str *said,
	struct err *err)
{
	static const char *const set[] = { "SMELT_SANDBOX_TOLD=1", NULL };
	char *program = program_path("smelt-fetch");
	struct proc p = { .set = set, .input = r->url,
		.seconds = r->seconds + SLACK_SECONDS };
	const char **argv;
	struct str text;
	int rc;

	str_init(&text, STR_LINE);
	p.argv = argv = arguments(r, program, &text);
	rc = proc_run(&p, reply, said, err);
	str_release(&text);
	free(argv);
	free(program);
	return rc;
}

/* The text of the error line that smelt-fetch wrote. */
static const char *
message(struct str *said)
{
	char *text = said->len ? strstr(said->buf, " error: ") : NULL;

	if (!text)
		return "cannot fetch: no answer";
	text += strlen(" error: ");
	text[strcspn(text, "\n")] = '\0';
	return text;
}

/* reply is the media type, a line, and the body. */
static int
take(const struct http_request *r, struct str *reply, struct str *body,
	struct str *media_type)
{
	const char *nl = memchr(str_s(reply), '\n', reply->len);
	size_t type = nl ? (size_t)(nl - reply->buf) : 0;

	if (!nl || reply->len - type - 1 > r->max)
		return -1;
	str_add(media_type, reply->buf, type);
	return str_add(body, nl + 1, reply->len - type - 1);
}

int
http_get(const struct http_request *r, struct str *body,
	struct str *media_type, struct err *err)
{
	struct str reply, said, url;
	struct err why;
	int rc;

	str_init(&reply, r->max + MARGIN);
	str_init(&said, STR_LINE);
	str_init(&url, STR_LINE);
	url_safe(&url, r->url);
	rc = strlen(r->url) > PROC_INPUT ?
		err_set(&why, "a URL of more than %d bytes", PROC_INPUT) :
		run(r, &reply, &said, &why);
	if (rc < 0)
		err_at(err, str_s(&url), 0, 0, "%s", why.text);
	else if (rc > 0)
		rc = err_at(err, str_s(&url), 0, 0, "%s", message(&said));
	else if (take(r, &reply, body, media_type) < 0)
		rc = err_at(err, str_s(&url), 0, 0, "too large");
	str_release(&reply);
	str_release(&said);
	str_release(&url);
	return rc;
}
