/* git's deltas: what is right is applied, everything else is refused. */
#include <stdint.h>
#include <stdlib.h>

#include "base/str.h"
#include "sys/delta.h"
#include "tap.h"

static struct str base, out;

/* The result, or NULL. */
static const char *
apply(const char *delta, size_t n, size_t max)
{
	str_release(&out);
	str_init(&out, max);
	return delta_apply(&base, delta, n, &out) ? str_s(&out) : NULL;
}

#define APPLY(d) apply(d, sizeof(d) - 1, 1000)

static uint32_t
next(uint32_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 17;
	*x ^= *x << 5;
	return *x;
}

int
main(void)
{
	char noise[64];
	uint32_t x = 2463534242U;
	size_t i, k, n, good = 0;
	uint64_t a, b;

	str_init(&base, 100);
	str_init(&out, 100);
	str_puts(&base, "0123456789");

	is(APPLY("\x0a\x03\x03" "abc"), "abc", "insert");
	is(APPLY("\x0a\x04\x91\x02\x04"), "2345", "copy");
	is(APPLY("\x0a\x06\x91\x08\x02\x02" "xy" "\x90\x02"), "89xy01",
		"copy, insert, copy from the start");
	is(APPLY("\x0a\x0a\x90\x0a"), "0123456789", "all of it");
	ok(!APPLY("\x09\x03\x03" "abc"), "another base");
	ok(!APPLY("\x0a\x04\x03" "abc"), "too short a result");
	ok(!APPLY("\x0a\x02\x03" "abc"), "too long a result");
	ok(!APPLY("\x0a\x04\x91\x08\x04"), "a copy behind the end");
	ok(!APPLY("\x0a\x04\x9f\xff\xff\xff\xff\x04"), "an offset far away");
	ok(!APPLY("\x0a\x04\x80"), "a copy of 64 KiB");
	ok(!APPLY("\x0a\x03\x05" "abc"), "an insert that is cut off");
	ok(!APPLY("\x0a\x03\x91\x02"), "a copy that is cut off");
	ok(!APPLY("\x0a\x03\x00" "abc"), "the reserved instruction");
	ok(!APPLY("\x0a"), "one size");
	ok(!APPLY(""), "none");
	ok(!APPLY("\x8a\x8a\x8a\x8a\x8a\x8a\x8a\x8a\x8a\x8a\x8a\x01\x01"),
		"a size without end");
	ok(!apply("\x0a\xff\xff\x03" "abc", 7, 100), "over the maximum");
	is_int((long long)delta_sizes("\x8a\x01\x05", 3, &a, &b), 3,
		"two sizes");
	is_int((long long)a, 138, "the first");
	is_int((long long)b, 5, "the second");

	for (i = 0; i < 200000; i++) {
		n = next(&x) % sizeof(noise);
		for (k = 0; k < n; k++)
			noise[k] = (char)next(&x);
		if (n > 1) {
			noise[0] = 10;
			noise[1] = (char)(next(&x) % 32);
		}
		good += apply(noise, n, 1000) != NULL;
	}
	ok(good > 0, "noise is survived, and some of it is a delta");
	str_release(&base);
	str_release(&out);
	return done_testing();
}
