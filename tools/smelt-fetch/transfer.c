#include "smelt-fetch/transfer.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>

#include "base/err.h"
#include "base/str.h"
#include "sys/address.h"
#include "sys/http.h"
#include "sys/url.h"

enum { CONNECT_SECONDS = 10, REDIRECTS = 5, TYPE_MAX = 256 };

struct fetch {
	const struct http_request *r;
	CURL *curl;
	struct str *body;
	struct str url;		/* of this hop */
	struct str host;
	bool first;		/* a person's own URL, no redirect */
	bool redirected;
	bool proxied;
	bool refused;		/* for its address */
	char text[CURL_ERROR_SIZE];
};

static bool
named(const struct fetch *f)
{
	size_t i;

	for (i = 0; i < f->r->nhosts; i++)
		if (strcasecmp(f->r->hosts[i], str_s(&f->host)) == 0)
			return true;
	return false;
}

static bool
address_ok(const struct fetch *f, const struct sockaddr *a)
{
	if (named(f) || address_is_public(a))
		return true;
	return f->first && address_is_loopback(a) &&
		address_names_loopback(str_s(&f->host));
}

/* For what a proxy connects to: an address that is the host itself. */
static bool
written_ok(const struct fetch *f)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	const char *host = str_s(&f->host);
	char bare[INET6_ADDRSTRLEN];
	size_t n;

	if (inet_pton(AF_INET, host, &in.sin_addr) == 1)
		return address_ok(f, (const struct sockaddr *)&in);
	host += *host == '[';
	n = strcspn(host, "]%");
	if (n >= sizeof(bare))
		return true;
	memcpy(bare, host, n);
	bare[n] = '\0';
	return inet_pton(AF_INET6, bare, &in6.sin6_addr) != 1 ||
		address_ok(f, (const struct sockaddr *)&in6);
}

/* Called with the address that curl is about to connect to. */
static curl_socket_t
open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct fetch *f = arg;

	(void)purpose;
	if (!f->proxied && !address_ok(f, &a->addr)) {
		f->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static size_t
receive(char *p, size_t size, size_t n, void *arg)
{
	struct fetch *f = arg;

	(void)size;
	return str_add(f->body, p, n) < 0 ? 0 : n;
}

static bool
proxy_for(const char *scheme)
{
	const char *https[] = { "https_proxy", "HTTPS_PROXY", "all_proxy",
		"ALL_PROXY" };
	const char *http[] = { "http_proxy", "all_proxy", "ALL_PROXY" };
	bool secure = strcmp(scheme, "https") == 0;
	size_t i, n = secure ? 4 : 3;

	for (i = 0; i < n; i++) {
		const char *v = getenv(secure ? https[i] : http[i]);

		if (v && *v)
			return true;
	}
	return false;
}

/* Does a list as no_proxy name the host, or may it?  Where curl looks at more
 * than the end of a name (networks, addresses of IPv6) that is a yes. */
static bool
excepts(const char *list, const char *host)
{
	size_t n, len = strlen(host);
	bool v6 = strchr(host, ':') != NULL;
	bool address = v6 || strspn(host, "0123456789.") == len;

	while (list && *list) {
		list += strspn(list, "., \t");
		n = strcspn(list, ", \t");
		if (*list == '*' || (address && memchr(list, '/', n)) ||
		    (v6 && memchr(list, ':', n)))
			return true;
		list += n;
		while (n && list[-1] == '.')
			list--, n--;
		if (n && n <= len &&
		    strncasecmp(host + len - n, list - n, n) == 0)
			return true;
	}
	return false;
}

/* The URL is then what it was compared as. */
static bool
within(struct fetch *f)
{
	struct str url;
	bool found = false;
	size_t i;

	str_init(&url, STR_LINE);
	if (url_canonical(&url, str_s(&f->url)))
		for (i = 0; i < f->r->nwithin && !found; i++)
			found = url_within(str_s(&url), f->r->within[i]);
	if (found) {
		str_clear(&f->url);
		str_add(&f->url, str_s(&url), url.len);
	}
	str_release(&url);
	return found;
}

/* Take the hop's URL apart; an error text, or NULL. */
static const char *
check_url(struct fetch *f)
{
	CURLU *u = curl_url();
	char *scheme = NULL, *host = NULL;
	const char *problem = NULL;

	if (!u || curl_url_set(u, CURLUPART_URL, str_s(&f->url), 0) ||
	    curl_url_get(u, CURLUPART_SCHEME, &scheme, 0) ||
	    curl_url_get(u, CURLUPART_HOST, &host, 0)) {
		problem = "not a URL";
	} else {
		size_t n = strlen(host);

		/* a final dot is the same host */
		if (n > 1 && host[n - 1] == '.')
			n--;
		str_clear(&f->host);
		str_add(&f->host, host, n);
		f->proxied = proxy_for(scheme) &&
			!excepts(getenv("no_proxy"), str_s(&f->host)) &&
			!excepts(getenv("NO_PROXY"), str_s(&f->host));
		if (strcmp(scheme, "http") == 0 && !f->r->allow_http &&
		    !(f->first && address_names_loopback(str_s(&f->host))))
			problem = "http is not allowed: use https, or "
				"--allow-http";
		else if (strcmp(scheme, "http") && strcmp(scheme, "https"))
			problem = "not https";
		else if (f->proxied && !written_ok(f))
			problem = "not a public address: use --allow-host";
	}
	curl_free(scheme);
	curl_free(host);
	curl_url_cleanup(u);
	return problem;
}

static void
set_options(struct fetch *f)
{
	const char *certificates = getenv("SSL_CERT_FILE");
	CURL *c = f->curl;

	curl_easy_reset(c);
	curl_easy_setopt(c, CURLOPT_URL, str_s(&f->url));
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)f->r->seconds);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
	curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE,
		(curl_off_t)f->r->max);
	curl_easy_setopt(c, CURLOPT_ACCEPT_ENCODING, "");
	curl_easy_setopt(c, CURLOPT_USERAGENT, "smelt/" SMELT_VERSION);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, receive);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, f);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, f);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, f->text);
	if (certificates && *certificates)
		curl_easy_setopt(c, CURLOPT_CAINFO, certificates);
}

static void
say(struct fetch *f, CURLcode rc)
{
	if (f->refused)
		snprintf(f->text, sizeof(f->text), "%s is not a public "
			"address: use --allow-host", str_s(&f->host));
	else if (str_over(f->body) || rc == CURLE_FILESIZE_EXCEEDED)
		snprintf(f->text, sizeof(f->text), "larger than %zu bytes",
			f->r->max);
	else if (!*f->text)
		snprintf(f->text, sizeof(f->text), "%s",
			curl_easy_strerror(rc));
}

/* One request.  1: redirected (url is the next), 0: done, -1: text. */
static int
hop(struct fetch *f)
{
	const char *problem;
	char *next = NULL;
	long status = 0;
	CURLcode rc;

	problem = f->r->nwithin && !within(f) ? f->redirected ?
		"redirected to where nothing is allowed" :
		"not within what is allowed" : check_url(f);
	if (problem) {
		snprintf(f->text, sizeof(f->text), "%s", problem);
		return -1;
	}
	str_clear(f->body);
	f->text[0] = '\0';
	set_options(f);
	rc = curl_easy_perform(f->curl);
	if (rc != CURLE_OK) {
		say(f, rc);
		return -1;
	}
	curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(f->curl, CURLINFO_REDIRECT_URL, &next);
	if (status >= 300 && status < 400 && next) {
		str_clear(&f->url);
		str_puts(&f->url, next);
		f->first = false;
		f->redirected = true;
		return 1;
	}
	if (status >= 200 && status < 300)
		return 0;
	snprintf(f->text, sizeof(f->text), "the server answered with %ld",
		status);
	return -1;
}

/* 0: done, -1: text */
static int
follow(struct fetch *f)
{
	int hops = 0, rc;

	while ((rc = hop(f)) == 1 && ++hops <= REDIRECTS)
		;
	if (rc != 1)
		return rc;
	snprintf(f->text, sizeof(f->text), "too many redirects");
	return -1;
}

int
transfer_get(const struct http_request *r, struct str *body,
	struct str *media_type, struct err *err)
{
	struct fetch f = { .r = r, .body = body,
		.first = !r->nwithin };
	const char *type = NULL;
	int rc;

	curl_global_init(CURL_GLOBAL_DEFAULT);
	f.curl = curl_easy_init();
	if (!f.curl)
		return err_set(err, "cannot start libcurl");
	str_init(&f.url, STR_LINE);
	str_init(&f.host, STR_LINE);
	str_puts(&f.url, r->url);
	rc = follow(&f);
	if (rc < 0)
		err_set(err, "%s", f.text);
	else if (curl_easy_getinfo(f.curl, CURLINFO_CONTENT_TYPE, &type) ==
	    CURLE_OK && type)
		str_add(media_type, type, strnlen(type, TYPE_MAX));
	str_release(&f.host);
	str_release(&f.url);
	curl_easy_cleanup(f.curl);
	return rc;
}
