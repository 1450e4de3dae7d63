#include "base/uri.h"

#include "base/str.h"
#include "tap.h"

/* RFC 3986, 5.4, against http://a/b/c/d;p?q; and what else must hold */
static const struct {
	const char *base, *ref, *want;
} rows[] = {
	{ "http://a/b/c/d;p?q", "g:h", "http://a/b/c/g:h" },	/* no scheme */
	{ "http://a/b/c/d;p?q", "gg:h", "gg:h" },
	{ "http://a/b/c/d;p?q", "g", "http://a/b/c/g" },
	{ "http://a/b/c/d;p?q", "./g", "http://a/b/c/g" },
	{ "http://a/b/c/d;p?q", "g/", "http://a/b/c/g/" },
	{ "http://a/b/c/d;p?q", "/g", "http://a/g" },
	{ "http://a/b/c/d;p?q", "//g", "http://g" },
	{ "http://a/b/c/d;p?q", "?y", "http://a/b/c/d;p?y" },
	{ "http://a/b/c/d;p?q", "g?y", "http://a/b/c/g?y" },
	{ "http://a/b/c/d;p?q", ";x", "http://a/b/c/;x" },
	{ "http://a/b/c/d;p?q", "", "http://a/b/c/d;p?q" },
	{ "http://a/b/c/d;p?q", ".", "http://a/b/c/" },
	{ "http://a/b/c/d;p?q", "..", "http://a/b/" },
	{ "http://a/b/c/d;p?q", "../g", "http://a/b/g" },
	{ "http://a/b/c/d;p?q", "../..", "http://a/" },
	{ "http://a/b/c/d;p?q", "../../../g", "http://a/g" },
	{ "http://a/b/c/d;p?q", "/./g", "http://a/g" },
	{ "http://a/b/c/d;p?q", "/../g", "http://a/g" },
	{ "http://a/b/c/d;p?q", "g..", "http://a/b/c/g.." },
	{ "http://a/b/c/d;p?q", "..g", "http://a/b/c/..g" },
	{ "http://a/b/c/d;p?q", "./g/.", "http://a/b/c/g/" },
	{ "http://a/b/c/d;p?q", "g/../h", "http://a/b/c/h" },
	{ "http://a/b/c/d;p?q", "g;x=1/../y", "http://a/b/c/y" },
	{ "http://a/b/c/d;p?q", "g?y/../x", "http://a/b/c/g?y/../x" },
	{ "http://a/b/c/d;p?q", "g#s/../x", "http://a/b/c/g" },
	{ "http://a", "g", "http://a/g" },
	{ "http://a?q", "", "http://a?q" },
	{ "http://a/b", "HTTPS://EXAMPLE.Org:8443/X/../Y#f",
	  "https://example.org:8443/Y" },
	{ "urn:example:a", "#f", "urn:example:a" },
	{ "urn:example:a", "tag:x,1:y", "tag:x,1:y" },
	{ "artifact:///d/a.yaml", "../../b.yaml", "artifact:///b.yaml" },
};

static void
resolving(void)
{
	struct str out;
	size_t i;

	str_init(&out, STR_LINE);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		str_clear(&out);
		uri_resolve(&out, rows[i].base, rows[i].ref,
			strlen(rows[i].ref));
		is(str_s(&out), rows[i].want, rows[i].ref);
	}
	str_release(&out);
}

static void
splitting(void)
{
	static const char text[] = "https://me@h:1/p/q?r=/?#f#?";
	struct uri u;

	uri_split(&u, text, strlen(text));
	ok(mem_is(u.scheme.p, u.scheme.n, "https"), "the scheme");
	ok(mem_is(u.authority.p, u.authority.n, "me@h:1"), "the authority");
	ok(mem_is(u.path.p, u.path.n, "/p/q"), "the path");
	ok(mem_is(u.query.p, u.query.n, "r=/?"), "the query");
	ok(mem_is(u.fragment.p, u.fragment.n, "f#?"), "the fragment");
	uri_split(&u, "", 0);
	ok(!u.scheme.p && !u.authority.p && u.path.p && !u.path.n &&
		!u.query.p && !u.fragment.p, "of nothing, an empty path");
	uri_split(&u, "a#", 2);
	ok(u.fragment.p && !u.fragment.n, "an empty fragment is one");
	ok(uri_is_absolute("ab:", 3) && !uri_is_absolute("a:", 2) &&
		!uri_is_absolute("1ab:", 4) && !uri_is_absolute("a/b:", 4) &&
		!uri_is_absolute(":", 1), "what has a scheme");
}

int
main(void)
{
	resolving();
	splitting();
	return done_testing();
}
