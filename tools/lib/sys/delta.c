#include "sys/delta.h"

#include "base/str.h"

static bool
size_field(const unsigned char *p, size_t n, size_t *at, uint64_t *out)
{
	unsigned shift = 0;

	*out = 0;
	do {
		if (*at >= n || shift > 56)
			return false;
		*out |= (uint64_t)(p[*at] & 127) << shift;
		shift += 7;
	} while (p[(*at)++] & 128);
	return true;
}

size_t
delta_sizes(const char *delta, size_t n, uint64_t *base, uint64_t *result)
{
	const unsigned char *p = (const unsigned char *)delta;
	size_t at = 0;

	if (!size_field(p, n, &at, base) || !size_field(p, n, &at, result))
		return 0;
	return at;
}

/* A copy's offset or size: the bytes that the mask names, low first. */
static bool
masked(const unsigned char *p, size_t n, size_t *at, unsigned mask,
	uint64_t *out)
{
	unsigned shift;

	*out = 0;
	for (shift = 0; mask; shift += 8, mask >>= 1) {
		if (!(mask & 1))
			continue;
		if (*at >= n)
			return false;
		*out |= (uint64_t)p[(*at)++] << shift;
	}
	return true;
}

bool
delta_apply(const struct str *base, const char *delta, size_t n,
	struct str *out)
{
	const unsigned char *p = (const unsigned char *)delta;
	uint64_t base_size, size, from, count;
	size_t at = delta_sizes(delta, n, &base_size, &size);
	unsigned op;

	if (!at || base_size != base->len || size > out->max)
		return false;
	while (at < n) {
		op = p[at++];
		if (op & 128) {
			if (!masked(p, n, &at, op & 15, &from) ||
			    !masked(p, n, &at, (op >> 4) & 7, &count))
				return false;
			count = count ? count : 0x10000;
			if (from > base->len || count > base->len - from ||
			    str_add(out, base->buf + from, (size_t)count) < 0)
				return false;
		} else {
			if (op == 0 || op > n - at ||
			    str_add(out, delta + at, op) < 0)
				return false;
			at += op;
		}
		if (out->len > size)
			return false;
	}
	return out->len == size;
}
