#include "base/path.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/enc.h"
#include "base/str.h"

#ifndef SMELT_PREFIX
#define SMELT_PREFIX "/usr/local"
#endif

const char *
path_base(const char *path)
{
	size_t n = strlen(path);

	while (n > 1 && path[n - 1] == '/')
		n--;
	while (n && path[n - 1] != '/')
		n--;
	return path + n;
}

const char *
path_ext(const char *path)
{
	const char *base = path_base(path), *dot = strrchr(base, '.');

	return dot && dot != base ? dot + 1 : "";
}

void
path_join(struct str *out, const char *dir, const char *name)
{
	str_puts(out, dir);
	if (out->len && out->buf[out->len - 1] != '/')
		str_putc(out, '/');
	str_puts(out, name);
}

static bool
component_ok(const char *p, size_t n)
{
	return n && n <= 255 && !mem_is(p, n, ".") && !mem_is(p, n, "..") &&
		!memchr(p, '\0', n);
}

bool
path_is_inside(const char *path, size_t n)
{
	size_t i, start = 0;

	if (n == 0 || n > 4096 || !utf8_valid(path, n))
		return false;
	for (i = 0; i <= n; i++) {
		if (i < n && path[i] != '/')
			continue;
		if (!component_ok(path + start, i - start))
			return false;
		start = i + 1;
	}
	return true;
}

bool
path_is_clean(const char *path, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((unsigned char)path[i] < 0x20 || path[i] == 0x7f ||
		    path[i] == '\\')
			return false;
	return path_is_inside(path, n);
}

static bool
name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool
path_is_server_name(const char *name)
{
	size_t i;

	if (!name_char(name[0]))
		return false;
	for (i = 1; name[i]; i++)
		if (i > 62 || (!name_char(name[i]) && name[i] != '-'))
			return false;
	return true;
}

/* where to cut a name that is too long: at its last word, if that leaves half */
static size_t
name_cut(const char *name, size_t max)
{
	size_t n = max;

	while (n > max / 2 && name[n] != '-')
		n--;
	return n > max / 2 ? n : max;
}

void
path_server_name(struct str *out, const char *text)
{
	size_t start = out->len;
	char c;

	for (; *text && out->len - start <= PATH_SERVER_NAME; text++) {
		c = char_lower(*text);
		if (name_char(c))
			str_putc(out, c);
		else if (out->len > start && out->buf[out->len - 1] != '-')
			str_putc(out, '-');
	}
	if (out->len - start > PATH_SERVER_NAME)
		out->len = start + name_cut(out->buf + start,
			PATH_SERVER_NAME);
	while (out->len > start && out->buf[out->len - 1] == '-')
		out->len--;
	str_seal(out);
	if (out->len == start)
		str_puts(out, "server");
}

/* s = the running program's folder with a "/", and name */
static bool
beside_program(struct str *s, const char *name)
{
	char exe[4096];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	size_t len;

	if (n <= 0)
		return false;
	len = (size_t)n;
	while (len && exe[len - 1] != '/')
		len--;
	str_clear(s);
	str_add(s, exe, len);
	str_puts(s, name);
	return true;
}

static bool
beside(struct str *s, const char *up, const char *name)
{
	if (!beside_program(s, up) || access(str_s(s), R_OK) != 0)
		return false;
	str_putc(s, '/');
	str_puts(s, name);
	return true;
}

char *
share_path(const char *name)
{
	const char *env = getenv("SMELT_SHARE");
	struct str s;

	str_init(&s, STR_LINE);
	if (env && *env) {
		path_join(&s, env, name);
	} else if (!beside(&s, "../share/smelt", name) &&
	    !beside(&s, "../../share/smelt", name)) {
		str_clear(&s);
		path_join(&s, SMELT_PREFIX "/share/smelt", name);
	}
	return str_detach(&s);
}

char *
program_path(const char *name)
{
	struct str s;

	str_init(&s, STR_LINE);
	if (!beside_program(&s, name) || access(str_s(&s), X_OK) != 0) {
		str_clear(&s);
		str_puts(&s, name);
	}
	return str_detach(&s);
}
