#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void __attribute__((format(printf, 5, 0)))
fill(struct err *err, const char *file, unsigned line, unsigned col,
	const char *fmt, va_list ap)
{
	snprintf(err->file, sizeof(err->file), "%s", file ? file : "");
	err->line = line;
	err->col = col;
	err->rule[0] = '\0';
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
}

int
err_set(struct err *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fill(err, NULL, 0, 0, fmt, ap);
	va_end(ap);
	return -1;
}

int
err_at(struct err *err, const char *file, unsigned line, unsigned col,
	const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fill(err, file, line, col, fmt, ap);
	va_end(ap);
	return -1;
}

int
err_errno(struct err *err, const char *fmt, ...)
{
	va_list ap;
	int saved = errno;
	size_t n;

	va_start(ap, fmt);
	fill(err, NULL, 0, 0, fmt, ap);
	va_end(ap);
	n = strlen(err->text);
	snprintf(err->text + n, sizeof(err->text) - n, ": %s",
		strerror(saved));
	return -1;
}
