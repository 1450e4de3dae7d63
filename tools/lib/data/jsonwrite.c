#include "data/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/mem.h"
#include "base/str.h"

static void
escape_char(struct str *out, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	const char *two = NULL;

	switch (c) {
	case '"': two = "\\\""; break;
	case '\\': two = "\\\\"; break;
	case '\n': two = "\\n"; break;
	case '\r': two = "\\r"; break;
	case '\t': two = "\\t"; break;
	case '\b': two = "\\b"; break;
	case '\f': two = "\\f"; break;
	default:
		str_puts(out, "\\u00");
		str_putc(out, hex[c >> 4]);
		str_putc(out, hex[c & 15]);
		return;
	}
	str_puts(out, two);
}

/* bytes that go out as they are */
static bool
plain(unsigned char c)
{
	return c >= 0x20 && c != '"' && c != '\\' && c < 0x7f;
}

/* Plain bytes that text begins with.  By eights: of bytes below 0x80, c - 0x20,
 * (c ^ '"') - 1, (c ^ '\\') - 1 and 0x7e - c each borrow in one that is not
 * plain; what is taken for one by mistake is looked at alone. */
static size_t
plain_run(const char *text, size_t len)
{
	const uint64_t ones = 0x0101010101010101ull, tops = ones << 7;
	size_t i = 0;
	uint64_t w;

	for (; len - i >= 8; i += 8) {
		memcpy(&w, text + i, 8);
		if ((w | (w - ones * 0x20) | ((w ^ ones * '"') - ones) |
		    ((w ^ ones * '\\') - ones) | (ones * 0x7e - w)) & tops)
			break;
	}
	while (i < len && plain((unsigned char)text[i]))
		i++;
	return i;
}

void
json_write_str(struct str *out, const char *text, size_t len)
{
	size_t i = 0, k;
	uint32_t c;

	str_putc(out, '"');
	while (i < len) {
		k = plain_run(text + i, len - i);
		str_add(out, text + i, k);
		i += k;
		if (i >= len)
			break;
		if ((unsigned char)text[i] < 0x80) {
			escape_char(out, (unsigned char)text[i++]);
			continue;
		}
		k = utf8_decode(text + i, len - i, &c);
		if (k)
			str_add(out, text + i, k);
		else
			str_puts(out, "\xef\xbf\xbd");
		i += k ? k : 1;
	}
	str_putc(out, '"');
}

static void
write_number(struct str *out, const struct json *v, bool canonical)
{
	int64_t i;
	size_t n;
	const char *t = json_num_text(v, &n);

	if (canonical && json_int(v, &i))
		str_addf(out, "%lld", (long long)i);
	else
		str_add(out, t, n);
}

static int
by_key(const void *a, const void *b)
{
	const struct json_iter *x = a, *y = b;
	size_t nx = json_len(x->key), ny = json_len(y->key);
	int d = memcmp(json_str(x->key), json_str(y->key),
		nx < ny ? nx : ny);

	return d ? d : (nx > ny) - (nx < ny);
}

static void write_value(struct str *, const struct json *, bool);

static void
write_member(struct str *out, const struct json_iter *it, bool canonical)
{
	json_write_str(out, json_str(it->key), json_len(it->key));
	str_putc(out, ':');
	write_value(out, it->value, canonical);
}

static void
write_sorted(struct str *out, const struct json *v)
{
	size_t n = json_size(v), i = 0;
	struct json_iter *all = xcalloc(n, sizeof(*all)), it;

	for (json_each(&it, v); json_next(&it); )
		all[i++] = it;
	qsort(all, n, sizeof(*all), by_key);
	for (i = 0; i < n; i++) {
		if (i)
			str_putc(out, ',');
		write_member(out, &all[i], true);
	}
	free(all);
}

static void
write_container(struct str *out, const struct json *v, bool canonical)
{
	bool object = json_is(v, JSON_OBJECT), first = true;
	struct json_iter it;

	str_putc(out, object ? '{' : '[');
	if (object && canonical) {
		write_sorted(out, v);
	} else {
		for (json_each(&it, v); json_next(&it); ) {
			if (!first)
				str_putc(out, ',');
			first = false;
			if (object)
				write_member(out, &it, canonical);
			else
				write_value(out, it.value, canonical);
		}
	}
	str_putc(out, object ? '}' : ']');
}

/* depth is bounded by json_parse() */
static void
write_value(struct str *out, const struct json *v, bool canonical)
{
	switch (json_type(v)) {
	case JSON_ABSENT:
	case JSON_NULL:
		str_puts(out, "null");
		break;
	case JSON_BOOL:
		str_puts(out, json_bool(v, false) ? "true" : "false");
		break;
	case JSON_NUMBER:
		write_number(out, v, canonical);
		break;
	case JSON_STRING:
		json_write_str(out, json_str(v), json_len(v));
		break;
	case JSON_ARRAY:
	case JSON_OBJECT:
		write_container(out, v, canonical);
		break;
	}
}

void
json_write(struct str *out, const struct json *v)
{
	write_value(out, v, false);
}

void
json_write_canonical(struct str *out, const struct json *v)
{
	write_value(out, v, true);
}
