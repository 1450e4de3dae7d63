#include "sys/url.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"

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
