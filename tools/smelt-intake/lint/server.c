#include "smelt-intake/lint/check.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-intake/lint/fix.h"
#include "smelt-intake/lint/place.h"

#define PLACEHOLDER	"https://api.example.com"

enum { URL = 4096 };

static void
placeholder(struct checker *c)
{
	if (!c->origin)
		fix_placeholder(c->fixes,
			PLACEHOLDER " stands for the base URL of the API");
}

static const char *
origin(const struct checker *c)
{
	return c->origin ? c->origin : PLACEHOLDER;
}

static const char *
how(const struct checker *c)
{
	return c->origin ? "the document came from there" :
		"a placeholder: the document does not tell the base URL";
}

static void
put_server(struct emit *e, const char *url)
{
	emit_key(e, "servers");
	emit_array(e);
	emit_object(e);
	emit_pair(e, "url", url);
	emit_end(e);
	emit_end(e);
}

static void
missing(struct checker *c, const struct place *root)
{
	const struct json *servers = json_get(root->value, "servers");

	found(c, "openapi-servers-missing", servers ? json_key_of(servers) :
		place_mark(root), servers ? "'servers' names no server" :
		"there is no 'servers'", origin(c), how(c), NULL);
	fix_clear(c->fixes, root, "servers");
	put_server(fix_update(c->fixes, root), origin(c));
	fix_close(c->fixes);
	placeholder(c);
}

/* --- variables --- */

static void
variable(struct checker *c, const struct place *server, const char *name,
	size_t len, const char *what)
{
	const struct json *url = json_get(server->value, "url");
	char *text = xstrndup(name, len);
	const struct json *list = json_get(json_getn(json_get(server->value,
		"variables"), name, len), "enum");
	const char *first = json_str(json_at(list, 0));
	struct emit *e;

	found(c, "openapi-server-variable", url, text, json_str(url), what,
		first ? first : text, NULL);
	e = fix_update(c->fixes, server);
	emit_key(e, "variables");
	emit_object(e);
	emit_keyn(e, name, len);
	emit_object(e);
	emit_pair(e, "default", first ? first : text);
	emit_end(e);
	emit_end(e);
	fix_close(c->fixes);
	if (!first)
		fix_placeholder(c->fixes, "the value of a server variable");
	free(text);
}

/* Append the URL with its defaults; false: one is missing, and reported. */
static bool
expand(struct checker *c, const struct place *server, struct str *out)
{
	const char *at = json_get_str(server->value, "url"), *open, *close;
	const struct json *v, *value;
	bool whole = true;

	while ((open = strchr(at, '{')) && (close = strchr(open, '}'))) {
		size_t n = (size_t)(close - open - 1);

		str_add(out, at, (size_t)(open - at));
		v = json_getn(json_get(server->value, "variables"), open + 1,
			n);
		value = json_get(v, "default");
		at = close + 1;
		if (json_str(value) && (!json_size(json_get(v, "enum")) ||
		    json_lists(json_get(v, "enum"), json_str(value)))) {
			str_puts(out, json_str(value));
			continue;
		}
		if (json_type(value) == JSON_NUMBER ||
		    json_type(value) == JSON_BOOL) {
			json_write(out, value);
			continue;
		}
		whole = false;
		variable(c, server, open + 1, n, !v ? "is not defined" :
			!value ? "has no default" :
			"has a default that is none of its enum");
	}
	str_puts(out, at);
	return whole;
}

/* --- one URL --- */

static size_t
without_slashes(const char *url)
{
	size_t n = strlen(url);

	while (n && url[n - 1] == '/')
		n--;
	return n;
}

static bool
is_relative(const char *url)
{
	size_t n = strcspn(url, "/:");

	if (!*url || *url == '.' || (*url == '/' && url[1] != '/'))
		return true;
	return !strpbrk(url, " \t") && !strstr(url, "://") &&
		url[n] != ':' && *url != '/' &&
		!memchr(url, '.', n) && strncmp(url, "localhost", n) != 0;
}

static void
relative(struct checker *c, const struct place *server, const char *url)
{
	const struct json *at = json_get(server->value, "url");
	const char *raw = json_str(at) ? json_str(at) : "";
	const char *rest = raw;
	struct str whole;

	while (str_starts(rest, "./"))
		rest += 2;
	str_init(&whole, URL);
	if (*rest == '/' || !c->base)
		str_puts(&whole, origin(c));
	else
		str_add(&whole, c->base, without_slashes(c->base));
	if (*rest && *rest != '/')
		str_putc(&whole, '/');
	str_add(&whole, rest, without_slashes(rest));
	found(c, "openapi-server-relative", at ? at : place_mark(server), url,
		str_s(&whole), how(c), NULL);
	fix_set(c->fixes, server, "url", str_s(&whole));
	placeholder(c);
	str_release(&whole);
}

/* what is wrong with an absolute URL; NULL: nothing that is seen */
static const char *
malformed(const char *url)
{
	const char *colon = strstr(url, "://");

	if (strpbrk(url, " \t\r\n"))
		return "has blanks";
	if (!colon || str_starts(url, "//"))
		return "has no scheme";
	if (strstr(colon + 3, "://"))
		return "has two schemes";
	if (!colon[3] || colon[3] == '/')
		return "has no host";
	return NULL;
}

static void
mend_url(struct str *out, const char *url)
{
	const char *again;

	while (*url && strchr(" \t\r\n/", *url))
		url++;
	while ((again = strstr(url, "://")) && strstr(again + 3, "://"))
		url = again + 3;
	if (!strstr(url, "://"))
		str_puts(out, "https://");
	for (; *url; url++)
		if (!strchr(" \t\r\n", *url))
			str_putc(out, *url);
	while (out->len && out->buf[out->len - 1] == '/')
		out->len--;
	str_seal(out);
}

static void
host_of(const char *url, char *out, size_t size)
{
	const char *at = strstr(url, "://");
	size_t n;

	at = at ? at + 3 : url;
	n = *at == '[' ? strcspn(at, "]") + 1 : strcspn(at, ":/?#");
	n = n < size - 1 ? n : size - 1;
	memcpy(out, at, n);
	out[n] = '\0';
}

static bool
is_placeholder(const struct checker *c, const char *url)
{
	char host[256];

	host_of(url, host, sizeof(host));
	return check_listed(check_list(c, "openapi-server-placeholder",
		"hosts"), host);
}

static void
wrong_url(struct checker *c, const struct place *server, const char *url,
	const char *what)
{
	struct str right;
	bool guessed;

	str_init(&right, URL);
	if (strstr(url, "://") || !strpbrk(url, " \t"))
		mend_url(&right, json_get_str(server->value, "url"));
	guessed = !malformed(str_s(&right));
	if (!guessed) {
		str_clear(&right);
		str_puts(&right, origin(c));
	}
	found(c, "openapi-server-malformed", json_get(server->value, "url"),
		url, what, str_s(&right), NULL);
	if (!guessed)
		placeholder(c);
	fix_set(c->fixes, server, "url", str_s(&right));
	str_release(&right);
}

/* Does it lead somewhere?  False: what is wrong was said. */
static bool
check_url(struct checker *c, const struct place *server, const char *url)
{
	const struct json *at = json_get(server->value, "url");
	const char *what;
	char *bare;

	if (is_relative(url)) {
		relative(c, server, url);
		return false;
	}
	what = malformed(url);
	if (what) {
		wrong_url(c, server, url, what);
		return false;
	}
	if (url[strlen(url) - 1] == '/' && str_ends(json_str(at), "/")) {
		bare = xstrndup(json_str(at), without_slashes(json_str(at)));
		found(c, "openapi-server-slash", at, json_str(at), NULL);
		fix_set(c->fixes, server, "url", bare);
		free(bare);
	}
	return true;
}

/* url is the server's, with the values of its variables */
static void
only_placeholders(struct checker *c, const struct place *server,
	const char *url)
{
	const struct json *at = json_get(server->value, "url");
	const char *path = strstr(url, "://");
	struct str right;
	char host[256];

	host_of(url, host, sizeof(host));
	found(c, "openapi-server-placeholder", at, json_str(at), NULL);
	path = path ? strchr(path + 3, '/') : NULL;
	str_init(&right, URL);
	str_puts(&right, origin(c));
	str_add(&right, path ? path : "", path ? without_slashes(path) : 0);
	/* one example for another would be no fix */
	if (!is_placeholder(c, origin(c)) || !strstr(host, "example")) {
		fix_set(c->fixes, server, "url", str_s(&right));
		placeholder(c);
	}
	str_release(&right);
}

static void
check_list_of(struct checker *c, const struct place *servers)
{
	bool good = false, absolute = false, defined;
	struct place first = { 0 }, server;
	struct json_iter it;
	struct str url, first_url;
	size_t n = 0;

	str_init(&url, URL);
	str_init(&first_url, URL);
	for (json_each(&it, servers->value); json_next(&it); n++) {
		server = place_next(servers, &it, n);
		str_clear(&url);
		defined = !json_get_str(it.value, "url") ||
			expand(c, &server, &url);
		if (!json_is(it.value, JSON_OBJECT) || !defined ||
		    !check_url(c, &server, str_s(&url)))
			continue;
		if (is_placeholder(c, str_s(&url)) && !absolute) {
			first = server;
			absolute = true;
			str_add(&first_url, str_s(&url), url.len);
		} else if (!is_placeholder(c, str_s(&url))) {
			good = true;
		}
	}
	if (absolute && !good)
		only_placeholders(c, &first, str_s(&first_url));
	str_release(&url);
	str_release(&first_url);
}

/* --- Swagger 2.0 --- */

static void
no_host(struct checker *c, const struct place *root)
{
	const char *at = strstr(origin(c), "://");
	char *scheme = xstrndup(origin(c), (size_t)(at - origin(c)));
	struct emit *e;

	found(c, "openapi-servers-missing", place_mark(root),
		"there is no 'host'", origin(c), how(c), NULL);
	fix_clear(c->fixes, root, "schemes");
	e = fix_update(c->fixes, root);
	emit_pair(e, "host", at + 3);
	emit_key(e, "schemes");
	emit_array(e);
	emit_str(e, scheme);
	emit_end(e);
	fix_close(c->fixes);
	placeholder(c);
	free(scheme);
}

static void
wrong_host(struct checker *c, const struct place *root, const char *host)
{
	const char *bare = strstr(host, "://");
	size_t n;
	char *name;

	bare = bare ? bare + 3 : host;
	bare += strspn(bare, "/ \t");
	n = strcspn(bare, "/ \t");
	name = xstrndup(bare, n);
	found(c, "openapi-server-malformed", json_get(root->value, "host"),
		host, "is more than a host", name, NULL);
	fix_set(c->fixes, root, "host", *name ? name : "api.example.com");
	if (!*name)
		placeholder(c);
	if (bare[n] == '/' && without_slashes(bare + n) &&
	    !json_get(root->value, "basePath")) {
		char *path = xstrndup(bare + n, without_slashes(bare + n));

		fix_set(c->fixes, root, "basePath", path);
		free(path);
	}
	free(name);
}

static void
check_base_path(struct checker *c, const struct place *root)
{
	const struct json *v = json_get(root->value, "basePath");
	const char *path = json_str(v);
	struct str right;

	if (!path || !*path || strcmp(path, "/") == 0)
		return;
	str_init(&right, URL);
	if (*path != '/')
		str_putc(&right, '/');
	str_add(&right, path, without_slashes(path));
	if (*path != '/') {
		found(c, "openapi-server-malformed", v, path,
			"does not begin with '/'", str_s(&right), NULL);
		fix_set(c->fixes, root, "basePath", str_s(&right));
	} else if (str_ends(path, "/")) {
		found(c, "openapi-server-slash", v, path, NULL);
		fix_set(c->fixes, root, "basePath", str_s(&right));
	}
	str_release(&right);
}

static void
check_host(struct checker *c, const struct place *root)
{
	const struct json *v = json_get(root->value, "host");
	const char *host = json_str(v);

	check_base_path(c, root);
	if (!host || !*host) {
		no_host(c, root);
	} else if (strpbrk(host, "/ \t")) {
		wrong_host(c, root, host);
	} else if (is_placeholder(c, host)) {
		found(c, "openapi-server-placeholder", v, host, NULL);
		if (c->origin && !is_placeholder(c, c->origin))
			fix_set(c->fixes, root, "host",
				strstr(c->origin, "://") + 3);
	}
}

void
check_servers(struct checker *c, const struct place *root)
{
	const struct place servers = place_member(root, "servers");

	if (!c->operations)
		return;
	if (c->version == SWAGGER_2_0)
		check_host(c, root);
	else if (!json_is(servers.value, JSON_ARRAY) ||
	    !json_size(servers.value)) {
		if (!c->served || c->served < c->operations)
			missing(c, root);
	} else {
		check_list_of(c, &servers);
	}
}
