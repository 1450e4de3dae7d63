#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "fuzz.h"

static int files[4] = { -1, -1, -1, -1 };

void
fuzz_broken(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: error: does not hold: %s\n", file, line, what);
	abort();
}

int
fuzz_fd(unsigned slot, const void *bytes, size_t len)
{
	const char *p = bytes;
	size_t done = 0;
	ssize_t n;

	if (files[slot] < 0) {
		char name[] = "/tmp/smelt-fuzz-XXXXXX";

		files[slot] = mkstemp(name);
		FUZZ_MUST(unlink(name) == 0);
	}
	FUZZ_MUST(files[slot] >= 0 && ftruncate(files[slot], 0) == 0 &&
		lseek(files[slot], 0, SEEK_SET) == 0);
	while (done < len) {
		n = write(files[slot], p + done, len - done);
		FUZZ_MUST(n > 0);
		done += (size_t)n;
	}
	FUZZ_MUST(lseek(files[slot], 0, SEEK_SET) == 0);
	return files[slot];
}

const char *
fuzz_file(unsigned slot, const void *bytes, size_t len)
{
	static char names[4][32];

	snprintf(names[slot], sizeof(names[slot]), "/proc/self/fd/%d",
		fuzz_fd(slot, bytes, len));
	return names[slot];
}
