#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/io.h"
#include "base/opt.h"
#include "base/str.h"
#include "smelt-fetch/transfer.h"
#include "sys/box.h"
#include "sys/http.h"
#include "sys/url.h"

enum { URL_MAX = 64 * 1024 };

static long max = 64L * 1024 * 1024;
static long seconds = 60;
static bool allow_http;
static bool with_type;
static struct opt_list hosts, prefixes;

static const struct opt opts[] = {
	{ OPT_INT, 0, "max", "BYTES",
	  "refuse what is larger (default: 67108864)", &max, false },
	{ OPT_INT, 0, "timeout", "SECONDS",
	  "for all of it (default: 60)", &seconds, false },
	{ OPT_FLAG, 0, "allow-http", NULL,
	  "fetch without TLS, too", &allow_http, false },
	{ OPT_LIST, 0, "allow-host", "HOST",
	  "fetch from HOST, whatever its address", &hosts, false },
	{ OPT_LIST, 0, "within", "URL",
	  "only this and what is below, also by redirects", &prefixes,
	  false },
	{ OPT_FLAG, 0, "media-type", NULL,
	  "begin with a line that has the media type", &with_type, false },
	{ OPT_END, 0, NULL, NULL, NULL, NULL, false }
};

static const struct opt_tool tool = {
	.name = "smelt-fetch",
	.summary = "fetch one document over https",
	.operands = "[URL]",
	.min_operands = 0,
	.max_operands = 1,
	.opts = opts
};

/* The URL, from stdin without an operand: it may hold a password, and what
 * stands in an argument every user can see. */
static void
read_url(const struct opt_common *common, struct str *url)
{
	struct str in;
	struct err err;

	str_init(&in, URL_MAX);
	if (common->noperands)
		str_puts(&in, common->operands[0]);
	else if (io_read(NULL, &in, &err) < 0)
		die_err(&err);
	str_add(url, str_s(&in), strcspn(str_s(&in), "\r\n"));
	str_release(&in);
	if (!url->len)
		die("no URL");
}

static void
check_prefixes(void)
{
	struct str url;
	size_t i;

	for (i = 0; i < prefixes.n; i++) {
		str_init(&url, URL_MAX);
		if (!url_canonical(&url, prefixes.items[i]))
			die("--within: '%s' is no plain URL",
				prefixes.items[i]);
		prefixes.items[i] = str_detach(&url);
	}
}

static void
fail(const char *url, const struct err *why)
{
	struct str safe;
	struct err err;

	str_init(&safe, URL_MAX);
	url_safe(&safe, url);
	err_at(&err, str_s(&safe), 0, 0, "cannot fetch: %s", why->text);
	die_err(&err);
}

int
main(int argc, char **argv)
{
	struct box box = { .profile = BOX_FETCH };
	struct opt_common common;
	struct str url, body, type;
	struct http_request r;
	struct outfile out;
	struct err err;

	opt_parse(&tool, argc, argv, &common);
	str_init(&url, URL_MAX);
	read_url(&common, &url);
	r = (struct http_request){ .url = str_s(&url), .max = (size_t)max,
		.seconds = (unsigned)seconds, .allow_http = allow_http,
		.hosts = hosts.items, .nhosts = hosts.n,
		.within = prefixes.items, .nwithin = prefixes.n };
	check_prefixes();
	str_init(&body, r.max);
	str_init(&type, STR_LINE);
	box_read(&box, getenv("SSL_CERT_FILE"));
	box_output(&box, common.output);
	if (outfile_open(&out, common.output, &err) < 0 ||
	    box_enter(&box, &err) < 0)
		die_err(&err);
	if (transfer_get(&r, &body, &type, &err) < 0)
		fail(r.url, &err);
	if (with_type) {
		outfile_write(&out, str_s(&type), type.len);
		outfile_write(&out, "\n", 1);
	}
	outfile_write(&out, str_s(&body), body.len);
	if (outfile_commit(&out, &err) < 0)
		die_err(&err);
	return 0;
}
