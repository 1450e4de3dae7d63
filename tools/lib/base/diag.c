#include "base/diag.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/enc.h"
#include "base/err.h"
#include "base/str.h"

static const char *progname = "smelt";
static enum diag_level level = DIAG_NORMAL;
static void (*exit_hook)(void);
static bool live;

void
diag_init(const char *name)
{
	progname = name;
}

void
diag_set_level(enum diag_level l)
{
	level = l;
}

enum diag_level
diag_get_level(void)
{
	return level;
}

void
diag_at_exit(void (*hook)(void))
{
	exit_hook = hook;
}

static bool
hidden(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) ||
	    (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	    (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
	    (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe01ef);
}

void
diag_escape(struct str *out, const char *text, size_t len)
{
	uint32_t c;
	size_t i, n;

	for (i = 0; i < len; i += n) {
		n = utf8_decode(text + i, len - i, &c);
		if (!n) {
			str_addf(out, "\\x%02x", (unsigned char)text[i]);
			n = 1;
		} else if (c == '\n' || c == '\t') {
			str_putc(out, ' ');
		} else if (hidden(c) && c < 0x80) {
			str_addf(out, "\\x%02x", (unsigned)c);
		} else if (hidden(c)) {
			str_addf(out, "\\u{%x}", (unsigned)c);
		} else {
			str_add(out, text + i, n);
		}
	}
}

static void
emit(const struct str *s)
{
	size_t done = 0;
	ssize_t n;

	if (live) {
		live = false;
		if (write(STDERR_FILENO, "\r\033[K", 4) < 0)
			return;
	}
	while (done < s->len) {
		n = write(STDERR_FILENO, s->buf + done, s->len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		done += (size_t)n;
	}
}

static void
print(const struct err *err, const char *kind)
{
	struct str s;

	str_init(&s, STR_LINE);
	if (err->file[0])
		diag_escape(&s, err->file, strlen(err->file));
	else
		str_puts(&s, progname);
	if (err->line)
		str_addf(&s, ":%u", err->line);
	if (err->line && err->col)
		str_addf(&s, ":%u", err->col);
	str_puts(&s, ": ");
	str_puts(&s, kind);
	diag_escape(&s, err->text, strlen(err->text));
	if (err->rule[0])
		str_addf(&s, " [%s]", err->rule);
	str_putc(&s, '\n');
	emit(&s);
	str_release(&s);
}

static void __attribute__((format(printf, 2, 0)))
vprint(const char *kind, const char *fmt, va_list ap)
{
	struct err err = { 0 };
	int saved = errno;
	size_t n;

	vsnprintf(err.text, sizeof(err.text), fmt, ap);
	n = strlen(err.text);
	if (n && err.text[n - 1] == ':')
		snprintf(err.text + n, sizeof(err.text) - n, " %s",
			strerror(saved));
	print(&err, kind);
}

static void
leave(void)
{
	if (exit_hook)
		exit_hook();
	exit(2);
}

void
die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprint("error: ", fmt, ap);
	va_end(ap);
	leave();
	abort();
}

void
die_err(const struct err *err)
{
	print(err, "error: ");
	leave();
	abort();
}

void
diag_err(const struct err *err)
{
	print(err, "error: ");
}

void
diag_warn_err(const struct err *err)
{
	if (level >= DIAG_NORMAL)
		print(err, "warning: ");
}

void
diag_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprint("error: ", fmt, ap);
	va_end(ap);
}

void
diag_warn(const char *fmt, ...)
{
	va_list ap;

	if (level < DIAG_NORMAL)
		return;
	va_start(ap, fmt);
	vprint("warning: ", fmt, ap);
	va_end(ap);
}

void
diag_say(const char *fmt, ...)
{
	va_list ap;

	if (level < DIAG_NORMAL)
		return;
	va_start(ap, fmt);
	vprint("", fmt, ap);
	va_end(ap);
}

void
diag_note(const char *fmt, ...)
{
	va_list ap;

	if (level < DIAG_VERBOSE)
		return;
	va_start(ap, fmt);
	vprint("note: ", fmt, ap);
	va_end(ap);
}

void
diag_progress(const char *fmt, ...)
{
	struct str s;
	char text[256];
	va_list ap;

	if (level < DIAG_NORMAL || !isatty(STDERR_FILENO))
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	str_init(&s, STR_LINE);
	str_addf(&s, "%s: ", progname);
	diag_escape(&s, text, strlen(text));
	emit(&s);
	live = true;
	str_release(&s);
}
