#include "sys/url.h"

#include <string.h>
#include <strings.h>

#include "base/enc.h"
#include "base/str.h"
#include "base/uri.h"

bool
url_is_http(const char *text)
{
	return strncasecmp(text, "https://", 8) == 0 ||
		strncasecmp(text, "http://", 7) == 0;
}

void
url_safe(struct str *out, const char *url)
{
	const char *start = strstr(url, "://"), *end, *at, *p;

	if (!start) {
		str_puts(out, url);
		return;
	}
	start += 3;
	end = start + strcspn(start, "/?#");
	at = NULL;
	for (p = start; p < end; p++)
		if (*p == '@')
			at = p;
	str_add(out, url, (size_t)(start - url));
	str_puts(out, at ? at + 1 : start);
}

static bool
all_of(const char *p, size_t n, const char *set)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!strchr(set, p[i]))
			return false;
	return true;
}

static bool
add_host(struct str *out, const char *p, size_t n)
{
	size_t i;

	if (n && p[n - 1] == '.')
		n--;
	if (!n || *p == '.' || *p == '-')
		return false;
	if (*p == '[' ? n < 4 || p[n - 1] != ']' || !all_of(p + 1, n - 2,
	    "0123456789abcdefABCDEF:.") : !all_of(p, n, "0123456789"
	    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._-"))
		return false;
	for (i = 0; i < n; i++) {
		if (p[i] == '.' && i + 1 < n && p[i + 1] == '.')
			return false;
		str_putc(out, char_lower(p[i]));
	}
	return true;
}

/* host and port; no user name */
static bool
add_authority(struct str *out, const char *p, size_t n, bool secure)
{
	size_t host = n, k;
	long port = 0;

	while (host && p[host - 1] >= '0' && p[host - 1] <= '9')
		host--;
	if (!host || p[host - 1] != ':' || (*p == '[' && p[host - 2] != ']'))
		return add_host(out, p, n);
	if (n - host > 5)
		return false;
	for (k = host; k < n; k++)
		port = port * 10 + (p[k] - '0');
	if (!add_host(out, p, host - 1) || port > 65535 ||
	    (n > host && !port))
		return false;
	if (n > host && port != (secure ? 443 : 80))
		str_addf(out, ":%ld", port);
	return true;
}

static bool
unreserved(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || (c && strchr("-._~", c));
}

static bool
add_path(struct str *out, const char *p, size_t n)
{
	size_t i;
	int c;

	if (!n)
		str_putc(out, '/');
	for (i = 0; i < n; i++) {
		if (p[i] != '%') {
			str_putc(out, p[i]);
			continue;
		}
		if (n - i < 3 || hex_digit(p[i + 1]) < 0 ||
		    hex_digit(p[i + 2]) < 0)
			return false;
		c = hex_digit(p[i + 1]) * 16 + hex_digit(p[i + 2]);
		if (c < 0x20 || c == '/' || c == '\\' || c == 0x7f)
			return false;
		if (unreserved(c))
			str_putc(out, (char)c);
		else
			str_addf(out, "%%%02X", (unsigned)c);
		i += 2;
	}
	return true;
}

bool
url_canonical(struct str *out, const char *text)
{
	size_t n = strlen(text), i;
	struct str url;
	struct uri u;
	bool good, secure;

	for (i = 0; i < n; i++)
		if ((unsigned char)text[i] <= 0x20 ||
		    (unsigned char)text[i] >= 0x7f || text[i] == '\\')
			return false;
	uri_split(&u, text, n);
	if (!url_is_http(text) || !u.authority.n ||
	    memchr(u.authority.p, '@', u.authority.n))
		return false;
	secure = u.scheme.n == 5;
	str_init(&url, STR_LINE);
	str_puts(&url, secure ? "https://" : "http://");
	good = add_authority(&url, u.authority.p, u.authority.n, secure) &&
		add_path(&url, u.path.p, u.path.n);
	if (good && u.query.p) {
		str_putc(&url, '?');
		str_add(&url, u.query.p, u.query.n);
	}
	good = good && !str_over(&url);
	if (good)
		uri_resolve(out, str_s(&url), "", 0);
	str_release(&url);
	return good;
}

void
url_normal(struct str *uri)
{
	struct str url;

	str_init(&url, STR_LINE);
	if (url_canonical(&url, str_s(uri))) {
		str_clear(uri);
		str_add(uri, str_s(&url), url.len);
	}
	str_release(&url);
}

bool
url_within(const char *url, const char *prefix)
{
	size_t n = strlen(prefix);

	if (strncmp(url, prefix, n) != 0)
		return false;
	return prefix[n - 1] == '/' || !url[n] || url[n] == '/' ||
	    url[n] == '?';
}
