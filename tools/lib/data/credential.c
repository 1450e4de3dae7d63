#include "data/credential.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "data/json.h"

static const struct credential api_key[] = { { "API_KEY", true, true } };
static const struct credential basic[] = {
	{ "USERNAME", true, true },
	{ "PASSWORD", true, true },
};
static const struct credential token[] = { { "TOKEN", true, true } };
static const struct credential client[] = {
	{ "CLIENT_ID", true, true },
	{ "CLIENT_SECRET", true, true },
	{ "TOKEN", true, false },
	{ "AUTH_METHOD", false, false },
};
static const struct credential certificate[] = {
	{ "CERT_FILE", false, true },
	{ "KEY_FILE", false, true },
	{ "KEY_PASSWORD", true, false },
};

#define OF(list) (*n = sizeof(list) / sizeof(list[0]), list)

const struct credential *
credential_of(const struct json *scheme, size_t *n)
{
	const char *type = json_get_str(scheme, "type");
	const char *how = json_get_str(scheme, "scheme");

	*n = 0;
	if (!type)
		return NULL;
	if (strcmp(type, "apiKey") == 0)
		return OF(api_key);
	if (strcmp(type, "mutualTLS") == 0)
		return OF(certificate);
	if (strcmp(type, "openIdConnect") == 0)
		return json_get_str(scheme, "openIdConnectUrl") ?
			OF(client) : OF(token);
	if (strcmp(type, "oauth2") == 0)
		return json_pointer(scheme, "/flows/clientCredentials") ||
			json_get_str(scheme, "oauth2MetadataUrl") ?
			OF(client) : OF(token);
	if (strcmp(type, "http") != 0 || !how)
		return NULL;
	if (strcasecmp(how, "basic") == 0)
		return OF(basic);
	return strcasecmp(how, "bearer") == 0 ? OF(token) : NULL;
}

void
credential_name(struct str *out, const char *server, const char *scheme,
	const char *what)
{
	size_t from = out->len, to = from;

	str_addf(out, "%s_%s_%s", server, scheme, what);
	for (; from < out->len; from++) {
		char c = out->buf[from];

		if (c >= 'a' && c <= 'z')
			out->buf[to++] = (char)(c - 'a' + 'A');
		else if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
			out->buf[to++] = c;
		else if (((unsigned char)c & 0xc0) != 0x80)
			out->buf[to++] = '_';
	}
	out->len = to;
	str_seal(out);
}
