#include "data/credential.h"

#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "data/json.h"
#include "tap.h"

/* [] is not needed, -f a path or a word that has no _FILE of its own */
static const struct {
	const char *scheme, *want;
} rows[] = {
	{ "{\"type\":\"apiKey\",\"in\":\"query\",\"name\":\"k\"}", "A_B_C_API_KEY" },
	{ "{\"type\":\"http\",\"scheme\":\"BASIC\"}",
	  "A_B_C_USERNAME A_B_C_PASSWORD" },
	{ "{\"type\":\"http\",\"scheme\":\"bearer\"}", "A_B_C_TOKEN" },
	{ "{\"type\":\"http\",\"scheme\":\"digest\"}", "" },
	{ "{\"type\":\"http\"}", "" },
	{ "{\"type\":\"mutualTLS\"}",
	  "A_B_C_CERT_FILE-f A_B_C_KEY_FILE-f [A_B_C_KEY_PASSWORD]" },
	{ "{\"type\":\"oauth2\",\"flows\":{\"clientCredentials\":{}}}",
	  "A_B_C_CLIENT_ID A_B_C_CLIENT_SECRET [A_B_C_TOKEN] "
	  "[A_B_C_AUTH_METHOD-f]" },
	{ "{\"type\":\"oauth2\",\"flows\":{\"implicit\":{}}}", "A_B_C_TOKEN" },
	{ "{\"type\":\"oauth2\",\"flows\":{},\"oauth2MetadataUrl\":\"/m\"}",
	  "A_B_C_CLIENT_ID A_B_C_CLIENT_SECRET [A_B_C_TOKEN] "
	  "[A_B_C_AUTH_METHOD-f]" },
	{ "{\"type\":\"openIdConnect\",\"openIdConnectUrl\":\"/o\"}",
	  "A_B_C_CLIENT_ID A_B_C_CLIENT_SECRET [A_B_C_TOKEN] "
	  "[A_B_C_AUTH_METHOD-f]" },
	{ "{\"type\":\"openIdConnect\"}", "A_B_C_TOKEN" },
	{ "{\"type\":\"other\"}", "" },
	{ "{}", "" },
	{ "[]", "" },
};

static void
list(struct str *out, const struct json *scheme)
{
	const struct credential *c;
	size_t i, n;

	c = credential_of(scheme, &n);
	for (i = 0; i < n; i++) {
		str_puts(out, i ? " " : "");
		str_puts(out, c[i].needed ? "" : "[");
		credential_name(out, "a", "b'c", c[i].what);
		str_puts(out, c[i].secret ? "" : "-f");
		str_puts(out, c[i].needed ? "" : "]");
	}
}

int
main(void)
{
	struct json_doc doc;
	struct err err;
	struct str got;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		str_init(&got, STR_LINE);
		ok(json_parse(&doc, rows[i].scheme, strlen(rows[i].scheme), "",
			&err) == 0, "it is JSON");
		list(&got, json_root(&doc));
		is(str_s(&got), rows[i].want, rows[i].scheme);
		json_release(&doc);
		str_release(&got);
	}
	return done_testing();
}
