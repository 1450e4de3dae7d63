#include "sys/url.h"

#include "base/str.h"
#include "tap.h"

/* want NULL: refused */
static const struct {
	const char *text, *want;
} forms[] = {
	{ "https://example.org", "https://example.org/" },
	{ "HTTPS://EXAMPLE.Org.:443/A/./b/../c?x=/../y#f",
	  "https://example.org/A/c?x=/../y" },
	{ "http://example.org:80/", "http://example.org/" },
	{ "http://example.org:443/", "http://example.org:443/" },
	{ "https://example.org:0443/", "https://example.org/" },
	{ "https://example.org:/", "https://example.org/" },
	{ "https://example.org/%7ea%2d%2e%2E/%2e%2e/b%c3%A9%20",
	  "https://example.org/b%C3%A9%20" },
	{ "https://[2001:DB8::1]:8443/a", "https://[2001:db8::1]:8443/a" },
	{ "https://[::1]", "https://[::1]/" },
	{ "https://127.1/x", "https://127.1/x" },
	{ "https://example.org//a", "https://example.org//a" },
	{ "https://me@example.org/", NULL },
	{ "https://example.org@evil.example/", NULL },
	{ "https://me:pw@example.org/", NULL },
	{ "https:example.org", NULL },
	{ "https:///a", NULL },
	{ "https:/example.org/a", NULL },
	{ "ftp://example.org/", NULL },
	{ "file:///etc/passwd", NULL },
	{ "//example.org/", NULL },
	{ "https://example.org\\@evil.example/", NULL },
	{ "https://example.org/a\\..\\b", NULL },
	{ "https://example.org/a%2f..%2fb", NULL },
	{ "https://example.org/a%5Cb", NULL },
	{ "https://example.org/a%00", NULL },
	{ "https://example.org/a%0d", NULL },
	{ "https://example.org/a%", NULL },
	{ "https://example.org/a%2", NULL },
	{ "https://example.org/a b", NULL },
	{ "https://example.org/a\tb", NULL },
	{ "https://ex\303\244mple.org/", NULL },
	{ "https://example..org/", NULL },
	{ "https://.example.org/", NULL },
	{ "https://example.org:65536/", NULL },
	{ "https://example.org:0/", NULL },
	{ "https://example.org:4a/", NULL },
	{ "https://example.org:443:443/", NULL },
	{ "https://[::1/", NULL },
	{ "https://[evil]/", NULL },
	{ "https://a%2eb/", NULL },
	{ "https://", NULL },
	{ "", NULL },
};

static const struct {
	const char *url, *prefix;
	bool want;
} rows[] = {
	{ "https://h/a/b", "https://h/", true },
	{ "https://h/a/b", "https://h/a", true },
	{ "https://h/a/b", "https://h/a/", true },
	{ "https://h/a/b", "https://h/a/b", true },
	{ "https://h/a/b?q", "https://h/a/b", true },
	{ "https://h/a", "https://h/a/", false },
	{ "https://h/ab", "https://h/a", false },
	{ "https://h/a.yaml", "https://h/a", false },
	{ "https://h.evil/a", "https://h/", false },
	{ "https://h:8443/a", "https://h/", false },
	{ "http://h/a", "https://h/", false },
	{ "https://h/A", "https://h/a", false },
};

int
main(void)
{
	struct str out;
	size_t i;

	str_init(&out, STR_LINE);
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		bool good;

		str_clear(&out);
		good = url_canonical(&out, forms[i].text);
		is(good ? str_s(&out) : NULL, forms[i].want, "a form");
		if (!good)
			is_int((long)out.len, 0, "nothing of what is refused");
	}
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ok(url_within(rows[i].url, rows[i].prefix) == rows[i].want,
			rows[i].prefix);
	str_clear(&out);
	str_puts(&out, "urn:x");
	url_normal(&out);
	is(str_s(&out), "urn:x", "what has no such form stays");
	str_clear(&out);
	str_puts(&out, "HTTPS://H");
	url_normal(&out);
	is(str_s(&out), "https://h/", "what has one gets it");
	str_release(&out);
	return done_testing();
}
