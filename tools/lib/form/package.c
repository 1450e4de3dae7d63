#include "form/package.h"

#include <string.h>

#include "base/enc.h"
#include "base/str.h"

void
package_name(struct str *out, const char *ecosystem, const char *name,
	size_t len)
{
	bool pypi = strcmp(ecosystem, "PyPI") == 0, run = false;
	size_t slash = len, i;

	if (strcmp(ecosystem, "Maven") == 0)
		for (i = 0; i < len; i++)
			if (name[i] == '/')
				slash = i;
	for (i = 0; i < len; i++) {
		bool dash = pypi && name[i] && strchr("-_.", name[i]);

		if (i == slash)
			str_putc(out, ':');
		else if (dash)
			str_puts(out, run ? "" : "-");
		else
			str_putc(out, pypi ? char_lower(name[i]) : name[i]);
		run = dash;
	}
}

const char *
package_at(const char *path)
{
	static const char folder[] = "node_modules/";
	const char *name = NULL, *at;

	for (at = path; (at = strstr(at, folder)) != NULL; )
		name = at += strlen(folder);
	return name;
}

static bool
in_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9') || (c && strchr("._-", c));
}

bool
package_pin(struct package_pin *pin, const char *line, size_t len)
{
	size_t at = 0, end;

	while (at < len && in_name(line[at]))
		at++;
	pin->name_len = at;
	if (at == 0 || line[0] == '-')
		return false;
	if (at < len && line[at] == '[') {
		const char *close = memchr(line + at, ']', len - at);

		at = close ? (size_t)(close - line) + 1 : len;
	}
	while (at < len && line[at] == ' ')
		at++;
	if (!mem_starts(line + at, len - at, "=="))
		return false;
	while (at < len && (line[at] == '=' || line[at] == ' '))
		at++;
	for (end = at; end < len && line[end] &&
	    !strchr(" \t\r\n;\\#,", line[end]); end++)
		;
	pin->version = line + at;
	pin->version_len = end - at;
	return end > at;
}

bool
package_digest(const char **text, const char **algorithm, struct str *hex)
{
	const char *p = *text;
	struct str bytes;
	bool found = false;

	while (p && *p && !found) {
		size_t n = strcspn(p, " ");
		bool wide = mem_starts(p, n, "sha512-");

		str_init(&bytes, STR_LINE);
		if ((wide || mem_starts(p, n, "sha256-")) &&
		    base64_decode(&bytes, p + 7, n - 7) == 0 &&
		    bytes.len == (wide ? 64U : 32U)) {
			found = true;
			*algorithm = wide ? "sha512" : "sha256";
			str_clear(hex);
			hex_encode(hex, bytes.buf, bytes.len);
		}
		str_release(&bytes);
		p += n;
		p += strspn(p, " ");
	}
	*text = p;
	return found;
}
