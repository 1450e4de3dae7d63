#include "data/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/enc.h"
#include "base/mem.h"
#include "base/str.h"

enum {
	CHUNK = 4096,	/* bytes of text that room is made for at once */
	WORST = 6	/* bytes that one becomes at most */
};

/* An ASCII byte that does not go out as it is. */
static char *
escape(char *at, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	static const char letters[0x80] = { ['"'] = '"', ['\\'] = '\\',
		['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't', ['\b'] = 'b',
		['\f'] = 'f' };

	*at++ = '\\';
	if (letters[c]) {
		*at++ = letters[c];
		return at;
	}
	memcpy(at, "u00", 3);
	at[3] = hex[c >> 4];
	at[4] = hex[c & 15];
	return at + 5;
}

/* bytes that go out as they are */
static bool
plain(unsigned char c)
{
	return c >= 0x20 && c != '"' && c != '\\' && c < 0x7f;
}

/* Copy eight bytes at once and say how many of them are plain and done. Of
 * bytes below 0x80, c - 0x20, (c ^ '"') - 1, (c ^ '\\') - 1 and 0x7e - c each
 * borrow in one that is not plain; a borrow may spoil the bytes above it, so
 * only the lowest is believed. */
static size_t
plain_eight(char *at, const char *p)
{
	const uint64_t ones = 0x0101010101010101ull, tops = ones << 7;
	uint64_t w;

	memcpy(&w, p, 8);
	memcpy(at, &w, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	w = (w | (w - ones * 0x20) | ((w ^ ones * '"') - ones) |
		((w ^ ones * '\\') - ones) | (ones * 0x7e - w)) & tops;
	return w ? (size_t)__builtin_ctzll(w) / 8 : 8;
}

/* Encode from *text to stop, or a character over it (but not over end). */
static char *
encode(char *at, const char **text, const char *stop, const char *end)
{
	const char *p = *text;
	uint32_t c;
	size_t k;

	while (p < stop) {
		if (end - p >= 8) {
			k = plain_eight(at, p);
			at += k;
			p += k;
			if (k == 8)
				continue;
		} else if (plain((unsigned char)*p)) {
			*at++ = *p++;
			continue;
		}
		if ((unsigned char)*p < 0x80) {
			at = escape(at, (unsigned char)*p++);
			continue;
		}
		k = utf8_decode(p, (size_t)(end - p), &c);
		memcpy(at, k ? p : "\xef\xbf\xbd", k ? k : 3);
		at += k ? k : 3;
		p += k ? k : 1;
	}
	*text = p;
	return at;
}

/* Near the maximum of out: what is over it must be seen, nothing before. */
static void
write_chunk_apart(struct str *out, const char **text, const char *stop,
	const char *end)
{
	char *room = xmalloc((CHUNK + 8) * WORST);

	str_add(out, room, (size_t)(encode(room, text, stop, end) - room));
	free(room);
}

void
json_write_str(struct str *out, const char *text, size_t len)
{
	const char *end = text + len, *stop;
	char *at;

	str_putc(out, '"');
	while (text < end && !str_over(out)) {
		stop = end - text > CHUNK ? text + CHUNK : end;
		if (out->max - out->len < (CHUNK + 8) * WORST) {
			write_chunk_apart(out, &text, stop, end);
			continue;
		}
		at = str_room(out, (size_t)(stop - text + 8) * WORST);
		at = encode(at, &text, stop, end);
		out->len = (size_t)(at - out->buf);
	}
	str_putc(out, '"');
	str_seal(out);
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
