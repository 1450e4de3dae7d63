/*
 * form/purl, form/package and form/sbom: names that others have to agree with.
 */
#include <stdlib.h>

#include "base/str.h"
#include "form/package.h"
#include "form/purl.h"
#include "form/sbom.h"
#include "tap.h"

static const struct vector {
	const char *type, *name, *version, *purl;
} vectors[] = {
	{ "pypi", "Django_package", "1.11.1.dev1",
	  "pkg:pypi/django-package@1.11.1.dev1" },
	{ "pypi", "zope.interface", "5.4", "pkg:pypi/zope.interface@5.4" },
	{ "pypi", "torch", "2.1+cu118", "pkg:pypi/torch@2.1%2Bcu118" },
	{ "pypi", "flask", NULL, "pkg:pypi/flask" },
	{ "npm", "@angular/animation", "12.3.1",
	  "pkg:npm/%40angular/animation@12.3.1" },
	{ "npm", "foobar", "12.3.1", "pkg:npm/foobar@12.3.1" },
	{ "golang", "github.com/gorilla/context", "v1.1.0",
	  "pkg:golang/github.com/gorilla/context@v1.1.0" },
	{ "maven", "org.apache.commons:io", "1.3.4",
	  "pkg:maven/org.apache.commons/io@1.3.4" },
	{ "maven", "org.apache.commons/io", "1.3.4",
	  "pkg:maven/org.apache.commons/io@1.3.4" },
	{ "github", "Package-url/Purl-Spec", "244fd47e07d1004f0aed9c",
	  "pkg:github/package-url/purl-spec@244fd47e07d1004f0aed9c" },
	{ "generic", "a b/c?d#e", "1 2", "pkg:generic/a%20b/c%3Fd%23e@1%202" },
	{ "generic", "caf\xc3\xa9", "1", "pkg:generic/caf%C3%A9@1" },
	{ "generic", "//a//b", "1", "pkg:generic/a/b@1" },
	{ "generic", "x", "1:2", "pkg:generic/x@1:2" },
	{ "generic", "x@y", "1", "pkg:generic/x%40y@1" }
};

static const struct {
	const char *text;
	bool id, expression;
} licenses[] = {
	{ "MIT", true, true }, { "Apache-2.0", true, true },
	{ "GPL-2.0+", true, true }, { "MIT OR Apache-2.0", false, true },
	{ "(MIT OR Apache-2.0) AND BSD-3-Clause", false, true },
	{ "GPL-2.0-only WITH Classpath-exception-2.0", false, true },
	{ "MIT OR", false, false }, { "(MIT", false, false },
	{ "MIT)", false, false }, { "OR", true, false }, { "", false, false },
	{ "SEE LICENSE IN x", false, false }, { "MIT and BSD", false, false },
	{ "MIT AND AND BSD", false, false }, { "()", false, false }
};

static const struct {
	const char *ecosystem, *name, *key;
} names[] = {
	{ "PyPI", "Zope.Interface", "zope-interface" },
	{ "PyPI", "a-_.B", "a-b" },
	{ "npm", "@Scope/a_b.c", "@Scope/a_b.c" },
	{ "Maven", "org.apache/commons/io", "org.apache/commons:io" },
	{ "Go", "github.com/A/b", "github.com/A/b" }
};

static const struct {
	const char *line, *version;
	size_t name;
} pins[] = {
	{ "a==1.0", "1.0", 1 },
	{ "a.b[x,y] == 2.0 \\", "2.0", 3 },
	{ "a===1;python_version<'3'", "1", 1 },
	{ "a==1 # why", "1", 1 },
	{ "a>=1", NULL, 1 }, { "a==", NULL, 1 }, { "a[x==1", NULL, 1 },
	{ "--hash=sha256:00", NULL, 6 }, { "", NULL, 0 }
};

static void
packages(void)
{
	/* printf '' | openssl dgst -sha256 -binary | base64 */
	const char *text = "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk= sha256-bad "
		"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
	const char *algorithm = "";
	struct package_pin pin;
	struct str out;
	size_t i;

	str_init(&out, STR_LINE);
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		str_clear(&out);
		package_name(&out, names[i].ecosystem, names[i].name,
			strlen(names[i].name));
		is(str_s(&out), names[i].key, names[i].name);
	}
	is(package_at("node_modules/a/node_modules/@b/c"), "@b/c", "nested");
	ok(!package_at("packages/a"), "a workspace is not installed");
	for (i = 0; i < sizeof(pins) / sizeof(pins[0]); i++) {
		const char *want = pins[i].version;

		ok(package_pin(&pin, pins[i].line, strlen(pins[i].line)) ==
			(want != NULL) && pin.name_len == pins[i].name &&
			(!want || mem_is(pin.version, pin.version_len, want)),
			pins[i].line);
	}
	ok(package_digest(&text, &algorithm, &out), "a digest");
	is(algorithm, "sha256", "sha1 and malformed ones are passed over");
	is(str_s(&out), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca"
		"495991b7852b855", "as hex");
	ok(!package_digest(&text, &algorithm, &out), "no more");
	str_release(&out);
}

int
main(void)
{
	static const unsigned char dns[16] = {
		0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1,
		0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8
	};
	char uuid[37];
	struct str out;
	size_t i;

	packages();
	str_init(&out, STR_LINE);
	for (i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		str_clear(&out);
		purl_write(&out, vectors[i].type, vectors[i].name,
			vectors[i].version);
		is(str_s(&out), vectors[i].purl, vectors[i].name);
	}
	is_int(purl_write(&out, "npm", "", "1"), -1, "no name, no purl");
	is_int(purl_write(&out, "npm", "a/", "1"), -1,
		"a namespace alone is no name");
	is(purl_type("PyPI"), "pypi", "PyPI");
	is(purl_type("Go"), "golang", "Go");
	is(purl_type("no such"), "generic", "an unknown ecosystem");
	is(purl_type(NULL), "generic", "no ecosystem");
	for (i = 0; i < sizeof(licenses) / sizeof(licenses[0]); i++) {
		is_int(spdx_is_id(licenses[i].text), licenses[i].id,
			licenses[i].text);
		is_int(spdx_is_expression(licenses[i].text),
			licenses[i].expression, licenses[i].text);
	}
	uuid_v5(dns, "www.example.com", 15, uuid);
	is(uuid, "2ed6657d-e927-568b-95e1-2665a8aea6a2",
		"UUIDv5 of RFC 9562, appendix A.4");
	str_release(&out);
	return done_testing();
}
