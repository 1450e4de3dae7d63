/*
 * sys/delta: any base and delta.  The first two bytes are the base's length.
 */
#include "base/str.h"
#include "fuzz.h"
#include "sys/delta.h"

enum { RESULT_MAX = 100 * 1000 };

void
fuzz_seed(const char *path, const char *bytes, size_t len, struct str *input)
{
	(void)path;
	str_add(input, "\x0a\0" "0123456789", 12);
	str_add(input, "\x0a\x06\x91\x08\x02\x02" "xy" "\x90\x02", 10);
	str_add(input, bytes, len < 100 ? len : 100);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str base, out;
	uint64_t from, to;
	size_t n;

	if (size < 2)
		return 0;
	n = data[0] | (size_t)data[1] << 8;
	n = n < size - 2 ? n : size - 2;
	str_init(&base, 1 << 16);
	str_init(&out, RESULT_MAX);
	str_add(&base, data + 2, n);
	data += 2 + n;
	size -= 2 + n;
	if (delta_apply(&base, (const char *)data, size, &out)) {
		FUZZ_MUST(delta_sizes((const char *)data, size, &from, &to));
		FUZZ_MUST(from == base.len && to == out.len);
	}
	str_release(&base);
	str_release(&out);
	return 0;
}
